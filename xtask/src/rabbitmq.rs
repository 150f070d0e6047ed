//! The RabbitMQ server that tests start for themselves.

use crate::{apt, environment};
use anyhow::{Result, bail};
use std::path::PathBuf;

/// Debian's own command of this name changes to another user and uses the machine's configuration; this one does not.
const DEBIAN: &str = "/usr/lib/rabbitmq/bin/rabbitmq-server";
const NAME: &str = "rabbitmq-server";

/// The program that starts a server.
///
/// # Errors
/// When there is none and it cannot be installed.
pub fn find_or_install() -> Result<PathBuf> {
    if let Some(program) = find() {
        return Ok(program);
    }
    apt::install(&[NAME])?;
    match find() {
        Some(program) => Ok(program),
        None => bail!("{NAME} was installed, but {DEBIAN} is missing"),
    }
}

fn find() -> Option<PathBuf> {
    let debian = Some(PathBuf::from(DEBIAN)).filter(|program| program.is_file());
    let found = debian.or_else(|| environment::on_path(NAME))?;
    // Erlang's register of names comes with Erlang.
    environment::on_path("epmd").map(|_| found)
}
