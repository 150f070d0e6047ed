//! Documents that are printed by the program itself, so that they cannot disagree with it.

use crate::{cargo, process, workspace};
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Each generated file, and the arguments of `mercat` that print it.
const DOCUMENTS: &[(&str, &[&str])] = &[
    ("docs/STATES.md", &["docs", "states"]),
    ("docs/PERMISSIONS.md", &["docs", "permissions"]),
    ("docs/openapi.json", &["openapi"]),
];

/// Builds the program, then writes or checks the documents.
pub fn build_and_run(check: bool) -> Result<()> {
    process::run(&mut cargo::cargo(&["build", "--quiet", "--package", "mercat"]))?;
    run(check)
}

/// Writes or checks the documents with the program that is already built.
pub fn run(check: bool) -> Result<()> {
    let mut stale = Vec::new();
    for (file, arguments) in DOCUMENTS {
        let wanted = print_document(arguments)?;
        if !is_current(file, &wanted) {
            stale.push(*file);
            if !check {
                write(&workspace::root().join(file), &wanted)?;
                println!("written: {file}");
            }
        }
    }
    if check && !stale.is_empty() {
        bail!("out of date: {}; run `cargo xtask generate` and commit the result", stale.join(", "));
    }
    println!("{} generated documents are up to date", DOCUMENTS.len());
    Ok(())
}

fn print_document(arguments: &[&str]) -> Result<Vec<u8>> {
    process::capture(Command::new(program()).args(arguments).current_dir(workspace::root()))
}

fn program() -> PathBuf {
    workspace::target().join("debug").join(format!("mercat{}", std::env::consts::EXE_SUFFIX))
}

fn is_current(file: &str, wanted: &[u8]) -> bool {
    fs::read(workspace::root().join(file)).is_ok_and(|present| present == wanted)
}

fn write(path: &Path, content: &[u8]) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, content).with_context(|| format!("cannot write {}", path.display()))
}
