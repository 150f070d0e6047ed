//! Answers: pages with their status, and the pages that only say something.

use askama::Template;
use axum::{
    Extension,
    extract::{Request, State},
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{Html, IntoResponse as _, Response},
};
use mercat_app::{AppError, StoreError};
use mercat_domain::{invalid::Invalid, order::Refusal};

use crate::site::Site;

/// The style sheet of all pages; it stands in each, so that a page is one answer.
pub(crate) const STYLE: &str = include_str!("../templates/style.css");

/// Seconds after which somebody may try again when the database had no connection.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("5");

/// A page that only says something.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Message {
    status: u16,
    title: &'static str,
    /// What it means, and what to do.
    paragraphs: &'static [&'static str],
    /// Whether a link to the order is of use.
    is_near_order: bool,
}

/// The link is none of ours, or its person does not see the order any more: which of these is nobody's business.
pub(crate) const UNKNOWN: Message = Message {
    status: 404,
    title: "This link leads nowhere",
    paragraphs: &[
        "Some mail programs cut long links. Open it from the mail again, or copy the whole of it.",
        "If that does not help, the order was removed, or your account may not see it any more or is switched off. Ask \
         whoever looks after your organisation here.",
    ],
    is_near_order: false,
};

/// Somebody looks for the order that they have just made, and may not see orders.
pub(crate) const PLACED: Message = Message {
    status: 200,
    title: "Your order has been placed",
    paragraphs: &["Whoever manages your project sees how it stands. Your role may order, but not look at orders."],
    is_near_order: false,
};

/// The form is none of ours.
pub(crate) const BAD_FORM: Message = Message {
    status: 400,
    title: "Nothing was done",
    paragraphs: &["What arrived came from no form of this page. Open the page again and use its buttons."],
    is_near_order: true,
};

/// The form is larger than any of ours can be.
pub(crate) const LARGE_FORM: Message = Message {
    status: 413,
    paragraphs: &["What you sent is larger than a form can be. Go back, and make its longest text shorter."],
    ..BAD_FORM
};

/// The form holds what no database takes.
pub(crate) const NUL_IN_FORM: Message = Message {
    paragraphs: &["What you sent contains the character NUL, which nobody can see. Go back, and type the text anew."],
    ..BAD_FORM
};

/// The form did not arrive in time.
pub(crate) const SLOW_FORM: Message = Message {
    status: 408,
    title: "Nothing was done",
    paragraphs: &["What you sent did not arrive whole. Open the page again and use its buttons."],
    is_near_order: true,
};

/// The form comes from another site.
pub(crate) const FOREIGN: Message = Message {
    status: 403,
    title: "Nothing was done",
    paragraphs: &[
        "Your browser says that another web site sent this. That is not allowed. Open the page itself, or the link of the \
         mail, and use the buttons there.",
    ],
    is_near_order: true,
};

/// What arrived is no button of a page of ours.
pub(crate) const BAD_BUTTON: Message = Message {
    status: 400,
    title: "Nothing was done",
    paragraphs: &["What arrived came from no button of this page. Open the page again and use its buttons."],
    is_near_order: true,
};

/// A decision about many orders names none that the reader sees.
pub(crate) const NONE_CHOSEN: Message = Message {
    status: 400,
    title: "No order is chosen",
    paragraphs: &["Go back, tick the orders that you want to decide about, and use the button again."],
    is_near_order: false,
};

/// The message is not the reader's to send.
pub(crate) const NOT_SENT: Message = Message {
    status: 403,
    title: "Nothing was sent",
    paragraphs: &[
        "Calls about an order may be sent again by whoever ordered, by those who can approve the order, and by staff; \
         messages to a webhook by its owner.",
    ],
    is_near_order: true,
};

/// Another service vouched for nobody.
pub(crate) const NOBODY: Message = Message {
    status: 401,
    title: "You are not signed in",
    paragraphs: &[
        "The other service did not say who you are, or too much time went by. Go to the inbox to begin again; if it does \
         not help, ask whoever runs this service.",
    ],
    is_near_order: false,
};

/// Another service vouched for somebody who has no way in by it.
pub(crate) const NO_ACCOUNT: Message = Message {
    status: 403,
    title: "This account is not open to you",
    paragraphs: &[
        "The other service knows you, but here there is no account for it: none was made for you, it is switched off, or \
         one of the same name has a password of its own.",
        "Ask whoever runs this service to open it.",
    ],
    is_near_order: false,
};

/// There is no such page for this reader.
const MISSING: Message = Message {
    status: 404,
    title: "There is nothing here for you",
    paragraphs: &[
        "What you look for was removed, or your account may not see it. Somebody who looks after your organisation or \
         project can give you the right to.",
    ],
    is_near_order: false,
};

