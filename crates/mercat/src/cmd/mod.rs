//! One file a command.

mod deliveries;
mod docs;
mod doctor;
mod events;
mod explain;
mod listen;
mod serve;
mod token;
mod user;
mod worker;

use std::sync::Arc;

use mercat_app::admin;
use mercat_domain::time::SystemClock;

use crate::{
    cli::{Cli, Command, DeliveriesCommand, EventsCommand, Place, TokenCommand, UserCommand},
    config::Config,
    demo, output, telemetry, wire,
};

pub use serve::serve;

/// Does what the command line says.
pub async fn run(cli: Cli) -> anyhow::Result<()> {
    match cli.command {
        Command::Demo { data, listen, reset } => demo::run(data, listen, reset).await,
        Command::Serve { place, listen } => {
            let mut config = start(&place)?;
            config.server.listen = listen.unwrap_or(config.server.listen);
            let _occupied = if config.database.url.is_empty() { Some(wire::occupy(&config.data.dir)?) } else { None };
            let app = wire::prepare(&config).await?;
            serve(app, &config, Vec::new(), |_| {}).await
        }
        Command::Worker { place } => worker::run(&start(&place)?).await,
        Command::Migrate { place } => migrate(&place).await,
        Command::AdoptKey { place } => adopt_key(&start(&place)?).await,
        Command::User(UserCommand::Create {
            name,
            staff,
            support,
            password_stdin,
            first_name,
            last_name,
            email,
            place,
        }) => {
            let new = user::New { name, staff, support, password_stdin, first_name, last_name, email };
            user::create(wire::prepare(&start(&place)?).await?, new).await
        }
        Command::Token(TokenCommand::Create { name, lifetime, place }) => {
            token::create(wire::prepare(&start(&place)?).await?, &name, lifetime).await
        }
        Command::Events(EventsCommand::Follow { after, kinds, place }) => {
            events::follow(&wire::open(&start(&place)?).await?, after, kinds).await
        }
        Command::Deliveries(command) => deliveries(command).await,
        Command::Explain { order, viewer, place } => {
            explain::run(&wire::open(&start(&place)?).await?, &order, viewer).await
        }
        Command::Doctor { place } => doctor::run(&start(&place)?).await,
        Command::Reindex { place } => {
            mercat_app::orders::reindex(&wire::open(&start(&place)?).await?).await?;
            output::line("All orders and resources are counted, and orders are found by what they are called.");
            Ok(())
        }
        Command::Openapi => {
            output::line(mercat_api::openapi().trim_end());
            Ok(())
        }
        Command::Docs { document } => {
            docs::print(document);
            Ok(())
        }
    }
}

async fn deliveries(command: DeliveriesCommand) -> anyhow::Result<()> {
    match command {
        DeliveriesCommand::List { state, order, limit, place } => {
            deliveries::list(&wire::open(&start(&place)?).await?, state, order, limit).await
        }
        DeliveriesCommand::Redeliver { delivery, place } => {
            deliveries::redeliver(&wire::open(&start(&place)?).await?, delivery).await
        }
        DeliveriesCommand::Replay { hook, from, to, place } => {
            deliveries::replay(&wire::open(&start(&place)?).await?, hook, from, to).await
        }
    }
}

fn start(place: &Place) -> anyhow::Result<Config> {
    let config = Config::load(place)?;
    telemetry::start(&config.log);
    Ok(config)
}

async fn adopt_key(config: &Config) -> anyhow::Result<()> {
    let key = crate::key::ensure(&config.data.dir)?;
    let app = wire::connect(config, Arc::new(SystemClock), key).await?;
    admin::adopt_key(&app).await?;
    output::line("The database belongs to this key now. Owners of hooks need the new secrets: POST …/rotate_secret/.");
    Ok(())
}

async fn migrate(place: &Place) -> anyhow::Result<()> {
    wire::prepare(&start(place)?).await?;
    output::line("The database is up to date.");
    Ok(())
}
