//! Who hears of it: an agent by STOMP over WebSocket, and a follower of the event feed.

use std::time::Instant;

use anyhow::Context as _;
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpStream,
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
};
use tokio_tungstenite::{connect_async, tungstenite::Message};

/// An order that is being carried out, and when that was heard.
pub type Heard = (String, Instant);

/// An agent that is subscribed to a queue.
pub async fn agent(address: &str, host: &str, token: &str, queue: &str) -> anyhow::Result<UnboundedReceiver<Heard>> {
    let (mut socket, _) = connect_async(format!("ws://{address}/rmqws-stomp")).await?;
    let connect = format!("CONNECT\naccept-version:1.2\nhost:{host}\npasscode:{token}\nheart-beat:0,0\n\n\0");
    let subscribe = format!("SUBSCRIBE\nid:0\ndestination:/amq/queue/{queue}\nreceipt:ready\n\n\0");
    for (frame, answer) in [(connect, "CONNECTED"), (subscribe, "RECEIPT")] {
        socket.send(Message::text(frame)).await?;
        let told = socket.next().await.context("the server hung up")??;
        anyhow::ensure!(told.to_text()?.starts_with(answer), "{}", told.to_text()?);
    }
    let (tell, heard) = unbounded_channel();
    tokio::spawn(async move {
        while let Some(Ok(message)) = socket.next().await {
            let Message::Text(frame) = message else { continue };
            let body = frame.split_once("\n\n").map_or("", |(_, body)| body.trim_end_matches('\0'));
            report(&tell, body, "order_state");
        }
    });
    Ok(heard)
}

/// A follower of the feed.
pub async fn follower(address: &str, token: &str) -> anyhow::Result<UnboundedReceiver<Heard>> {
    let mut stream = TcpStream::connect(address).await?;
    // HTTP/1.0, so that the answer is the bare stream.
    let request =
        format!("GET /api/event-feed/stream/ HTTP/1.0\r\nHost: {address}\r\nAuthorization: Token {token}\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut lines = BufReader::new(stream).lines();
    let first = lines.next_line().await?.unwrap_or_default();
    anyhow::ensure!(first.contains("200"), "the feed answered {first}");
    let (tell, heard) = unbounded_channel();
    tokio::spawn(async move {
        while let Ok(Some(line)) = lines.next_line().await {
            report(&tell, line.strip_prefix("data: ").unwrap_or_default(), "to_state");
        }
    });
    Ok(heard)
}

fn report(tell: &UnboundedSender<Heard>, body: &str, state: &str) {
    let now = Instant::now();
    let Ok(body) = serde_json::from_str::<Value>(body) else { return };
    if body[state] == "executing"
        && let Some(order) = body["order_uuid"].as_str()
    {
        // Nobody listens any more at the end.
        tell.send((order.to_owned(), now)).ok();
    }
}
