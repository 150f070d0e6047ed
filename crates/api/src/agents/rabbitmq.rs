//! Whom RabbitMQ lets in: its plugin `rabbitmq_auth_backend_http` asks here, so that agents sign in there with the name
//! and the token that they would use here. Nobody may do more than read their own queue.

use axum::{
    Router,
    extract::{Request, State},
    routing::post,
};
use mercat_app::agents::{may_read_at_broker, may_sign_in_at_broker};

use crate::{
    body::{Form, read_form},
    error::ApiError,
    state::Api,
};

/// The plugin sends a few short fields, in bytes.
const MOST: usize = 8 * 1024;

/// What the plugin understands.
type Verdict = Result<&'static str, ApiError>;

const fn verdict(may: bool) -> &'static str {
    if may { "allow" } else { "deny" }
}

/// The addresses for the plugin's settings `user_path`, `vhost_path`, `resource_path` and `topic_path`.
pub(crate) fn routes() -> Router<Api> {
    Router::new()
        .route("/user", post(user))
        .route("/vhost", post(virtual_host))
        .route("/resource", post(resource))
        .route("/topic", post(topic))
}

fn text<'a>(form: &'a Form, name: &str) -> &'a str {
    form.get(name).and_then(|value| value.as_str()).unwrap_or_default()
}

fn is_ours(api: &Api, form: &Form) -> bool {
    api.config.agents_virtual_host.as_deref() == Some(text(form, "vhost"))
}

/// The token is the password.
async fn user(State(api): State<Api>, request: Request) -> Verdict {
    let form = read_form(request, MOST).await?;
    let may = may_sign_in_at_broker(&api.app, text(&form, "username"), text(&form, "password")).await?;
    Ok(verdict(may))
}

/// There is one for all agents.
async fn virtual_host(State(api): State<Api>, request: Request) -> Verdict {
    Ok(verdict(is_ours(&api, &read_form(request, MOST).await?)))
}

/// One's own queue may be read.
async fn resource(State(api): State<Api>, request: Request) -> Verdict {
    let form = read_form(request, MOST).await?;
    let is_reading = (text(&form, "resource"), text(&form, "permission")) == ("queue", "read");
    let may = is_reading
        && is_ours(&api, &form)
        && may_read_at_broker(&api.app, text(&form, "username"), text(&form, "name")).await?;
    Ok(verdict(may))
}

/// Nobody subscribes to topics.
async fn topic(request: Request) -> Verdict {
    read_form(request, MOST).await?;
    Ok(verdict(false))
}
