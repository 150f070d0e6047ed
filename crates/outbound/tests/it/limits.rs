//! Receivers that keep us waiting, or never stop.

use std::time::Duration;

use mercat_outbound::{Answer, CallError, Client, Policy};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::interval,
};

use crate::support::{Receiver, call, client_inside, policy};

const SHORT: Duration = Duration::from_millis(300);

async fn post_in_a_hurry(receiver: &Receiver) -> Result<Answer, CallError> {
    let policy = Policy { total_timeout: SHORT, ..policy(&["127.0.0.0/8"]) };
    Client::new(policy).unwrap().post(call(receiver.url())).await
}

/// Writes one byte every few milliseconds, as long as somebody listens.
async fn drip(mut stream: TcpStream, head: &str) {
    stream.write_all(head.as_bytes()).await.ok();
    let mut drops = interval(Duration::from_millis(5));
    while stream.write_all(b"x").await.is_ok() {
        drops.tick().await;
    }
}

#[tokio::test]
async fn a_receiver_that_never_answers() {
    let receiver = Receiver::start("127.0.0.1:0", |mut stream| async move {
        stream.read_u8().await.ok();
    })
    .await;
    assert_eq!(post_in_a_hurry(&receiver).await, Err(CallError::TimedOut));
}

#[tokio::test]
async fn a_receiver_that_drips_its_headers() {
    let receiver = Receiver::start("127.0.0.1:0", |stream| drip(stream, "HTTP/1.1 200 OK\r\nx-long: ")).await;
    assert_eq!(post_in_a_hurry(&receiver).await, Err(CallError::TimedOut));
}

#[tokio::test]
async fn a_receiver_that_drips_its_body() {
    let head = "HTTP/1.1 200 OK\r\ncontent-length: 60000\r\n\r\n";
    let receiver = Receiver::start("127.0.0.1:0", move |stream| drip(stream, head)).await;
    assert_eq!(post_in_a_hurry(&receiver).await, Err(CallError::TimedOut));
}

#[tokio::test]
async fn an_endless_body_is_left_at_the_cap() {
    let receiver = Receiver::start("127.0.0.1:0", |mut stream| async move {
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.ok();
        while stream.write_all(&[b'a'; 4096]).await.is_ok() {}
    })
    .await;
    let answer = client_inside().post(call(receiver.url())).await.unwrap();
    assert_eq!((answer.status, answer.excerpt), (200, "a".repeat(1024)));
}

#[tokio::test]
async fn endless_headers_are_no_answer() {
    let receiver = Receiver::start("127.0.0.1:0", |mut stream| async move {
        stream.write_all(b"HTTP/1.1 200 OK\r\n").await.ok();
        while stream.write_all(b"x-more: and more of it\r\n").await.is_ok() {}
    })
    .await;
    let error = client_inside().post(call(receiver.url())).await.unwrap_err();
    assert!(matches!(error, CallError::Broken(_)), "{error:?}");
}

#[tokio::test]
async fn a_receiver_that_hangs_up() {
    let half = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf";
    for answer in ["", "HTTP/1.1 2", "SSH-2.0-OpenSSH_9.2\r\n", half] {
        let receiver = Receiver::answering("127.0.0.1:0", answer).await;
        let error = client_inside().post(call(receiver.url())).await.unwrap_err();
        assert!(matches!(&error, CallError::Broken(cause) if !cause.is_empty()), "{answer:?}: {error:?}");
    }
}
