//! The real binary as a child process on a port of its own.

use std::{
    io::{BufRead, BufReader, Write as _},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    thread::JoinHandle,
};

use mercat_testkit::{Backend, TestApp};
use serde_json::Value;

/// The program under test.
pub const MERCAT: &str = env!("CARGO_BIN_EXE_mercat");

/// A running server; it is killed when this is dropped.
pub struct Server {
    child: Child,
    /// The address, without a slash at the end.
    pub base: String,
    log: Arc<Mutex<String>>,
    reader: Option<JoinHandle<()>>,
}

/// The options by which the binary finds a test's database.
pub fn place(app: &TestApp) -> Vec<String> {
    let mut options = vec!["--data".to_owned(), app.folder().display().to_string()];
    if app.backend == Backend::Postgres {
        options.extend(["--database-url".to_owned(), app.url.clone()]);
    }
    options
}

impl Server {
    /// Starts `mercat serve` on a test's database.
    pub fn start(app: &TestApp) -> Self {
        Self::start_at(app, "127.0.0.1:0")
    }

    /// The same at an address.
    fn start_at(app: &TestApp, listen: &str) -> Self {
        Self::run(Command::new(MERCAT).arg("serve").args(["--listen", listen]).args(place(app)))
    }

    /// `kill -9`, and a new start at the same address.
    pub fn crash(&mut self, app: &TestApp) {
        self.kill();
        *self = Self::start_at(app, self.base.trim_start_matches("http://"));
    }

    /// Starts a command that serves, and waits until it says where.
    pub fn run(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap());
        let mut seen = String::new();
        let base = loop {
            let mut line = String::new();
            assert_ne!(log.read_line(&mut line).unwrap(), 0, "the server ended: {seen}");
            if let Some((_, address)) = plain(&line).rsplit_once("address=") {
                break format!("http://{}", address.trim());
            }
            seen.push_str(&line);
        };
        let seen = Arc::new(Mutex::new(seen));
        let rest = Arc::clone(&seen);
        // Somebody has to read on, or the server would wait.
        let reader = std::thread::spawn(move || {
            for line in log.lines().map_while(Result::ok) {
                // Shown when the test fails.
                eprintln!("{line}");
                rest.lock().unwrap().extend([line.as_str(), "\n"]);
            }
        });
        Self { child, base, log: seen, reader: Some(reader) }
    }

    /// Starts a command that tells its address on standard output; the caller reads it there.
    pub fn announced(command: &mut Command) -> Self {
        let child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        Self { child, base: String::new(), log: Arc::default(), reader: None }
    }

    /// `kill -9`: the process gets no chance to do anything.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        // What it has logged is read to its end.
        self.reader.take().map(JoinHandle::join);
    }

    /// Asks the process to stop, and waits until it has; whether it did so in order.
    pub fn stop(&mut self) -> bool {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        self.child.wait().unwrap().success()
    }

    /// Everything that the server has logged.
    pub fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// Everything that the server printed as its result until now is read by the caller.
    pub fn output(&mut self) -> impl BufRead + use<> {
        BufReader::new(self.child.stdout.take().unwrap())
    }

    /// The address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// A process that works without serving; it is killed when this is dropped.
pub struct Worker(Child);

impl Worker {
    /// Starts a command that works.
    pub fn run(command: &mut Command) -> Self {
        Self(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap())
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// A log line without colours.
fn plain(line: &str) -> String {
    let mut text = String::new();
    let mut parts = line.split('\u{1b}');
    text.push_str(parts.next().unwrap_or_default());
    for part in parts {
        text.push_str(part.split_once('m').map_or(part, |(_, rest)| rest));
    }
    text
}

/// Runs the binary to its end; its standard output and whether it succeeded.
pub fn mercat(arguments: &[&str], input: &str) -> (bool, String, String) {
    let mut child = Command::new(MERCAT)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let done = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (done.status.success(), text(done.stdout), text(done.stderr))
}

/// An HTTP call; `None` when the connection broke.
pub fn call(method: &str, url: &str, token: &str, key: Option<&str>, body: Option<&Value>) -> Option<(u16, Value)> {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let mut request = ureq::http::Request::builder()
        .method(method)
        .uri(url)
        .header("Authorization", format!("Token {token}"))
        .header("Content-Type", "application/json");
    if let Some(key) = key {
        request = request.header("Idempotency-Key", key);
    }
    let body = body.map(ToString::to_string).unwrap_or_default();
    let broken = |error: &ureq::Error| eprintln!("{method} {url}: {error}");
    let mut answer = agent.run(request.body(body).unwrap()).inspect_err(broken).ok()?;
    let text = answer.body_mut().read_to_string().inspect_err(broken).ok()?;
    Some((answer.status().as_u16(), serde_json::from_str(&text).unwrap_or(Value::Null)))
}

/// A folder's path as text.
pub fn text(path: &Path) -> String {
    path.display().to_string()
}
