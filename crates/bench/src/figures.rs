//! Times, and what they are in units of the database's own.

use std::time::Duration;

use serde_json::{Value, json};

/// What was measured on one database. The first row is the database alone; the others are compared with it.
pub struct Figures {
    /// Which database.
    pub title: String,
    /// What was measured, and how long it took each time.
    pub rows: Vec<(String, Vec<Duration>)>,
}

impl Figures {
    /// Shows a table.
    pub fn print(&self) {
        println!("\n{:<44} {:>6} {:>9} {:>9} {:>12}", self.title, "times", "median", "p99", "x database");
        for (what, times) in &self.rows {
            let (median, p99) = (of(times, 50), of(times, 99));
            println!(
                "{what:<44} {:>6} {:>7.2}ms {:>7.2}ms {:>12.1}",
                times.len(),
                milliseconds(median),
                milliseconds(p99),
                self.ratio(median)
            );
        }
    }

    /// The same for programs, in milliseconds.
    pub fn to_json(&self) -> Value {
        let row = |(what, times): &(String, Vec<Duration>)| {
            let median = of(times, 50);
            json!({
                "what": what,
                "times": times.len(),
                "median_ms": milliseconds(median),
                "p99_ms": milliseconds(of(times, 99)),
                "x_database": self.ratio(median),
            })
        };
        json!({ "database": self.title, "rows": self.rows.iter().map(row).collect::<Vec<_>>() })
    }

    /// What took longer than this, more often than not.
    pub fn slower_than(&self, limit: Duration) -> impl Iterator<Item = String> {
        let slow = self.rows.iter().filter(move |(_, times)| of(times, 50) > limit);
        slow.map(|(what, _)| format!("{}, {what}", self.title))
    }

    fn ratio(&self, median: Duration) -> f64 {
        let database = self.rows.first().map_or(Duration::ZERO, |(_, times)| of(times, 50));
        median.as_secs_f64() / database.as_secs_f64().max(f64::EPSILON)
    }
}

/// The time below which so many of a hundred are.
fn of(times: &[Duration], percent: usize) -> Duration {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    let at = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(at).copied().unwrap_or_default()
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_times_that_were_measured() {
        let times: Vec<Duration> = (1..=200).rev().map(Duration::from_millis).collect();
        assert_eq!((of(&times, 50), of(&times, 99)), (Duration::from_millis(100), Duration::from_millis(198)));
        assert_eq!(of(&times[..1], 99), Duration::from_millis(200));
        assert_eq!(of(&[], 50), Duration::ZERO);
        let rows = vec![("all".to_owned(), times), ("none".to_owned(), Vec::new())];
        let figures = Figures { title: String::new(), rows };
        assert!(figures.slower_than(Duration::from_millis(99)).eq([", all"]));
        assert_eq!(figures.slower_than(Duration::from_millis(100)).count(), 0);
    }
}
