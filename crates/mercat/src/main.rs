//! `mercat`, the one binary: server, worker, demo and administration.

mod broker;
mod cli;
mod cmd;
mod config;
mod demo;
mod key;
mod output;
mod telemetry;
mod wire;

use clap::Parser as _;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> std::process::ExitCode {
    match cmd::run(cli::Cli::parse()).await {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            output::complain(&format!("{error:#}"));
            std::process::ExitCode::FAILURE
        }
    }
}
