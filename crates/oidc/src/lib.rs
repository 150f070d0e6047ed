//! Signing in by an OpenID Connect provider: the authorization code flow with PKCE, for a browser.
//!
//! What has to be remembered until the browser comes back ([`Pending`]) is the browser's to keep: the server stores
//! nothing for somebody who may never come.

mod error;
mod http;
mod provider;

pub use error::OidcError;
pub use provider::{Identity, Pending, Provider, Settings};
