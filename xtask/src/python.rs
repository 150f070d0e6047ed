//! Python environments with the client packages that the tests drive.

use crate::{apt, environment, process, workspace};
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// An environment: the agent pins another version of the client than the newest, so that there is more than one.
pub struct Venv {
    /// The variable by which the tests are told of its interpreter, and by which a developer gives another.
    pub variable: &'static str,
    /// Its folder below `target`.
    folder: &'static str,
    /// The file of its packages in `xtask`.
    requirements: &'static str,
}

/// The newest Python client.
pub const CLIENT: Venv =
    Venv { variable: environment::PYTHON, folder: "test-python", requirements: "requirements.txt" };

/// Waldur's site agent with the emulated cluster.
pub const AGENT: Venv =
    Venv { variable: environment::AGENT_PYTHON, folder: "test-agent", requirements: "requirements-agent.txt" };

/// An S3 service.
pub const BUCKET: Venv =
    Venv { variable: environment::BUCKET_PYTHON, folder: "test-bucket", requirements: "requirements-bucket.txt" };

/// What asks a service by its OpenAPI document.
pub const SCHEMATHESIS: Venv = Venv {
    variable: environment::SCHEMATHESIS_PYTHON,
    folder: "test-schemathesis",
    requirements: "requirements-schemathesis.txt",
};

/// Returns the interpreter of an environment, made anew when the requirements have changed.
///
/// # Errors
/// When Python is missing and cannot be installed, or a package cannot be installed.
pub fn prepare(venv: &Venv) -> Result<PathBuf> {
    if let Some(given) = environment::value(venv.variable) {
        return Ok(given.into());
    }
    let folder = workspace::target().join(venv.folder);
    let interpreter = folder.join("bin/python");
    let requirements = workspace::root().join("xtask").join(venv.requirements);
    let unread = || format!("cannot read xtask/{}", venv.requirements);
    let wanted = fs::read_to_string(&requirements).with_context(unread)?;
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
