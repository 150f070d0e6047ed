//! `mercat doctor`: is everything in place, and what to do if not.

use std::{fmt::Display, path::Path, sync::Arc};

use chrono::TimeDelta;
use mercat_app::{App, admin, agents, jobs, orders, outgoing};
use mercat_domain::time::SystemClock;

use crate::{
    config::{Config, MailTransport},
    key, output, wire,
};

/// What was looked at, and what is wrong with it together with the next step.
type Finding = (&'static str, Result<(), String>);

/// Runs all checks and fails if one did.
pub async fn run(config: &Config) -> anyhow::Result<()> {
    let mut findings = place(&config.data.dir);
    // A damaged key hides nothing else.
    let key = key::read(&config.data.dir).ok();
    match wire::connect(config, Arc::new(SystemClock), key.unwrap_or_default()).await {
        Ok(app) => {
            findings.extend(database(&app).await);
            if key.is_some() {
                findings.push(("secret key is the database's", own_key(&app, config).await));
            }
            findings.extend(rabbitmq(&app, config).await);
        }
        Err(error) => findings.push((ANSWERS, Err(format!("{error:#}; {RUNNING}")))),
    }
    findings.extend(leaving(config).await);
    let mut failed = 0;
    for (what, result) in findings {
        match result {
            Ok(()) => output::line(&format!("ok      {what}")),
            Err(why) => {
                failed += 1;
                output::line(&format!("FAILED  {what}: {why}"));
            }
        }
    }
    anyhow::ensure!(failed == 0, "{failed} of the checks failed");
    Ok(())
}

/// Between two machines whose clocks are set by the network.
const MOST_DIFFERENCE: TimeDelta = TimeDelta::seconds(5);
const ANSWERS: &str = "database answers";
const RUNNING: &str = "check database.url, and that the database runs";

/// The result with the next step behind what is wrong.
fn or<T, E: Display>(result: Result<T, E>, step: &str) -> Result<(), String> {
    result.map(drop).map_err(|why| format!("{why}; {step}"))
}

fn place(dir: &Path) -> Vec<Finding> {
    let probe = dir.join(".mercat-doctor");
    let written = std::fs::write(&probe, b"").and_then(|()| std::fs::remove_file(&probe));
    let step = format!("give the folder {} to whoever runs mercat, and look whether the disk is full", dir.display());
    let key = if dir.join(key::FILE).exists() {
        key::read(dir).map(drop).map_err(|error| format!("{error:#}"))
    } else {
        Err(format!("there is no {} in {}; `mercat migrate` makes it", key::FILE, dir.display()))
    };
    vec![("data folder can be written to", or(written, &step)), ("secret key can be read", key)]
}

async fn database(app: &App) -> Vec<Finding> {
    let files = app.files.older_than(app.now()).await;
    let log = orders::verify_log(app).await;
    vec![
        (ANSWERS, or(app.db.ping().await, RUNNING)),
        ("migrations are applied", migrations(app).await),
        ("files can be listed", or(files, "give the folder files in the data folder to whoever runs mercat")),
        (
            "event log is whole",
            or(log, "somebody changed it behind the service's back: compare with a backup before going on"),
        ),
        ("counts and search are right", indexes(app).await),
        ("clock is right", clock(app).await),
        ("no job is overdue", none(jobs::overdue(app).await, "jobs are more than a minute late")),
        (
            "no message is stuck",
            none(
                outgoing::stuck(app).await,
                "messages are more than five minutes late, which will leave by themselves",
            ),
        ),
    ]
}

async fn own_key(app: &App, config: &Config) -> Result<(), String> {
    match admin::fits_key(app).await {
        Ok(true) => Ok(()),
        Ok(false) => Err(wire::foreign_key(config)),
        Err(error) => Err(format!("{error}; run `mercat migrate`")),
    }
}

async fn migrations(app: &App) -> Result<(), String> {
    let pending = app.db.pending_migrations().await.map_err(|error| format!("{error}; {RUNNING}"))?;
    if pending.is_empty() {
        return Ok(());
    }
    Err(format!("{} are not; run `mercat migrate`", pending.join(", ")))
}

/// Somebody may have written around the triggers that keep them, as some ways to restore a backup do.
async fn indexes(app: &App) -> Result<(), String> {
    match orders::wrong_indexes(app).await {
        Ok(0) => Ok(()),
        Ok(wrong) => Err(format!("{wrong} entries behind lists and search are wrong; run `mercat reindex`")),
        Err(error) => Err(format!("{error}; run `mercat migrate`")),
    }
}

/// As far as the database can tell.
async fn clock(app: &App) -> Result<(), String> {
    let difference = admin::clock_difference(app).await.map_err(|error| format!("{error}; run `mercat migrate`"))?;
    if difference <= MOST_DIFFERENCE {
        return Ok(());
    }
    let seconds = difference.num_seconds();
    Err(format!("it is {seconds} seconds away from that of the database or of the newest event; set it, best by NTP"))
}

fn none(late: Result<u64, impl Display>, what: &str) -> Result<(), String> {
    match late {
        Ok(0) => Ok(()),
        Ok(n) => Err(format!("{n} {what}; is `mercat serve` or `mercat worker` running?")),
        Err(error) => Err(format!("{error}; run `mercat migrate`")),
    }
}

/// Nothing where it is not used.
async fn rabbitmq(app: &App, config: &Config) -> Vec<Finding> {
    let broker = match config.amqp.broker() {
        Ok(None) => return Vec::new(),
        Ok(Some(broker)) => or(broker.check().await, "check amqp.url, and that RabbitMQ runs; events wait until then"),
        Err(error) => Err(format!("{error:#}")),
    };
    let late = agents::late_for_broker(app).await;
    vec![
        ("RabbitMQ lets us in", broker),
        ("no event waits for RabbitMQ", none(late, "messages for agents are more than five minutes late")),
    ]
}

/// What leaves the process.
async fn leaving(config: &Config) -> Vec<Finding> {
    let sender = config.sender().map(drop).map_err(|error| format!("{error:#}"));
    let mail = match config.mailer() {
        Ok(mailer) => or(mailer.check().await, "check the settings under [mail]; mail waits until then"),
        Err(error) => Err(format!("{error:#}")),
    };
    let what = match config.mail.transport {
        MailTransport::Off => "mail is off; mail.transport switches it on",
        MailTransport::Smtp => "mail server answers",
        MailTransport::Folder => "folder for mail can be written to",
    };
    vec![("callbacks and webhooks can be sent", sender), (what, mail)]
}
