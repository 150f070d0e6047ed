//! `cargo xtask prove mutants`: faults are planted one after the other, and the tests named beside each have to find it.
//!
//! All of it happens in a copy of the last commit, which has a build of its own and is kept for the next time.

use crate::{cargo, process, test::Preparation, workspace};
use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Instant;

/// The list, below the root of the workspace.
const LIST: &str = "xtask/planted-faults.toml";

/// How the runner ends when a test failed. Everything else but 0 means that tests could not be built, found or run.
const TESTS_FAILED: i32 = 100;

/// How many compilers and tests run at once, and how little they ask for: a run takes an hour, beside other work.
const AT_ONCE: &str = "2";
const NICE: &str = "5";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    fault: Vec<Fault>,
}

/// A fault that somebody could make.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fault {
    /// Where it is made, below the root of the workspace.
    file: PathBuf,
    /// What is there, once in the file.
    old: String,
    /// What stands there instead.
    new: String,
    /// The package whose tests have to find it.
    package: String,
    /// The expression that selects them.
    tests: String,
    /// What somebody would suffer from it.
    harm: String,
    /// Why no test can find it.
    survives: Option<String>,
}

/// Tests that belong together: their package, and the expression that selects them.
type Tests<'a> = (&'a str, &'a str);

impl Fault {
    fn tests(&self) -> Tests<'_> {
        (&self.package, &self.tests)
    }
}

/// What came of a fault.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Caught,
    Survived,
}

/// Which faults are planted.
#[derive(Default)]
pub struct Choice {
    /// This many, or all.
    pub number: Option<u64>,
    /// Where chance begins.
    pub seed: u64,
    /// Only those with this text in their file or harm.
    pub only: Option<String>,
}

/// Plants the faults and tells which were caught.
///
/// # Errors
/// When tests do not pass without a fault, when one survives that is not said to, or when the list is wrong.
pub fn run(choice: &Choice) -> Result<()> {
    let sandbox = Sandbox::make()?;
    let list = read(&sandbox.tree)?;
    let faults = choice.of(&list.fault);
    ensure!(!faults.is_empty(), "no fault is chosen");
    let sound = sandbox.sound_tests(&faults);
    let mut told = [0; 3];
    for fault in &faults {
        let begun = Instant::now();
        let outcome = sandbox.plant(fault, &sound);
        let (kind, word) = match (&outcome, &fault.survives) {
            (Ok(Outcome::Caught), None) => (0, "caught"),
            (Ok(Outcome::Survived), Some(_)) => (1, "survived as explained"),
            (Ok(Outcome::Caught), Some(_)) => (2, "CAUGHT, though said to survive"),
            (Ok(Outcome::Survived), None) => (2, "SURVIVED"),
            (Err(_), _) => (2, "NOT PLANTED"),
        };
        told[kind] += 1;
        println!("{word} {:5.1} s  {}: {}", begun.elapsed().as_secs_f64(), fault.file.display(), fault.harm);
        if let Err(failure) = outcome {
            println!("{failure:#}");
        }
    }
    let [caught, explained, wrong] = told;
    println!(
        "{} planted, {caught} caught, {explained} survived as explained, {wrong} not as they should",
        faults.len()
    );
    ensure!(wrong == 0, "the tests do not find every fault");
    // What was away meanwhile, such as the database, would make every fault look found.
    ensure!(sandbox.sound_tests(&faults) == sound, "tests that passed at first do not pass any more");
    Ok(())
}

fn read(root: &Path) -> Result<List> {
    let text = fs::read_to_string(root.join(LIST)).with_context(|| format!("cannot read {LIST}"))?;
    toml::from_str(&text).with_context(|| format!("cannot understand {LIST}"))
}

impl Choice {
    /// Which ones is left to chance; they stay in the order of the list, in which little is built anew.
    fn of<'a>(&self, faults: &'a [Fault]) -> Vec<&'a Fault> {
        let only = self.only.as_deref().unwrap_or_default();
        let fits = |fault: &Fault| fault.file.to_string_lossy().contains(only) || fault.harm.contains(only);
        let mut chosen: Vec<(usize, &Fault)> = faults.iter().enumerate().filter(|(_, fault)| fits(fault)).collect();
        if let Some(number) = self.number {
            chosen.sort_by_key(|(at, _)| chance(self.seed, *at));
            chosen.truncate(number.try_into().unwrap_or(usize::MAX));
            chosen.sort_by_key(|(at, _)| *at);
        }
        chosen.into_iter().map(|(_, fault)| fault).collect()
    }
}

fn chance(seed: u64, at: usize) -> u64 {
    let mut hasher = DefaultHasher::new();
    (seed, at).hash(&mut hasher);
    hasher.finish()
}

