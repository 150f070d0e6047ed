//! Headers that would be more than a header.

use mercat_outbound::{Call, CallError};

use crate::support::{Receiver, call, client_inside};

async fn assert_refused(name: &str, value: &str) {
    let receiver = Receiver::content("127.0.0.1:0").await;
    let headers = vec![(name.to_owned(), value.to_owned())];
    let error = client_inside().post(Call { headers, ..call(receiver.url()) }).await.unwrap_err();
    assert!(matches!(error, CallError::Refused(_)), "{name:?}: {value:?}: {error:?}");
    assert!(receiver.requests().is_empty());
}

#[tokio::test]
async fn values_have_no_line_breaks() {
    for value in ["a\r\nX-Evil: 1", "a\nX-Evil: 1", "a\rb", "a\0b", "\r\n\r\nGET / HTTP/1.1", "a\u{7f}", "ä"] {
        assert_refused("x-name", value).await;
    }
}

#[tokio::test]
async fn names_are_names() {
    for name in ["", "x name", "x:name", "x\r\nevil", "x\nevil", "x\0", "ä", "X-Name\r\nX-Evil: 1\r\nX"] {
        assert_refused(name, "1").await;
    }
}

#[tokio::test]
async fn what_frames_or_directs_a_request_is_ours() {
    for name in ["Host", "Content-Length", "transfer-encoding", "Connection", "Upgrade", "Proxy-Authorization", "TE"] {
        assert_refused(name, "1").await;
    }
}

#[tokio::test]
async fn the_content_type_has_no_line_breaks() {
    let receiver = Receiver::content("127.0.0.1:0").await;
    let content_type = Some("text/plain\r\nX-Evil: 1".to_owned());
    let error = client_inside().post(Call { content_type, ..call(receiver.url()) }).await.unwrap_err();
    assert!(matches!(error, CallError::Refused(_)), "{error:?}");
    assert!(receiver.requests().is_empty());
}

#[tokio::test]
async fn a_url_cannot_bring_headers() {
    let receiver = Receiver::content("127.0.0.1:0").await;
    let encoded = format!("{}%0d%0aX-Evil:%201", receiver.url());
    client_inside().post(call(encoded)).await.unwrap();
    assert!(!receiver.requests()[0].to_lowercase().contains("\r\nx-evil"));
    let raw = format!("{}\r\nX-Evil: 1", receiver.url());
    assert!(matches!(client_inside().post(call(raw)).await, Err(CallError::Refused(_))));
}
