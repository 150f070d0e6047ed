//! TLS with ring, named here, so that no other crate's choice of a provider matters.

use std::sync::Arc;

use rustls::{ClientConfig, RootCertStore, crypto::ring};
use rustls_platform_verifier::BuilderVerifierExt as _;

use crate::SetupError;

/// Trusts what the system trusts, which may include an authority of the operator's own.
///
/// A container may have no certificates at all; then it is Mozilla's list.
///
/// # Errors
/// The TLS library cannot be set up.
pub fn config() -> Result<ClientConfig, SetupError> {
    let failed = |e: rustls::Error| SetupError::Tls(e.to_string());
    let builder = || {
        ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(failed)
    };
    let trusting = match builder()?.with_platform_verifier() {
        Ok(trusting) => trusting,
        Err(error) => {
            tracing::warn!(%error, "the system has no usable certificates: trusting Mozilla's list");
            builder()?.with_root_certificates(RootCertStore::from_iter(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()))
        }
    };
    Ok(trusting.with_no_client_auth())
}
