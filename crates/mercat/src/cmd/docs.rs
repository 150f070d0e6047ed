//! Documents that are generated from the rules.

use mercat_domain::order::{permissions_markdown, states_markdown};

use crate::{cli::Document, output};

/// Prints one.
pub fn print(document: Document) {
    let text = match document {
        Document::States => states_markdown(),
        Document::Permissions => permissions_markdown(),
    };
    output::line(text.trim_end());
}
