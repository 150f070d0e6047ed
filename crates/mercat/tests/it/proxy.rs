//! A wire that a test can cut, leave dead, or lead elsewhere.

use std::{
    collections::HashMap,
    io::{Read as _, Write as _},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Condvar, Mutex},
};

/// What happens to what is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wire {
    /// It goes through.
    Whole,
    /// Connections are closed at once: the database is gone.
    Cut,
    /// Nothing goes through, and nothing is closed: the database is paused.
    Dead,
}

/// The wire.
pub struct Proxy {
    /// Where it begins.
    pub address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    target: Mutex<String>,
    wire: Mutex<Wire>,
    changed: Condvar,
    /// Both ends of what goes through.
    open: Mutex<HashMap<usize, [TcpStream; 2]>>,
}

impl Shared {
    /// Waits while the wire is dead; whether it is whole then.
    fn passes(&self) -> bool {
        let wire = self.wire.lock().unwrap();
        *self.changed.wait_while(wire, |wire| *wire == Wire::Dead).unwrap() == Wire::Whole
    }

    fn carry(&self, number: usize, mut from: TcpStream, mut to: TcpStream) {
        let mut bytes = [0; 16 * 1024];
        while let Ok(count @ 1..) = from.read(&mut bytes) {
            if !self.passes() || to.write_all(&bytes[..count]).is_err() {
                break;
            }
        }
        from.shutdown(Shutdown::Both).ok();
        to.shutdown(Shutdown::Both).ok();
        self.open.lock().unwrap().remove(&number);
    }
}

impl Proxy {
    /// A whole wire to an address.
    pub fn to(target: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (wire, changed) = (Mutex::new(Wire::Whole), Condvar::new());
        let shared = Arc::new(Shared { target: Mutex::new(target), wire, changed, open: Mutex::default() });
        let own = Arc::clone(&shared);
        // It ends with the test's process.
        std::thread::spawn(move || {
            for (number, near) in listener.incoming().map_while(Result::ok).enumerate() {
                if *own.wire.lock().unwrap() == Wire::Cut {
                    continue;
                }
                let target = own.target.lock().unwrap().clone();
                let Ok(far) = TcpStream::connect(target) else { continue };
                let both = |stream: &TcpStream| stream.try_clone().unwrap();
                own.open.lock().unwrap().insert(number, [both(&near), both(&far)]);
                for (from, to) in [(both(&near), both(&far)), (far, near)] {
                    let own = Arc::clone(&own);
                    std::thread::spawn(move || own.carry(number, from, to));
                }
            }
        });
        Self { address, shared }
    }

    /// A whole wire to a PostgreSQL, and the address of the database by it.
    pub fn to_database(url: &str) -> (Self, String) {
        let (scheme, rest) = url.split_once("://").unwrap();
        let (person, rest) = rest.rsplit_once('@').map_or(("", rest), |(person, rest)| (person, rest));
        let (target, database) = rest.split_once('/').unwrap();
        let proxy = Self::to(target.to_owned());
        let at = if person.is_empty() { "" } else { "@" };
        let url = format!("{scheme}://{person}{at}{}/{database}", proxy.address);
        (proxy, url)
    }

    /// Leads who comes from now on to another address.
    pub fn lead_to(&self, target: String) {
        *self.shared.target.lock().unwrap() = target;
    }

    /// Changes the wire; cutting it ends what goes through it.
    pub fn set(&self, wire: Wire) {
        *self.shared.wire.lock().unwrap() = wire;
        self.shared.changed.notify_all();
        if wire == Wire::Cut {
            for stream in self.shared.open.lock().unwrap().values().flatten() {
                stream.shutdown(Shutdown::Both).ok();
            }
        }
    }
}
