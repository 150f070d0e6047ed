//! A RabbitMQ server of a test's own, with STOMP over WebSocket, that asks Mercat whom it lets in.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    net::{TcpListener, TcpStream},
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use tempfile::TempDir;

/// Settings that are the same for all: nothing but what the tests use listens, and on this machine only.
const SETTINGS: &str = "
stomp.listeners.tcp = none
loopback_users = none
auth_backends.1 = internal
auth_backends.2 = http
auth_http.http_method = post
log.console = true
log.file = false
";
/// Who there is: one who may do everything, and Mercat with the rights that `docs/RABBITMQ.md` names. Each has the
/// password of that name.
const DEFINITIONS: &str = r#"{
  "vhosts": [{"name": "agents"}],
  "users": [
    {"name": "all", "password_hash": "c2FsdHTuNDBMFJm9UD1cBD9BiPks1GHcqyLDU4b3fS82yNEa", "tags": []},
    {"name": "mercat", "password_hash": "c2FsdP94NIrzeNolC1BI3ShzHKbuBYijellvLqvyuWbwJi2d", "tags": []}
  ],
  "permissions": [
    {"user": "all", "vhost": "agents", "configure": ".*", "write": ".*", "read": ".*"},
    {
      "user": "mercat", "vhost": "agents",
      "configure": "^(mercat-|consumer_|subscription_)", "write": "^amq\\.default$", "read": "^$"
    }
  ]
}"#;
const PLUGINS: &str = "[rabbitmq_web_stomp,rabbitmq_auth_backend_http].";
const STARTED: &str = "Server startup complete";

/// A running server; it is killed when this is dropped.
pub struct RabbitMq {
    folder: TempDir,
    /// Erlang's register of names.
    names: Child,
    names_port: u16,
    server: Option<Child>,
    port: u16,
    between_nodes: u16,
    /// Where agents connect, at the path `/ws`.
    pub stomp_port: u16,
}

impl RabbitMq {
    /// Starts a server that asks the Mercat at this address, which need not be there yet.
    #[must_use]
    pub fn start(mercat: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let [port, stomp_port, between_nodes, names_port] = free_ports();
        let names = register(names_port);
        let settings = [
            format!("load_definitions = {}", folder.path().join("definitions.json").display()),
            format!("listeners.tcp.1 = 127.0.0.1:{port}"),
            "web_stomp.tcp.ip = 127.0.0.1".to_owned(),
            format!("web_stomp.tcp.port = {stomp_port}"),
            format!("auth_http.user_path = {mercat}/rabbitmq/user"),
            format!("auth_http.vhost_path = {mercat}/rabbitmq/vhost"),
            format!("auth_http.resource_path = {mercat}/rabbitmq/resource"),
            format!("auth_http.topic_path = {mercat}/rabbitmq/topic"),
        ];
        fs::write(folder.path().join("rabbitmq.conf"), settings.join("\n") + SETTINGS).unwrap();
        fs::write(folder.path().join("definitions.json"), DEFINITIONS).unwrap();
        fs::write(folder.path().join("enabled_plugins"), PLUGINS).unwrap();
        let mut broker = Self { folder, names, names_port, server: None, port, between_nodes, stomp_port };
        broker.start_again();
        broker
    }

    /// Starts a server that was killed; what was on disk is still there.
    pub fn start_again(&mut self) {
        let place = self.folder.path();
        let mut server = Command::new(program())
            .env("HOME", place)
            .env("ERL_EPMD_PORT", self.names_port.to_string())
            .env("RABBITMQ_CONF_ENV_FILE", "/dev/null")
            .env("RABBITMQ_CONFIG_FILE", place.join("rabbitmq.conf"))
            .env("RABBITMQ_ENABLED_PLUGINS_FILE", place.join("enabled_plugins"))
            .env("RABBITMQ_MNESIA_BASE", place.join("data"))
            .env("RABBITMQ_LOG_BASE", place.join("log"))
            .env("RABBITMQ_PID_FILE", self.pid_file())
            .env("RABBITMQ_NODENAME", self.node())
            .env("RABBITMQ_DIST_PORT", self.between_nodes.to_string())
            .env("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "-kernel inet_dist_use_interface {127,0,0,1}")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(server.stdout.take().unwrap()).lines();
        self.server = Some(server);
        let mut seen = String::new();
        loop {
            let line = log.next().unwrap_or_else(|| panic!("RabbitMQ ended: {seen}")).unwrap();
            if line.contains(STARTED) {
                break;
            }
            seen.push_str(&line);
            seen.push('\n');
        }
        // Somebody has to read the rest, or the server would wait.
        std::thread::spawn(move || log.for_each(drop));
    }

    /// Has it write down which queues there are. By itself it does so a while later, and one that is killed before has
    /// lost them with all that was in them.
    pub fn sync(&self) {
        let done = Command::new(program().with_file_name("rabbitmqctl"))
            .env("HOME", self.folder.path())
            .env("ERL_EPMD_PORT", self.names_port.to_string())
            .args(["--node", &self.node(), "eval", "mnesia:sync_log()."])
            .output()
            .unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }

    /// `kill -9`.
    pub fn kill(&mut self) {
        let Some(mut server) = self.server.take() else { return };
        // What was started is a script that waits for the server.
        if let Ok(id) = fs::read_to_string(self.pid_file()) {
            Command::new("kill").args(["-9", id.trim()]).status().ok();
        }
        server.kill().ok();
        server.wait().ok();
    }

    /// Its address for Mercat.
    #[must_use]
    pub fn url(&self) -> String {
        self.url_of("mercat")
    }

    /// Its address for somebody who may do everything.
    #[must_use]
    pub fn url_for_all(&self) -> String {
        self.url_of("all")
    }

    fn url_of(&self, user: &str) -> String {
        format!("amqp://{user}:{user}@127.0.0.1:{}/agents", self.port)
    }

    fn node(&self) -> String {
        format!("mercat{}@localhost", self.port)
    }

    fn pid_file(&self) -> PathBuf {
        self.folder.path().join("pid")
    }
}

impl Drop for RabbitMq {
    fn drop(&mut self) {
        self.kill();
        self.names.kill().ok();
        self.names.wait().ok();
    }
}

/// Starts Erlang's register of names, and waits until it answers: RabbitMQ would start another one that stays.
fn register(port: u16) -> Child {
    let mut child = Command::new("epmd").args(["-address", "127.0.0.1", "-port", &port.to_string()]).spawn().unwrap();
    let begun = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(begun.elapsed() < Duration::from_secs(10), "epmd does not answer");
        assert!(child.try_wait().unwrap().is_none(), "epmd ended");
        std::thread::yield_now();
    }
    child
}

/// Ports of 127.0.0.1 that nobody uses.
#[must_use]
pub fn free_ports<const N: usize>() -> [u16; N] {
    // All are held until the last is found, so that they differ.
    let held: [TcpListener; N] = std::array::from_fn(|_| TcpListener::bind(("127.0.0.1", 0)).unwrap());
    held.map(|listener| listener.local_addr().unwrap().port())
}

#[expect(clippy::disallowed_methods, reason = "what xtask found or installed comes by the environment")]
fn program() -> PathBuf {
    let name = "MERCAT_TEST_RABBITMQ";
    let program = std::env::var(name);
    program.unwrap_or_else(|_| panic!("{name} is not set: run the tests with `cargo xtask test`")).into()
}
