//! Time: UTC with microseconds, read from a clock that a test can hold.

use std::sync::Mutex;

use chrono::{DateTime, DurationRound as _, NaiveDate, SecondsFormat, TimeDelta, Utc};

/// A moment in UTC, whole microseconds.
pub type Timestamp = DateTime<Utc>;

/// Where the present comes from; whoever asks for the time is handed one.
pub trait Clock: Send + Sync {
    /// The present moment, in whole microseconds.
    ///
    /// PostgreSQL stores no finer, and spec 3.4 shows no finer.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    fn now(&self) -> Timestamp {
        whole_micros(Utc::now())
    }
}

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub struct FixedClock(Mutex<Timestamp>);

impl FixedClock {
    /// A clock that stands at `now`.
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        Self(Mutex::new(whole_micros(now)))
    }

    /// Moves the clock by `step` and returns the new time.
    pub fn advance(&self, step: TimeDelta) -> Timestamp {
        let mut now = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *now += step;
        *now
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

fn whole_micros(time: Timestamp) -> Timestamp {
    time.duration_trunc(TimeDelta::microseconds(1)).unwrap_or(time)
}

/// The first moment of a day, UTC.
#[must_use]
pub fn start_of_day(day: NaiveDate) -> Timestamp {
    day.and_time(chrono::NaiveTime::MIN).and_utc()
}

/// ISO 8601 with `Z`; microseconds only when they are not zero (spec 3.4).
#[must_use]
pub fn format(time: Timestamp) -> String {
    let precision = if time.timestamp_subsec_micros() == 0 { SecondsFormat::Secs } else { SecondsFormat::Micros };
    time.to_rfc3339_opts(precision, true)
}

/// The first moment of the day after the one that `time` is in.
#[must_use]
pub fn start_of_tomorrow(time: Timestamp) -> Timestamp {
    time.date_naive().succ_opt().map_or(Timestamp::MAX_UTC, start_of_day)
}

/// The first moment of the month after the one that `time` is in.
#[must_use]
pub fn start_of_next_month(time: Timestamp) -> Timestamp {
    use chrono::Datelike as _;
    let first = time.date_naive().with_day(1).unwrap_or_else(|| time.date_naive());
    first.checked_add_months(chrono::Months::new(1)).map_or(Timestamp::MAX_UTC, start_of_day)
}

/// Timestamps in JSON as [`format()`] writes them: `#[serde(with = "mercat_domain::time::iso")]`.
///
/// Without it a moment of whole milliseconds is written with three digits. Any offset is read.
pub mod iso {
    use serde::{Deserialize as _, Deserializer, Serializer};

    use super::{Timestamp, format, whole_micros};

    /// Writes a moment.
    ///
    /// # Errors
    /// The serializer failed.
    pub fn serialize<S: Serializer>(time: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&format(*time))
    }

    /// Reads a moment.
    ///
    /// # Errors
    /// The text is no moment.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
        Timestamp::deserialize(deserializer).map(whole_micros)
    }

    /// The same for a moment that may be missing.
    pub mod optional {
        use serde::{Deserialize as _, Deserializer, Serializer};

        use super::{Timestamp, format, whole_micros};

        /// Writes a moment or null.
        ///
        /// # Errors
        /// The serializer failed.
        pub fn serialize<S: Serializer>(time: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
            match time {
                Some(time) => serializer.serialize_some(&format(*time)),
                None => serializer.serialize_none(),
            }
        }

        /// Reads a moment or null.
        ///
        /// # Errors
        /// The text is no moment.
        pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
            Ok(Option::<Timestamp>::deserialize(deserializer)?.map(whole_micros))
        }
    }
}

/// Reads `YYYY-MM-DD`; month and day may have one digit (spec 3.4).
#[must_use]
pub fn parse_date(text: &str) -> Option<NaiveDate> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 {
        return None;
    }
    NaiveDate::from_ymd_opt(digits(year, 4)?.try_into().ok()?, digits(month, 2)?, digits(day, 2)?)
}

/// Whether the text is a time of day, `hh:mm[:ss[.ffffff]]` (spec 7.4).
#[must_use]
pub fn is_time(text: &str) -> bool {
    let (clock, fraction) = match text.split_once('.') {
        Some((clock, fraction)) => (clock, Some(fraction)),
        None => (text, None),
    };
    let parts: Vec<Option<u32>> = clock.split(':').map(|part| digits(part, 2)).collect();
    let (hour, minute, second) = match (parts.as_slice(), fraction) {
        ([Some(hour), Some(minute)], None) => (*hour, *minute, 0),
        ([Some(hour), Some(minute), Some(second)], fraction) if fraction.is_none_or(|f| digits(f, 6).is_some()) => {
            (*hour, *minute, *second)
        }
        _ => return false,
    };
    chrono::NaiveTime::from_hms_opt(hour, minute, second).is_some()
}

/// A number of one to `most` decimal digits, nothing else.
fn digits(text: &str, most: usize) -> Option<u32> {
    let plain = (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}
