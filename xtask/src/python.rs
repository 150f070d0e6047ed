//! A Python environment with the client packages that the tests drive.

use crate::{apt, environment, process, workspace};
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Returns the interpreter of the test environment, made anew when the requirements have changed.
///
/// # Errors
/// When Python is missing and cannot be installed, or a package cannot be installed.
pub fn prepare() -> Result<PathBuf> {
    if let Some(given) = environment::value(environment::PYTHON) {
        return Ok(given.into());
    }
    let folder = workspace::target().join("test-python");
    let interpreter = folder.join("bin/python");
    let requirements = workspace::root().join("xtask/requirements.txt");
    let wanted = fs::read_to_string(&requirements).context("cannot read xtask/requirements.txt")?;
    let stamp = folder.join("installed-requirements.txt");
    if !fs::read_to_string(&stamp).is_ok_and(|present| present == wanted) || !runs(&interpreter) {
        create(&folder)?;
        install(&interpreter, &requirements)?;
        fs::write(stamp, wanted)?;
    }
    Ok(interpreter)
}

fn create(folder: &Path) -> Result<()> {
    if !can_create() {
        apt::install(&["python3", "python3-venv"])?;
    }
    process::run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(folder))
}

fn can_create() -> bool {
    process::succeeds(Command::new("python3").args(["-c", "import venv, ensurepip"]))
}

fn runs(interpreter: &Path) -> bool {
    process::succeeds(Command::new(interpreter).args(["-c", ""]))
}

fn install(interpreter: &Path, requirements: &Path) -> Result<()> {
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"];
    process::run(Command::new(interpreter).args(pip).arg(requirements))
}
