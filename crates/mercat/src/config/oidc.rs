//! Settings of single sign-on.

use std::sync::Arc;

use mercat_console::Elsewhere;
use serde::Deserialize;

use super::secret::Secret;

/// By whom else people sign in.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(not(feature = "oidc"), expect(dead_code, reason = "without the feature only the issuer is looked at"))]
pub struct Oidc {
    issuer: String,
    title: String,
    client_id: String,
    client_secret: Secret,
    username_claim: String,
    make_accounts: bool,
}

impl Oidc {
    /// The other service, if there is one. Browsers come back below `public_url`.
    pub fn elsewhere(&self, public_url: &str) -> anyhow::Result<Option<Arc<dyn Elsewhere>>> {
        if self.issuer.is_empty() {
            return Ok(None);
        }
        self.provider(public_url).map(Some)
    }

    #[cfg(not(feature = "oidc"))]
    fn provider(&self, _: &str) -> anyhow::Result<Arc<dyn Elsewhere>> {
        anyhow::bail!(
            "oidc.issuer: this mercat was built without OpenID Connect; build it with `--features oidc`, or leave it empty"
        )
    }

    #[cfg(feature = "oidc")]
    fn provider(&self, public_url: &str) -> anyhow::Result<Arc<dyn Elsewhere>> {
        use anyhow::Context as _;
        let settings = mercat_oidc::Settings {
            issuer: self.issuer.clone(),
            client_id: self.client_id.clone(),
            client_secret: self.client_secret.reveal(),
            redirect_url: format!("{public_url}/login/elsewhere/back/"),
            username_claim: self.username_claim.clone(),
        };
        let provider = mercat_oidc::Provider::new(settings).context("oidc")?;
        Ok(Arc::new(present::Service { provider, title: self.title.clone(), makes_accounts: self.make_accounts }))
    }
}

#[cfg(feature = "oidc")]
mod present {
    use futures_util::{FutureExt as _, future::BoxFuture};
    use mercat_app::structure::Vouched;
    use mercat_console::Elsewhere;
    use mercat_oidc::Provider;

    /// The provider as the console knows it.
    pub struct Service {
        pub provider: Provider,
        pub title: String,
        pub makes_accounts: bool,
    }

    impl Elsewhere for Service {
        fn title(&self) -> &str {
            &self.title
        }

        fn makes_accounts(&self) -> bool {
            self.makes_accounts
        }

        fn begin(&self) -> BoxFuture<'_, Result<(String, String), String>> {
            async {
                let (place, pending) = self.provider.begin().await.map_err(|error| error.to_string())?;
                Ok((place, serde_json::to_string(&pending).map_err(|error| error.to_string())?))
            }
            .boxed()
        }

        fn finish(&self, kept: String, state: String, code: String) -> BoxFuture<'_, Result<Vouched, String>> {
            async move {
                let pending = serde_json::from_str(&kept).map_err(|_| "the browser kept nothing of use".to_owned())?;
                let found = self.provider.finish(pending, &state, &code).await.map_err(|error| error.to_string())?;
                let mercat_oidc::Identity { username, email, first_name, last_name } = found;
                Ok(Vouched { username, email, first_name, last_name })
            }
            .boxed()
        }
    }
}
