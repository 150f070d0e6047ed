//! Reading a URL: what can be said before any look-up.

use reqwest::Url;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::{Policy, Refused, address, port};

/// Endings of names that mean the inside of a network (RFC 6762, RFC 8375, ICANN's `.internal` and common habit).
const INSIDE: &[&str] = &[
    "corp",
    "home",
    "home.arpa",
    "internal",
    "intranet",
    "invalid",
    "lan",
    "local",
    "localdomain",
    "onion",
    "private",
    "test",
];

/// Longer URLs are refused.
const LONGEST: usize = 4096;

/// A URL that may be called, unless its name resolves to what is forbidden.
#[derive(Debug)]
pub(crate) struct Target {
    pub(crate) url: Url,
    /// The port is one where only ranges that the operator allowed may be called.
    pub(crate) only_allowed: bool,
}

/// Judges a URL as far as it can be judged without a look-up.
pub(crate) fn check(text: &str, policy: &Policy) -> Result<Target, Refused> {
    check_text(text)?;
    let url = Url::parse(text).map_err(|e| Refused::new(format!("this is not a valid URL: {e}")))?;
    check_scheme(&url, policy)?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Refused::new("a URL with a user name or password is not allowed"));
    }
    let port = url.port_or_known_default().unwrap_or_default();
    if port == 0 {
        return Err(Refused::new("port 0 is not allowed"));
    }
    let host = url.host_str().filter(|host| !host.is_empty()).ok_or_else(|| Refused::new("the URL has no host"))?;
    let only_allowed = match literal(host) {
        Some(address) => check_literal(address, port, policy)?,
        None => check_name(host, port, policy)?,
    };
    Ok(Target { url, only_allowed })
}

/// Parsers of URLs drop or repair these silently, so people and programs would read different URLs.
fn check_text(text: &str) -> Result<(), Refused> {
    if text.len() > LONGEST {
        return Err(Refused::new(format!("the URL is longer than {LONGEST} bytes")));
    }
    if text.chars().any(|c| c.is_control() || c.is_whitespace() || c == '\\') {
        return Err(Refused::new("the URL contains a space, a backslash or a control character"));
    }
    let rest = text.split_once("://").map(|(_, rest)| rest);
    let authority = rest.and_then(|rest| rest.split(['/', '?', '#']).next());
    match authority {
        None => Err(Refused::new("the URL must start with https://")),
        Some("") => Err(Refused::new("the URL has no host")),
        Some(authority) if authority.contains('@') => {
            Err(Refused::new("a URL with a user name or password is not allowed"))
        }
        Some(_) => Ok(()),
    }
}

fn check_scheme(url: &Url, policy: &Policy) -> Result<(), Refused> {
    match url.scheme() {
        "https" => Ok(()),
        "http" if policy.allow_http => Ok(()),
        "http" => Err(Refused::new("only https is allowed")),
        _ => Err(Refused::new("only http and https are allowed")),
    }
}

/// The address when the host is one. The parser has brought all notations into these two forms.
fn literal(host: &str) -> Option<IpAddr> {
    if let Some(inner) = host.strip_prefix('[') {
        return inner.strip_suffix(']')?.parse().ok().map(IpAddr::V6);
    }
    host.parse().ok().map(IpAddr::V4)
}

fn check_literal(address: IpAddr, port: u16, policy: &Policy) -> Result<bool, Refused> {
    if policy.allows(address) {
        return Ok(false);
    }
    if let Some(kind) = address::not_public(address) {
        return Err(Refused::new(format!("{address} is {kind}")));
    }
    if port::is_not_http(port) {
        return Err(reserved_port(port));
    }
    Ok(false)
}

fn check_name(host: &str, port: u16, policy: &Policy) -> Result<bool, Refused> {
    let name = host.strip_suffix('.').unwrap_or(host);
    if name.is_empty() || name.split('.').any(str::is_empty) {
        return Err(Refused::new("the host of the URL is not a name"));
    }
    if ends_with(name, "localhost") {
        if !policy.allows(Ipv4Addr::LOCALHOST.into()) && !policy.allows(Ipv6Addr::LOCALHOST.into()) {
            return Err(Refused::new("localhost is this server itself"));
        }
    } else if !policy.has_inside() {
        if INSIDE.iter().any(|suffix| ends_with(name, suffix)) {
            return Err(Refused::new(format!("{name} is a name inside a network")));
        }
        if !name.contains('.') {
            return Err(Refused::new(format!("{name} is not a full name: it has no dot")));
        }
    }
    match port::is_not_http(port) {
        true if !policy.has_inside() => Err(reserved_port(port)),
        reserved => Ok(reserved),
    }
}

fn ends_with(name: &str, suffix: &str) -> bool {
    name.strip_suffix(suffix).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

fn reserved_port(port: u16) -> Refused {
    Refused::new(format!("port {port} is not for HTTP"))
}
