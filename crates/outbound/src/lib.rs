//! HTTP POSTs to addresses that strangers chose: callbacks of orders and webhooks.
//!
//! Whoever saves a hook makes this server send requests from inside its network, so each address is judged before it is
//! connected to ([`Policy`]). The rules are applied in two places:
//!
//! 1. [`check_url`] reads the URL: scheme, credentials, port, private names, and addresses written as such in any
//!    notation. HTTP clients connect to written addresses without asking a resolver.
//! 2. The resolver inside the connector judges what a name resolves to and hands on the very addresses that it judged,
//!    so a name cannot change between the check and the connection.
//!
//! Redirects, proxies of the environment, cookies and compressed answers are not honoured.

mod address;
mod answer;
mod call;
mod client;
mod error;
mod policy;
mod port;
mod resolver;
mod target;
mod tls;

pub use answer::Answer;
pub use call::Call;
pub use client::Client;
pub use error::{CallError, Refused, SetupError};
pub use ipnet::IpNet;
pub use policy::Policy;
pub use tls::config as tls_config;

/// Says before any look-up whether this URL may be called, for the moment when a hook is saved.
///
/// A name that passes can still be refused when it is called, because of the addresses that it resolves to.
///
/// # Errors
/// The reason why it may not, for people.
pub fn check_url(url: &str, policy: &Policy) -> Result<(), Refused> {
    target::check(url, policy).map(drop)
}
