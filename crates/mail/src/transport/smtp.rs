//! Letters to a mail server, one connection a letter.
//!
//! The stages are walked here and not by the mail crate's own transport, because only the stage tells what a refusal
//! means: a server that refuses us may take the letter tomorrow, one that refuses the letter will not.

use std::{fmt, time::Duration};

use lettre::{
    Message,
    transport::smtp::{
        Error,
        authentication::{Credentials, DEFAULT_MECHANISMS},
        client::{AsyncSmtpConnection, TlsParameters},
        commands::Noop,
        extension::ClientId,
    },
};
use tokio::time::timeout;

use super::{Smtp, Tls};
use crate::MailError;

/// The letter has been taken by then, so nothing is lost when the server does not say goodbye.
const GOODBYE: Duration = Duration::from_secs(1);

/// The server wants a name and password that we do not give: a fault of our settings, not of the letter.
const WANTS_LOGIN: u16 = 530;

/// A mail server and how to greet it.
pub(crate) struct SmtpWire {
    settings: Smtp,
    hello: ClientId,
    tls: Option<TlsParameters>,
}

impl fmt::Debug for SmtpWire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.settings.fmt(f)
    }
}

impl SmtpWire {
    pub(crate) fn new(settings: Smtp, domain: &str) -> Result<Self, MailError> {
        let tls = match settings.tls {
            Tls::None => None,
            Tls::StartTls | Tls::Tls => Some(TlsParameters::new_rustls(settings.host.clone()).map_err(refuses_us)?),
        };
        Ok(Self { settings, hello: ClientId::Domain(domain.to_owned()), tls })
    }

    pub(crate) async fn send(&self, message: &Message, longest: Duration) -> Result<(), MailError> {
        let sent = async {
            let mut connection = self.connect(longest).await?;
            connection.send(message.envelope(), &message.formatted()).await.map_err(refuses_letter)?;
            Ok(connection)
        };
        goodbye(in_time(longest, sent).await?).await;
        Ok(())
    }

    pub(crate) async fn check(&self, longest: Duration) -> Result<(), MailError> {
        let checked = async {
            let mut connection = self.connect(longest).await?;
            connection.command(Noop).await.map_err(refuses_us)?;
            Ok(connection)
        };
        goodbye(in_time(longest, checked).await?).await;
        Ok(())
    }

    async fn connect(&self, longest: Duration) -> Result<AsyncSmtpConnection, MailError> {
        let Smtp { host, port, tls, username, password } = &self.settings;
        let wrapper = self.tls.clone().filter(|_| *tls == Tls::Tls);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1((host.as_str(), *port), Some(longest), &self.hello, wrapper, None)
                .await
                .map_err(refuses_us)?;
        if let Some(parameters) = self.tls.clone().filter(|_| *tls == Tls::StartTls) {
            connection.starttls(parameters, &self.hello).await.map_err(refuses_us)?;
        }
        if let (Some(username), Some(password)) = (username, password) {
            let credentials = Credentials::new(username.clone(), password.clone());
            connection.auth(DEFAULT_MECHANISMS, &credentials).await.map_err(refuses_us)?;
        }
        Ok(connection)
    }
}

async fn in_time<T>(longest: Duration, work: impl Future<Output = Result<T, MailError>>) -> Result<T, MailError> {
    timeout(longest, work).await.unwrap_or_else(|_| Err(MailError::transient("the mail server did not answer in time")))
}

async fn goodbye(mut connection: AsyncSmtpConnection) {
    timeout(GOODBYE, connection.quit()).await.ok();
}

fn refuses_us(error: Error) -> MailError {
    MailError::transient(format!("the mail server: {error}"))
}

fn refuses_letter(error: Error) -> MailError {
    let wants_login = error.status().is_some_and(|code| u16::from(code) == WANTS_LOGIN);
    // A client error here is an address that this server cannot take.
    if (error.is_permanent() && !wants_login) || error.is_client() {
        MailError::permanent(format!("the mail server: {error}"))
    } else {
        refuses_us(error)
    }
}
