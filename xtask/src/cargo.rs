//! Calling cargo again from inside `cargo xtask`.

use crate::{environment, process, workspace};
use std::ffi::OsString;
use std::process::Command;

/// A cargo command in the workspace.
pub fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(program());
    command.current_dir(workspace::root()).args(arguments);
    command
}

/// The cargo that runs this.
pub fn program() -> OsString {
    environment::value("CARGO").unwrap_or_else(|| "cargo".into())
}

/// True when the sub-command `name` of cargo is installed.
pub fn has(name: &str) -> bool {
    process::succeeds(&mut cargo(&[name, "--version"]))
}
