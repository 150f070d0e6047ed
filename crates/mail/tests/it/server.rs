//! A mail server that answers as it is told.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// Instead of an answer: say nothing more.
pub const HANG: &str = "";

/// What the server answers to lines that begin so, instead of what is usual; `hello` is the first contact.
type Answers = &'static [(&'static str, &'static str)];

pub struct Server {
    pub address: SocketAddr,
    lines: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

impl Server {
    pub async fn start(answers: Answers) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let lines = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&lines);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(talk(stream, answers, Arc::clone(&kept)));
            }
        });
        Self { address, lines, task }
    }

    /// All that clients have said, line by line.
    pub fn lines(&self) -> Vec<String> {
        self.lines.lock().unwrap().clone()
    }

    pub fn heard(&self, start: &str) -> bool {
        self.lines().iter().any(|line| line.starts_with(start))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn talk(stream: TcpStream, answers: Answers, kept: Arc<Mutex<Vec<String>>>) -> Option<()> {
    let (read, mut write) = stream.into_split();
    let mut said = BufReader::new(read).lines();
    let mut line = "hello".to_owned();
    let mut in_data = false;
    loop {
        let answer = match line.as_str() {
            "." if in_data => "250 taken",
            _ if in_data => "more",
            line => answer(answers, line),
        };
        in_data = matches!(answer, "more" | "354 go on");
        match answer {
            "more" => {}
            HANG => std::future::pending().await,
            answer => write.write_all(format!("{answer}\r\n").as_bytes()).await.ok()?,
        }
        line = said.next_line().await.ok()??;
        kept.lock().unwrap().push(line.clone());
    }
}

fn answer(answers: Answers, line: &str) -> &'static str {
    let usual = [
        ("hello", "220 test"),
        ("EHLO", "250-test\r\n250 AUTH PLAIN"),
        ("AUTH", "235 welcome"),
        ("MAIL", "250 ok"),
        ("RCPT", "250 ok"),
        ("DATA", "354 go on"),
        ("NOOP", "250 ok"),
        ("QUIT", "221 bye"),
    ];
    let known = answers.iter().chain(&usual).find(|(start, _)| line.starts_with(start));
    known.map_or("500 what?", |(_, answer)| answer)
}
