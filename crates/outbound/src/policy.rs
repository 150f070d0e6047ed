//! What may be called, and how long and how much a call may take.

use std::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use ipnet::IpNet;

/// The rules for calls to addresses that strangers chose.
#[derive(Debug, Clone)]
pub struct Policy {
    /// Ranges that the operator allows although they are not public. Within them every port but 0 is allowed.
    pub allowed: Vec<IpNet>,
    /// Whether `http` is allowed beside `https`.
    pub allow_http: bool,
    /// The longest time for looking up the name and connecting.
    pub connect_timeout: Duration,
    /// The longest time for a whole call, from looking up the name to the end of the answer.
    pub total_timeout: Duration,
    /// So many bytes of an answer are read at most; then reading stops.
    pub max_response: usize,
    /// The name servers to ask; empty for those of the system.
    pub name_servers: Vec<SocketAddr>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            allowed: Vec::new(),
            allow_http: false,
            connect_timeout: Duration::from_secs(5),
            total_timeout: Duration::from_secs(15),
            max_response: 64 * 1024,
            name_servers: Vec::new(),
        }
    }
}

impl Policy {
    /// Whether the operator allows this address by name of its range.
    pub(crate) fn allows(&self, address: IpAddr) -> bool {
        // An IPv4 address in IPv6 clothes is connected to over IPv4, so it is judged as what it is.
        let address = address.to_canonical();
        self.allowed.iter().any(|range| range.contains(&address))
    }

    /// Whether the operator has an inside network that may be called.
    pub(crate) fn has_inside(&self) -> bool {
        !self.allowed.is_empty()
    }
}
