//! The provider, and the two halves of signing in.

use std::{sync::Arc, time::Duration};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use openidconnect::{
    AuthorizationCode, ClientId, ClientSecret, CsrfToken, IssuerUrl, Nonce, PkceCodeChallenge, PkceCodeVerifier,
    RedirectUrl, Scope, TokenResponse as _,
    core::{CoreAuthenticationFlow, CoreClient, CoreIdToken, CoreProviderMetadata},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use tokio::{sync::Mutex, time::Instant};

use crate::{OidcError, http};

/// What is known of a provider is asked for anew after this long: its keys change.
const FRESH: Duration = Duration::from_secs(3600);

/// Which provider, and who we are there.
#[derive(Clone)]
pub struct Settings {
    /// Its address, as in its tokens.
    pub issuer: String,
    /// Our name there.
    pub client_id: String,
    /// Our password there; a public client has none.
    pub client_secret: Option<String>,
    /// Where browsers come back to.
    pub redirect_url: String,
    /// The claim that names the account here. It has to be the provider's to give: nobody may choose it freely.
    pub username_claim: String,
}

impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settings")
            .field("issuer", &self.issuer)
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

/// What a browser keeps until it comes back.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Pending {
    state: String,
    nonce: String,
    verifier: String,
}

/// Whom the provider vouches for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The name of the account.
    pub username: String,
    /// Empty when the provider says none, or has not checked it.
    pub email: String,
    /// Empty when the provider says none.
    pub first_name: String,
    /// Empty when the provider says none.
    pub last_name: String,
}

/// A provider. Cheap to clone.
#[derive(Clone)]
pub struct Provider(Arc<Inner>);

struct Inner {
    settings: Settings,
    issuer: IssuerUrl,
    redirect: RedirectUrl,
    http: http::Http,
    known: Mutex<Option<(CoreProviderMetadata, Instant)>>,
}

impl Provider {
    /// Asks nothing yet: a provider that is away must not keep the service from starting.
    ///
    /// # Errors
    /// An address is none.
    pub fn new(settings: Settings) -> Result<Self, OidcError> {
        let wrong = |what: &str| OidcError::Settings(format!("{what} is no address"));
        let issuer = IssuerUrl::new(settings.issuer.clone()).map_err(|_| wrong("oidc.issuer"))?;
        let redirect = RedirectUrl::new(settings.redirect_url.clone()).map_err(|_| wrong("server.public_url"))?;
        let http = http::client()?;
        Ok(Self(Arc::new(Inner { settings, issuer, redirect, http, known: Mutex::default() })))
    }

    /// What the provider says of itself.
    async fn metadata(&self) -> Result<CoreProviderMetadata, OidcError> {
        let mut known = self.0.known.lock().await;
        if let Some((metadata, since)) = known.as_ref()
            && since.elapsed() < FRESH
        {
            return Ok(metadata.clone());
        }
        let found = CoreProviderMetadata::discover_async(self.0.issuer.clone(), &self.0.http).await;
        let metadata = found.map_err(|error| OidcError::Provider(chain(&error)))?;
        *known = Some((metadata.clone(), Instant::now()));
        Ok(metadata)
    }

    /// Whether the provider can be asked.
    ///
    /// # Errors
    /// It cannot.
    pub async fn check(&self) -> Result<(), OidcError> {
        self.metadata().await.map(drop)
    }

    /// Where the browser is to go, and what it is to keep.
    ///
    /// # Errors
    /// The provider cannot be asked.
    pub async fn begin(&self) -> Result<(String, Pending), OidcError> {
        let settings = &self.0.settings;
        let client = CoreClient::from_provider_metadata(
            self.metadata().await?,
            ClientId::new(settings.client_id.clone()),
            settings.client_secret.clone().map(ClientSecret::new),
        )
        .set_redirect_uri(self.0.redirect.clone());
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let flow = CoreAuthenticationFlow::AuthorizationCode;
        let (url, state, nonce) = client
            .authorize_url(flow, CsrfToken::new_random, Nonce::new_random)
            .add_scope(Scope::new("profile".to_owned()))
            .add_scope(Scope::new("email".to_owned()))
            .set_pkce_challenge(challenge)
            .url();
        let pending =
            Pending { state: state.into_secret(), nonce: nonce.secret().clone(), verifier: verifier.into_secret() };
        Ok((url.to_string(), pending))
    }

    /// Whom the browser that came back is, by the code that it brought.
    ///
    /// # Errors
    /// It was not sent by us, the provider refuses the code, or its token cannot be trusted.
    pub async fn finish(&self, pending: Pending, state: &str, code: &str) -> Result<Identity, OidcError> {
        // Both are random, and only the browser that was sent has the one: their time to compare tells nothing.
        if state.is_empty() || pending.state != state || code.is_empty() {
            return Err(OidcError::Unexpected);
        }
        let settings = &self.0.settings;
        let client = CoreClient::from_provider_metadata(
            self.metadata().await?,
            ClientId::new(settings.client_id.clone()),
            settings.client_secret.clone().map(ClientSecret::new),
        )
        .set_redirect_uri(self.0.redirect.clone());
        let asked = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|error| OidcError::Provider(error.to_string()))?
            .set_pkce_verifier(PkceCodeVerifier::new(pending.verifier));
        let answer = asked.request_async(&self.0.http).await.map_err(|error| OidcError::Refused(chain(&error)))?;
        let token = answer.id_token().ok_or_else(|| OidcError::Provider("it gave no id token".to_owned()))?;
        let checked = token.claims(&client.id_token_verifier(), &Nonce::new(pending.nonce));
        if let Err(error) = checked {
            // Its keys may have changed: the next who comes finds the new ones.
            *self.0.known.lock().await = None;
            return Err(OidcError::Provider(chain(&error)));
        }
        self.identity(token)
    }

    /// The claims of a token that was checked; also those that the standard does not name.
    fn identity(&self, token: &CoreIdToken) -> Result<Identity, OidcError> {
        let claims = claims(token).ok_or_else(|| OidcError::Provider("its id token cannot be read".to_owned()))?;
        let text = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default().trim().to_owned();
        let claim = &self.0.settings.username_claim;
        let username = text(claim);
        if username.is_empty() {
            return Err(OidcError::Provider(format!("its id token has no claim {claim:?}")));
        }
        let is_checked = claims.get("email_verified") != Some(&Value::Bool(false));
        Ok(Identity {
            username,
            email: if is_checked { text("email") } else { String::new() },
            first_name: text("given_name"),
            last_name: text("family_name"),
        })
    }
}

/// The middle part of a signed token.
fn claims(token: &CoreIdToken) -> Option<Map<String, Value>> {
    let text = token.to_string();
    let part = URL_SAFE_NO_PAD.decode(text.split('.').nth(1)?).ok()?;
    serde_json::from_slice(&part).ok()
}

/// An error with its causes.
fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}
