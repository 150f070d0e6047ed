//! Hostile input: every operation of the served document with what it asks for, with what nobody should send, and with
//! both at once. Nothing is a fault of ours, nothing takes long, and what is answered is what the document says.

pub(crate) mod hostile;
pub(crate) mod request;
pub(crate) mod world;

use std::time::{Duration, Instant};

use http::Method;
use mercat_testkit::{
    Backend, Reply, TestApp,
    campaign::{Amount, Report},
    contract::Document,
    reply,
};
use serde_json::Value;
use tokio::time::timeout;

use self::{request::Sent, world::World};

/// No answer takes longer; a build for debugging beside all other tests gets more.
const LONGEST: Duration = Duration::from_secs(if cfg!(debug_assertions) { 10 } else { 1 });
/// After so many requests a new world is made: what was deleted, or blocked, makes everything after it dull.
const REQUESTS: u64 = 500;

/// Sends requests; each is made from the seed and its number, and from what the ones before it have left.
pub async fn run(backend: Backend, amount: Amount) -> Report {
    let mut report = Report::default();
    let mut asking = Asking::begin(backend).await;
    for case in amount.cases() {
        asking.refresh().await;
        let mut chance = amount.chance(case);
        let sent = Sent::any(&asking.document, &asking.world, &mut chance);
        let result = asking.ask(&sent).await.map(|kind| report.see(kind, 1));
        report.note(format_args!("seed {}, case {case}, {sent}", amount.seed), result);
    }
    report
}

/// A world that is asked about, and what the document says of the answers.
pub(crate) struct Asking {
    backend: Backend,
    pub document: Document,
    pub world: World,
    /// How often, since the world was made.
    asked: u64,
}

impl Asking {
    pub async fn begin(backend: Backend) -> Self {
        let document = Document(serde_json::from_str(&mercat_api::openapi()).unwrap_or_default());
        Self { backend, document, world: World::make(backend).await, asked: 0 }
    }

    /// To be called before each request is made.
    pub async fn refresh(&mut self) {
        self.asked += 1;
        if self.asked > REQUESTS {
            self.world = World::make(self.backend).await;
            self.asked = 1;
        }
    }

    /// Sends a request, and says what kind of answer came.
    ///
    /// # Errors
    /// What is wrong with the answer, in words.
    pub async fn ask(&self, sent: &Sent) -> Result<&'static str, String> {
        let begun = Instant::now();
        let answer = timeout(2 * LONGEST, ask(&self.world.app, sent)).await;
        let took = begun.elapsed();
        match answer {
            Ok(answer) if took <= LONGEST => {
                let kind = kind(answer.as_ref());
                answer.map_or(Ok(()), |answer| judge(&self.document, sent, &answer)).map(|()| kind)
            }
            _ => Err(format!("it took {took:?}")),
        }
    }
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
