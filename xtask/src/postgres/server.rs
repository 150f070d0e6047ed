//! Creating and starting the server.

use super::binaries::Binaries;
use super::guard::Guard;
use super::home;
use super::user::ServerUser;
use crate::process;
use anyhow::{Context, Result};
use std::fs;
use std::io::Write;
use std::net::TcpListener;
use std::path::Path;

/// What a server is for.
#[derive(Clone, Copy)]
pub enum Purpose {
    /// Every test database is made and thrown away: nothing needs to survive a crash.
    Tests,
    /// As an operator would have it: commits are on disk.
    Measurements,
}

impl Purpose {
    const fn settings(self) -> &'static str {
        match self {
            Self::Tests => "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n",
            Self::Measurements => "shared_buffers = 1GB\nmax_wal_size = 8GB\n",
        }
    }
}

const SETTINGS: &str = "
listen_addresses = '127.0.0.1'
max_connections = 300
jit = off
";

/// Trust, for connections over 127.0.0.1 and nothing else.
const ACCESS: &str = "host all all 127.0.0.1/32 trust\n";

/// Another program may take the free port before the server does.
const ATTEMPTS: u32 = 5;

/// A running server; dropping it stops it and removes its files.
pub struct Server {
    port: u16,
    _guard: Guard,
}

impl Server {
    /// Creates a cluster in a folder of its own and starts it.
    pub fn start(binaries: &Binaries, user: &ServerUser, purpose: Purpose) -> Result<Self> {
        Self::start_in(&home::create(user)?, binaries, user, purpose)
    }

    fn start_in(home: &Path, binaries: &Binaries, user: &ServerUser, purpose: Purpose) -> Result<Self> {
        let data = home.join("data");
        let guard = Guard::start(binaries, user, home, &data).context("cannot start `sh`")?;
        initialise(binaries, user, home, &data, purpose)?;
        let mut attempt = 1;
        loop {
            match listen(binaries, user, home, &data) {
                Ok(port) => return Ok(Self { port, _guard: guard }),
                Err(failure) if attempt == ATTEMPTS => return Err(failure),
                Err(_) => attempt += 1,
            }
        }
    }

    /// URL of the superuser.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }
}

fn initialise(binaries: &Binaries, user: &ServerUser, home: &Path, data: &Path, purpose: Purpose) -> Result<()> {
    let mut initdb = user.command(&binaries.program("initdb"));
    initdb.args(["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "-D"]);
    process::capture(initdb.arg(data).current_dir(home))?;
    let mut settings = fs::OpenOptions::new().append(true).open(data.join("postgresql.conf"))?;
    settings.write_all([SETTINGS, purpose.settings()].concat().as_bytes())?;
    writeln!(settings, "unix_socket_directories = '{}'", home.display())?;
    fs::write(data.join("pg_hba.conf"), ACCESS)?;
    Ok(())
}

fn listen(binaries: &Binaries, user: &ServerUser, home: &Path, data: &Path) -> Result<u16> {
    let port = free_port()?;
    let log = home.join("server.log");
    let mut start = user.command(&binaries.program("pg_ctl"));
    start.args(["start", "-w", "-t", "60", "-o", &format!("-p {port}")]).arg("-l").arg(&log).arg("-D").arg(data);
    process::capture(start.current_dir(home)).with_context(|| {
        let log = fs::read_to_string(&log).unwrap_or_default();
        format!("the PostgreSQL server did not start; its log:\n{log}")
    })?;
    Ok(port)
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("no free port on 127.0.0.1")?;
    Ok(listener.local_addr()?.port())
}

#[cfg(test)]
mod tests {
    use super::super::{binaries, user::ServerUser};
    use super::*;
    use std::net::TcpStream;

    #[test]
    fn a_server_answers_until_it_is_dropped_and_leaves_nothing_behind() {
        let Some(binaries) = binaries::find() else {
            eprintln!("skipped: PostgreSQL is not installed");
            return;
        };
        let user = ServerUser::choose().unwrap();
        let home = home::create(&user).unwrap();
        let server = Server::start_in(&home, &binaries, &user, Purpose::Tests).unwrap();
        let address = ("127.0.0.1", server.port);
        assert!(TcpStream::connect(address).is_ok());
        assert!(home.join("data/postmaster.pid").exists());
        drop(server);
        assert!(TcpStream::connect(address).is_err());
        assert!(!home.exists());
    }
}
