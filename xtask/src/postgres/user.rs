//! PostgreSQL refuses to run as root, so root hands the server to another user.

use crate::{apt, environment, process};
use anyhow::{Result, bail};
use std::path::Path;
use std::process::Command;

/// Who runs the server.
pub enum ServerUser {
    /// The person who started the tests.
    Myself,
    /// Another user, reached through one of the programs that change the user.
    Other { name: &'static str, switch: Switch },
}

/// Programs that run a command as another user.
#[derive(Clone, Copy)]
pub enum Switch {
    Runuser,
    Setpriv,
    Su,
}

impl ServerUser {
    /// `postgres` or `nobody` when the tests were started by root.
    pub fn choose() -> Result<Self> {
        if !apt::is_root()? {
            return Ok(Self::Myself);
        }
        let Some(name) = ["postgres", "nobody"].into_iter().find(|name| exists(name)) else {
            bail!("PostgreSQL does not run as root: create a user `postgres`, or run the tests as another user");
        };
        let Some(switch) = Switch::available() else {
            bail!("PostgreSQL does not run as root: install `runuser`, `setpriv` or `su` (Debian: util-linux)");
        };
        Ok(Self::Other { name, switch })
    }

    /// A command that runs `program` as this user.
    pub fn command(&self, program: &Path) -> Command {
        match self {
            Self::Myself => Command::new(program),
            Self::Other { name, switch } => switch.command(name, program),
        }
    }

    /// Gives the folder to this user.
    pub fn own(&self, folder: &Path) -> Result<()> {
        match self {
            Self::Myself => Ok(()),
            Self::Other { name, .. } => process::capture(Command::new("chown").arg(name).arg(folder)).map(drop),
        }
    }
}

impl Switch {
    fn available() -> Option<Self> {
        let programs = [(Self::Runuser, "runuser"), (Self::Setpriv, "setpriv"), (Self::Su, "su")];
        programs.into_iter().find(|(_, name)| environment::on_path(name).is_some()).map(|(switch, _)| switch)
    }

    fn command(self, user: &str, program: &Path) -> Command {
        let mut command;
        match self {
            Self::Runuser => {
                command = Command::new("runuser");
                command.args(["-u", user, "--"]);
            }
            Self::Setpriv => {
                command = Command::new("setpriv");
                command.args(["--reuid", user, "--regid", &group(user), "--clear-groups", "--"]);
            }
            Self::Su => {
                command = Command::new("su");
                command.args(["-s", "/bin/sh", "-c", r#"exec "$0" "$@""#, "--", user]);
            }
        }
        command.arg(program);
        command
    }
}

fn exists(user: &str) -> bool {
    process::succeeds(Command::new("id").arg(user))
}

fn group(user: &str) -> String {
    process::capture_text(Command::new("id").args(["-g", user])).unwrap_or_else(|_| user.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_switch_runs_the_program_as_the_other_user_with_its_arguments() {
        if !apt::is_root().unwrap() || !exists("nobody") {
            return;
        }
        for (switch, name) in [(Switch::Runuser, "runuser"), (Switch::Setpriv, "setpriv"), (Switch::Su, "su")] {
            if environment::on_path(name).is_none() {
                continue;
            }
            let mut command = switch.command("nobody", Path::new("/bin/sh"));
            let printed = process::capture_text(command.args(["-c", "id -un; echo $1", "sh", "two words"])).unwrap();
            assert_eq!(printed, "nobody\ntwo words", "{name}");
        }
    }
}
