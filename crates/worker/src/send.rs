//! One message: sent, and what came of it put on record.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use mercat_app::{
    App, AppError,
    entity::delivery,
    outgoing::{self, Attempt, Outgoing, Receipt},
};
use mercat_mail::{MailError, Mailer};
use mercat_outbound::{Answer, Call, CallError, Client};
use serde_json::Value;
use tokio::time::sleep;

use crate::letter;

/// What could not be put on record is noted again after these pauses: the receiver may have the message, and would get
/// it twice. They are short enough for the claim to hold.
const RECORD_AGAIN: [Duration; 3] = [Duration::from_millis(50), Duration::from_millis(500), Duration::from_secs(3)];

/// What messages leave by; cheap to clone.
#[derive(Clone)]
pub struct Sender {
    /// For calls to addresses that strangers chose.
    pub client: Client,
    /// For mail.
    pub mailer: Mailer,
}

/// What a try came to.
pub(crate) struct Tried {
    pub(crate) receipt: Receipt,
    pub(crate) status: Option<u16>,
    pub(crate) error: Option<String>,
    pub(crate) response: Option<String>,
}

impl Tried {
    fn without_answer(receipt: Receipt, error: impl ToString) -> Self {
        Self { receipt, status: None, error: Some(error.to_string()), response: None }
    }
}

/// Sends a message and puts the try on record; returns whether the receiver said anything at all.
///
/// # Errors
/// The database failed; then the message comes again when its claim is over.
pub(crate) async fn deliver(app: &App, sender: &Sender, row: &delivery::Model) -> Result<bool, AppError> {
    let message = match outgoing::outgoing(app, row).await? {
        Ok(message) => message,
        Err(why) => {
            outgoing::withdraw(app, row, why).await?;
            return Ok(true);
        }
    };
    let (at, start) = (app.now(), Instant::now());
    let tried = match message {
        Outgoing::Call { url, headers, content_type, body } => {
            let content_type = content_type.map(str::to_owned);
            called(sender.client.post(Call { url, headers, content_type, body: body.into() }).await)
        }
        Outgoing::Mail(payload) => mailed(app, sender, row, &payload).await,
    };
    let answered = tried.status.is_some() || tried.receipt == Receipt::Delivered;
    record(app, row, tried, at, start.elapsed()).await?;
    Ok(answered)
}

/// Notes that a try failed for a fault of our own.
///
/// # Errors
/// The database failed.
pub(crate) async fn record_fault(app: &App, row: &delivery::Model) -> Result<(), AppError> {
    let tried = Tried::without_answer(Receipt::Failed(None), "The service itself failed; its log says more.");
    record(app, row, tried, app.now(), Duration::ZERO).await
}

async fn record(
    app: &App,
    row: &delivery::Model,
    tried: Tried,
    at: mercat_domain::time::Timestamp,
    took: Duration,
) -> Result<(), AppError> {
    let Tried { receipt, status, error, response } = tried;
    tracing::debug!(delivery.uuid = %row.id, kind = %row.kind, ?receipt, ?status, error, "a message was tried");
    let attempt = Attempt { at, took, status, error, response };
    for pause in RECORD_AGAIN {
        match outgoing::record(app, row, attempt.clone(), receipt, rand::random()).await {
            Err(error @ AppError::Store(_)) => {
                tracing::warn!(delivery.uuid = %row.id, %error, "a try could not be put on record and will be again");
                sleep(pause).await;
            }
            other => return other,
        }
    }
    outgoing::record(app, row, attempt, receipt, rand::random()).await
}

fn called(result: Result<Answer, CallError>) -> Tried {
    let Answer { status, excerpt, retry_after } = match result {
        Ok(answer) => answer,
        Err(CallError::Refused(why)) => return Tried::without_answer(Receipt::Refused, format!("refused: {why}")),
        Err(error) => return Tried::without_answer(Receipt::Failed(None), error),
    };
    let asked = retry_after.and_then(|wait| TimeDelta::from_std(wait).ok());
    let (receipt, error) = match status {
        200..=299 => (Receipt::Delivered, None),
        410 => (Receipt::Gone, Some("The receiver answered 410: it wants no more.".to_owned())),
        300..=399 => {
            (Receipt::Failed(asked), Some(format!("The receiver answered {status}; redirects are not followed.")))
        }
        _ => (Receipt::Failed(asked), Some(format!("The receiver answered {status}."))),
    };
    Tried { receipt, status: Some(status), error, response: Some(excerpt).filter(|text| !text.is_empty()) }
}

async fn mailed(app: &App, sender: &Sender, row: &delivery::Model, payload: &Value) -> Tried {
    let mail = match letter::read(app, row.id, payload) {
        Ok(mail) => mail,
        Err(why) => return Tried::without_answer(Receipt::Refused, format!("the mail cannot be written: {why}")),
    };
    match sender.mailer.send(mail).await {
        Ok(()) => Tried { receipt: Receipt::Delivered, status: None, error: None, response: None },
        Err(MailError::Permanent(why)) => Tried::without_answer(Receipt::Refused, why),
        Err(MailError::Transient(why)) => Tried::without_answer(Receipt::Failed(None), why),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_answer_has_its_meaning() {
        let asked = Some(Duration::from_secs(30));
        for (status, receipt, error) in [
            (200, Receipt::Delivered, ""),
            (299, Receipt::Delivered, ""),
            (307, Receipt::Failed(Some(TimeDelta::seconds(30))), "redirects are not followed"),
            (404, Receipt::Failed(Some(TimeDelta::seconds(30))), "answered 404"),
            (410, Receipt::Gone, "wants no more"),
            (503, Receipt::Failed(Some(TimeDelta::seconds(30))), "answered 503"),
        ] {
            let tried = called(Ok(Answer { status, excerpt: String::new(), retry_after: asked }));
            assert_eq!((tried.receipt, tried.status), (receipt, Some(status)));
            assert!(tried.error.unwrap_or_default().contains(error), "{status}");
        }
        for error in [CallError::NotFound, CallError::TimedOut, CallError::Unreachable("x".to_owned())] {
            assert_eq!(called(Err(error)).receipt, Receipt::Failed(None));
        }
    }
}
