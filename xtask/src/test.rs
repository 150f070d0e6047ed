//! `cargo xtask test`: prepares what the tests need and runs all of them.

use crate::{browser, cargo, environment, postgres, process, python, rabbitmq, workspace};
use anyhow::{Result, bail};
use std::ffi::OsString;
use std::process::Command;

/// What the tests are given, and what could not be prepared.
#[derive(Default)]
pub struct Preparation {
    variables: Vec<(&'static str, OsString)>,
    server: Option<postgres::Server>,
    ready: Vec<String>,
    missing: Vec<String>,
}

/// Runs the tests; `arguments` go to the runner.
///
/// # Errors
/// When a test fails, and in CI also when something could not be prepared.
pub fn run(arguments: &[String]) -> Result<()> {
    let preparation = Preparation::make();
    let outcome = preparation.run_tests(arguments);
    let report = preparation.report(arguments, &outcome);
    drop(preparation);
    println!("\n{report}");
    outcome
}

/// Runs some tests of packages as long as they take, one after the other and with what they say; `amount` tells them how much
/// to do.
///
/// # Errors
/// When something could not be prepared, or when a test fails.
pub fn campaign(tests: &[[&str; 2]], amount: &[(&'static str, String)], with_schemathesis: bool) -> Result<()> {
    let mut preparation = Preparation::with_databases()?;
    if with_schemathesis {
        preparation.python(&python::SCHEMATHESIS, "with schemathesis");
        preparation.is_whole()?;
    }
    for [package, filter] in tests {
        let mut runner = cargo::cargo(&["nextest", "run", "--profile", "prove", "--release", "--no-capture"]);
        runner.args(["--package", package, "--filterset", filter]).envs(amount.iter().cloned());
        process::run(preparation.with_variables(&mut runner))?;
    }
    Ok(())
}

impl Preparation {
    fn make() -> Self {
        let mut preparation = Self::default();
        preparation.postgres();
        preparation.postgres_programs();
        preparation.python(&python::CLIENT, "with the Python client");
        preparation.python(&python::AGENT, "with Waldur's site agent");
        preparation.python(&python::BUCKET, "with an S3 service");
        preparation.python(&python::SCHEMATHESIS, "with schemathesis");
        preparation.rabbitmq();
        preparation.browser();
        preparation.shared();
        preparation
    }

    /// What the tests of a package ask for: both databases, and the API page where it is there.
    ///
    /// # Errors
    /// When there is no PostgreSQL server.
    pub fn with_databases() -> Result<Self> {
        let mut preparation = Self::default();
        preparation.postgres();
        preparation.postgres_programs();
        preparation.is_whole()?;
        preparation.shared();
        Ok(preparation)
    }

    fn is_whole(&self) -> Result<()> {
        self.missing.first().map_or(Ok(()), |missing| bail!("could not prepare tests {missing}"))
    }

    fn postgres(&mut self) {
        if let Some(url) = environment::value(environment::POSTGRES) {
            self.give(environment::POSTGRES, url, "on PostgreSQL (the server of the environment)");
            return;
        }
        match postgres::start(postgres::Purpose::Tests) {
            Ok(server) => {
                self.give(environment::POSTGRES, server.url().into(), "on PostgreSQL (a throw-away server)");
                self.server = Some(server);
            }
            Err(failure) => self.missing.push(format!("on PostgreSQL: {failure:#}")),
        }
    }

    fn postgres_programs(&mut self) {
        let what = "with a PostgreSQL that is killed";
        let given = environment::value(environment::POSTGRES_PROGRAMS).map(|folder| Ok(folder.into()));
        match given.unwrap_or_else(postgres::programs) {
            Ok(folder) => self.give(environment::POSTGRES_PROGRAMS, folder.into(), what),
            Err(failure) => self.missing.push(format!("{what}: {failure:#}")),
        }
    }

    fn python(&mut self, venv: &python::Venv, what: &str) {
        match python::prepare(venv) {
            Ok(interpreter) => self.give(venv.variable, interpreter.into(), what),
            Err(failure) => self.missing.push(format!("{what}: {failure:#}")),
        }
    }

    fn rabbitmq(&mut self) {
        match rabbitmq::find_or_install() {
            Ok(program) => self.give(environment::RABBITMQ, program.into(), "with RabbitMQ"),
            Err(failure) => self.missing.push(format!("with RabbitMQ: {failure:#}")),
        }
    }

    fn browser(&mut self) {
        match browser::prepare() {
            Ok(variables) => {
                self.variables.extend(variables);
                self.ready.push("in a browser".to_owned());
            }
            Err(failure) => self.missing.push(format!("in a browser: {failure:#}")),
        }
    }

    fn shared(&mut self) {
        match workspace::shared() {
            Some(folder) => self.give(environment::SHARED, folder.into(), "against the printed API page"),
            None => self.missing.push("against the printed API page: the folder `../shared` is missing".to_owned()),
        }
    }

    fn give(&mut self, name: &'static str, value: OsString, what: &str) {
        self.variables.push((name, value));
        self.ready.push(what.to_owned());
    }

    fn run_tests(&self, arguments: &[String]) -> Result<()> {
        if environment::is_ci() && !self.missing.is_empty() {
            bail!("could not prepare everything, and CI runs all tests or none");
        }
        let documented = if arguments.is_empty() && cargo::has("nextest") { self.run_documented() } else { Ok(()) };
        // The main runner comes last, so that its summary closes the output.
        process::run(self.with_variables(&mut runner()).args(arguments))?;
        documented
    }

    /// Examples in doc comments, which nextest does not run.
    fn run_documented(&self) -> Result<()> {
        process::run(self.with_variables(&mut cargo::cargo(&[
            "test",
            "--quiet",
            "--doc",
            "--workspace",
            "--all-features",
        ])))
    }

    /// The command with all that was prepared.
    pub fn with_variables<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.envs(self.variables.iter().map(|(name, value)| (name, value)))
    }

    fn report(&self, arguments: &[String], outcome: &Result<()>) -> String {
        let scope = if arguments.is_empty() { "all tests of the workspace" } else { "the tests you asked for" };
        let mut lines = vec![match outcome {
            Ok(()) => format!("passed: {scope}"),
            Err(failure) => format!("FAILED: {scope}: {failure:#}"),
        }];
        lines.extend(self.ready.iter().map(|what| format!("prepared: tests {what}")));
        lines.extend(self.missing.iter().map(|what| format!("could not run: tests {what}")));
        lines.join("\n")
    }
}

fn runner() -> Command {
    if cargo::has("nextest") {
        cargo::cargo(&["nextest", "run", "--workspace", "--all-features", "--no-fail-fast"])
    } else {
        cargo::cargo(&["test", "--workspace", "--all-features", "--no-fail-fast"])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_report_says_what_was_missing() {
        let mut preparation = Preparation::default();
        preparation.give(environment::PYTHON, "python".into(), "with the Python client");
        preparation.missing.push("on PostgreSQL: not installed".to_owned());
        let report = preparation.report(&[], &Ok(()));
        let wanted = "passed: all tests of the workspace\nprepared: tests with the Python client\n\
                      could not run: tests on PostgreSQL: not installed";
        assert_eq!(report, wanted);
    }
}
