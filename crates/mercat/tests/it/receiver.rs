//! A receiver of webhooks: takes everything, and remembers what came in which order.

use std::{
    collections::{BTreeSet, HashMap},
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
};

use serde_json::Value;

/// The numbers of the events of each order, as they came.
type Received = HashMap<String, Vec<i64>>;

/// It listens until the test's process ends.
pub struct Receiver {
    /// Where it listens.
    pub url: String,
    received: Arc<Mutex<Received>>,
}

impl Receiver {
    /// Begins to listen.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let received = Arc::<Mutex<Received>>::default();
        let own = Arc::clone(&received);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let own = Arc::clone(&own);
                std::thread::spawn(move || take(stream, &own));
            }
        });
        Self { url, received }
    }

    /// How many events came until now.
    pub fn count(&self) -> usize {
        let received = self.received.lock().unwrap();
        received.values().map(|events| events.iter().collect::<BTreeSet<_>>().len()).sum()
    }

    /// What came of an order until now.
    pub fn received(&self, order: &str) -> Vec<i64> {
        self.received.lock().unwrap().get(order).cloned().unwrap_or_default()
    }
}

/// One message; whoever breaks off in the middle has not sent it.
fn take(stream: TcpStream, received: &Mutex<Received>) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        if line.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let message: Value = serde_json::from_slice(&body).ok()?;
    // The body is the event, or has it inside.
    let event = if message["seq"].is_null() { &message["data"] } else { &message };
    let (order, number) = (event["order_uuid"].as_str()?, event["seq"].as_i64()?);
    received.lock().unwrap().entry(order.to_owned()).or_default().push(number);
    reader.get_mut().write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").ok()
}
