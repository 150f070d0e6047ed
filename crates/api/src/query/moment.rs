//! Date-times in filters: ISO 8601 with or without a zone, a space instead of the `T`, or a plain date (spec 11.1).

use chrono::{DateTime, Datelike as _, NaiveDateTime, Utc};
use mercat_domain::time::{Timestamp, parse_date, start_of_day};

/// With a zone.
const ZONED: [&str; 2] = ["%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%dT%H:%M%#z"];
/// Without one, which means UTC.
const NAIVE: [&str; 2] = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M"];

/// Reads a date-time of the years 1 to 9999, which both databases know.
pub(crate) fn parse(text: &str) -> Option<Timestamp> {
    any_year(text).filter(|time| (1..=9999).contains(&time.year()))
}

fn any_year(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Some(day) = parse_date(text) {
        return Some(start_of_day(day));
    }
    let mut iso = text.to_owned();
    if iso.as_bytes().get(10) == Some(&b' ') {
        iso.replace_range(10..11, "T");
    }
    let zoned = ZONED.iter().find_map(|form| DateTime::parse_from_str(&iso, form).ok());
    if let Some(time) = zoned {
        return Some(time.with_timezone(&Utc));
    }
    let naive = iso.strip_suffix(['Z', 'z']).unwrap_or(&iso);
    NAIVE.iter().find_map(|form| NaiveDateTime::parse_from_str(naive, form).ok()).map(|time| time.and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments() {
        let cases = [
            ("2025-11-23", Some("2025-11-23T00:00:00Z")),
            ("2025-11-23T08:08:01Z", Some("2025-11-23T08:08:01Z")),
            ("2025-11-23T08:08:01.123456Z", Some("2025-11-23T08:08:01.123456Z")),
            ("2025-11-23T08:08:01+02:00", Some("2025-11-23T06:08:01Z")),
            ("2025-11-23T08:08:01.5+0200", Some("2025-11-23T06:08:01.500000Z")),
            ("2025-11-23T08:08:01 02:00", None),
            ("2025-11-23 08:08", Some("2025-11-23T08:08:00Z")),
            ("2025-11-23 08:08:01", Some("2025-11-23T08:08:01Z")),
            ("2025-11-23T08:08:01", Some("2025-11-23T08:08:01Z")),
            ("2025-13-01", None),
            ("-9999-01-01T00:00:00Z", None),
            ("+10000-01-01T00:00:00Z", None),
            ("yesterday", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(parse(text).map(mercat_domain::time::format).as_deref(), expected, "{text}");
        }
    }
}
