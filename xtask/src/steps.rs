//! A list of checks that all run, even after one has failed, and a table of times at the end.

use anyhow::{Result, bail};
use std::time::{Duration, Instant};

/// Collects the outcome of each step.
#[derive(Default)]
pub struct Steps {
    done: Vec<Step>,
}

struct Step {
    name: &'static str,
    took: Duration,
    failure: Option<String>,
}

impl Steps {
    /// Runs one step and remembers how it went.
    pub fn run(&mut self, name: &'static str, step: impl FnOnce() -> Result<()>) {
        println!("\n=== {name}");
        let start = Instant::now();
        let failure = step().err().map(|failure| format!("{failure:#}"));
        if let Some(failure) = &failure {
            println!("--- {name} failed: {failure}");
        }
        self.done.push(Step { name, took: start.elapsed(), failure });
    }

    /// Prints the table.
    ///
    /// # Errors
    /// When a step has failed; the message names all that did.
    pub fn finish(self) -> Result<()> {
        println!("\n{}", self.table());
        let failed: Vec<_> = self.done.iter().filter(|step| step.failure.is_some()).map(|step| step.name).collect();
        if !failed.is_empty() {
            bail!("failed: {}", failed.join(", "));
        }
        Ok(())
    }

    fn table(&self) -> String {
        let total: Duration = self.done.iter().map(|step| step.took).sum();
        let mut lines: Vec<_> = self.done.iter().map(Step::line).collect();
        lines.push(row("all steps", total, ""));
        lines.join("\n")
    }
}

impl Step {
    fn line(&self) -> String {
        row(self.name, self.took, if self.failure.is_some() { "FAILED" } else { "ok" })
    }
}

fn row(name: &str, took: Duration, outcome: &str) -> String {
    format!("{name:<24} {:>7.1} s  {outcome}", took.as_secs_f64()).trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_step_does_not_stop_the_others_and_is_named_at_the_end() {
        let mut steps = Steps::default();
        let mut ran = Vec::new();
        steps.run("first", || bail!("broken"));
        steps.run("second", || {
            ran.push("second");
            Ok(())
        });
        assert_eq!(ran, ["second"]);
        assert!(steps.table().lines().next().is_some_and(|line| line.ends_with("FAILED")));
        assert_eq!(steps.finish().unwrap_err().to_string(), "failed: first");
    }
}
