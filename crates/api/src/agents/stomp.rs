//! Push to agents without a broker: STOMP 1.2 over WebSocket, served from the event log (clients 6.5).
//!
//! A queue is a place in the log. It moves on when the consumer is known to have a message: by ACK where the consumer
//! acknowledges, else when it has answered a ping that was sent behind the message. So a connection that breaks loses
//! nothing, and the next one goes on where the consumer really was.

use std::{collections::BTreeMap, time::Duration, time::Instant};

use axum::{
    extract::{
        State,
        ws::{Message, WebSocket, WebSocketUpgrade},
    },
    response::Response,
};
use mercat_app::{
    AppError,
    agents::{advance, backlog, open_queue},
    auth::authenticate,
    entity::event_queue,
    events::{Follower, poll_other_processes},
};
use mercat_stomp::{AckMode, Event, Session, Settings};
use tokio::time::timeout;

use super::place::Place;
use crate::state::Api;

/// What either side promises to send, so that the other knows it is there.
const HEART_BEAT: Duration = Duration::from_secs(10);
/// Whoever does not say who it is for so long is cut off.
const INTRODUCTION: Duration = Duration::from_secs(10);
/// Messages of one subscription that may be on their way.
const IN_FLIGHT: usize = 200;
/// Rights are asked again at most this often while messages are delivered.
const ASK_AGAIN: Duration = Duration::from_secs(1);
/// A consumer that takes nothing in for so long is cut off; it goes on where it was when it comes again.
const PATIENCE: Duration = Duration::from_secs(30);
/// The longest rest without a look at the log.
const LONGEST_REST: Duration = Duration::from_secs(1);
/// Larger messages than a consumer has any reason to send are not read.
const MAX_MESSAGE: usize = 64 * 1024;

/// Upgrades to a WebSocket; anything else is 400 or 426.
pub(crate) async fn push(State(api): State<Api>, upgrade: WebSocketUpgrade) -> Response {
    let upgrade = upgrade.max_message_size(MAX_MESSAGE).max_frame_size(MAX_MESSAGE);
    upgrade.protocols(["v12.stomp"]).on_upgrade(move |socket| Connection::new(api, socket).run())
}

/// One consumer's connection.
struct Connection {
    api: Api,
    socket: WebSocket,
    session: Session,
    begun: Instant,
    /// The token that was shown, once it was found good.
    token: Option<String>,
    places: BTreeMap<String, Place>,
    is_over: bool,
}

impl Connection {
    fn new(api: Api, socket: WebSocket) -> Self {
        let settings = Settings {
            server: format!("Mercat/{}", env!("CARGO_PKG_VERSION")),
            heart_beat: HEART_BEAT,
            max_in_flight: IN_FLIGHT,
            max_subscriptions: 32,
        };
        let begun = Instant::now();
        let session = Session::new(settings);
        Self { api, socket, session, begun, token: None, places: BTreeMap::new(), is_over: false }
    }

    async fn run(mut self) {
        let mut follower = Follower::of(&self.api.app);
        let mut seen = 0;
        while !self.is_over {
            let rest = self.rest();
            tokio::select! {
                message = self.socket.recv() => match message {
                    Some(Ok(message)) => self.received(message).await,
                    _ => self.is_over = true,
                },
                () = follower.wait(seen, rest) => {}
            }
            self.is_over |= follower.is_over();
            seen = self.api.app.newest_seq();
            let events = self.session.tick(self.begun.elapsed());
            self.handle(events).await;
            if self.token.is_none() && self.begun.elapsed() > INTRODUCTION {
                self.is_over = true;
            }
            self.deliver().await;
        }
        if let Some(reason) = self.session.failure() {
            tracing::info!(%reason, "an agent's connection ended");
        }
    }

