//! What stands around the pages of somebody who has signed in.

use mercat_domain::permission::Permission;

use crate::{session::Viewer, site::Site, text};

/// The keys that the script gives to all pages, and what they do.
pub(crate) const KEYS: [(&str, &str); 11] = [
    ("j", "next order"),
    ("k", "order before"),
    ("Enter", "open it"),
    ("x", "choose it, or not"),
    ("a", "approve it, or what is chosen"),
    ("r", "reject it, or what is chosen"),
    ("/", "search"),
    ("g i", "go to the inbox"),
    ("g o", "go to the orders; g r: resources; g c: catalogue"),
    ("Esc", "leave a field or this help"),
    ("?", "this help"),
];

/// The head of a page.
pub(crate) struct Frame<'a> {
    /// Before all paths.
    pub base: &'a str,
    /// Who reads the page; nobody before signing in.
    pub viewer: Option<String>,
    /// Where the log ended when the page was read.
    pub seq: i64,
    /// The path of the page.
    path: String,
    /// Whether some of their roles are a provider's.
    pub provides: bool,
    /// Whether they run the service.
    pub operates: bool,
}

impl<'a> Frame<'a> {
    /// For somebody who has not signed in.
    pub fn for_anybody(site: &'a Site) -> Self {
        Self { base: site.base(), viewer: None, seq: 0, path: String::new(), provides: false, operates: false }
    }

    /// For somebody who has.
    pub fn of(site: &'a Site, viewer: &Viewer) -> Self {
        let actor = &viewer.actor;
        let provides = actor.grants.iter().any(|grant| grant.permissions.contains(Permission::OfferingUpdate));
        Self {
            base: site.base(),
            viewer: Some(text::name(viewer.name())),
            seq: viewer.seq,
            path: viewer.path.clone(),
            provides: provides || actor.is_staff,
            operates: actor.sees_all(),
        }
    }

    /// What a link of the head says about itself: the page is this one, or is among those that it leads to.
    pub fn current(&self, place: &str) -> &'static str {
        match self.path.strip_prefix(place) {
            Some("") => "page",
            Some(_) if place != "/" => "true",
            _ => "false",
        }
    }
}
