//! Which reviews an order needs (spec 9).

use super::{OrderFacts, OrderType, Path, gate::holds};
use crate::{
    offering::ProviderReview,
    permission::{Actor, Permission, SERVICE_MANAGER_ROLE, Scope},
};

const CONSUMER: &[Path] = &[Path::Project, Path::Customer];

/// Whether the consumer has to approve the creator's order (spec 9.1).
#[must_use]
pub fn consumer_review_needed(order: &OrderFacts, creator: &Actor) -> bool {
    if lacks_purchase_order(order) {
        return true;
    }
    if creator.is_staff {
        return false;
    }
    let offering = &order.offering;
    if !offering.billable && !offering.shared {
        return !holds(creator, Permission::OrderApprovePrivate, CONSUMER, order);
    }
    let own_shared = offering.shared && offering.provider == order.consumer.id;
    let own_approved = own_shared && offering.plugin().auto_approve_in_service_provider_projects();
    let provider_ends = order.order_type == OrderType::Terminate && creator.owns(offering.provider);
    !(own_approved || provider_ends || holds(creator, Permission::OrderApprove, CONSUMER, order))
}

/// Whether a required purchase order is missing (spec 9.1 rule 1).
pub(super) fn lacks_purchase_order(order: &OrderFacts) -> bool {
    order.offering.plugin().require_purchase_order_upload() && !order.has_attachment
}

/// Whether the provider has to approve (spec 9.2).
///
/// The reviewer approved for the consumer, or else created the order.
#[must_use]
pub fn provider_review_needed(order: &OrderFacts, reviewer: Option<&Actor>) -> bool {
    let options = order.offering.plugin();
    match order.offering.rules().provider_review {
        ProviderReview::Always => true,
        ProviderReview::Never => false,
        ProviderReview::UnlessScriptAutoApproved => !options.auto_approve_marketplace_script(),
        ProviderReview::RemoteRules => {
            !options.auto_approve_remote_orders() && !reviewer.is_some_and(|user| speaks_for_provider(order, user))
        }
    }
}

/// An owner of the provider, or its service manager with a role on the offering.
fn speaks_for_provider(order: &OrderFacts, user: &Actor) -> bool {
    let provider = order.offering.provider;
    let manages = user.has_role(SERVICE_MANAGER_ROLE, Scope::Customer(provider));
    let on_offering = user.grants.iter().any(|grant| grant.scope == Scope::Offering(order.offering.id));
    user.owns(provider) || (manages && on_offering)
}
