//! Who may: a permission on one of some paths from the order (spec 4.1, 10).

use super::{OrderFacts, visible};
use crate::permission::{Actor, Permission, Scope};

/// A way from an order to an object that roles are granted on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Path {
    /// `project`.
    Project,
    /// `project.customer`.
    Customer,
    /// `offering.customer`.
    Provider,
    /// `offering`.
    Offering,
}

impl Path {
    /// The object at the end of the path.
    #[must_use]
    pub const fn scope(self, order: &OrderFacts) -> Scope {
        match self {
            Self::Project => Scope::Project(order.project.id),
            Self::Customer => Scope::Customer(order.consumer.id),
            Self::Provider => Scope::Customer(order.offering.provider),
            Self::Offering => Scope::Offering(order.offering.id),
        }
    }

    /// The path as the behaviour document writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Project => "project",
            Self::Customer => "project.customer",
            Self::Provider => "offering.customer",
            Self::Offering => "offering",
        }
    }
}

/// Who may do something. Staff passes wherever a permission is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate {
    /// Staff only.
    Staff,
    /// Everybody who sees the order.
    Visible,
    /// Holders of the permission on one of the paths.
    Any(Permission, &'static [Path]),
    /// The creator, and holders of the permission on one of the paths.
    CreatorOr(Permission, &'static [Path]),
    /// The creator, or the service itself when nobody asked for the order.
    Creator,
    /// The service itself, which acts without an actor.
    System,
}

impl Gate {
    /// Whether the actor passes; `None` is the service itself.
    #[must_use]
    pub fn lets(self, actor: Option<&Actor>, order: &OrderFacts) -> bool {
        let Some(actor) = actor else {
            return matches!(self, Self::Creator | Self::System);
        };
        match self {
            Self::Staff => actor.is_staff,
            Self::Visible => visible(actor, order.project.id, order.consumer.id, order.offering.provider),
            Self::Any(permission, paths) => holds(actor, permission, paths, order),
            Self::CreatorOr(permission, paths) => created(actor, order) || holds(actor, permission, paths, order),
            Self::Creator => created(actor, order),
            Self::System => false,
        }
    }
}

fn created(actor: &Actor, order: &OrderFacts) -> bool {
    order.created_by == Some(actor.id)
}

/// Whether the actor holds the permission at the end of one of the paths.
pub(super) fn holds(actor: &Actor, permission: Permission, paths: &[Path], order: &OrderFacts) -> bool {
    paths.iter().any(|path| actor.has(permission, &[path.scope(order)]))
}
