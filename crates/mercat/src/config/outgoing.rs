//! Settings of what leaves the process: callbacks, webhooks and mail.

use std::{
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::Context as _;
use chrono::TimeDelta;
use mercat_app::Destinations;
use mercat_mail::{Mailer, Smtp, Tls, Transport};
use mercat_outbound::{Client, IpNet, Policy, check_url};
use mercat_worker::Sender;
use serde::Deserialize;

use super::{Config, secret::Secret};

/// Where callbacks and webhooks may go.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outgoing {
    pub allowed_ranges: Vec<Range>,
    pub allow_http: bool,
    pub name_servers: Vec<NameServer>,
}

/// A range of addresses, or one address.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
pub struct Range(pub IpNet);

impl TryFrom<String> for Range {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let single = || text.parse::<IpAddr>().ok().map(IpNet::from);
        let range = text.parse().ok().or_else(single);
        range.map(Self).ok_or_else(|| format!("{text:?} is no range of addresses such as 10.1.0.0/16"))
    }
}

/// A name server, on port 53 unless it says otherwise.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
pub struct NameServer(SocketAddr);

impl TryFrom<String> for NameServer {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let usual = || text.parse::<IpAddr>().ok().map(|address| SocketAddr::new(address, 53));
        let server = text.parse().ok().or_else(usual);
        server.map(Self).ok_or_else(|| format!("{text:?} is no address of a name server such as 10.1.0.53"))
    }
}

impl Outgoing {
    fn policy(&self) -> Policy {
        Policy {
            allowed: self.allowed_ranges.iter().map(|range| range.0).collect(),
            allow_http: self.allow_http,
            name_servers: self.name_servers.iter().map(|server| server.0).collect(),
            ..Policy::default()
        }
    }

    /// The check of addresses at the moment when they are saved.
    pub fn destinations(&self) -> Destinations {
        let policy = self.policy();
        Destinations(Arc::new(move |url| check_url(url, &policy).map_err(|refused| refused.to_string())))
    }
}

/// Mail: when it is written and how it leaves.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    pub transport: MailTransport,
    pub from: String,
    pub host: String,
    pub port: u16,
    pub tls: MailTls,
    pub username: String,
    pub password: Secret,
    pub folder: PathBuf,
    pub notify_staff: bool,
    pub remind_after_hours: i64,
}

/// How mail leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailTransport {
    Off,
    Smtp,
    Folder,
}

/// How the connection to the mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailTls {
    None,
    StartTls,
    Tls,
}

impl Mail {
    pub(super) fn is_on(&self) -> bool {
        self.transport != MailTransport::Off
    }

    pub(super) fn remind_after(&self) -> Option<TimeDelta> {
        (self.is_on() && self.remind_after_hours > 0).then(|| TimeDelta::hours(self.remind_after_hours))
    }

    pub(super) fn check(&self) -> anyhow::Result<()> {
        anyhow::ensure!(
            self.transport != MailTransport::Smtp || !self.host.is_empty(),
            "mail.transport is \"smtp\": mail.host has to name the mail server"
        );
        anyhow::ensure!(
            self.username.is_empty() == self.password.reveal().is_none(),
            "mail.username and mail.password have to be given both or not at all"
        );
        self.mailer(Path::new("")).map(drop)
    }

    fn mailer(&self, data: &Path) -> anyhow::Result<Mailer> {
        let transport = match self.transport {
            MailTransport::Off => Transport::Off,
            MailTransport::Folder if self.folder.as_os_str().is_empty() => Transport::Folder(data.join("mail")),
            MailTransport::Folder => Transport::Folder(self.folder.clone()),
            MailTransport::Smtp => Transport::Smtp(Smtp {
                host: self.host.clone(),
                port: self.port,
                tls: match self.tls {
                    MailTls::None => Tls::None,
                    MailTls::StartTls => Tls::StartTls,
                    MailTls::Tls => Tls::Tls,
                },
                username: Some(self.username.clone()).filter(|name| !name.is_empty()),
                password: self.password.reveal(),
            }),
        };
        Mailer::new(&self.from, transport).context("the settings under [mail] are wrong")
    }
}

impl Config {
    /// What sends mail.
    pub fn mailer(&self) -> anyhow::Result<Mailer> {
        self.mail.mailer(&self.data.dir)
    }

    /// What messages leave by.
    pub fn sender(&self) -> anyhow::Result<Sender> {
        let client = Client::new(self.outgoing.policy()).context(
            "callbacks and webhooks cannot be sent; outgoing.name_servers replaces the system's name servers",
        )?;
        Ok(Sender { client, mailer: self.mailer()? })
    }
}

#[cfg(test)]
mod tests {
    use figment::{
        Figment,
        providers::{Format as _, Toml},
    };

    use super::*;
    use crate::config::DEFAULTS;

    fn config(changes: &str) -> Result<Config, String> {
        let read: Result<Config, _> = Figment::from(Toml::string(DEFAULTS)).merge(Toml::string(changes)).extract();
        read.map_err(|error| error.to_string())?.check().map_err(|error| format!("{error:#}"))
    }

    #[test]
    fn what_may_be_called_is_read() {
        let read =
            config("[outgoing]\nallowed_ranges = [\"10.1.0.0/16\", \"::1\"]\nname_servers = [\"10.1.0.53\"]").unwrap();
        let check = read.outgoing.destinations().0;
        assert!(check("http://10.1.2.3:8080/hook").is_ok() && check("http://[::1]/hook").is_ok());
        assert!(check("http://10.2.2.3/hook").is_err());
        assert_eq!(read.outgoing.policy().name_servers, ["10.1.0.53:53".parse().unwrap()]);
        assert!((config("").unwrap().outgoing.destinations().0)("http://127.0.0.1/").is_err());
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (changes, named) in [
            ("[outgoing]\nallowed_ranges = [\"10.1\"]", "10.1"),
            ("[outgoing]\nname_servers = [\"ns.example.org\"]", "ns.example.org"),
            ("[mail]\ntransport = \"smtp\"", "mail.host"),
            ("[mail]\ntransport = \"pigeon\"", "pigeon"),
            ("[mail]\nusername = \"mercat\"", "mail.password"),
            ("[mail]\nfrom = \"nobody\"", "nobody"),
        ] {
            let error = config(changes).unwrap_err();
            assert!(error.contains(named), "{changes}: {error}");
        }
    }
}
