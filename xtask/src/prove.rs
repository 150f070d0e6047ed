//! `cargo xtask prove`: a campaign against what the service promises, for as long as one likes. Its short form is the same
//! test, which runs with all others.

use crate::{planted, test};
use anyhow::{Result, ensure};
use clap::{Args, ValueEnum};

/// A campaign.
#[derive(Clone, Copy, ValueEnum)]
pub enum Campaign {
    /// The program is killed in the middle of changes: a case is a kill
    Crash,
    /// Many decide at once about one order: a case is an order
    Race,
    /// The service beside a small model of its rules: a case is a random sequence
    Model,
    /// Somebody loses a right while they use it: a case is a person
    Rights,
    /// Every operation, and every parser, with what it asks for and what nobody should send: a case is a request to each
    Input,
    /// What schemathesis makes of the served document: a case is a request to each operation
    Document,
    /// Files, addresses and slow clients that mean harm; their number is fixed
    Hostile,
    /// Database, disk, clock, mail server or receivers fail; their number is fixed
    Faults,
    /// Secrets that were given to the service are looked for wherever it leaves something
    Secrets,
    /// Faults are planted in the rules, and the tests have to find each: a case is a fault
    Mutants,
}

impl Campaign {
    /// The packages with its tests, each with the expression that finds them; none where every package has a part.
    const fn tests(self) -> &'static [[&'static str; 2]] {
        match self {
            Self::Crash => &[["mercat", "test(/^crash::/)"]],
            Self::Race => &[["mercat-prove", "test(/^race::/)"]],
            Self::Model => &[["mercat-prove", "test(/^model::/)"]],
            Self::Rights => &[["mercat-prove", "test(/^revoke::/)"]],
            Self::Input => &[["mercat-prove", "test(/^(input|parsers)::/)"]],
            Self::Document => &[["mercat", "test(/^schemathesis::/)"]],
            Self::Hostile => &[
                ["mercat-prove", "test(/^uploads::/)"],
                ["mercat-outbound", "test(/^(hostile|names|limits)::/)"],
                ["mercat", "test(/^slow::/)"],
            ],
            Self::Faults => &[
                ["mercat", "test(/^faults::/)"],
                ["mercat-store", "test(/^(connections|full)::/)"],
                ["mercat-mail", "test(/^smtp::/)"],
                ["mercat-worker", "test(/^(crowd|mail|retries|running)::/)"],
            ],
            Self::Secrets => &[["mercat", "test(/^secrets::/)"], ["mercat-prove", "test(/^guess::/)"]],
            Self::Mutants => &[],
        }
    }
}

impl Campaign {
    /// Whether its cases are made by chance, as many as one likes; others are all there are.
    const fn is_endless(self) -> bool {
        matches!(self, Self::Crash | Self::Race | Self::Model | Self::Rights | Self::Input | Self::Document)
    }
}

/// How much is done.
#[derive(Args)]
pub struct Effort {
    /// How many cases on each database
    #[arg(long, value_name = "NUMBER")]
    seeds: Option<u64>,
    /// As many cases as there is time for, on each database
    #[arg(long, value_name = "NUMBER", conflicts_with = "seeds")]
    minutes: Option<u64>,
    /// Where chance begins: the same number gives the same cases
    #[arg(long, value_name = "NUMBER")]
    seed: Option<u64>,
    /// The number of the first case, to see one again; it may need some of those before it
    #[arg(long, value_name = "NUMBER")]
    first: Option<u64>,
    /// Only the mutants with this text in their file or harm
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
}

/// Runs a campaign on both databases, one after the other, built as it is released. Mutants are built for debugging.
///
/// # Errors
/// When something could not be built or started, or when a promise was broken.
pub fn run(campaign: Campaign, effort: &Effort) -> Result<()> {
    if campaign.tests().is_empty() {
        return plant(effort);
    }
    ensure!(effort.only.is_none(), "only the mutants have a text to choose by");
    let asked = effort.seeds.or(effort.minutes).or(effort.seed).or(effort.first);
    ensure!(campaign.is_endless() || asked.is_none(), "this campaign always does all it has; leave the numbers out");
    ensure!(!(matches!(campaign, Campaign::Document) && effort.first.is_some()), "this campaign has no numbered cases");
    let amount = [
        ("MERCAT_PROVE_CASES", effort.seeds),
        ("MERCAT_PROVE_MINUTES", effort.minutes),
        ("MERCAT_PROVE_SEED", effort.seed),
        ("MERCAT_PROVE_FIRST", effort.first),
    ];
    let amount = amount.into_iter().filter_map(|(name, value)| Some((name, value?.to_string())));
    let with_schemathesis = matches!(campaign, Campaign::Document);
    test::campaign(campaign.tests(), &amount.collect::<Vec<_>>(), with_schemathesis)
}

fn plant(effort: &Effort) -> Result<()> {
    ensure!(effort.minutes.or(effort.first).is_none(), "there are only so many mutants: say --seeds");
    let (number, seed, only) = (effort.seeds, effort.seed.unwrap_or_default(), effort.only.clone());
    planted::run(&planted::Choice { number, seed, only })
}
