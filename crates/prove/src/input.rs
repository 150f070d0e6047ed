//! Hostile input: every operation of the served document with what it asks for, with what nobody should send, and with
//! both at once. Nothing is a fault of ours, nothing takes long, and what is answered is what the document says.

mod hostile;
mod request;
mod world;

use std::time::{Duration, Instant};

use http::Method;
use mercat_testkit::{
    Backend, Reply, TestApp,
    campaign::{Amount, Report},
    contract::Document,
    reply,
};
use rand::{SeedableRng as _, rngs::StdRng};
use serde_json::Value;
use tokio::time::timeout;

use self::{request::Sent, world::World};

/// No answer takes longer; a build for debugging beside all other tests gets more.
const LONGEST: Duration = Duration::from_secs(if cfg!(debug_assertions) { 10 } else { 1 });
/// After so many requests a new world is made: what was deleted, or blocked, makes everything after it dull.
const REQUESTS: u64 = 500;

/// Sends requests; each is made from the seed and its number, and from what the ones before it have left.
pub async fn run(backend: Backend, amount: Amount) -> Report {
    let document = Document(serde_json::from_str(&mercat_api::openapi()).unwrap_or_default());
    let mut report = Report::default();
    let mut world = World::make(backend).await;
    for case in amount.cases() {
        if case > 0 && case % REQUESTS == 0 {
            world = World::make(backend).await;
        }
        let mut chance = StdRng::seed_from_u64(amount.seed.wrapping_mul(1_000_003).wrapping_add(case));
        let sent = Sent::any(&document, &world, &mut chance);
        let begun = Instant::now();
        let answer = timeout(2 * LONGEST, ask(&world.app, &sent)).await;
        let took = begun.elapsed();
        let result = match answer {
            Ok(answer) if took <= LONGEST => {
                report.see(kind(answer.as_ref()), 1);
                answer.map_or(Ok(()), |answer| judge(&document, &sent, &answer))
            }
            _ => Err(format!("it took {took:?}")),
        };
        report.note(format_args!("seed {}, case {case}, {sent}", amount.seed), result);
    }
    report
}

async fn ask(app: &TestApp, sent: &Sent) -> Option<Reply> {
    // What cannot be sent at all is no case.
    let request = sent.request(app)?;
    Some(reply(app.router.clone(), request).await)
}

fn kind(answer: Option<&Reply>) -> &'static str {
    match answer {
        None => "that nobody can send",
        Some(answer) if answer.status.as_u16() < 300 => "done",
        Some(answer) if answer.status.as_u16() < 400 => "led elsewhere",
        Some(_) => "refused",
    }
}

/// # Errors
/// What is wrong with the answer, in words.
fn judge(document: &Document, sent: &Sent, answer: &Reply) -> Result<(), String> {
    let status = answer.status;
    if status.is_server_error() {
        return Err(format!("{status}"));
    }
    if sent.method == Method::HEAD || answer.header("content-type") != "application/json" {
        return Ok(());
    }
    let body: Value =
        serde_json::from_slice(&answer.bytes).map_err(|error| format!("{status} with no JSON: {error}"))?;
    if !status.is_success() {
        let is_told = body.as_object().is_some_and(|errors| !errors.is_empty()) || body.is_array();
        return if is_told { Ok(()) } else { Err(format!("{status} without a word: {body}")) };
    }
    let Some(schema) = document.answer(&sent.template, &sent.method, status) else {
        let method = sent.method.as_str().to_ascii_lowercase();
        let said = &document.0["paths"][&sent.template][&method]["responses"][status.as_str()];
        return if said.is_null() { Err(format!("{status} is not in the document")) } else { Ok(()) };
    };
    let found = schema.violations(schema.name(), &body);
    let wrong: Vec<String> = found.iter().filter(|found| !found.is_accepted()).map(ToString::to_string).collect();
    if wrong.is_empty() { Ok(()) } else { Err(format!("{status} against the document: {}", wrong.join("; "))) }
}
