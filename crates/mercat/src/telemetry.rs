//! Logs, on standard error: standard output belongs to results.

use std::io::IsTerminal as _;

use tracing_subscriber::{EnvFilter, fmt};

use crate::config::{Log, LogFormat};

/// Starts logging.
pub fn start(log: &Log) {
    // The settings were checked.
    let filter = EnvFilter::new(&log.filter);
    let builder = fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(std::io::stderr().is_terminal());
    let started = match log.format {
        LogFormat::Text => builder.try_init(),
        LogFormat::Json => builder.json().try_init(),
    };
    if let Err(error) = started {
        crate::output::complain(&format!("no logs: {error}"));
    }
}
