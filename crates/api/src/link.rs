//! Hyperlinks: out as absolute URLs of the caller's origin, in as absolute URLs or paths (spec 3.4, 7.2).

use std::fmt;

use mercat_domain::id::{CategoryId, CustomerId, MediaId, OfferingId, OrderId, OrganizationGroupId, PlanId, ProjectId};
use serde::{Serialize, Serializer};
use uuid::Uuid;

use crate::origin::Origin;

/// A route that objects are named by: path segments, `*` for a UUID. The last UUID is the object.
pub(crate) type Place = &'static [&'static str];

/// Routes of offerings; the last is the one of the documentation's examples.
pub(crate) const OFFERINGS: &[Place] =
    &[&["marketplace-public-offerings", "*"], &["marketplace-provider-offerings", "*"], &["offering", "*"]];
/// Routes of projects.
pub(crate) const PROJECTS: &[Place] = &[&["projects", "*"], &["project", "*"]];
/// Routes of plans.
pub(crate) const PLANS: &[Place] = &[
    &["marketplace-public-offerings", "*", "plans", "*"],
    &["marketplace-provider-offerings", "*", "plans", "*"],
    &["marketplace-plans", "*"],
    &["plan", "*"],
];
/// Routes of resources.
pub(crate) const RESOURCES: &[Place] = &[&["marketplace-resources", "*"], &["marketplace-provider-resources", "*"]];
/// Routes of organisations.
pub(crate) const CUSTOMERS: &[Place] = &[&["customers", "*"]];
/// Routes of categories.
pub(crate) const CATEGORIES: &[Place] = &[&["marketplace-categories", "*"]];
/// Routes of groups of categories.
pub(crate) const CATEGORY_GROUPS: &[Place] = &[&["marketplace-category-groups", "*"]];
/// Routes of groups of organisations.
pub(crate) const GROUPS: &[Place] = &[&["organization-groups", "*"]];
/// Routes of people.
pub(crate) const USERS: &[Place] = &[&["users", "*"]];
/// Routes of providers.
pub(crate) const PROVIDERS: &[Place] = &[&["marketplace-service-providers", "*"]];
/// Routes of accounts at offerings.
pub(crate) const OFFERING_USERS: &[Place] = &[&["marketplace-offering-users", "*"]];
/// Routes of usages.
pub(crate) const USAGES: &[Place] = &[&["marketplace-component-usages", "*"]];
/// Routes of usage limits.
pub(crate) const USAGE_LIMITS: &[Place] = &[&["component-user-usage-limits", "*"]];
/// Routes of other things: a link to one of them is a link, but a wrong one.
const OTHERS: &[Place] = &[&["marketplace-orders", "*"], &["roles", "*"]];

/// Why a link names nothing of the wanted kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BadLink {
    NoMatch,
    IncorrectMatch,
    NoObject,
}

impl BadLink {
    /// The framework's words.
    pub const fn message(self) -> &'static str {
        match self {
            Self::NoMatch => "Invalid hyperlink - No URL match.",
            Self::IncorrectMatch => "Invalid hyperlink - Incorrect URL match.",
            Self::NoObject => "Invalid hyperlink - Object does not exist.",
        }
    }
}

/// The object that a link names on one of the routes. The host is not compared.
pub(crate) fn resolve(link: &str, places: &[Place]) -> Result<Uuid, BadLink> {
    let segments = segments(link).ok_or(BadLink::NoMatch)?;
    if places.iter().any(|place| fits(place, &segments)) {
        return segments.last().and_then(|id| Uuid::try_parse(id).ok()).ok_or(BadLink::NoObject);
    }
    let elsewhere = [
        OFFERINGS,
        PROJECTS,
        PLANS,
        RESOURCES,
        CUSTOMERS,
        CATEGORIES,
        CATEGORY_GROUPS,
        GROUPS,
        USERS,
        PROVIDERS,
        OFFERING_USERS,
        USAGES,
        USAGE_LIMITS,
        OTHERS,
    ];
    let known = elsewhere.into_iter().flatten().any(|place| fits(place, &segments));
    Err(if known { BadLink::IncorrectMatch } else { BadLink::NoMatch })
}

/// The path segments below `/api/`.
fn segments(link: &str) -> Option<Vec<&str>> {
    let link = link.trim();
    let path = match link.split_once("://") {
        Some(("http" | "https", rest)) => &rest[rest.find('/')?..],
        Some(_) => return None,
        None => link,
    };
    let path = path.split(['?', '#']).next()?;
    let below = path.strip_prefix("/api/")?;
    Some(below.strip_suffix('/').unwrap_or(below).split('/').collect())
}

