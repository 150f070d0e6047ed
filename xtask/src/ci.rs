//! `cargo xtask ci`: every check that a change must pass.

use crate::steps::Steps;
use crate::{cargo, generate, process, test};
use anyhow::Result;

/// Runs all checks, also after one has failed, and prints the time of each.
///
/// # Errors
/// When a check has failed.
pub fn run() -> Result<()> {
    let mut steps = Steps::default();
    steps.run("format", || process::run(&mut cargo::cargo(&["fmt", "--all", "--check"])));
    steps.run("clippy", || {
        process::run(&mut cargo::cargo(&[
            "clippy",
            "--workspace",
            "--all-targets",
            "--all-features",
            "--",
            "-D",
            "warnings",
        ]))
    });
    // As a newcomer builds it.
    steps.run("without features", || {
        process::run(&mut cargo::cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))
    });
    steps.run("documentation", documentation);
    steps.run("dependencies", dependencies);
    // Building the tests also builds the program, with the same features: nothing is compiled twice.
    steps
        .run("build tests", || process::run(&mut cargo::cargo(&["test", "--workspace", "--all-features", "--no-run"])));
    steps.run("generated documents", || generate::run(true));
    steps.run("test", || test::run(&[]));
    steps.finish()
}

fn documentation() -> Result<()> {
    process::run(
        cargo::cargo(&["doc", "--workspace", "--all-features", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings"),
    )
}

/// Licences, banned crates and sources. The advisory database is a download that not every build machine can make.
fn dependencies() -> Result<()> {
    if !cargo::has("deny") {
        process::run(&mut cargo::cargo(&["install", "--locked", "cargo-deny"]))?;
    }
    process::run(&mut cargo::cargo(&["deny", "--workspace", "check", "bans", "licenses", "sources"]))?;
    println!("not checked: security advisories; run `cargo deny check advisories` where the database can be fetched");
    Ok(())
}
