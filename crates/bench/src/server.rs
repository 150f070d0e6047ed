//! The program under measurement, as a child process.

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use anyhow::Context as _;

/// A running server; it is killed when this is dropped.
pub struct Server {
    child: Child,
    /// Its address and port.
    pub address: String,
}

impl Server {
    /// Starts the program on a database and waits until it says where.
    pub fn start(program: &Path, database_url: &str, folder: &Path) -> anyhow::Result<Self> {
        let mut command = Command::new(program);
        command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(folder).env("NO_COLOR", "1");
        if database_url.starts_with("postgres") {
            command.args(["--database-url", database_url]);
        }
        let mut child = command.stderr(Stdio::piped()).stdout(Stdio::null()).spawn()?;
        let mut log = BufReader::new(child.stderr.take().context("the log is a pipe")?);
        let mut told = String::new();
        loop {
            let mut line = String::new();
            anyhow::ensure!(log.read_line(&mut line)? > 0, "the server ended: {told}");
            if let Some((_, address)) = line.rsplit_once("address=") {
                let address = address.trim().to_owned();
                // Somebody has to read the rest, or the server would wait.
                std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
                return Ok(Self { child, address });
            }
            told.push_str(&line);
        }
    }
}

impl Server {
    /// Its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// A part of its memory as Linux names it, in megabytes.
    ///
    /// # Errors
    /// Linux does not tell.
    pub fn memory(&self, part: &str) -> anyhow::Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix(part)?.strip_prefix(':'));
        let kilobytes = line.and_then(|line| line.split_whitespace().next()).context("no such line")?;
        Ok(kilobytes.parse::<u64>()? / 1024)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
