//! A table of hostile URLs: each is refused without a look-up and without a connection.

use std::net::IpAddr;

use mercat_outbound::{CallError, Client, Policy, check_url};

use crate::support::{NameServer, Trap, call, client_asking, lines, policy};

const URLS: &str = include_str!("data/urls.txt");
pub const ADDRESSES: &str = include_str!("data/addresses.txt");

#[tokio::test]
async fn every_hostile_url_is_refused() {
    let trap = Trap::set();
    let names = NameServer::start([]).await;
    let client = client_asking(&names, &[]);
    let urls = lines(URLS);
    assert!(urls.len() >= 150, "{} URLs", urls.len());
    for url in urls {
        let url = url.replace("{port}", &trap.port.to_string());
        assert_refused(&client, &url).await;
    }
    trap.assert_untouched();
    assert!(!names.asked_anything(), "a look-up is a word to a stranger's name server");
}

#[tokio::test]
async fn every_special_address_is_refused() {
    let trap = Trap::set();
    let names = NameServer::start([]).await;
    let client = client_asking(&names, &[]);
    for address in lines(ADDRESSES) {
        let host = match address.parse().unwrap() {
            IpAddr::V4(v4) => v4.to_string(),
            IpAddr::V6(v6) => format!("[{v6}]"),
        };
        for scheme in ["http", "https"] {
            assert_refused(&client, &format!("{scheme}://{host}:{}/", trap.port)).await;
        }
    }
    trap.assert_untouched();
}

async fn assert_refused(client: &Client, url: &str) {
    let refused = check_url(url, &policy(&[])).expect_err(url);
    assert!(!refused.to_string().is_empty());
    assert_eq!(client.post(call(url)).await, Err(CallError::Refused(refused)), "{url}");
}

#[test]
fn ordinary_urls_pass() {
    let ordinary = [
        "https://example.com",
        "https://example.com/hooks/1?token=a%20b#part",
        "HTTPS://EXAMPLE.COM:8443/",
        "http://hooks.example.co.uk.:8080/",
        "https://bücher.example/ä",
        "https://localhost.example.com/",
        "https://mylocal.example.com/",
        "https://1.1.1.1/",
        "https://[2606:4700::1111]:8443/",
        "https://[::ffff:1.1.1.1]/",
        "https://[64:ff9b::1.1.1.1]/",
        "https://example.com/user@host",
    ];
    for url in ordinary {
        assert_eq!(check_url(url, &policy(&[])), Ok(()), "{url}");
    }
}

#[test]
fn http_needs_to_be_allowed() {
    let strict = Policy::default();
    assert_eq!(check_url("http://example.com/", &strict).unwrap_err().to_string(), "only https is allowed");
    assert_eq!(check_url("https://example.com/", &strict), Ok(()));
}

#[test]
fn the_reason_is_for_people() {
    let reason = |url: &str| check_url(url, &policy(&[])).unwrap_err().to_string();
    assert_eq!(reason("http://0x7f.1/"), "127.0.0.1 is a loopback address");
    assert_eq!(reason("http://2852039166/"), "169.254.169.254 is the address of a cloud's metadata service");
    assert_eq!(reason("http://example.com:25/"), "port 25 is not for HTTP");
    assert_eq!(reason("http://localhost/"), "localhost is this server itself");
    assert_eq!(reason("http://printer.local/"), "printer.local is a name inside a network");
    assert_eq!(reason("http://receiver/"), "receiver is not a full name: it has no dot");
    assert_eq!(reason("ftp://example.com/"), "only http and https are allowed");
    assert_eq!(reason("http://a:b@example.com/"), "a URL with a user name or password is not allowed");
    assert_eq!(reason("example.com"), "the URL must start with https://");
}

#[test]
fn endless_urls_are_refused() {
    let url = format!("https://example.com/{}", "a".repeat(5000));
    assert_eq!(check_url(&url, &policy(&[])).unwrap_err().to_string(), "the URL is longer than 4096 bytes");
}
