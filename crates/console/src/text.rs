//! Values that strangers chose, and values that have to be read by people, as text for a page.
//!
//! Escaping for HTML is the business of the templates. Here goes what would mislead the eye.

use std::fmt::Write as _;

use chrono::TimeDelta;
use mercat_domain::{money::Money, time::Timestamp};

/// Longer names are cut.
const LONGEST_NAME: usize = 200;
const LONGEST_LINE: usize = 2000;
const MOST_LINES: usize = 100;

/// A name on one line.
pub(crate) fn name(text: &str) -> String {
    line(text, LONGEST_NAME)
}

/// The lines of a longer text.
pub(crate) fn lines(text: &str) -> Vec<String> {
    let text = text.trim().replace("\r\n", "\n");
    if text.is_empty() {
        return Vec::new();
    }
    let mut all = text.split(['\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}']);
    let mut lines: Vec<String> = all.by_ref().take(MOST_LINES).map(|text| line(text, LONGEST_LINE)).collect();
    if all.next().is_some() {
        lines.push("…".to_owned());
    }
    lines
}

/// A value of JSON: texts as they are, everything else as JSON.
pub(crate) fn value(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => line(text, LONGEST_LINE),
        serde_json::Value::Bool(true) => "yes".to_owned(),
        serde_json::Value::Bool(false) => "no".to_owned(),
        serde_json::Value::Null => "not set".to_owned(),
        serde_json::Value::Number(number) => grouped(&number.to_string()),
        other => line(&other.to_string(), LONGEST_LINE),
    }
}

/// A text in one line of so many characters at most.
pub(crate) fn line(text: &str, longest: usize) -> String {
    let mut clean = String::with_capacity(text.len().min(longest));
    for c in text.chars().take(longest + 1) {
        match c {
            _ if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') => clean.push(' '),
            _ if turns(c) => write!(clean, "[U+{:04X}]", u32::from(c)).unwrap_or_default(),
            _ if is_unseen(c) => {}
            _ => clean.push(c),
        }
    }
    let single = clean.split_whitespace().collect::<Vec<_>>().join(" ");
    if single.chars().count() <= longest {
        return single;
    }
    let kept: String = single.chars().take(longest.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// Marks that turn the direction of what follows: whoever decides should see that somebody wrote them.
fn turns(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Marks that nobody sees.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2060}'..='\u{2065}' | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// `1,234.50`: at least two digits after the point, and no zeros behind them.
pub(crate) fn money(amount: Money) -> String {
    let text = amount.to_string();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    format!("{}.{:0<2}", grouped(whole), fraction.trim_end_matches('0'))
}

/// `1,234`.
pub(crate) fn count(number: u64) -> String {
    grouped(&number.to_string())
}

/// The same for what was counted up to one more than `most`: `more than 1,000`.
pub(crate) fn count_up_to(number: u64, most: u64) -> String {
    if number > most { format!("more than {}", count(most)) } else { count(number) }
}

/// `1,234,567`; what is no whole number stays as it is.
fn grouped(number: &str) -> String {
    let (sign, digits) = number.strip_prefix('-').map_or(("", number), |digits| ("-", digits));
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return number.to_owned();
    }
    let mut text = sign.to_owned();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A moment for people.
pub(crate) fn moment(time: Timestamp) -> String {
    time.format("%-d %B %Y, %H:%M UTC").to_string()
}

/// The same for a narrow column.
pub(crate) fn short_moment(time: Timestamp) -> String {
    time.format("%-d %b %Y %H:%M").to_string()
}

/// How long something takes, in its two largest units.
pub(crate) fn span(time: TimeDelta) -> String {
    let minutes = time.num_minutes();
    let count = |number: i64, unit: &str| match number {
        0 => String::new(),
        1 => format!("1 {unit}"),
        _ => format!("{number} {unit}s"),
    };
    let (large, small) = match minutes {
        ..1 => return "less than a minute".to_owned(),
        1..60 => (count(minutes, "minute"), String::new()),
        60..1440 => (count(minutes / 60, "hour"), count(minutes % 60, "minute")),
        _ => (count(minutes / 1440, "day"), count(minutes / 60 % 24, "hour")),
    };
    if small.is_empty() { large } else { format!("{large} {small}") }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nothing_misleads() {
        assert_eq!(name("user\u{202e}gpj.exe\u{2066}x\u{feff}"), "user[U+202E]gpj.exe[U+2066]x");
        assert_eq!(name(" a\r\nb\tc\u{2028}d\0e "), "a b c d e");
        assert_eq!(name("שלום 👩‍🔬"), "שלום 👩‍🔬", "letters of other scripts stay");
        assert_eq!(name(&"ä".repeat(10_000)), format!("{}…", "ä".repeat(199)));
        assert_eq!(lines(" one\r\n\r\n two\u{85}three\u{202e} "), ["one", "", "two", "three[U+202E]"]);
        assert_eq!(lines("  \r\n "), Vec::<String>::new());
        assert_eq!(lines(&"a\n".repeat(500)).len(), 101);
    }

    #[test]
    fn values() {
        assert_eq!(value(&json!("<b>")), "<b>");
        assert_eq!(value(&json!({"a": [1, "\u{202e}"]})), r#"{"a":[1,"[U+202E]"]}"#);
        assert_eq!(value(&json!(-1_234_567)), "-1,234,567");
        assert_eq!(value(&json!(1.5)), "1.5");
        assert_eq!(value(&json!(null)), "not set");
        assert_eq!(value(&json!(true)), "yes");
    }

    #[test]
    fn amounts() {
        for (amount, text) in
            [("0", "0.00"), ("14", "14.00"), ("1234.5", "1,234.50"), ("-999999.125", "-999,999.125"), ("0.1", "0.10")]
        {
            assert_eq!(money(amount.parse().unwrap()), text);
        }
    }

    #[test]
    fn spans() {
        for (minutes, text) in [
            (-5, "less than a minute"),
            (0, "less than a minute"),
            (1, "1 minute"),
            (60, "1 hour"),
            (61, "1 hour 1 minute"),
            (1440, "1 day"),
            (3060, "2 days 3 hours"),
        ] {
            assert_eq!(span(TimeDelta::minutes(minutes)), text);
        }
    }
}
