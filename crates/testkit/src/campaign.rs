//! Campaigns: very many cases of one promise. A test runs the short form; `cargo xtask prove` runs the same test for longer.

use std::{
    collections::BTreeMap,
    fmt,
    time::{Duration, Instant},
};

use rand::{SeedableRng as _, rngs::StdRng};

/// Breaches beyond so many are counted only.
const SHOWN: usize = 20;

/// How much a campaign does.
#[derive(Debug, Clone, Copy)]
pub struct Amount {
    /// When it ends.
    pub until: Until,
    /// Nobody has asked for more than runs with all other tests.
    pub is_short: bool,
    /// Where chance begins: the same number gives the same cases.
    pub seed: u64,
    /// The number of the first case.
    pub first: u64,
}

/// When a campaign ends.
#[derive(Debug, Clone, Copy)]
pub enum Until {
    /// So many.
    Cases(u64),
    /// As many as there is time for.
    Time(Duration),
}

impl Amount {
    /// What `cargo xtask prove` was asked for, else so many cases of the first seed.
    ///
    /// # Panics
    /// What was asked for is no number.
    #[must_use]
    pub fn asked(short: u64) -> Self {
        let cases = number("MERCAT_PROVE_CASES").map(Until::Cases);
        let time = number("MERCAT_PROVE_MINUTES").map(|minutes| Until::Time(Duration::from_secs(60 * minutes)));
        let asked = time.or(cases);
        let until = asked.unwrap_or(Until::Cases(short));
        let (seed, first) = (number("MERCAT_PROVE_SEED").unwrap_or(1), number("MERCAT_PROVE_FIRST").unwrap_or(0));
        Self { until, is_short: asked.is_none(), seed, first }
    }

    /// The chance of a case, which is its own.
    #[must_use]
    pub fn chance(self, case: u64) -> StdRng {
        StdRng::seed_from_u64(self.seed.wrapping_mul(1_000_003).wrapping_add(case))
    }

    /// The numbers of the cases.
    pub fn cases(self) -> impl Iterator<Item = u64> {
        let begun = Instant::now();
        (self.first..).take_while(move |case| match self.until {
            Until::Cases(cases) => *case < self.first + cases,
            Until::Time(time) => begun.elapsed() < time,
        })
    }
}

#[expect(clippy::disallowed_methods, reason = "a test is told so by the environment")]
fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text}")))
}

/// What came of a campaign.
#[derive(Debug, Default)]
pub struct Report {
    /// How many cases were tried.
    pub cases: u64,
    /// How often each kind of thing was seen.
    seen: BTreeMap<&'static str, u64>,
    /// Each broken promise, with what shows it again.
    pub breaches: Vec<String>,
}

impl Report {
    /// Notes that something was seen.
    pub fn see(&mut self, what: &'static str, times: u64) {
        *self.seen.entry(what).or_default() += times;
    }

    /// Notes what came of a case.
    pub fn note(&mut self, case: impl fmt::Display, result: Result<(), String>) {
        self.cases += 1;
        if let Err(breach) = result {
            self.breaches.push(format!("{case}: {breach}"));
        }
    }

    /// Shows the report.
    ///
    /// # Panics
    /// A promise was broken, or something was not seen once in so many cases: a campaign that never came near what it is
    /// for proves nothing.
    #[expect(clippy::print_stdout, reason = "whoever runs a campaign reads it")]
    pub fn conclude(&self, least: &[(&str, u64)]) {
        println!("{self}");
        assert!(self.breaches.is_empty(), "{self}");
        for (what, each) in least {
            let seen = self.seen.get(what).copied().unwrap_or(0);
            assert!(seen * each >= self.cases, "{what} came {seen} times only: {self}");
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seen: Vec<String> = self.seen.iter().map(|(what, times)| format!("{times} {what}")).collect();
        writeln!(f, "{} cases, {} breaches ({})", self.cases, self.breaches.len(), seen.join(", "))?;
        for breach in self.breaches.iter().take(SHOWN) {
            writeln!(f, "  {breach}")?;
        }
        let more = self.breaches.len().saturating_sub(SHOWN);
        if more > 0 {
            writeln!(f, "  and {more} more")?;
        }
        Ok(())
    }
}
