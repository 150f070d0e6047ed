//! Settings of RabbitMQ.

use std::time::Duration;

use anyhow::Context as _;
use serde::Deserialize;

use super::secret::Secret;
use crate::broker::Broker;

/// Where the agents' events go too.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Amqp {
    url: Secret,
    keep_hours: u32,
}

impl Amqp {
    /// The broker, if there is one.
    pub fn broker(&self) -> anyhow::Result<Option<Broker>> {
        let Some(url) = self.url.reveal() else { return Ok(None) };
        let keep = Duration::from_secs(u64::from(self.keep_hours) * 3600);
        Broker::new(&url, keep).map(Some).context("amqp.url")
    }
}

#[cfg(test)]
mod tests {
    use figment::{
        Figment,
        providers::{Format as _, Toml},
    };

    use super::Amqp;

    #[test]
    fn a_broker_that_cannot_be_used_is_refused_and_its_password_hidden() {
        let read = |url: &str| {
            let toml = format!("url = \"{url}\"\nkeep_hours = 1");
            Figment::from(Toml::string(&toml)).extract::<Amqp>().unwrap().broker()
        };
        assert!(read("").unwrap().is_none());
        let why = format!("{:#}", read("amqp:/me:secret@host").unwrap_err());
        assert!(why.starts_with("amqp.url: ") && !why.contains("secret"), "{why}");
        assert_eq!(read("amqp://me:secret@host/agents").is_ok(), cfg!(feature = "amqp"));
    }
}
