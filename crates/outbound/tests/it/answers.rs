//! How answers are read.

use std::time::Duration;

use mercat_outbound::Answer;

use crate::support::{Receiver, Trap, call, client_inside};

async fn answer_to(head: &str, body: &[u8]) -> Answer {
    let raw = [format!("HTTP/1.1 {head}\r\ncontent-length: {}\r\n\r\n", body.len()).as_bytes(), body].concat();
    let receiver = Receiver::answering("127.0.0.1:0", raw).await;
    client_inside().post(call(receiver.url())).await.unwrap()
}

#[tokio::test]
async fn any_status_is_an_answer() {
    for status in [200, 202, 204, 400, 401, 404, 410, 429, 500, 503] {
        assert_eq!(answer_to(&format!("{status} Word"), b"").await.status, status);
    }
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let trap = Trap::set();
    for status in [300, 301, 302, 303, 307, 308] {
        let head = format!("{status} Elsewhere\r\nlocation: http://127.0.0.1:{}/", trap.port);
        assert_eq!(answer_to(&head, b"").await.status, status);
    }
    trap.assert_untouched();
}

#[tokio::test]
async fn the_excerpt_is_fit_to_be_shown() {
    let shown = async |body: &[u8]| answer_to("500 Oops", body).await.excerpt;
    assert_eq!(shown(b"no such order").await, "no such order");
    assert_eq!(shown("Größe <b>".as_bytes()).await, "Größe <b>");
    assert_eq!(shown(b"a\xffb").await, "a\u{fffd}b");
    assert_eq!(shown(b"a\r\nb\0c\x1b[31m").await, "a\u{fffd}\u{fffd}b\u{fffd}c\u{fffd}[31m");
    assert_eq!(shown("a\u{202e}b\u{2028}c".as_bytes()).await, "a\u{fffd}b\u{fffd}c");
}

#[tokio::test]
async fn the_excerpt_ends_with_a_whole_character() {
    let body = format!("{}ä{}", "a".repeat(1023), "b".repeat(5000));
    assert_eq!(answer_to("200 OK", body.as_bytes()).await.excerpt, "a".repeat(1023));
}

#[tokio::test]
async fn compressed_answers_stay_compressed() {
    let answer = answer_to("200 OK\r\ncontent-encoding: gzip", b"\x1f\x8bbomb").await;
    assert_eq!(answer.excerpt, "\u{fffd}\u{fffd}bomb");
}

#[tokio::test]
async fn retry_after() {
    let wait = async |headers: &str| answer_to(&format!("503 Busy\r\n{headers}"), b"").await.retry_after;
    let date = "date: Wed, 25 Nov 2026 12:00:00 GMT";
    let day = Some(Duration::from_secs(86_400));

    assert_eq!(wait("retry-after: 120").await, Some(Duration::from_secs(120)));
    assert_eq!(wait("retry-after: 0").await, Some(Duration::ZERO));
    assert_eq!(wait("retry-after: 86401").await, day);
    assert_eq!(wait("retry-after: 99999999999999999999999999").await, day);
    for nonsense in ["", "-1", "1.5", "soon", "1 2"] {
        assert_eq!(wait(&format!("retry-after: {nonsense}")).await, None, "{nonsense:?}");
    }
    let until = async |time: &str| wait(&format!("{date}\r\nretry-after: {time}")).await;
    assert_eq!(until("Wed, 25 Nov 2026 12:00:30 GMT").await, Some(Duration::from_secs(30)));
    assert_eq!(until("Wed, 25 Nov 2026 11:00:00 GMT").await, Some(Duration::ZERO));
    assert_eq!(until("Wed, 25 Nov 2099 12:00:00 GMT").await, day);
    // Without the receiver's time the date says nothing.
    assert_eq!(wait("retry-after: Wed, 25 Nov 2026 12:00:30 GMT").await, None);
}
