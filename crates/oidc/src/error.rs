//! Why nobody was signed in.

/// Why nobody was signed in.
#[derive(Debug, thiserror::Error)]
pub enum OidcError {
    /// The settings cannot be used.
    #[error("{0}")]
    Settings(String),
    /// The provider could not be asked, or answered nothing that can be used.
    #[error("the provider: {0}")]
    Provider(String),
    /// The browser came back with something that was not begun here, or too late.
    #[error("what the browser brought back does not fit what it was sent with")]
    Unexpected,
    /// The provider says that nobody signed in.
    #[error("the provider refused: {0}")]
    Refused(String),
}