fn fits(place: Place, segments: &[&str]) -> bool {
    let same = |(expected, given): (&&str, &&str)| if *expected == "*" { !given.is_empty() } else { expected == given };
    place.len() == segments.len() && place.iter().zip(segments).all(same)
}

/// What a link in an answer leads to.
#[derive(Debug, Clone, Copy)]
pub(crate) enum To {
    Category(CategoryId),
    Checklist(Uuid),
    Customer(CustomerId),
    Group(OrganizationGroupId),
    Media(MediaId),
    Offering(OfferingId),
    OfferingRole(Uuid),
    Order(OrderId),
    Plan(OfferingId, PlanId),
    Project(ProjectId),
    Provider(CustomerId),
}

impl fmt::Display for To {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Category(id) => write!(f, "/api/marketplace-categories/{id}/"),
            Self::Checklist(id) => write!(f, "/api/checklists-admin/{}/", id.simple()),
            Self::Customer(id) => write!(f, "/api/customers/{id}/"),
            Self::Group(id) => write!(f, "/api/organization-groups/{id}/"),
            Self::Media(id) => write!(f, "/media/{id}/"),
            Self::Offering(id) => write!(f, "/api/marketplace-public-offerings/{id}/"),
            Self::OfferingRole(id) => write!(f, "/api/marketplace-offering-user-roles/{}/", id.simple()),
            Self::Order(id) => write!(f, "/api/marketplace-orders/{id}/"),
            Self::Plan(offering, id) => write!(f, "/api/marketplace-public-offerings/{offering}/plans/{id}/"),
            Self::Project(id) => write!(f, "/api/projects/{id}/"),
            Self::Provider(id) => write!(f, "/api/marketplace-service-providers/{id}/"),
        }
    }
}

/// An absolute URL, put together only when it is written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Link<'a>(pub &'a Origin, pub To);

impl fmt::Display for Link<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.0, self.1)
    }
}

impl Serialize for Link<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEX: &str = "a1b2c3d4e5f67890abcdef1234567890";

    #[test]
    fn links_in() {
        let id: Uuid = HEX.parse().unwrap();
        let cases = [
            (format!("https://x.y/api/marketplace-public-offerings/{HEX}/"), OFFERINGS, Ok(id)),
            (format!("/api/marketplace-public-offerings/{HEX}/"), OFFERINGS, Ok(id)),
            (format!("/api/marketplace-public-offerings/{HEX}"), OFFERINGS, Ok(id)),
            (format!("http://[::1]:80/api/offering/{id}/"), OFFERINGS, Ok(id)),
            (format!("/api/marketplace-provider-offerings/{HEX}/?x=1"), OFFERINGS, Ok(id)),
            (format!("/api/project/{id}/"), PROJECTS, Ok(id)),
            (format!("/api/marketplace-public-offerings/zzz/plans/{id}/"), PLANS, Ok(id)),
            (format!("/api/projects/{HEX}/"), OFFERINGS, Err(BadLink::IncorrectMatch)),
            (format!("/api/users/{HEX}/"), PROJECTS, Err(BadLink::IncorrectMatch)),
            (format!("/api/marketplace-public-offerings/{HEX}/"), PLANS, Err(BadLink::IncorrectMatch)),
            ("/api/projects/zzz/".to_owned(), PROJECTS, Err(BadLink::NoObject)),
            ("/api/projects//".to_owned(), PROJECTS, Err(BadLink::NoMatch)),
            (format!("ftp://h/api/projects/{HEX}/"), PROJECTS, Err(BadLink::NoMatch)),
            (HEX.to_owned(), PROJECTS, Err(BadLink::NoMatch)),
            ("http://[".to_owned(), PROJECTS, Err(BadLink::NoMatch)),
            ("https://host".to_owned(), PROJECTS, Err(BadLink::NoMatch)),
            (String::new(), PROJECTS, Err(BadLink::NoMatch)),
        ];
        for (link, places, expected) in cases {
            assert_eq!(resolve(&link, places), expected, "{link}");
        }
    }

    #[test]
    fn links_out() {
        let id: Uuid = HEX.parse().unwrap();
        let link = Link(&Origin::test(), To::Plan(id.into(), id.into())).to_string();
        assert_eq!(link, format!("http://testserver/api/marketplace-public-offerings/{HEX}/plans/{HEX}/"));
    }
}
