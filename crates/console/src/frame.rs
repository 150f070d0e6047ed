//! What stands around the pages of somebody who has signed in.

use crate::{session::Viewer, site::Site, text};

/// The head of a page.
pub(crate) struct Frame<'a> {
    /// Before all paths.
    pub base: &'a str,
    /// Who reads the page; nobody before signing in.
    pub viewer: Option<String>,
}

impl<'a> Frame<'a> {
    /// For somebody who has not signed in.
    pub fn for_anybody(site: &'a Site) -> Self {
        Self { base: site.base(), viewer: None }
    }

    /// For somebody who has.
    pub fn of(site: &'a Site, viewer: &Viewer) -> Self {
        Self { base: site.base(), viewer: Some(text::name(viewer.name())) }
    }
}
