//! What the tests share.

mod name_server;
mod receiver;
mod trap;

use std::{net::SocketAddr, time::Duration};

use bytes::Bytes;
use mercat_outbound::{Call, Client, IpNet, Policy};

pub use name_server::{Data, NameServer};
pub use receiver::Receiver;
pub use trap::Trap;

/// A policy for tests: http, short times, and these ranges beside the public ones.
pub fn policy(allowed: &[&str]) -> Policy {
    Policy {
        allowed: allowed.iter().map(|range| range.parse::<IpNet>().unwrap()).collect(),
        allow_http: true,
        connect_timeout: Duration::from_secs(5),
        total_timeout: Duration::from_secs(10),
        // Nobody answers here: a test without a name server of its own asks nobody.
        name_servers: vec![SocketAddr::from(([127, 0, 0, 1], 9))],
        ..Policy::default()
    }
}

/// A client that asks this name server.
pub fn client_asking(names: &NameServer, allowed: &[&str]) -> Client {
    Client::new(Policy { name_servers: vec![names.address()], ..policy(allowed) }).unwrap()
}

/// A client that may call this machine.
pub fn client_inside() -> Client {
    Client::new(policy(&["127.0.0.0/8"])).unwrap()
}

/// A POST of a small body.
pub fn call(url: impl Into<String>) -> Call {
    Call { url: url.into(), body: Bytes::from_static(b"{}"), ..Call::default() }
}

/// The lines of a data file that are not comments.
pub fn lines(text: &'static str) -> Vec<&'static str> {
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect()
}
