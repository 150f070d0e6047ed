//! A wire to the database that a test can cut, leave dead or stop.

use std::{
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

/// The wire; what it leads to is told when it is made.
pub struct Proxy {
    /// Where it begins.
    pub address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    wire: Mutex<Wire>,
    changed: Condvar,
    open: Mutex<Vec<TcpStream>>,
}

impl Shared {
    /// Waits while the wire is dead; whether it is whole then.
    fn passes(&self) -> bool {
        let wire = self.wire.lock().unwrap();
        *self.changed.wait_while(wire, |wire| *wire == Wire::Dead).unwrap() == Wire::Whole
    }

    fn carry(&self, mut from: TcpStream, mut to: TcpStream) {
        let mut bytes = [0; 16 * 1024];
        while let Ok(count @ 1..) = from.read(&mut bytes) {
            if !self.passes() || to.write_all(&bytes[..count]).is_err() {
                break;
            }
        }
        from.shutdown(Shutdown::Both).ok();
        to.shutdown(Shutdown::Both).ok();
    }
}

impl Proxy {
    /// A whole wire to an address.
    pub fn to(target: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (wire, changed) = (Mutex::new(Wire::Whole), Condvar::new());
        let shared = Arc::new(Shared { wire, changed, open: Mutex::default() });
        let own = Arc::clone(&shared);
        // It ends with the test's process.
        std::thread::spawn(move || {
            for near in listener.incoming().map_while(Result::ok) {
                if *own.wire.lock().unwrap() == Wire::Cut {
                    continue;
                }
                let Ok(far) = TcpStream::connect(&target) else { continue };
                let both = |stream: &TcpStream| stream.try_clone().unwrap();
                own.open.lock().unwrap().extend([both(&near), both(&far)]);
                for (from, to) in [(both(&near), both(&far)), (far, near)] {
                    let own = Arc::clone(&own);
                    std::thread::spawn(move || own.carry(from, to));
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

    /// Changes the wire; cutting it ends what goes through it.
    pub fn set(&self, wire: Wire) {
        *self.shared.wire.lock().unwrap() = wire;
        self.shared.changed.notify_all();
        if wire == Wire::Cut {
            for stream in self.shared.open.lock().unwrap().drain(..) {
                stream.shutdown(Shutdown::Both).ok();
            }
        }
    }
}