    fn rest(&self) -> Duration {
        if self.places.values().any(|place| self.is_due(place)) {
            return Duration::ZERO;
        }
        let now = self.begun.elapsed();
        let tick = self.session.next_tick().map_or(LONGEST_REST, |at| at.saturating_sub(now));
        tick.clamp(Duration::from_millis(1), LONGEST_REST)
    }

    async fn received(&mut self, message: Message) {
        let now = self.begun.elapsed();
        match message {
            Message::Text(text) => {
                let events = self.session.receive(text.as_bytes(), now);
                self.handle(events).await;
            }
            Message::Binary(bytes) => {
                let events = self.session.receive(&bytes, now);
                self.handle(events).await;
            }
            Message::Pong(payload) => self.answered(&payload).await,
            Message::Ping(_) => {}
            Message::Close(_) => self.is_over = true,
        }
    }

    /// What stands before an answered ping has arrived.
    async fn answered(&mut self, payload: &[u8]) {
        let Some(seq) = payload.try_into().ok().map(i64::from_be_bytes) else { return };
        let app = &self.api.app;
        for place in self.places.values_mut().filter(|place| place.mode == AckMode::Auto) {
            place.arrived(seq);
            save(app, place).await;
        }
    }

    async fn handle(&mut self, events: Vec<Event>) {
        let mut events: std::collections::VecDeque<Event> = events.into();
        while let Some(event) = events.pop_front() {
            let more = match event {
                Event::Send(bytes) => {
                    self.write(bytes).await;
                    Vec::new()
                }
                Event::Close => {
                    self.is_over = true;
                    Vec::new()
                }
                Event::Connect { passcode, virtual_host, .. } => {
                    let passcode = passcode.as_ref().map(|secret| secret.as_str().to_owned());
                    self.connect(passcode.unwrap_or_default(), &virtual_host).await
                }
                Event::Subscribe { id, destination, ack } => self.subscribe(id, &destination, ack).await,
                Event::Unsubscribe { id } => {
                    self.places.remove(&id);
                    Vec::new()
                }
                // A refused message is not sent again: the agent reads the order itself anyway.
                Event::Acknowledged { subscription, message_ids } | Event::Refused { subscription, message_ids } => {
                    self.acknowledged(&subscription, &message_ids).await;
                    Vec::new()
                }
            };
            events.extend(more);
        }
    }

    async fn write(&mut self, bytes: Vec<u8>) {
        let Ok(text) = String::from_utf8(bytes) else { return };
        self.send(Message::Text(text.into())).await;
    }

    async fn send(&mut self, message: Message) {
        self.is_over |= !matches!(timeout(PATIENCE, self.socket.send(message)).await, Ok(Ok(())));
    }

    /// The token is the passcode, and the virtual host is whose it is (clients 6.5), or the one that agents were told.
    async fn connect(&mut self, passcode: String, virtual_host: &str) -> Vec<Event> {
        let identity = match authenticate(&self.api.app, &passcode, None).await {
            Ok(identity) => identity,
            Err(_) => return self.session.refuse("The passcode is no valid token."),
        };
        let host = virtual_host.trim_matches('/').replace('-', "");
        let is_own = host.is_empty() || host.eq_ignore_ascii_case(&identity.actor.id.to_string());
        if !is_own && self.api.config.agents_virtual_host.as_deref() != Some(virtual_host) {
            return self.session.refuse("The virtual host is not that of the token's user.");
        }
        // What other processes committed before anybody listened here.
        if let Err(error) = poll_other_processes(&self.api.app).await {
            tracing::warn!(%error, "the end of the log could not be read");
        }
        self.token = Some(passcode);
        self.session.accept()
    }

    /// The queue of a name, as long as the token counts and its user works there.
    fn queue(&self, name: &str) -> impl Future<Output = Result<event_queue::Model, AppError>> + Send + use<> {
        let (app, token, name) = (self.api.app.clone(), self.token.clone().unwrap_or_default(), name.to_owned());
        async move {
            let identity = authenticate(&app, &token, None).await.map_err(|_| AppError::NotFound)?;
            open_queue(&app, &identity.actor, &name).await
        }
    }

