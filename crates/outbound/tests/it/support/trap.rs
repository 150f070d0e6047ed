//! A port on this machine where nobody may ever connect.

use std::{
    io::ErrorKind,
    net::{Ipv6Addr, TcpListener},
};

/// Listens on 127.0.0.1 and, where there is IPv6, on the same port of [::1].
pub struct Trap {
    listeners: Vec<TcpListener>,
    pub port: u16,
}

impl Trap {
    pub fn set() -> Self {
        let v4 = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = v4.local_addr().unwrap().port();
        Self::with(v4, port)
    }

    /// On a port that a receiver uses at another address.
    pub fn on(port: u16) -> Self {
        Self::with(TcpListener::bind(("127.0.0.1", port)).unwrap(), port)
    }

    fn with(v4: TcpListener, port: u16) -> Self {
        let mut listeners = vec![v4];
        listeners.extend(TcpListener::bind((Ipv6Addr::LOCALHOST, port)));
        for listener in &listeners {
            listener.set_nonblocking(true).unwrap();
        }
        Self { listeners, port }
    }

    /// How many connections came. The system keeps those that nobody has accepted, so nothing is missed.
    pub fn connections(&self) -> usize {
        self.listeners.iter().map(accept_all).sum()
    }

    pub fn assert_untouched(&self) {
        assert_eq!(self.connections(), 0, "somebody connected to the trap");
    }
}

fn accept_all(listener: &TcpListener) -> usize {
    let mut count = 0;
    loop {
        match listener.accept() {
            Ok(_) => count += 1,
            Err(e) if e.kind() == ErrorKind::WouldBlock => return count,
            Err(e) => panic!("{e}"),
        }
    }
}

#[test]
fn the_trap_counts() {
    let trap = Trap::set();
    trap.assert_untouched();
    std::net::TcpStream::connect(("127.0.0.1", trap.port)).unwrap();
    assert_eq!(trap.connections(), 1);
}
