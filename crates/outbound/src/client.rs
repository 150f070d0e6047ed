//! The client that sends.

use std::{sync::Arc, time::Duration};

use crate::{
    Answer, Call, CallError, Policy, SetupError,
    resolver::{self, GuardedResolver, Reach},
    target, tls,
};

const USER_AGENT: &str = concat!("Mercat/", env!("CARGO_PKG_VERSION"));
/// Shorter than receivers usually keep a connection, so that we do not speak into one that is being closed.
const IDLE: Duration = Duration::from_secs(3);

/// Sends POSTs under a [`Policy`]; cheap to clone.
#[derive(Clone)]
pub struct Client {
    policy: Arc<Policy>,
    /// For ordinary ports.
    public: reqwest::Client,
    /// For ports where only ranges that the operator allowed may be called.
    only_allowed: reqwest::Client,
}

impl Client {
    /// A client under this policy.
    ///
    /// # Errors
    /// The system's name servers cannot be read, or TLS cannot be set up.
    pub fn new(policy: Policy) -> Result<Self, SetupError> {
        let policy = Arc::new(policy);
        let names = resolver::names(&policy)?;
        let tls = tls::config()?;
        let http = |reach| {
            let resolver = GuardedResolver::new(names.clone(), Arc::clone(&policy), reach);
            http_client(&policy, resolver, tls.clone())
        };
        Ok(Self { public: http(Reach::Public)?, only_allowed: http(Reach::OnlyAllowed)?, policy })
    }

    /// Sends one POST and reads the answer, whatever its status.
    ///
    /// # Errors
    /// The policy forbids the call, or no whole answer came.
    pub async fn post(&self, call: Call) -> Result<Answer, CallError> {
        let target = target::check(&call.url, &self.policy)?;
        let headers = call.header_map()?;
        let http = if target.only_allowed { &self.only_allowed } else { &self.public };
        let response = http.post(target.url).headers(headers).body(call.body).send().await?;
        Answer::read(response, self.policy.max_response).await
    }
}

fn http_client(
    policy: &Policy,
    resolver: GuardedResolver,
    tls: rustls::ClientConfig,
) -> Result<reqwest::Client, SetupError> {
    reqwest::Client::builder()
        .user_agent(USER_AGENT)
        .dns_resolver(resolver)
        .tls_backend_preconfigured(tls)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy()
        .referer(false)
        // Another crate may switch these on for all.
        .no_gzip()
        .no_brotli()
        .no_zstd()
        .no_deflate()
        .http1_only()
        .pool_max_idle_per_host(1)
        .pool_idle_timeout(IDLE)
        .connect_timeout(policy.connect_timeout)
        .timeout(policy.total_timeout)
        .build()
        .map_err(|e| SetupError::Http(e.to_string()))
}
