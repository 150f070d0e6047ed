//! The command line.

use std::{net::SocketAddr, path::PathBuf};

use chrono::DateTime;
use clap::{Args, Parser, Subcommand};
use mercat_domain::{
    delivery::DeliveryState,
    time::{Timestamp, parse_date, start_of_day},
};
use uuid::Uuid;

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
    /// Let the secret key of the data folder belong to the database in place of one that is lost: hooks get new secrets,
    /// and links in mail that was sent do not work any more
    AdoptKey {
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
    /// The event log
    #[command(subcommand)]
    Events(EventsCommand),
    /// Callbacks, webhooks and mail
    #[command(subcommand)]
    Deliveries(DeliveriesCommand),
    /// Say whom an order waits for, since when, what unblocks it, and what somebody may do about it
    Explain {
        /// The order: its UUID, or its name such as ORD-12
        #[arg(value_name = "ORDER")]
        order: String,
        /// Whose possibilities to show, by sign-in name [default: those of staff]
        #[arg(long = "for", value_name = "USER")]
        viewer: Option<String>,
        /// Data and settings.
        #[command(flatten)]
        place: Place,
    },
    /// Check database, files, secret key, event log, mail and what waits to be done, and say what to do
    Doctor {
        /// Data and settings.
        #[command(flatten)]
        place: Place,
    },
    /// Make counts and search anew, when the doctor says that they are wrong; changes wait until it is done
    Reindex {
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

/// What can be done about the event log.
#[derive(Debug, Subcommand)]
pub enum EventsCommand {
    /// Print events as they come, one line of JSON each, until Ctrl-C
    Follow {
        /// Begin behind the event of this number; 0 is the first one [default: what comes from now on]
        #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(i64).range(0..))]
        after: Option<i64>,
        /// Only events of this type, such as order.submit or order.*; may be given several times
        #[arg(long = "kind", value_name = "TYPE")]
        kinds: Vec<String>,
        /// Data and settings.
        #[command(flatten)]
        place: Place,
    },
}

/// What can be done about messages that leave.
#[derive(Debug, Subcommand)]
pub enum DeliveriesCommand {
    /// Print messages, newest first
    List {
        /// pending, delivered or dead
        #[arg(long)]
        state: Option<DeliveryState>,
        /// Only those about this order: its UUID, or its name such as ORD-12
        #[arg(long, value_name = "ORDER")]
        order: Option<String>,
        /// At most so many
        #[arg(long, value_name = "NUMBER", default_value_t = 50)]
        limit: u64,
        /// Data and settings.
        #[command(flatten)]
        place: Place,
    },
    /// Send a message that was delivered or given up once more
    Redeliver {
        /// The message, from `mercat deliveries list`
        #[arg(value_name = "UUID")]
        delivery: Uuid,
        /// Data and settings.
        #[command(flatten)]
        place: Place,
    },
    /// Send a hook everything that happened in a period once more
    Replay {
        /// The hook
        #[arg(value_name = "UUID")]
        hook: Uuid,
        /// When the period begins: 2025-05-19 or 2025-05-19T12:00:00Z
        #[arg(long, value_name = "TIME", value_parser = moment)]
        from: Timestamp,
        /// When it ends
        #[arg(long, value_name = "TIME", value_parser = moment)]
        to: Timestamp,
        /// Data and settings.
        #[command(flatten)]
        place: Place,
    },
}

/// A time with its zone, or the beginning of a day in UTC.
fn moment(text: &str) -> Result<Timestamp, String> {
    let day = || parse_date(text).map(start_of_day);
    let time = DateTime::parse_from_rfc3339(text).ok().map(|time| time.to_utc());
    time.or_else(day).ok_or_else(|| "write it as 2025-05-19 or 2025-05-19T12:00:00Z".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        super::Cli::command().debug_assert();
    }
}
