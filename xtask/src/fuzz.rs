//! `cargo xtask fuzz`: cargo-fuzz on each parser, which looks by itself for bytes that lead somewhere new.

use crate::{cargo, process, workspace};
use anyhow::{Context, Result, ensure};
use std::fs;

/// Runs the target of a parser, or of each, for so many minutes. Without a sanitizer: there is nothing unsafe in Mercat, and
/// this way it needs no nightly compiler.
///
/// # Errors
/// When something could not be built, when there is no such parser, or when a promise was broken.
pub fn run(parser: Option<&str>, minutes: u64) -> Result<()> {
    let all = parsers()?;
    let chosen: Vec<&String> = all.iter().filter(|name| parser.is_none_or(|wanted| wanted == *name)).collect();
    ensure!(!chosen.is_empty(), "there is no such parser; there are {}", all.join(", "));
    if !cargo::has("fuzz") {
        process::run(&mut cargo::cargo(&["install", "--locked", "cargo-fuzz"]))?;
    }
    for name in chosen {
        let corpus = format!("fuzz/corpus/{name}");
        fs::create_dir_all(workspace::root().join(&corpus))?;
        let mut fuzz = cargo::cargo(&["fuzz", "run", "--sanitizer", "none", name, &corpus]);
        fuzz.args([
            format!("crates/prove/seeds/{name}"),
            "--".into(),
            format!("-max_total_time={}", 60 * minutes),
            "-max_len=4096".into(),
        ]);
        process::run(&mut fuzz)
            .with_context(|| format!("see what was found by `cargo run -p mercat-fuzz --bin {name} FILE`, with the file in fuzz/artifacts/{name}"))?;
    }
    Ok(())
}

/// The names of the targets.
fn parsers() -> Result<Vec<String>> {
    let mut names = Vec::new();
    for file in fs::read_dir(workspace::root().join("fuzz/fuzz_targets"))? {
        names.extend(file?.path().file_stem().map(|name| name.to_string_lossy().into_owned()));
    }
    names.sort();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_parser_has_seeds_and_a_program() {
        let manifest = fs::read_to_string(workspace::root().join("fuzz/Cargo.toml")).unwrap();
        let parsers = parsers().unwrap();
        for name in &parsers {
            let seeds = fs::read_dir(workspace::root().join("crates/prove/seeds").join(name)).unwrap();
            assert!(seeds.count() > 0, "{name}");
            assert!(manifest.contains(&format!("name = \"{name}\"\npath = \"fuzz_targets/{name}.rs\"")), "{name}");
        }
        assert_eq!(parsers.len(), fs::read_dir(workspace::root().join("crates/prove/seeds")).unwrap().count());
    }
}
