//! Slugs: short names for URLs, and how orders get theirs (spec 7.7).

use chrono::NaiveDate;

/// The most characters of an order slug before its number.
pub const PREFIX_LENGTH: usize = 10;

/// The most characters of a slug.
pub const LONGEST: usize = 50;

/// The most digits of a number that counts; longer ones were written by hand.
const NUMBER_LENGTH: usize = 18;

/// Latin letters with marks and the plain letters that stand for them.
const PLAIN: &[(&str, char)] = &[
    ("àáâãäåāăą", 'a'),
    ("çćĉċč", 'c'),
    ("ďđ", 'd'),
    ("èéêëēĕėęě", 'e'),
    ("ĝğġģ", 'g'),
    ("ĥħ", 'h'),
    ("ìíîïĩīĭįı", 'i'),
    ("ĵ", 'j'),
    ("ķ", 'k'),
    ("ĺļľł", 'l'),
    ("ñńņň", 'n'),
    ("òóôõöøōŏő", 'o'),
    ("ŕŗř", 'r'),
    ("śŝşšș", 's'),
    ("ţťț", 't'),
    ("ùúûüũūŭůűų", 'u'),
    ("ŵ", 'w'),
    ("ýÿŷ", 'y'),
    ("źżž", 'z'),
];

/// Lower-case ASCII letters, digits, `_` and single hyphens, [`LONGEST`] at most.
///
/// Empty when nothing of the text can stay.
#[must_use]
pub fn slugify(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    for letter in text.chars().flat_map(char::to_lowercase).filter_map(plain) {
        if letter != '-' || !slug.ends_with('-') {
            slug.push(letter);
        }
    }
    let slug = slug.trim_matches(['-', '_']);
    slug[..slug.len().min(LONGEST)].trim_end_matches(['-', '_']).to_owned()
}

/// What stands in a slug for a lower-case letter; white space becomes a hyphen.
fn plain(letter: char) -> Option<char> {
    match letter {
        'a'..='z' | '0'..='9' | '_' | '-' => Some(letter),
        _ if letter.is_whitespace() => Some('-'),
        _ => PLAIN.iter().find(|(marked, _)| marked.contains(letter)).map(|(_, plain)| *plain),
    }
}

/// The part of an order's slug before its number (spec 7.7).
///
/// At most [`PREFIX_LENGTH`] characters, no hyphen at the end.
#[must_use]
pub fn order_slug_prefix(customer_slug: &str, offering_slug: &str, date: NaiveDate) -> String {
    let mut prefix = slugify(&format!("{customer_slug}-{offering_slug}-{date}"));
    prefix.truncate(PREFIX_LENGTH);
    prefix.truncate(prefix.trim_end_matches('-').len());
    prefix
}

/// The prefix with the next free number (spec 7.7).
///
/// One more than the highest of the existing slugs.
pub fn next_slug<'a>(prefix: &str, existing: impl Iterator<Item = &'a str>) -> String {
    let last = existing.filter_map(|slug| number_after(prefix, slug)).max().unwrap_or(0);
    format!("{prefix}-{}", last + 1)
}

fn number_after(prefix: &str, slug: &str) -> Option<u64> {
    let number = slug.strip_prefix(prefix)?.strip_prefix('-')?;
    let plain = number.len() <= NUMBER_LENGTH && number.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| number.parse().ok()).flatten()
}

/// Whether the text is a slug (spec 7.1).
///
/// ASCII letters, digits, hyphens and underscores, at least one; the length is not looked at.
#[must_use]
pub fn is_slug(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}
