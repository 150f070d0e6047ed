//! Identifiers: one newtype per kind of object.
//!
//! A project id cannot be passed where an offering id is meant.
//!
//! On the wire an id is 32 lower-case hexadecimal digits; both that and the dashed form are read (spec 3.4).

use std::{fmt, str::FromStr};

use uuid::Uuid;

/// The text was not a UUID in any accepted form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a UUID")]
pub struct InvalidId;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub Uuid);

        impl $name {
            /// The plain UUID.
            #[must_use]
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.simple().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::try_parse(text).map(Self).map_err(|_| InvalidId)
            }
        }

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        #[cfg(feature = "sea-orm")]
        crate::sql::uuid_newtype!($name);
    )+};
}

ids! {
    /// A person or a robot with a sign-in.
    UserId
    /// An organisation; consumer or provider, or both.
    CustomerId
    /// A group of organisations that offerings and plans can be restricted to.
    OrganizationGroupId
    /// A project of a customer.
    ProjectId
    /// A role definition.
    RoleId
    /// A category of offerings.
    CategoryId
    /// An offering of a provider.
    OfferingId
    /// A component (measured unit) of an offering.
    ComponentId
    /// A plan of an offering.
    PlanId
    /// A marketplace resource.
    ResourceId
    /// An order.
    OrderId
    /// A stored file: attachment, image or document.
    MediaId
    /// A helpdesk issue.
    IssueId
    /// A unit of work that the worker does later.
    JobId
    /// An API token.
    TokenId
}
