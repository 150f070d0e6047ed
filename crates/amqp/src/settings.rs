//! Where the broker is.

use std::{fmt, time::Duration};

use lapin::uri::AMQPUri;

/// Either side notices within twice as many seconds that the other has gone.
const HEART_BEAT: u16 = 10;
/// For a connection to stand, in milliseconds.
const CONNECTING: u64 = 10_000;

/// An address that cannot be used. It does not show the address, which may hold a password.
#[derive(Debug, thiserror::Error)]
#[error("it is no address such as amqp://user:password@host:5672/virtual-host: {0}")]
pub struct BadUrl(String);

/// Where the broker is, and how long it keeps messages.
#[derive(Clone)]
pub struct Settings {
    pub(crate) uri: AMQPUri,
    /// What nobody has fetched for so long is dropped.
    pub(crate) keep: Duration,
}

/// Without the password.
impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings").field("host", &self.uri.authority.host).finish_non_exhaustive()
    }
}

impl Settings {
    /// From an `amqp://` or `amqps://` address.
    ///
    /// # Errors
    /// [`BadUrl`].
    pub fn new(url: &str, keep: Duration) -> Result<Self, BadUrl> {
        // Without its slashes an address would be one of this machine.
        if !(url.starts_with("amqp://") || url.starts_with("amqps://")) {
            return Err(BadUrl("it has to begin with amqp:// or amqps://".to_owned()));
        }
        let mut uri: AMQPUri = url.parse().map_err(BadUrl)?;
        uri.query.heartbeat.get_or_insert(HEART_BEAT);
        uri.query.connection_timeout.get_or_insert(CONNECTING);
        Ok(Self { uri, keep })
    }

    /// Where the queues are.
    #[must_use]
    pub fn virtual_host(&self) -> &str {
        &self.uri.vhost
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_virtual_host_is_the_path_and_the_password_is_hidden() {
        let host = |url: &str| Settings::new(url, Duration::ZERO).map(|settings| settings.virtual_host().to_owned());
        assert_eq!(host("amqp://me:secret@broker/agents").unwrap(), "agents");
        assert_eq!(host("amqp://me:secret@broker/%2f").unwrap(), "/");
        assert_eq!(host("amqps://broker").unwrap(), "/");
        let shown = format!("{:?}", Settings::new("amqp://me:secret@broker/agents", Duration::ZERO).unwrap());
        assert!(shown.contains("broker") && !shown.contains("secret"), "{shown}");
        for wrong in
            ["", "broker:5672", "http://me:secret@broker", "amqp:/me:secret@broker", "amqp://me:secret@bro ker"]
        {
            let error = host(wrong).unwrap_err().to_string();
            assert!(!error.contains("secret"), "{error}");
        }
    }
}
