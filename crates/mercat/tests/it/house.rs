//! Everything that serves while clients go on: processes that can be killed, and wires that can be cut.

use std::{
    process::Command,
    sync::{Arc, Condvar, Mutex},
};

use mercat_testkit::{Backend, Cluster, TestApp};

use crate::{
    proxy::{Proxy, Wire},
    server::{MERCAT, Server, Worker},
};

/// What happens among the clients' calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blow {
    /// A server is killed.
    Server(usize),
    /// The clients' connections are cut, most often between a commit and its answer.
    Answers,
    /// The connections of servers and worker to the database are cut, at times between a change and its commit.
    Wire,
    /// The worker is killed, in the middle of a delivery if it has one.
    Worker,
    /// PostgreSQL is killed, with all that it has started.
    Postgres,
}

/// One server with a worker inside on SQLite; on a PostgreSQL of their own two of them, and a worker.
pub struct House {
    options: Vec<String>,
    servers: Vec<Server>,
    doors: Vec<Proxy>,
    worker: Option<Worker>,
    database: Option<(Cluster, Proxy)>,
    standing: Arc<Standing>,
}

/// Whether all that was struck stands again, and how often something was.
#[derive(Default)]
pub struct Standing {
    struck: Mutex<(bool, usize)>,
    stands: Condvar,
}

impl House {
    /// Starts everything on a database of its own.
    pub async fn start(backend: Backend) -> (Self, TestApp) {
        let cluster = (backend == Backend::Postgres).then(Cluster::start);
        let app = match &cluster {
            Some(cluster) => TestApp::on(cluster).await,
            None => TestApp::new(backend).await,
        };
        let mut options = vec!["--data".to_owned(), app.folder().display().to_string()];
        let database = cluster.map(|cluster| {
            let (wire, url) = Proxy::to_database(&app.url);
            options.extend(["--database-url".to_owned(), url]);
            (cluster, wire)
        });
        let servers: Vec<Server> = (0..if database.is_some() { 2 } else { 1 }).map(|_| serve(&options)).collect();
        let doors = servers.iter().map(|server| Proxy::to(address(server))).collect();
        let worker = database.is_some().then(|| work(&options));
        (Self { options, servers, doors, worker, database, standing: Arc::default() }, app)
    }

    /// What can happen to it.
    pub fn blows(&self) -> &'static [Blow] {
        match self.database {
            None => &[Blow::Server(0), Blow::Answers],
            Some(_) => &[Blow::Server(0), Blow::Answers, Blow::Postgres, Blow::Server(1), Blow::Wire, Blow::Worker],
        }
    }

    /// The addresses at which it is always reached.
    pub fn addresses(&self) -> Vec<String> {
        self.doors.iter().map(|door| format!("http://{}", door.address)).collect()
    }

    /// By which clients wait until it stands.
    pub fn standing(&self) -> Arc<Standing> {
        Arc::clone(&self.standing)
    }

    /// Strikes, and mends what was struck.
    pub fn strike(&mut self, blow: Blow) {
        self.standing.falls();
        match blow {
            Blow::Server(number) => {
                self.servers[number].kill();
                self.servers[number] = serve(&self.options);
                self.doors[number].lead_to(address(&self.servers[number]));
            }
            Blow::Answers => self.doors.iter().for_each(cut),
            Blow::Wire => self.database.iter().for_each(|(_, wire)| cut(wire)),
            Blow::Worker => {
                // The old one is gone before there is a new one.
                self.worker = None;
                self.worker = Some(work(&self.options));
            }
            Blow::Postgres => {
                let (cluster, _) = self.database.as_mut().unwrap();
                cluster.kill();
                cluster.start_again();
            }
        }
        self.standing.stands();
    }
}

impl Standing {
    fn falls(&self) {
        let mut struck = self.struck.lock().unwrap();
        *struck = (true, struck.1 + 1);
    }

    /// Lets go on who waits.
    pub fn stands(&self) {
        self.struck.lock().unwrap().0 = false;
        self.stands.notify_all();
    }

    /// Waits while something lies; how often something did.
    pub fn wait(&self) -> usize {
        let struck = self.struck.lock().unwrap();
        self.stands.wait_while(struck, |struck| struck.0).unwrap().1
    }
}

fn cut(wire: &Proxy) {
    wire.set(Wire::Cut);
    wire.set(Wire::Whole);
}

fn address(server: &Server) -> String {
    server.base.trim_start_matches("http://").to_owned()
}

/// The local receivers of the tests may be called.
fn command(name: &str, options: &[String]) -> Command {
    let mut command = Command::new(MERCAT);
    command.arg(name).args(options).env("MERCAT__OUTGOING__ALLOWED_RANGES", r#"["127.0.0.0/8"]"#);
    command
}

fn serve(options: &[String]) -> Server {
    Server::run(command("serve", options).args(["--listen", "127.0.0.1:0"]))
}

fn work(options: &[String]) -> Worker {
    Worker::run(&mut command("worker", options))
}
