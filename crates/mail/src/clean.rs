//! Values that strangers chose, made fit to stand in a letter.
//!
//! Escaping for HTML is the business of the templates. Here goes what would break out of a line or mislead the eye.

/// One line of at most `longest` characters.
pub(crate) fn line(text: &str, longest: usize) -> String {
    let spaced: String = text.chars().filter(|c| !misleads(*c)).map(|c| if breaks(c) { ' ' } else { c }).collect();
    let single = spaced.split_whitespace().collect::<Vec<_>>().join(" ");
    shorten(&single, longest)
}

/// The lines of a longer text, each without what misleads.
pub(crate) fn lines(text: &str) -> Vec<String> {
    let text = text.trim().replace("\r\n", "\n");
    if text.is_empty() {
        return Vec::new();
    }
    let mut lines: Vec<_> = text.split(breaks_line).map(|text| line(text, LONGEST_LINE)).collect();
    if lines.len() > MOST_LINES {
        lines.truncate(MOST_LINES);
        lines.push("…".to_owned());
    }
    lines
}

/// A link to follow; nothing when it is not one to a web page.
pub(crate) fn link(url: &str) -> Option<String> {
    let web = url.starts_with("https://") || url.starts_with("http://");
    let plain = url.chars().all(|c| !breaks(c) && !misleads(c) && !matches!(c, ' ' | '"' | '\'' | '<' | '>' | '\\'));
    (web && plain && url.len() <= LONGEST_LINK).then(|| url.to_owned())
}

const LONGEST_LINE: usize = 1000;
const MOST_LINES: usize = 50;
const LONGEST_LINK: usize = 2000;

fn shorten(text: &str, longest: usize) -> String {
    if text.chars().count() <= longest {
        return text.to_owned();
    }
    let kept: String = text.chars().take(longest.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

fn breaks(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

fn breaks_line(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Marks that turn the direction of what follows, or that nobody sees.
fn misleads(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_one_line() {
        assert_eq!(line(" a\r\nBcc: b\tc\u{2028}d\0e ", 100), "a Bcc: b c d e");
        assert_eq!(line("user\u{202e}gpj.exe\u{2066}x\u{feff}", 100), "usergpj.exex");
        assert_eq!(line("שלום 👩‍🔬", 100), "שלום 👩‍🔬", "letters of other scripts stay");
        assert_eq!(line(&"ä".repeat(10_000), 10), format!("{}…", "ä".repeat(9)));
    }

    #[test]
    fn lines_stay_lines() {
        assert_eq!(lines(" one\r\n\r\n two\u{85}three\u{202e} "), ["one", "", "two", "three"]);
        assert_eq!(lines("  \r\n "), Vec::<String>::new());
        assert_eq!(lines(&"a\n".repeat(500)).len(), 51);
    }

    #[test]
    fn links_lead_to_web_pages() {
        assert_eq!(link("https://a.example/o/1?x=1&y=2"), Some("https://a.example/o/1?x=1&y=2".to_owned()));
        for bad in ["javascript:alert(1)", "", "/o/1", "https://a b", "https://a\"b", "https://a\r\nb", "https://a<b"] {
            assert_eq!(link(bad), None, "{bad}");
        }
    }
}
