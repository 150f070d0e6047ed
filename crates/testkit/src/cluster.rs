//! A PostgreSQL server of a test's own, which may be killed.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    net::TcpListener,
    os::unix::{
        fs::{MetadataExt as _, chown},
        process::CommandExt as _,
    },
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use tempfile::TempDir;

/// The disk's own memory outlives a server that is killed: it need not wait for the disk. The log is kept small, for small disks.
const SETTINGS: [&str; 5] =
    ["listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off", "lc_messages=C", "max_wal_size=32MB"];
const STARTED: &str = "ready to accept connections";
/// Those who were killed hold the server's memory for a moment.
const PATIENCE: Duration = Duration::from_secs(60);
/// Debian's `nobody`.
const NOBODY: u32 = 65_534;
/// The system gives these to nobody who asks for any, so that the server finds its port free when it starts again.
const PORTS: std::ops::Range<u16> = 20_000..32_000;

/// How a program is run.
type Run = Box<dyn Fn(&Path) -> Command + Send + Sync>;

/// A running server; it is killed when this is dropped.
pub struct Cluster {
    /// Removed with it.
    folder: Option<TempDir>,
    data: PathBuf,
    run: Run,
    port: u16,
    server: Option<Child>,
}

impl Cluster {
    /// Starts a server without databases of its own.
    #[must_use]
    pub fn start() -> Self {
        let folder = TempDir::new().unwrap();
        // PostgreSQL does not run as root.
        let is_root = fs::metadata("/proc/self").unwrap().uid() == 0;
        if is_root {
            chown(folder.path(), Some(NOBODY), Some(NOBODY)).unwrap();
        }
        let run = move |program: &Path| {
            let mut command = Command::new(program);
            if is_root {
                command.uid(NOBODY).gid(NOBODY);
            }
            command
        };
        let data = folder.path().join("data");
        let mut cluster = Self::start_in(data, Box::new(run));
        cluster.folder = Some(folder);
        cluster
    }

    /// The same in a folder that is not there yet, by programs that are run in a way of the test's own.
    #[must_use]
    pub fn start_in(data: PathBuf, run: Run) -> Self {
        let mut cluster = Self { folder: None, data, run, port: free_port(), server: None };
        let made = cluster
            .command("initdb")
            .args(["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "-D"])
            .arg(&cluster.data)
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        cluster.start_again();
        cluster
    }

    /// Starts a server that was killed, and waits until it answers.
    pub fn start_again(&mut self) {
        let begun = Instant::now();
        while let Err(said) = self.try_start() {
            assert!(begun.elapsed() < PATIENCE, "PostgreSQL does not start: {said}");
        }
    }

    fn try_start(&mut self) -> Result<(), String> {
        let mut command = self.command("postgres");
        command.arg("-D").arg(&self.data).args(["-p", &self.port.to_string()]);
        command.args(SETTINGS.iter().flat_map(|setting| ["-c", setting]));
        let mut server = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut log = BufReader::new(server.stderr.take().unwrap()).lines().map_while(Result::ok);
        let mut said = String::new();
        let started = log.by_ref().any(|line| {
            said.extend([line.as_str(), "\n"]);
            line.contains(STARTED)
        });
        if !started {
            server.wait().unwrap();
            return Err(said);
        }
        self.server = Some(server);
        // Somebody has to read the rest, or the server would wait.
        std::thread::spawn(move || log.for_each(drop));
        Ok(())
    }

    /// `kill -9` for the server and everybody it has started.
    pub fn kill(&mut self) {
        let Some(mut server) = self.server.take() else { return };
        let id = server.id();
        let started = fs::read_to_string(format!("/proc/{id}/task/{id}/children")).unwrap_or_default();
        Command::new("kill").arg("-9").arg(id.to_string()).args(started.split_whitespace()).status().ok();
        server.wait().ok();
    }

    /// The address of a database on it, which need not be there.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    fn command(&self, name: &str) -> Command {
        let mut command = (self.run)(&programs().join(name));
        command.current_dir("/").stdin(Stdio::null());
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.kill();
    }
}

fn free_port() -> u16 {
    let width = u32::from(PORTS.end - PORTS.start);
    let first = u16::try_from(std::process::id() % width).unwrap();
    let mut ports = (PORTS.start + first..PORTS.end).chain(PORTS.start..PORTS.start + first);
    ports.find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok()).expect("a free port")
}

#[expect(clippy::disallowed_methods, reason = "what xtask found or installed comes by the environment")]
fn programs() -> PathBuf {
    let name = "MERCAT_TEST_POSTGRES_PROGRAMS";
    let programs = std::env::var(name);
    programs.unwrap_or_else(|_| panic!("{name} is not set: run the tests with `cargo xtask test`")).into()
}
