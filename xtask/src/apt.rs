//! Installing Debian packages when that is possible.

use crate::{environment, process};
use anyhow::{Result, bail};
use std::process::Command;

/// Installs `packages`, or fails with the words a person needs to do it.
///
/// # Errors
/// When this is not a Debian system, the user is not root, or the installation fails.
pub fn install(packages: &[&str]) -> Result<()> {
    let names = packages.join(" ");
    if environment::on_path("apt-get").is_none() {
        bail!("install the programs that Debian packages as `{names}`, and have them on PATH");
    }
    if !is_root()? {
        bail!("run `sudo apt-get install {names}`");
    }
    process::run(apt_get().arg("update"))?;
    process::run(apt_get().args(["install", "--yes", "--no-install-recommends"]).args(packages))
}

/// True when this process has user id 0.
pub fn is_root() -> Result<bool> {
    Ok(process::capture_text(Command::new("id").arg("-u"))? == "0")
}

fn apt_get() -> Command {
    let mut command = Command::new("apt-get");
    command.arg("-q").env("DEBIAN_FRONTEND", "noninteractive");
    command
}
