//! A connection to the broker.

use std::{collections::HashSet, time::Duration};

use lapin::{
    BasicProperties, Channel, Confirmation, Connection, ConnectionProperties, ErrorKind,
    options::{BasicPublishOptions, ConfirmSelectOptions, QueueDeclareOptions},
    protocol::{AMQPErrorKind, AMQPSoftError},
    types::FieldTable,
};
use mercat_app::agents::QueueMessage;
use tokio::time::timeout;

use crate::{Failure, Settings};

/// For a step that the broker has to answer. One that is short of memory or of disk does not.
const PATIENCE: Duration = Duration::from_secs(30);
/// The message outlives a restart of the broker.
const PERSISTENT: u8 = 2;

pub(crate) struct Broker {
    connection: Connection,
    channel: Channel,
    expiration: String,
    queues: HashSet<String>,
    refused: HashSet<String>,
}

/// What the broker answers, unless it takes too long.
async fn answered<T>(step: impl Future<Output = lapin::Result<T>>) -> Result<T, Failure> {
    Ok(timeout(PATIENCE, step).await.map_err(|_| Failure::Silent)??)
}

impl Broker {
    pub async fn connect(settings: &Settings) -> Result<Self, Failure> {
        let named = ConnectionProperties::default().with_connection_name("mercat".into());
        let connection = answered(Connection::connect_uri(settings.uri.clone(), named)).await?;
        let channel = answered(connection.create_channel()).await?;
        answered(channel.confirm_select(ConfirmSelectOptions::default())).await?;
        let expiration = settings.keep.as_millis().to_string();
        Ok(Self { connection, channel, expiration, queues: HashSet::new(), refused: HashSet::new() })
    }

    /// Holds a queue that only one connection can have, until this one ends; `false` when another one holds it.
    pub async fn take_turn(&self, name: &str) -> Result<bool, Failure> {
        let channel = answered(self.connection.create_channel()).await?;
        let options = QueueDeclareOptions { exclusive: true, auto_delete: true, ..QueueDeclareOptions::default() };
        match answered(channel.queue_declare(name.into(), options, FieldTable::default())).await {
            Ok(_) => Ok(true),
            Err(Failure::Broker(error)) if is_locked(&error) => Ok(false),
            Err(failure) => Err(failure),
        }
    }

    /// Makes the queues that are not there. One that is there may have settings of its own.
    pub async fn ensure(&mut self, names: &[String]) -> Result<(), Failure> {
        // What there was may be gone when the broker comes back.
        if !self.connection.status().connected() {
            return Err(Failure::Silent);
        }
        for name in names {
            if self.queues.contains(name) || self.refused.contains(name) {
                continue;
            }
            match self.make(name).await {
                Ok(()) => self.queues.insert(name.clone()),
                // The others must not wait for what the broker's operator has to settle.
                Err(Failure::Broker(error)) if self.connection.status().connected() => {
                    tracing::warn!(queue = %name, %error, "the broker refuses a queue; its agent gets nothing there");
                    self.refused.insert(name.clone())
                }
                Err(failure) => return Err(failure),
            };
        }
        Ok(())
    }

    async fn make(&self, name: &str) -> Result<(), Failure> {
        for passive in [true, false] {
            // A refusal ends its channel.
            let channel = answered(self.connection.create_channel()).await?;
            let options = QueueDeclareOptions { passive, durable: true, ..QueueDeclareOptions::default() };
            let made = answered(channel.queue_declare(name.into(), options, FieldTable::default())).await;
            if !passive || made.is_ok() {
                made?;
                answered(channel.close(200, "done".into())).await?;
                break;
            }
        }
        Ok(())
    }

    /// Publishes messages, and returns when the broker has them all on disk.
    pub async fn publish(&self, messages: &[(String, QueueMessage)]) -> Result<(), Failure> {
        let mut confirms = Vec::new();
        for (queue, message) in messages.iter().filter(|(queue, _)| !self.refused.contains(queue)) {
            let properties = BasicProperties::default()
                .with_delivery_mode(PERSISTENT)
                .with_content_type("application/json".into())
                .with_message_id(message.seq.to_string().into())
                .with_expiration(self.expiration.as_str().into());
            let options = BasicPublishOptions { mandatory: true, ..BasicPublishOptions::default() };
            let body = message.body.to_string();
            let sent =
                self.channel.basic_publish("".into(), queue.as_str().into(), options, body.as_bytes(), properties);
            confirms.push((queue, answered(sent).await?));
        }
        for (queue, confirm) in confirms {
            match answered(confirm).await? {
                // Sent back: there is no such queue.
                Confirmation::Ack(Some(_)) => return Err(Failure::Vanished(queue.clone())),
                // As by a limit that the broker's operator has set. The others must not wait, and the agent reads its
                // orders from time to time in any case.
                Confirmation::Nack(_) => tracing::warn!(%queue, "the broker refused a message: the queue may be full"),
                Confirmation::Ack(None) | Confirmation::NotRequested => {}
            }
        }
        Ok(())
    }
}

fn is_locked(error: &lapin::Error) -> bool {
    let ErrorKind::ProtocolError(told) = error.kind() else { return false };
    *told.kind() == AMQPErrorKind::Soft(AMQPSoftError::RESOURCELOCKED)
}
