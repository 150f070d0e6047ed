//! What arrives at a receiver.

use std::process::Command;

use bytes::Bytes;
use mercat_outbound::{Call, CallError};

use crate::support::{Receiver, Trap, call, client_inside};

#[tokio::test]
async fn a_call_arrives_with_body_and_headers() {
    let receiver = Receiver::content("127.0.0.1:0").await;
    let call = Call {
        url: receiver.url(),
        headers: vec![("X-Signature".into(), "sha256=abc".into()), ("X-Many".into(), "1".into())],
        content_type: Some("application/json".into()),
        body: Bytes::from_static(br#"{"state":"done"}"#),
    };
    let answer = client_inside().post(call).await.unwrap();
    assert_eq!((answer.status, answer.excerpt.as_str(), answer.retry_after), (200, "", None));

    let requests = receiver.requests();
    assert_eq!(requests.len(), 1);
    let (head, body) = requests[0].split_once("\r\n\r\n").unwrap();
    let mut lines: Vec<_> = head.lines().collect();
    assert_eq!(lines.remove(0), "POST /hook?order=1 HTTP/1.1");
    lines.sort_unstable();
    let expected = [
        "accept: */*",
        "content-length: 16",
        "content-type: application/json",
        &format!("host: 127.0.0.1:{}", receiver.port()),
        &format!("user-agent: Mercat/{}", env!("CARGO_PKG_VERSION")),
        "x-many: 1",
        "x-signature: sha256=abc",
    ];
    assert_eq!(lines, expected);
    assert_eq!(body, r#"{"state":"done"}"#);
}

#[tokio::test]
async fn an_empty_body_says_that_it_is_empty() {
    let receiver = Receiver::content("127.0.0.1:0").await;
    client_inside().post(Call { url: receiver.url(), ..Call::default() }).await.unwrap();
    let request = receiver.requests().remove(0);
    assert!(request.contains("\r\ncontent-length: 0\r\n"), "{request}");
    assert!(!request.contains("content-type"), "{request}");
}

#[tokio::test]
async fn an_address_in_ipv6_clothes_is_allowed_as_what_it_is() {
    let receiver = Receiver::content("127.0.0.1:0").await;
    let answer = client_inside().post(call(format!("http://[::ffff:127.0.0.1]:{}/", receiver.port()))).await;
    assert_eq!(answer.map(|answer| answer.status), Ok(200));
}

#[tokio::test]
async fn a_closed_port_is_unreachable() {
    let port = Trap::set().port;
    let error = client_inside().post(call(format!("http://127.0.0.1:{port}/"))).await.unwrap_err();
    assert!(matches!(&error, CallError::Unreachable(cause) if cause.contains("refused")), "{error:?}");
}

/// The environment cannot be changed within a process, so the call is made in another one.
#[test]
fn proxies_of_the_environment_are_ignored() {
    let trap = Trap::set();
    let proxy = format!("http://127.0.0.1:{}", trap.port);
    let mut child = Command::new(std::env::current_exe().unwrap());
    for name in ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] {
        child.env(name, &proxy);
    }
    let output = child.args(["--exact", "calls::a_call_arrives_with_body_and_headers"]).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
    trap.assert_untouched();
}
