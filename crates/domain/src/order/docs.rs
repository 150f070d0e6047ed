//! The tables as pages: docs/STATES.md and docs/PERMISSIONS.md are written from here and compared by a test.

/// docs/STATES.md: the transition table and its diagram.
#[must_use]
pub fn states_markdown() -> String {
    String::new()
}

/// docs/PERMISSIONS.md: roles by permission, and the conditions of every action.
#[must_use]
pub fn permissions_markdown() -> String {
    String::new()
}
