//! From what the queue holds to a letter.

use mercat_app::{App, outgoing::link_token};
use mercat_domain::id::{DecisionLinkId, DeliveryId};
use mercat_mail::{Content, Digest, DigestLinks, HookDisabled, HookEvent, Mail, OrderNotice};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value};

/// A notice about an order, and the link by which its reader can decide.
#[derive(Deserialize)]
struct Notice {
    notice: Map<String, Value>,
    link: Option<DecisionLinkId>,
}

#[derive(Deserialize)]
struct Several {
    to_name: String,
    entries: Vec<Notice>,
}

#[derive(Deserialize)]
struct Disabled {
    disabled: HookDisabled,
}

/// Reads the payload of a message that is a mail.
///
/// # Errors
/// Says what is wrong with it; trying again is useless then.
pub(crate) fn read(app: &App, id: DeliveryId, payload: &Value) -> Result<Mail, String> {
    let text = |name: &str| payload[name].as_str().ok_or_else(|| format!("missing field `{name}`"));
    let content = match text("template")? {
        "digest" => Content::Digest(digest(app, parsed(payload)?)?),
        "hook_event" => Content::HookEvent(parsed::<HookEvent>(payload)?),
        "hook_disabled" => Content::HookDisabled(parsed::<Disabled>(payload)?.disabled),
        _ => Content::Order(Box::new(order(app, parsed(payload)?)?)),
    };
    Ok(Mail { id: id.to_string(), at: app.now(), to: text("to")?.to_owned(), content })
}

fn parsed<T: DeserializeOwned>(payload: &Value) -> Result<T, String> {
    T::deserialize(payload).map_err(|error| error.to_string())
}

fn order(app: &App, Notice { mut notice, link }: Notice) -> Result<OrderNotice, String> {
    if let Some(name) = notice.remove("recipient_username") {
        notice.insert("username".to_owned(), name);
    }
    if let (Some(Value::Object(links)), Some(link)) = (notice.get_mut("links"), link) {
        // The token is made when the mail is, so that the database does not hold it.
        let token = link_token(app.settings.key, link);
        links.insert("decide".to_owned(), format!("{}/decide/{token}/", app.settings.public_url).into());
    }
    OrderNotice::deserialize(Value::Object(notice)).map_err(|error| error.to_string())
}

fn digest(app: &App, Several { to_name, entries }: Several) -> Result<Digest, String> {
    let entries = entries.into_iter().map(|entry| order(app, entry)).collect::<Result<_, _>>()?;
    let orders = format!("{}/", app.settings.public_url);
    Ok(Digest { to_name, entries, links: DigestLinks { orders } })
}