    async fn subscribe(&mut self, id: String, destination: &str, mode: AckMode) -> Vec<Event> {
        let name = destination.rsplit('/').next().unwrap_or_default();
        match self.queue(name).await {
            Ok(queue) => {
                self.places.insert(id.clone(), Place::new(queue, destination, mode));
                self.session.subscribed(&id)
            }
            Err(AppError::NotFound) => self.session.refuse_subscription(&id, "There is no such queue for this user."),
            Err(error) => {
                tracing::error!(%error, "a queue could not be opened");
                self.session.refuse_subscription(&id, "The queue is not available now.")
            }
        }
    }

    async fn acknowledged(&mut self, subscription: &str, ids: &[String]) {
        let app = &self.api.app;
        let Some(place) = self.places.get_mut(subscription) else { return };
        for seq in ids.iter().filter_map(|id| id.parse().ok()) {
            place.acknowledged(seq);
        }
        save(app, place).await;
    }

    /// Whether there is something new for a subscription, and room for it.
    fn is_due(&self, place: &Place) -> bool {
        place.read < self.api.app.newest_seq() && place.in_flight() < IN_FLIGHT
    }

    /// Sends what is new to every subscription that has room for it.
    async fn deliver(&mut self) {
        let due = self.places.iter().filter(|(_, place)| self.is_due(place));
        let due: Vec<String> = due.map(|(id, _)| id.clone()).collect();
        for id in due {
            if self.is_over || !self.still_allowed(&id).await {
                return;
            }
            self.deliver_to(&id).await;
        }
    }

    /// A right that was taken away ends the connection before the next message.
    async fn still_allowed(&mut self, id: &str) -> bool {
        let Some(place) = self.places.get_mut(id) else { return false };
        if place.asked.elapsed() < ASK_AGAIN {
            return true;
        }
        place.asked = Instant::now();
        let name = place.queue.name.clone();
        if let Err(AppError::NotFound) = self.queue(&name).await {
            let events = self.session.close("The queue is no longer open to this user.");
            Box::pin(self.handle(events)).await;
            self.is_over = true;
            return false;
        }
        true
    }

    async fn deliver_to(&mut self, id: &str) {
        let app = self.api.app.clone();
        let Some(place) = self.places.get_mut(id) else { return };
        let (messages, read) = match backlog(&app, &place.queue, place.read).await {
            Ok(found) => found,
            Err(error) => {
                tracing::error!(%error, "an agent's queue could not be read");
                return;
            }
        };
        let mut frames = Vec::new();
        let (mut reached, mut last) = (read, None);
        for message in messages {
            let body = message.body.to_string();
            let seq = message.seq.to_string();
            match self.session.deliver(id, &seq, &place.destination, "application/json", body.as_bytes()) {
                Ok(frame) => frames.push(frame),
                // Full: this one and what comes after it wait for acknowledgements.
                Err(_) => {
                    reached = message.seq - 1;
                    break;
                }
            }
            place.sent(message.seq);
            last = Some(message.seq);
        }
        place.read = reached;
        let is_auto = place.mode == AckMode::Auto;
        save(&app, place).await;
        for frame in frames {
            self.write(frame).await;
        }
        if let (true, Some(seq)) = (is_auto, last) {
            self.send(Message::Ping(seq.to_be_bytes().to_vec().into())).await;
        }
    }
}

/// Stores how far the consumer is, where that is worth a write.
async fn save(app: &mercat_app::App, place: &mut Place) {
    if let Some(seq) = place.to_save() {
        match advance(app, &place.queue, seq).await {
            Ok(()) => place.saved(seq),
            // It is stored with the next message; until then the consumer would get some twice.
            Err(error) => tracing::warn!(%error, "an agent's place could not be stored"),
        }
    }
}
