//! The browser of the tests, and what they judge pages with.

use crate::{apt, environment, process, workspace};
use anyhow::{Context, Result};
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

const DRIVER: &str = "chromedriver";
/// The version of axe-core: another one finds other things.
const AXE: &str = "axe-core@4.14.1";

/// The variables that tests in a browser are told by.
///
/// # Errors
/// When something is missing and cannot be installed.
pub fn prepare() -> Result<[(&'static str, OsString); 2]> {
    Ok([(environment::CHROMEDRIVER, driver()?.into()), (environment::AXE, axe()?.into())])
}

/// Chromium with its driver.
fn driver() -> Result<PathBuf> {
    if let Some(given) = environment::value(environment::CHROMEDRIVER) {
        return Ok(given.into());
    }
    if environment::on_path(DRIVER).is_none() || environment::on_path("chromium").is_none() {
        apt::install(&["chromium", "chromium-driver"])?;
    }
    environment::on_path(DRIVER).context("chromium-driver was installed, but chromedriver is not on PATH")
}

/// The script of axe-core, from npm.
fn axe() -> Result<PathBuf> {
    if let Some(given) = environment::value(environment::AXE) {
        return Ok(given.into());
    }
    let folder = workspace::target().join(AXE);
    let script = folder.join("node_modules/axe-core/axe.min.js");
    if !script.is_file() {
        if environment::on_path("npm").is_none() {
            apt::install(&["npm"])?;
        }
        let mut npm = Command::new("npm");
        npm.args(["install", "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--silent", "--prefix"]);
        process::run(npm.arg(&folder).arg(AXE))?;
    }
    Ok(script)
}

/// Takes pictures of the pages for the README.
///
/// # Errors
/// When something is missing, or the pictures cannot be taken.
pub fn screenshots() -> Result<()> {
    let variables = prepare()?;
    process::run(&mut crate::cargo::cargo(&["build", "--package", "mercat", "--all-features"]))?;
    process::run(crate::cargo::cargo(&["run", "--package", "mercat-e2e", "--bin", "screenshots"]).envs(variables))
}
