//! Requests to the provider, which the operator named: nobody else's address is asked.

use std::{pin::Pin, time::Duration};

use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse, http};

use crate::OidcError;

/// A provider that takes longer is as good as none.
const TIMEOUT: Duration = Duration::from_secs(10);
/// No document of a provider is larger, in bytes.
const LARGEST: usize = 1024 * 1024;

/// Sends what the protocol asks for.
pub struct Http(reqwest::Client);

/// Without redirects: a token must go to nobody else.
pub fn client() -> Result<Http, OidcError> {
    let tls = mercat_outbound::tls_config().map_err(|error| OidcError::Settings(error.to_string()))?;
    let builder = reqwest::Client::builder().tls_backend_preconfigured(tls).timeout(TIMEOUT);
    let builder = builder.redirect(reqwest::redirect::Policy::none());
    builder.build().map(Http).map_err(|error| OidcError::Settings(error.to_string()))
}

impl<'c> AsyncHttpClient<'c> for Http {
    type Error = Failed;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Failed>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(send(&self.0, request))
    }
}

async fn send(client: &reqwest::Client, request: HttpRequest) -> Result<HttpResponse, Failed> {
    let (head, body) = request.into_parts();
    let asked = client.request(head.method, head.uri.to_string()).headers(head.headers).body(body);
    let mut answer = asked.send().await.map_err(|error| Failed(told(&error)))?;
    let mut response = http::Response::new(Vec::new());
    *response.status_mut() = answer.status();
    *response.headers_mut() = std::mem::take(answer.headers_mut());
    while let Some(chunk) = answer.chunk().await.map_err(|error| Failed(told(&error)))? {
        if response.body().len() + chunk.len() > LARGEST {
            return Err(Failed("the answer is too large".to_owned()));
        }
        response.body_mut().extend_from_slice(&chunk);
    }
    Ok(response)
}

/// With its cause, and without the address, which may hold a code.
fn told(error: &reqwest::Error) -> String {
    let cause = std::error::Error::source(error).map(|cause| format!(": {cause}")).unwrap_or_default();
    let kind = if error.is_timeout() { "no answer in time" } else { "no answer" };
    format!("{kind}{cause}")
}

/// The request came to nothing.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Failed(String);