const NO_METHOD: Message = Message {
    status: 405,
    title: "This does not work here",
    paragraphs: &["This address is used in another way, by the pages and buttons here. Go back and use those."],
    is_near_order: true,
};

const UNAVAILABLE: Message = Message {
    status: 503,
    title: "This does not work right now",
    paragraphs: &["The service cannot reach its database. Nothing was decided. Try again in a minute."],
    is_near_order: true,
};

const FULL: Message = Message {
    status: 507,
    title: "Nothing can be written right now",
    paragraphs: &[
        "The service has no room. Nothing was decided. Its operators have to make room; until then you can read.",
    ],
    is_near_order: true,
};

const FAULT: Message = Message {
    status: 500,
    title: "Something went wrong on our side",
    paragraphs: &[
        "It has been noted. Open the link again in a while: the page shows whether the order was decided, and nothing \
         is decided twice.",
    ],
    is_near_order: true,
};

impl Message {
    /// The message as an answer; [`told`] makes the page of it.
    pub fn answer(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, Extension(self)).into_response()
    }
}

#[derive(Template)]
#[template(path = "message.html")]
struct MessagePage<'a> {
    /// Before all paths.
    base: &'a str,
    message: Message,
}

/// Makes pages of messages: only here is it known where the way out leads.
pub(crate) async fn told(State(site): State<Site>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let Some(message) = response.extensions_mut().remove::<Message>() else { return response };
    let page = answer(response.status(), &MessagePage { base: site.base(), message });
    (response.headers().clone(), page).into_response()
}

/// A page as an answer.
pub(crate) fn answer(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => {
            // A page about it would need a template too.
            tracing::error!(%error, "a template failed");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// Leads to another page.
pub(crate) fn see(site: &Site, place: &str) -> Response {
    (StatusCode::SEE_OTHER, [(header::LOCATION, site.to(place))]).into_response()
}

/// Leads to another page for good.
pub(crate) fn moved(site: &Site, place: &str) -> Response {
    (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, site.to(place))]).into_response()
}

/// Every method that a page does not have.
pub(crate) async fn no_method() -> Response {
    let allow: (HeaderName, HeaderValue) = (header::ALLOW, HeaderValue::from_static("GET, HEAD, POST"));
    ([allow], NO_METHOD.answer()).into_response()
}

/// A fault of ours: told once to the log, and nothing of it to the reader.
pub(crate) fn fault(error: &impl std::fmt::Display) -> Response {
    log(error);
    FAULT.answer()
}

/// The same where a page goes on.
pub(crate) fn log(error: &impl std::fmt::Display) {
    tracing::error!(%error, "the request failed");
}

/// The same for somebody who has signed in.
pub(crate) fn failed_here(error: &AppError) -> Response {
    match error {
        AppError::NotFound => MISSING.answer(),
        other => failed(other),
    }
}

/// What stopped a page from being shown.
pub(crate) fn failed(error: &AppError) -> Response {
    match error {
        AppError::NotFound => UNKNOWN.answer(),
        AppError::Store(StoreError::Unavailable(reason)) => {
            tracing::error!(%reason, "the database is not available");
            ([(header::RETRY_AFTER, RETRY_AFTER)], UNAVAILABLE.answer()).into_response()
        }
        AppError::Store(StoreError::Full(reason)) => {
            tracing::error!(%reason, "nothing can be written");
            FULL.answer()
        }
        other => fault(other),
    }
}

/// The status of a page that tells of a refusal.
pub(crate) fn status_of(refusal: &Refusal) -> StatusCode {
    match refusal {
        Refusal::Forbidden { .. } => StatusCode::FORBIDDEN,
        Refusal::WrongState { .. } => StatusCode::CONFLICT,
        Refusal::UnsupportedType { .. } | Refusal::Rule(_) => StatusCode::BAD_REQUEST,
    }
}

/// The texts of what is wrong, without the names of the fields.
pub(crate) fn in_words(invalid: &Invalid) -> String {
    fn texts(value: &serde_json::Value, all: &mut Vec<String>) {
        match value {
            serde_json::Value::String(text) => all.push(text.clone()),
            serde_json::Value::Array(values) => values.iter().for_each(|value| texts(value, all)),
            serde_json::Value::Object(values) => values.values().for_each(|value| texts(value, all)),
            _ => {}
        }
    }
    let mut all = Vec::new();
    texts(&serde_json::to_value(invalid).unwrap_or_default(), &mut all);
    all.join(" ")
}
