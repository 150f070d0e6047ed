//! `mercat token create`.

use anyhow::Context as _;
use mercat_app::{App, admin, auth};

use crate::output;

/// Makes a token and prints it, nothing else, so that scripts can take it.
pub async fn create(app: App, username: &str, lifetime: Option<i64>) -> anyhow::Result<()> {
    let user = admin::user_named(&app, username)
        .await
        .with_context(|| format!("there is no user {username}; make one with `mercat user create {username}`"))?;
    let token = auth::create_token(&app, user.id, "command line", lifetime).await?;
    output::line(&token);
    Ok(())
}
