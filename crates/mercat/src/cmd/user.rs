//! `mercat user create`.

use std::io::IsTerminal as _;

use anyhow::Context as _;
use mercat_app::{
    App, AppError,
    admin::{self, NewUser},
};

use crate::output;

/// The options of `user create`.
pub struct New {
    pub name: String,
    pub staff: bool,
    pub support: bool,
    pub password_stdin: bool,
    pub first_name: String,
    pub last_name: String,
    pub email: String,
}

/// Makes a user and prints the id.
pub async fn create(app: App, new: New) -> anyhow::Result<()> {
    let password = if new.password_stdin { Some(read_password()?) } else { None };
    let user = NewUser {
        username: new.name,
        first_name: new.first_name,
        last_name: new.last_name,
        email: new.email,
        is_staff: new.staff,
        is_support: new.support,
        password,
    };
    let tx = app.begin_own().await?;
    let id = match admin::create_user(&tx, user).await {
        Err(AppError::Invalid(invalid)) => anyhow::bail!("{invalid}"),
        other => other?,
    };
    tx.commit().await?;
    output::line(&id.to_string());
    Ok(())
}

/// One line of standard input; somebody at a terminal is asked, and does not see what is typed.
fn read_password() -> anyhow::Result<String> {
    if std::io::stdin().is_terminal() {
        return rpassword::prompt_password("Password: ").context("no password was typed");
    }
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).context("no password on standard input")?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
