//! The environment variables that the tasks read, and the names they hand to the tests.
#![expect(clippy::disallowed_methods, reason = "a developer's tool is configured by its environment")]

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;

/// Superuser URL of the PostgreSQL server in which the tests create their databases.
pub const POSTGRES: &str = "MERCAT_TEST_POSTGRES";
/// Folder with PostgreSQL's programs, for tests that kill a server of their own.
pub const POSTGRES_PROGRAMS: &str = "MERCAT_TEST_POSTGRES_PROGRAMS";
/// Python interpreter that has the client packages of `xtask/requirements.txt`.
pub const PYTHON: &str = "MERCAT_TEST_PYTHON";
/// Python interpreter that has the packages of `xtask/requirements-agent.txt`.
pub const AGENT_PYTHON: &str = "MERCAT_TEST_AGENT_PYTHON";
/// Python interpreter that has the packages of `xtask/requirements-bucket.txt`.
pub const BUCKET_PYTHON: &str = "MERCAT_TEST_BUCKET_PYTHON";
/// Python interpreter that has the packages of `xtask/requirements-schemathesis.txt`.
pub const SCHEMATHESIS_PYTHON: &str = "MERCAT_TEST_SCHEMATHESIS_PYTHON";
/// Program that starts a RabbitMQ server.
pub const RABBITMQ: &str = "MERCAT_TEST_RABBITMQ";
/// Chromium's driver.
pub const CHROMEDRIVER: &str = "MERCAT_TEST_CHROMEDRIVER";
/// The script of axe-core.
pub const AXE: &str = "MERCAT_TEST_AXE";
/// PostgreSQL's own benchmark.
pub const PGBENCH: &str = "MERCAT_PGBENCH";
/// Absolute path of the folder with the API page and the contract.
pub const SHARED: &str = "MERCAT_SHARED";

/// Value of a variable; an empty one counts as missing.
pub fn value(name: &str) -> Option<OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}

/// True in CI, where a check that cannot run is a failure.
pub fn is_ci() -> bool {
    value("CI").is_some_and(|value| value != "false" && value != "0")
}

/// The program `name` as found on PATH.
pub fn on_path(name: &str) -> Option<PathBuf> {
    let path = value("PATH")?;
    env::split_paths(&path).map(|folder| folder.join(name)).find(|candidate| candidate.is_file())
}
