//! An order as somebody saw it who decides about it: if it is another one meanwhile, nothing is decided.

use mercat_domain::{offering::rules_of, order::OrderState};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::{OrderView, Target, load::visible_order};
use crate::{AppError, Tx};

/// What a decision is about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Seen {
    /// The state.
    pub state: OrderState,
    /// What the resource is called.
    pub resource: String,
    /// The plan.
    pub plan: Option<String>,
    /// What it costs.
    pub cost: Option<String>,
    /// The day before which it does not begin.
    pub start_date: Option<String>,
    /// What is ordered of each component.
    pub limits: Value,
    /// Everything else that was filled in, as a digest.
    pub details: String,
}

impl Seen {
    /// An order as it is.
    #[must_use]
    pub fn of(order: &OrderView) -> Self {
        let row = &order.row;
        // A digest of a secret is one that can be guessed.
        let attributes = rules_of(&row.offering.offering_type).shown(&row.attributes);
        let details = serde_json::json!([attributes, row.request_comment, row.attachment]);
        Self {
            state: row.state,
            resource: row.resource_name.clone(),
            plan: row.plan_name().map(str::to_owned),
            cost: row.cost.map(|cost| cost.to_string()),
            start_date: row.start_date.map(|date| date.to_string()),
            limits: row.limits.clone(),
            details: digest(&details.to_string()),
        }
    }

    /// As a form carries it.
    #[must_use]
    pub fn to_text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The same in 64 characters, where it need not be told what changed: in forms about many orders.
    #[must_use]
    pub fn digest(&self) -> String {
        digest(&self.to_text())
    }

    /// What a form carries; `None` when it is nothing of ours.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}

fn digest(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Makes sure, for the rest of the transaction, that an order that the caller sees still is what was seen.
///
/// # Errors
/// [`AppError::Conflict`] when it is not, [`AppError::NotFound`], or the database failed.
pub async fn confirm(tx: &Tx, target: &Target, seen: &Seen) -> Result<(), AppError> {
    confirm_digest(tx, target, &seen.digest()).await
}

/// The same for what was seen by its digest.
///
/// # Errors
/// As [`confirm`].
pub async fn confirm_digest(tx: &Tx, target: &Target, seen: &str) -> Result<(), AppError> {
    visible_order(tx, target).await?;
    if Seen::of(&tx.order(target.id).await?).digest() == seen { Ok(()) } else { Err(AppError::Conflict) }
}
