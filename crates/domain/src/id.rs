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

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                crate::names::from_text(deserializer)
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
    /// A search that somebody kept.
    SavedViewId
    /// A service provider: an organisation's side towards those who order from it.
    ServiceProviderId
    /// A group of categories.
    CategoryGroupId
    /// The terms of service of an offering, one version.
    OfferingTermsId
    /// A user's consent to the terms of an offering.
    ConsentId
    /// An account of a person at an offering.
    OfferingUserId
    /// What a resource used of a component in a period.
    ComponentUsageId
    /// What one user of a resource used of a component in a period.
    ComponentUserUsageId
    /// What one user of a resource may use of a component.
    UsageLimitId
    /// The time that a resource was on a plan.
    PlanPeriodId
    /// An access endpoint of an offering or resource.
    EndpointId
    /// A role assignment.
    UserRoleId
    /// A screenshot of an offering.
    ScreenshotId
    /// A provider's agent at an offering.
    AgentIdentityId
    /// One of the things that an agent does.
    AgentServiceId
    /// The backend that an agent's service works on.
    AgentProcessorId
    /// What an older agent wants to hear of.
    EventSubscriptionId
    /// A consumer's place in the event log.
    EventQueueId
    /// Somebody who wants to be told: a web hook or mail.
    HookId
    /// A message that leaves the process.
    DeliveryId
    /// One try to deliver a message.
    AttemptId
    /// A link in a mail that decides once.
    DecisionLinkId
    /// What waits for a daily mail.
    DigestEntryId
}
