//! What each frame of a client does.

use super::{
    AckMode, Event, MAX_AHEAD, Phase, Session,
    connect::connect,
    reply,
    subscriptions::{Settled, Subscriptions},
};
use crate::{Decoder, Frame, fault::Fault};

impl Session {
    /// Takes frames until there is none left or the host has to answer one.
    pub(super) fn proceed(&mut self, mut events: Vec<Event>) -> Vec<Event> {
        while matches!(self.phase, Phase::New | Phase::Open) {
            let outcome = match self.decoder.next_frame() {
                Ok(Some(frame)) => {
                    self.take(&frame).map_err(|fault| (fault, frame.header("receipt").map(str::to_owned)))
                }
                Ok(None) => return events,
                Err(error) => Err((Fault::from(error), None)),
            };
            events.extend(outcome.unwrap_or_else(|(fault, receipt)| self.fail(fault, receipt.as_deref())));
        }
        if self.decoder.waiting() > MAX_AHEAD {
            events.extend(self.fail(Fault::Flood, None));
        }
        events
    }

    fn take(&mut self, frame: &Frame) -> Result<Vec<Event>, Fault> {
        let is_first = matches!(self.phase, Phase::New);
        match frame.command.as_str() {
            "CONNECT" | "STOMP" if !is_first => Err(Fault::AlreadyConnected),
            "CONNECT" | "STOMP" => self.connect(frame),
            _ if is_first => Err(Fault::NotConnected),
            "SEND" => Err(Fault::NotSupported("SEND")),
            "BEGIN" => Err(Fault::NotSupported("BEGIN")),
            "COMMIT" => Err(Fault::NotSupported("COMMIT")),
            "ABORT" => Err(Fault::NotSupported("ABORT")),
            "SUBSCRIBE" => self.subscribe(frame),
            "UNSUBSCRIBE" => self.unsubscribe(frame),
            "ACK" => self.settle(frame, |done| Event::Acknowledged {
                subscription: done.subscription,
                message_ids: done.message_ids,
            }),
            "NACK" => self.settle(frame, |done| Event::Refused {
                subscription: done.subscription,
                message_ids: done.message_ids,
            }),
            "DISCONNECT" => self.disconnect(frame),
            _ => Err(Fault::UnknownCommand),
        }
    }

    fn connect(&mut self, frame: &Frame) -> Result<Vec<Event>, Fault> {
        no_body(frame)?;
        let (event, wish) = connect(frame)?;
        self.phase = Phase::Connecting(wish);
        Ok(vec![event])
    }

    fn subscribe(&mut self, frame: &Frame) -> Result<Vec<Event>, Fault> {
        no_body(frame)?;
        let id = needed(frame, "id")?;
        let destination = needed(frame, "destination")?;
        let ack = match frame.header("ack") {
            None | Some("auto") => AckMode::Auto,
            Some("client") => AckMode::Client,
            Some("client-individual") => AckMode::ClientIndividual,
            Some(_) => return Err(Fault::InvalidHeader("ack")),
        };
        self.subscriptions.check_new(&id, self.settings.max_subscriptions)?;
        let receipt = frame.header("receipt").map(str::to_owned);
        self.phase = Phase::Subscribing { id: id.clone(), ack, receipt };
        Ok(vec![Event::Subscribe { id, destination, ack }])
    }

    fn unsubscribe(&mut self, frame: &Frame) -> Result<Vec<Event>, Fault> {
        no_body(frame)?;
        let id = needed(frame, "id")?;
        self.subscriptions.remove(&id)?;
        Ok(self.done(frame, Some(Event::Unsubscribe { id })))
    }

    fn settle(&mut self, frame: &Frame, event: impl FnOnce(Settled) -> Event) -> Result<Vec<Event>, Fault> {
        no_body(frame)?;
        if frame.header("transaction").is_some() {
            return Err(Fault::NoTransaction);
        }
        let settled = self.subscriptions.settle(&needed(frame, "id")?)?;
        Ok(self.done(frame, Some(event(settled))))
    }

    fn disconnect(&mut self, frame: &Frame) -> Result<Vec<Event>, Fault> {
        no_body(frame)?;
        let mut events = self.done(frame, None);
        self.end(None);
        events.push(Event::Close);
        Ok(events)
    }

    /// The effect of a frame, and then the receipt if one was asked for.
    fn done(&mut self, frame: &Frame, effect: Option<Event>) -> Vec<Event> {
        let receipt = frame.header("receipt").map(|id| self.send(&reply::receipt(id)));
        effect.into_iter().chain(receipt).collect()
    }

    pub(super) fn send(&mut self, frame: &Frame) -> Event {
        self.beat.sent();
        Event::Send(frame.encode())
    }

    /// Says what is wrong and ends the connection, which the protocol wants after every ERROR.
    pub(super) fn fail(&mut self, fault: Fault, receipt: Option<&str>) -> Vec<Event> {
        let error = self.send(&reply::error(&fault, receipt));
        self.end(Some(fault));
        vec![error, Event::Close]
    }

    /// Forgets everything but the reason.
    fn end(&mut self, fault: Option<Fault>) {
        self.phase = Phase::Closed(fault);
        self.decoder = Decoder::default();
        self.subscriptions = Subscriptions::default();
    }
}

/// A header without which the frame means nothing.
fn needed(frame: &Frame, name: &'static str) -> Result<String, Fault> {
    frame.header(name).map(str::to_owned).ok_or(Fault::Missing(name))
}

/// Only SEND may have a body among the frames of a client.
fn no_body(frame: &Frame) -> Result<(), Fault> {
    if frame.body.is_empty() { Ok(()) } else { Err(Fault::Body) }
}
