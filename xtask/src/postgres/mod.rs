//! A throw-away PostgreSQL server for one run of the tests.

mod binaries;
mod guard;
mod home;
mod server;
mod user;

pub use server::{Purpose, Server};

use anyhow::Result;

/// Finds or installs PostgreSQL and starts a server.
///
/// # Errors
/// When PostgreSQL is missing and cannot be installed, or the server does not start.
pub fn start(purpose: Purpose) -> Result<Server> {
    let binaries = binaries::find_or_install()?;
    let user = user::ServerUser::choose()?;
    println!("starting a throw-away PostgreSQL server");
    Server::start(&binaries, &user, purpose)
}

/// The folder of PostgreSQL's programs.
///
/// # Errors
/// When PostgreSQL is missing and cannot be installed.
pub fn programs() -> Result<std::path::PathBuf> {
    Ok(binaries::find_or_install()?.folder)
}
