//! Several orders in one letter.

use askama::Template as Page;
use serde::{Deserialize, Serialize};

use super::{OrderNotice, Rendered, order, parts, rendered, wording::headline};
use crate::{MailError, clean};

/// What happened to several orders.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digest {
    /// The name of whom it is for.
    pub to_name: String,
    /// The orders, in the order of the letter.
    pub entries: Vec<OrderNotice>,
    /// Where to look.
    pub links: DigestLinks,
}

/// Pages of the web interface.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DigestLinks {
    /// The list of orders.
    pub orders: String,
}

/// The rest is a number and a link to the list.
const MOST_ENTRIES: usize = 50;

struct Entry {
    headline: String,
    place: String,
    offering: String,
    cost: Option<String>,
    at: String,
    link: Option<String>,
    decides: bool,
}

struct View {
    greeting: String,
    lead: String,
    entries: Vec<Entry>,
    more: usize,
    orders: Option<String>,
}

#[derive(Page)]
#[template(path = "digest.txt")]
struct Text<'a> {
    view: &'a View,
}

#[derive(Page)]
#[template(path = "digest.html")]
struct Html<'a> {
    view: &'a View,
    subject: &'a str,
}

pub(super) fn render(digest: &Digest) -> Result<Rendered, MailError> {
    let subject = subject(digest);
    let view = View {
        greeting: parts::greeting(&digest.to_name),
        lead: format!("{}.", summary(digest)),
        entries: digest.entries.iter().take(MOST_ENTRIES).map(entry).collect(),
        more: digest.entries.len().saturating_sub(MOST_ENTRIES),
        orders: clean::link(&digest.links.orders),
    };
    rendered(&subject, &Text { view: &view }, &Html { view: &view, subject: &subject })
}

fn entry(notice: &OrderNotice) -> Entry {
    let decide = order::decide(notice);
    Entry {
        headline: headline(notice),
        place: format!("{} / {}", parts::name(&notice.customer_name), parts::name(&notice.project_name)),
        offering: format!("{} by {}", parts::name(&notice.offering_name), parts::name(&notice.provider_name)),
        cost: notice.cost.as_deref().map(parts::name),
        at: parts::moment(&notice.at),
        decides: decide.is_some(),
        link: decide.or_else(|| clean::link(&notice.links.order)),
    }
}

/// `2 orders wait for you, 1 other notice: vm-1, vm-2, vm-3`
fn subject(digest: &Digest) -> String {
    let names: Vec<_> = digest.entries.iter().take(3).map(|notice| parts::short(&notice.resource_name)).collect();
    let more = if digest.entries.len() > names.len() { ", …" } else { "" };
    format!("{}: {}{more}", summary(digest), names.join(", "))
}

fn summary(digest: &Digest) -> String {
    let waiting = digest.entries.iter().filter(|notice| notice.template.asks()).count();
    let others = digest.entries.len() - waiting;
    let wait = if waiting == 1 { "1 order waits for you".to_owned() } else { format!("{waiting} orders wait for you") };
    let word = if others == 1 { "notice" } else { "notices" };
    match (waiting, others) {
        (_, 0) => wait,
        (0, _) => format!("{others} {word} about orders"),
        _ => format!("{wait}, {others} other {word}"),
    }
}
