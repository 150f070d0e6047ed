//! The command line.

use std::{net::SocketAddr, path::PathBuf};

use clap::{Args, Parser, Subcommand};

/// Ten years, in seconds.
const MAX_LIFETIME: i64 = 10 * 366 * 24 * 3600;

/// Marketplace order service, API-compatible with Waldur's Marketplace Orders.
#[derive(Debug, Parser)]
#[command(name = "mercat", version, propagate_version = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Where data and settings are. What is given here goes before the environment, and that before the file.
#[derive(Debug, Clone, Default, Args)]
pub struct Place {
    /// Settings in TOML; see docs/config.toml
    #[arg(long, value_name = "FILE", env = "MERCAT_CONFIG")]
    pub config: Option<PathBuf>,
    /// Folder for the SQLite database and stored files
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// PostgreSQL instead of SQLite: postgres://user:password@host/database
    #[arg(long, value_name = "URL")]
    pub database_url: Option<String>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve a believable world with printed tokens, for trying things out
    Demo {
        /// Folder of the demo's data
        #[arg(long, value_name = "DIR", default_value = "mercat-data")]
        data: PathBuf,
        /// Address to listen on
        #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
        listen: SocketAddr,
        /// Delete the demo's data and begin anew
        #[arg(long)]
        reset: bool,
    },
    /// Serve the API and do the work that is due
    Serve {
        /// Data and settings.
        #[command(flatten)]
        place: Place,
        /// Address to listen on
        #[arg(long, value_name = "ADDRESS")]
        listen: Option<SocketAddr>,
    },
    /// Do the work that is due, without serving: beside servers on one PostgreSQL
    Worker {
        /// Data and settings.
        #[command(flatten)]
        place: Place,
    },
    /// Bring the database up to date
    Migrate {
        /// Data and settings.
        #[command(flatten)]
        place: Place,
    },
    /// Users
    #[command(subcommand)]
    User(UserCommand),
    /// API tokens
    #[command(subcommand)]
    Token(TokenCommand),
    /// Check database, migrations, files and event log
    Doctor {
        /// Data and settings.
        #[command(flatten)]
        place: Place,
    },
    /// Print the OpenAPI document
    Openapi,
    /// Print a document that is generated from the rules
    Docs {
        /// Which one
        document: Document,
    },
}

/// Generated documents.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub enum Document {
    /// docs/STATES.md
    States,
    /// docs/PERMISSIONS.md
    Permissions,
}

/// What can be done about users.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Make a user
    Create {
        /// Lowercase letters, numbers and @ . + - _
        name: String,
        /// May do everything
        #[arg(long)]
        staff: bool,
        /// May see everything
        #[arg(long)]
        support: bool,
        /// Read a password from the first line of standard input
        #[arg(long)]
        password_stdin: bool,
        /// Given name
        #[arg(long, default_value = "")]
        first_name: String,
        /// Family name
        #[arg(long, default_value = "")]
        last_name: String,
        /// Address for mail
        #[arg(long, default_value = "")]
        email: String,
        /// Data and settings.
        #[command(flatten)]
        place: Place,
    },
}

/// What can be done about tokens.
#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Make a token for a user and print it; it cannot be shown again
    Create {
        /// The user's name
        name: String,
        /// Seconds that the token lives without use [default: for ever]
        #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(i64).range(1..=MAX_LIFETIME))]
        lifetime: Option<i64>,
        /// Data and settings.
        #[command(flatten)]
        place: Place,
    },
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        super::Cli::command().debug_assert();
    }
}
