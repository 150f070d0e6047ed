//! Load by wrk, as the peer was measured.

use std::{path::Path, process::Command};

use anyhow::Context as _;
use serde::Deserialize;

/// What wrk saw. Times in microseconds.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct Seen {
    pub requests: u64,
    pub micros: u64,
    pub bytes: u64,
    /// Requests that got no answer, or one that is no success.
    pub failed: u64,
    pub p50: u64,
    pub p95: u64,
    pub p99: u64,
}

/// What wrk sends.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    pub method: &'a str,
    pub host: &'a str,
    /// In turn, from the first again after the last.
    pub paths: &'a [String],
    pub token: &'a str,
    pub connects: bool,
    pub body: Option<&'a str>,
}

/// Asks by `clients` connections for so many seconds.
///
/// # Errors
/// wrk is not there or failed.
pub fn load(asked: Asked<'_>, clients: usize, seconds: u64) -> anyhow::Result<Seen> {
    let folder = tempfile::TempDir::new()?;
    let report = folder.path().join("report.lua");
    std::fs::write(&report, include_str!("report.lua"))?;
    std::fs::write(folder.path().join("paths"), asked.paths.join("\n"))?;
    let printed = run(&report, asked, clients, seconds)?;
    let json = printed.lines().find(|line| line.starts_with('{')).context("wrk printed no report")?;
    serde_json::from_str(json).with_context(|| format!("the report of wrk: {json}"))
}

fn run(report: &Path, asked: Asked<'_>, clients: usize, seconds: u64) -> anyhow::Result<String> {
    let mut wrk = Command::new("wrk");
    wrk.args(["-t1", &format!("-c{clients}"), &format!("-d{seconds}s"), "--timeout", "60s"]);
    if asked.connects {
        wrk.args(["-H", "Connection: close"]);
    }
    let url = format!("http://{}{}", asked.host, asked.paths.first().map_or("/", String::as_str));
    wrk.args(["-H", &format!("Authorization: Token {}", asked.token), "-s"]).arg(report);
    wrk.args([&url, "--", asked.method]).arg(report.with_file_name("paths")).args(asked.body);
    let answer = wrk.output();
    let answer = answer.context("wrk cannot be started; `cargo xtask bench` installs it")?;
    anyhow::ensure!(answer.status.success(), "wrk: {}", String::from_utf8_lossy(&answer.stderr));
    Ok(String::from_utf8_lossy(&answer.stdout).into_owned())
}
