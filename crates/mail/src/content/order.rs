//! Letters about one order.

use askama::Template as Page;
use serde::{Deserialize, Serialize};

use super::{
    Rendered, Template,
    parts::{self, Fact},
    rendered,
    wording::headline,
};
use crate::{MailError, clean};

/// What there is to say about an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderNotice {
    /// Which letter.
    pub template: Template,
    /// The name of whom it is for.
    pub to_name: String,
    /// The user name of whom it is for.
    pub username: String,
    /// The order's slug.
    pub order_slug: String,
    /// `Create`, `Update` or `Terminate`.
    pub order_type: String,
    /// The resource.
    pub resource_name: String,
    /// The offering.
    pub offering_name: String,
    /// The provider.
    pub provider_name: String,
    /// The project.
    pub project_name: String,
    /// The organisation that orders.
    pub customer_name: String,
    /// Who ordered.
    pub created_by_name: Option<String>,
    /// The order's state.
    pub state: String,
    /// The cost with its currency.
    pub cost: Option<String>,
    /// The plan.
    pub plan_name: Option<String>,
    /// What the creator wrote.
    pub comment: Option<String>,
    /// Why it was decided so.
    pub reason: Option<String>,
    /// When it happened, RFC 3339.
    pub at: String,
    /// Where to look and where to decide.
    pub links: Links,
}

/// Pages of the web interface.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Links {
    /// The order.
    pub order: String,
    /// The page where its reader approves or rejects.
    pub decide: Option<String>,
}

/// What both templates show.
struct View {
    subject: String,
    greeting: String,
    lead: &'static str,
    facts: Vec<Fact>,
    comment: Vec<String>,
    reason: Vec<String>,
    order: Option<String>,
    decide: Option<String>,
    username: String,
}

#[derive(Page)]
#[template(path = "order.txt")]
struct Text<'a> {
    view: &'a View,
}

#[derive(Page)]
#[template(path = "order.html")]
struct Html<'a> {
    view: &'a View,
    subject: &'a str,
}

pub(super) fn render(notice: &OrderNotice) -> Result<Rendered, MailError> {
    let view = view(notice);
    rendered(&view.subject, &Text { view: &view }, &Html { view: &view, subject: &view.subject })
}

fn view(notice: &OrderNotice) -> View {
    View {
        subject: headline(notice),
        greeting: parts::greeting(&notice.to_name),
        lead: notice.template.lead(),
        facts: facts(notice),
        comment: notice.comment.as_deref().map(clean::lines).unwrap_or_default(),
        reason: notice.reason.as_deref().map(clean::lines).unwrap_or_default(),
        order: clean::link(&notice.links.order),
        decide: decide(notice),
        username: parts::name(&notice.username),
    }
}

/// An amount with at least two digits after its point, and no zeros behind them.
fn amount(cost: &str) -> String {
    let (number, currency) = cost.split_once(' ').map_or((cost, ""), |(number, _)| (number, &cost[number.len()..]));
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    format!("{whole}.{:0<2}{currency}", fraction.trim_end_matches('0'))
}

fn facts(notice: &OrderNotice) -> Vec<Fact> {
    let at = parts::moment(&notice.at);
    let cost = notice.cost.as_deref().map(amount);
    parts::facts(&[
        ("Order", Some(&notice.order_slug)),
        ("Type", Some(&notice.order_type)),
        ("Resource", Some(&notice.resource_name)),
        ("Offering", Some(&notice.offering_name)),
        ("Provider", Some(&notice.provider_name)),
        ("Plan", notice.plan_name.as_deref()),
        ("Cost", cost.as_deref()),
        ("Organisation", Some(&notice.customer_name)),
        ("Project", Some(&notice.project_name)),
        ("Ordered by", notice.created_by_name.as_deref()),
        ("State", Some(&notice.state)),
        ("When", Some(&at)),
    ])
}

/// The page to decide on, only in letters that ask for a decision.
pub(super) fn decide(notice: &OrderNotice) -> Option<String> {
    notice.links.decide.as_deref().filter(|_| notice.template.asks()).and_then(clean::link)
}

#[cfg(test)]
mod tests {
    #[test]
    fn amounts_have_no_zeros_to_spare() {
        for (cost, shown) in [
            ("502.0000000000", "502.00"),
            ("1.5 EUR", "1.50 EUR"),
            ("14", "14.00"),
            ("0.1250000000", "0.125"),
            ("", ".00"),
        ] {
            assert_eq!(super::amount(cost), shown);
        }
    }
}
