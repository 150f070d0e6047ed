//! What a contributor runs: `cargo xtask test`, `ci`, `bench`, `prove`, `fuzz` and `generate`.
#![expect(clippy::print_stdout, reason = "this program talks to a person at a terminal")]

mod apt;
mod bench;
mod browser;
mod cargo;
mod ci;
#[cfg(test)]
mod cited;
mod environment;
mod fuzz;
mod generate;
mod planted;
mod postgres;
mod process;
mod prove;
mod python;
mod rabbitmq;
mod steps;
mod test;
mod workspace;

use anyhow::Result;
use clap::{Parser, Subcommand};
use std::process::ExitCode;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Everything a contributor to Mercat runs")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Start a throw-away PostgreSQL, prepare the Python client and run all tests
    Test {
        /// Passed to the test runner, for instance `-- --no-capture order_create`
        #[arg(last = true)]
        runner_arguments: Vec<String>,
    },
    /// Run every check that a change must pass, with the time of each
    Ci,
    /// Measure the release build beside SQLite and PostgreSQL alone
    Bench {
        /// Passed to `mercat-bench measure`, for instance `-- --on sqlite --orders 1000 --orders 100000 --orders 1000000`
        #[arg(last = true)]
        arguments: Vec<String>,
    },
    /// Try to break what the service promises, on both databases
    Prove {
        /// The campaign
        campaign: prove::Campaign,
        #[command(flatten)]
        effort: prove::Effort,
    },
    /// Let cargo-fuzz look for bytes that a parser cannot take
    Fuzz {
        /// One of `fuzz/fuzz_targets`; without it, all of them
        parser: Option<String>,
        /// For so long, each
        #[arg(long, value_name = "NUMBER", default_value_t = 10)]
        minutes: u64,
    },
    /// Take the pictures of the README, in docs/screenshots
    Screenshots,
    /// Write the documents that are made from the program
    Generate {
        /// Write nothing, fail when a document is out of date
        #[arg(long)]
        check: bool,
    },
}

fn main() -> ExitCode {
    match Arguments::parse().task.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {failure:#}");
            ExitCode::FAILURE
        }
    }
}

impl Task {
    fn run(&self) -> Result<()> {
        match self {
            Self::Test { runner_arguments } => test::run(runner_arguments),
            Self::Ci => ci::run(),
            Self::Bench { arguments } => bench::run(arguments),
            Self::Prove { campaign, effort } => prove::run(*campaign, effort),
            Self::Fuzz { parser, minutes } => fuzz::run(parser.as_deref(), *minutes),
            Self::Screenshots => browser::screenshots(),
            Self::Generate { check } => generate::build_and_run(*check),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Arguments;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        Arguments::command().debug_assert();
    }
}
