//! Random sequences of everything that people, the clock and operators do, made at once with the service and with a small
//! model of its rules; after each step both have to say the same.

mod op;
mod rules;
mod server;

use mercat_testkit::{
    Backend,
    campaign::{Amount, Report},
};
use rand::{RngExt as _, rngs::StdRng};

use self::{
    op::Op,
    rules::Model,
    server::{Made, Server},
};
/// Steps of the longest sequence.
const LONGEST: usize = 30;
/// After so many sequences a new database is taken: what the others left makes work of the clock slower.
const SEQUENCES: u64 = 50;

/// Runs sequences; each is made from the seed and its number alone.
pub async fn run(backend: Backend, amount: Amount) -> Report {
    let mut report = Report::default();
    let start = async |case: u64| Server::start(backend, case / SEQUENCES).await;
    let mut server = start(amount.first).await;
    for case in amount.cases() {
        if case > amount.first && case % SEQUENCES == 0 {
            server = start(case).await;
        }
        let mut chance = amount.chance(case);
        let sequence = sequence(&mut chance);
        report.see("steps", sequence.len() as u64);
        let result = match play(&server, &sequence, &mut report).await {
            Ok(()) => Ok(()),
            Err(breach) => Err(shortest(async || start(case).await, sequence, breach).await),
        };
        report.note(format_args!("seed {}, sequence {case}", amount.seed), result);
    }
    report
}

/// A sequence in which each step names only what the steps before have made, if the model is right.
fn sequence(chance: &mut StdRng) -> Vec<Op> {
    let (mut model, mut steps) = (Model::default(), Vec::new());
    for _ in 0..chance.random_range(3..=LONGEST) {
        let op = Op::any(chance, model.orders.len());
        if model.is_told(op) {
            model.step(op);
            steps.push(op);
        }
    }
    steps
}

/// # Errors
/// Where the service differs from the model.
async fn play(server: &Server, sequence: &[Op], report: &mut Report) -> Result<(), String> {
    server.reset().await?;
    let (mut model, mut made) = (Model::default(), Made::default());
    for (at, op) in sequence.iter().enumerate() {
        let names_nothing = op.order().is_some_and(|order| order >= model.orders.len());
        if names_nothing || !model.is_told(*op) {
            continue;
        }
        let answered = server.step(*op, &model, &mut made).await;
        let expected = model.step(*op);
        report.see(if expected < 300 { "done" } else { "refused" }, 1);
        if answered != expected {
            return Err(format!("step {at} was answered with {answered}, expected {expected}"));
        }
        server.compare(&model, &made).await.map_err(|breach| format!("after step {at} {breach}"))?;
    }
    Ok(())
}

/// The breach again by as few steps as possible on a new server, as lines to type.
async fn shortest(start: impl AsyncFn() -> Server, mut sequence: Vec<Op>, mut breach: String) -> String {
    let mut at = sequence.len();
    while at > 0 {
        at -= 1;
        let mut fewer = sequence.clone();
        fewer.remove(at);
        if let Err(still) = play(&start().await, &fewer, &mut Report::default()).await {
            (sequence, breach) = (fewer, still);
            at = at.min(sequence.len());
        }
    }
    let lines: Vec<String> = sequence.iter().enumerate().map(|(at, op)| format!("    {at}: {op}")).collect();
    format!("{breach}\n{}", lines.join("\n"))
}
