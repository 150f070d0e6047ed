//! Settings: defaults, then a file, then the environment, then the command line.

mod amqp;
mod attachments;
mod effective;
mod oidc;
mod outgoing;
mod secret;

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use anyhow::Context as _;
use figment::{
    Figment,
    providers::{Env, Format as _, Toml},
};
use mercat_api::{ApiConfig, is_web_address};
use mercat_app::{SecretKey, Settings};
use mercat_console::Setting;
use mercat_domain::settings::RuleSettings;
use serde::Deserialize;
use tracing_subscriber::EnvFilter;

use crate::cli::Place;

pub use amqp::Amqp;
pub use attachments::Attachments;
pub use oidc::Oidc;
pub use outgoing::{Mail, MailTransport, Outgoing, Range};

/// The documented defaults; the same file is the manual.
const DEFAULTS: &str = include_str!("../../../docs/config.toml");

/// All settings, as in docs/config.toml.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub server: Server,
    pub database: Database,
    pub data: Data,
    pub attachments: Attachments,
    pub rules: Rules,
    pub outgoing: Outgoing,
    pub mail: Mail,
    pub amqp: Amqp,
    pub oidc: Oidc,
    pub log: Log,
    /// All of them, for operators.
    #[serde(skip)]
    pub effective: Vec<Setting>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    pub listen: SocketAddr,
    pub public_url: String,
    pub trust_forwarded: bool,
    pub site_name: String,
    pub strict: bool,
    pub max_body_bytes: usize,
    pub body_timeout_seconds: u64,
    pub max_requests: usize,
    pub request_timeout_seconds: u64,
    pub idle_timeout_seconds: u64,
    pub show_civil_number: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    pub url: String,
    pub connections: u32,
    pub replica_url: String,
}

/// Without the address, which may hold a password.
impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Database").field("connections", &self.connections).finish_non_exhaustive()
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Data {
    pub dir: PathBuf,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    pub order_start_date: bool,
    pub enforce_terms: bool,
    pub plan_required: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    pub format: LogFormat,
    pub filter: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    Text,
    Json,
}

impl Config {
    /// Reads all layers. An unknown key or a value of the wrong type is an error that names the key and the layer.
    pub fn load(place: &Place) -> anyhow::Result<Self> {
        let mut layers = Figment::from(Toml::string(DEFAULTS));
        if let Some(file) = &place.config {
            anyhow::ensure!(file.exists(), "there is no settings file {}", file.display());
            layers = layers.merge(Toml::file_exact(file));
        }
        layers = layers.merge(Env::prefixed("MERCAT__").split("__"));
        let mut config: Self = layers.extract().context("bad settings")?;
        let given = [
            place.data.as_ref().map(|dir| ("data.dir", dir.display().to_string())),
            place.database_url.clone().map(|url| ("database.url", url)),
        ];
        config.effective = effective::settings(&layers, &given.into_iter().flatten().collect::<Vec<_>>());
        if let Some(dir) = &place.data {
            config.data.dir.clone_from(dir);
        }
        if let Some(url) = &place.database_url {
            config.database.url.clone_from(url);
        }
        config.check()
    }

    fn check(self) -> anyhow::Result<Self> {
        let url = &self.database.url;
        let is_postgres = url.starts_with("postgres://") || url.starts_with("postgresql://");
        anyhow::ensure!(
            url.is_empty() || is_postgres,
            "database.url has to begin with postgres:// or be empty for SQLite"
        );
        anyhow::ensure!(self.database.connections > 1, "database.connections has to be at least 2");
        let replica = &self.database.replica_url;
        anyhow::ensure!(
            replica.is_empty()
                || is_postgres && (replica.starts_with("postgres://") || replica.starts_with("postgresql://")),
            "database.replica_url has to begin with postgres:// and needs database.url: SQLite has no replica"
        );
        let public = &self.server.public_url;
        anyhow::ensure!(
            public.is_empty() || is_web_address(public),
            "server.public_url has to be empty or an address such as https://market.example.org"
        );
        EnvFilter::try_new(&self.log.filter).context("log.filter")?;
        anyhow::ensure!(self.server.max_requests > 0, "server.max_requests has to be at least 1");
        let Server { body_timeout_seconds, request_timeout_seconds, idle_timeout_seconds, .. } = self.server;
        for (name, seconds) in [
            ("body_timeout_seconds", body_timeout_seconds),
            ("request_timeout_seconds", request_timeout_seconds),
            ("idle_timeout_seconds", idle_timeout_seconds),
        ] {
            anyhow::ensure!((1..=86_400).contains(&seconds), "server.{name} has to be from 1 to 86400");
        }
        self.mail.check()?;
        self.amqp.broker()?;
        self.oidc.elsewhere("http://127.0.0.1")?;
        Ok(self)
    }

    /// What the use cases heed.
    pub fn app(&self, key: SecretKey) -> Settings {
        Settings {
            rules: RuleSettings {
                order_start_date: self.rules.order_start_date,
                enforce_terms: self.rules.enforce_terms,
                plan_required: self.rules.plan_required,
            },
            max_attachment_bytes: self.attachments.max_bytes,
            sends_mail: self.mail.is_on(),
            notify_staff: self.mail.notify_staff,
            key,
            destinations: self.outgoing.destinations(),
            public_url: self.public_url(),
            remind_after: self.mail.remind_after(),
        }
    }

    /// Where people reach the service, without a slash at the end.
    fn public_url(&self) -> String {
        match self.server.public_url.trim_end_matches('/') {
            "" => format!("http://{}", self.server.listen),
            url => url.to_owned(),
        }
    }

    /// What the API heeds.
    ///
    /// # Errors
    /// The broker's address cannot be used.
    pub fn api(&self) -> anyhow::Result<ApiConfig> {
        let broker = self.amqp.broker()?;
        Ok(ApiConfig {
            agents_virtual_host: broker.map(|broker| broker.virtual_host().to_owned()),
            strict_filters: self.server.strict,
            trust_forwarded: self.server.trust_forwarded,
            site_name: self.server.site_name.clone(),
            max_body_bytes: self.server.max_body_bytes,
            max_attachment_bytes: self.attachments.max_bytes,
            body_timeout: Duration::from_secs(self.server.body_timeout_seconds),
            show_civil_number: self.server.show_civil_number,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documented_defaults_are_complete() {
        let config = Config::load(&Place::default()).expect("docs/config.toml");
        assert_eq!(config.attachments.max_bytes, Settings::default().max_attachment_bytes);
    }
}