/// A copy of the last commit, and what its tests are given.
struct Sandbox {
    tree: PathBuf,
    build: PathBuf,
    preparation: Preparation,
}

impl Sandbox {
    fn make() -> Result<Self> {
        let preparation = Preparation::with_databases()?;
        let folder = workspace::target().join("planted");
        let sandbox = Self { tree: folder.join("tree"), build: folder.join("build"), preparation };
        if !sandbox.tree.join(".git").exists() {
            let mut clone = Command::new("git");
            process::capture(
                clone.args(["clone", "--quiet", "--no-checkout"]).arg(workspace::root()).arg(&sandbox.tree),
            )?;
        }
        sandbox.git(&["fetch", "--quiet", "origin", "HEAD"])?;
        sandbox.git(&["checkout", "--quiet", "--force", "--detach", "FETCH_HEAD"])?;
        println!("faults are planted in a copy of {}", sandbox.git(&["log", "-1", "--format=%h %s"])?);
        Ok(sandbox)
    }

    fn git(&self, arguments: &[&str]) -> Result<String> {
        process::capture_text(Command::new("git").arg("-C").arg(&self.tree).args(arguments))
    }

    /// The tests that there are and that pass without a fault; what others find would mean nothing.
    fn sound_tests<'a>(&self, faults: &[&'a Fault]) -> BTreeSet<Tests<'a>> {
        let mut tests: BTreeSet<_> = faults.iter().map(|fault| fault.tests()).collect();
        tests.retain(|(package, tests)| {
            let outcome = self.test(package, tests);
            match &outcome {
                Ok(Outcome::Survived) => println!("pass without a fault: {package}, {tests}"),
                Ok(Outcome::Caught) => println!("FAIL without a fault: {package}, {tests}"),
                Err(failure) => println!("{failure:#}"),
            }
            matches!(outcome, Ok(Outcome::Survived))
        });
        tests
    }

    fn plant(&self, fault: &Fault, sound: &BTreeSet<Tests<'_>>) -> Result<Outcome> {
        ensure!(sound.contains(&fault.tests()), "its tests do not pass without it");
        let file = self.tree.join(&fault.file);
        let source = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        fs::write(&file, planted(&source, fault)?)?;
        let outcome = self.test(&fault.package, &fault.tests);
        fs::write(&file, source)?;
        outcome
    }

    fn test(&self, package: &str, tests: &str) -> Result<Outcome> {
        let mut command = Command::new("nice");
        command.args(["-n", NICE]).arg(cargo::program()).current_dir(&self.tree);
        command.args(["nextest", "run", "--profile", "planted"]);
        command.args(["--build-jobs", AT_ONCE, "--test-threads", AT_ONCE]);
        command.args(["--package", package, "--filterset", tests]);
        command.env("CARGO_TARGET_DIR", &self.build).env("CARGO_INCREMENTAL", "1").env("CARGO_PROFILE_DEV_DEBUG", "0");
        let Output { status, stderr, .. } = self.preparation.with_variables(&mut command).output()?;
        match status.code() {
            Some(0) => Ok(Outcome::Survived),
            Some(TESTS_FAILED) => Ok(Outcome::Caught),
            _ => {
                bail!("tests of {package} did not run ({status}): {tests}\n{}", end(&String::from_utf8_lossy(&stderr)))
            }
        }
    }
}

/// The source with the fault in it.
fn planted(source: &str, fault: &Fault) -> Result<String> {
    let times = source.matches(&fault.old).count();
    ensure!(times == 1, "{}: `{}` is there {times} times", fault.file.display(), fault.old);
    ensure!(fault.new != fault.old, "{}: `{}` would stay as it is", fault.file.display(), fault.old);
    Ok(source.replacen(&fault.old, &fault.new, 1))
}

/// The last lines, in which a compiler or a runner says what is the matter.
fn end(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(30)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_of_the_list_can_be_planted() {
        let root = workspace::root();
        let list = read(&root).unwrap();
        let plant = |fault: &Fault| planted(&fs::read_to_string(root.join(&fault.file))?, fault);
        let wrong: Vec<_> = list.fault.iter().filter_map(|fault| plant(fault).err()).collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
        assert!(list.fault.len() >= 60, "the list has become short: {}", list.fault.len());
    }

    #[test]
    fn chance_chooses_some_in_the_order_of_the_list() {
        let faults = read(&workspace::root()).unwrap().fault;
        let chosen = |seed| Choice { number: Some(8), seed, only: None }.of(&faults);
        let places = |seed| -> Vec<_> {
            chosen(seed).iter().map(|one| faults.iter().position(|fault| std::ptr::eq(fault, *one)).unwrap()).collect()
        };
        assert!(places(1).is_sorted() && places(1).len() == 8);
        assert_eq!(places(1), places(1));
        assert_ne!(places(1), places(2));
    }
}
