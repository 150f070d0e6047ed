//! `docs/API-COMPAT.md` names all of the page, and only files and tests that are there.

use std::path::Path;

use crate::seed::list::names;

const TEXT: &str = include_str!("../../../../docs/API-COMPAT.md");

/// First cells of the table under a heading, without backticks.
fn rows(heading: &str) -> Vec<&'static str> {
    let lines = TEXT.lines().skip_while(|line| *line != format!("## {heading}")).skip(1);
    let lines = lines.take_while(|line| !line.starts_with("## ")).filter(|line| line.starts_with("| `"));
    let rows: Vec<_> = lines.map(|line| line.split('`').nth(1).unwrap()).collect();
    assert!(!rows.is_empty(), "no table under {heading}");
    rows
}

#[test]
fn every_name_of_the_page_has_its_row() {
    let sections = [
        ("List parameters", "list parameters"),
        ("Retrieve parameters", "retrieve parameters"),
        ("Create body", "create body"),
        ("Order fields", "order"),
        ("Offering fields", "offering"),
    ];
    for (heading, section) in sections {
        let rows = rows(heading);
        let missing: Vec<_> = names(section).into_iter().filter(|name| !rows.contains(name)).collect();
        assert!(missing.is_empty(), "{heading}: {missing:?}");
    }
    let operations = rows("Operations");
    let missing: Vec<_> =
        crate::seed::list::section("operations").into_iter().filter(|name| !operations.contains(name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    for section in [
        "set_state_erred body",
        "set_backend_id body",
        "set_backend_id answer",
        "update_attachment body",
        "update_attachment answer",
    ] {
        for name in names(section) {
            assert!(TEXT.contains(&format!("| {section} | `{name}` |")), "{section} {name}");
        }
    }
}

#[test]
fn every_file_and_test_that_it_names_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let words: Vec<&str> = TEXT.split('`').skip(1).step_by(2).collect();
    let files = words.iter().filter(|word| word.starts_with("crates/"));
    let missing: Vec<_> = files.filter(|file| !root.join(file).is_file()).collect();
    assert!(missing.is_empty(), "no such files: {missing:?}");
    // A test stands in brackets behind its file; several are of one file each.
    let mut tests = 0;
    for (at, file) in TEXT.match_indices("` (`").map(|(at, _)| (at, TEXT[..at].rsplit('`').next().unwrap())) {
        let name = TEXT[at + 4..].split('`').next().unwrap();
        let source = std::fs::read_to_string(root.join(file)).unwrap();
        assert!(source.contains(&format!("fn {name}(")), "{file} has no {name}");
        tests += 1;
    }
    assert!(tests > 150, "{tests}");
}

#[test]
fn every_row_says_where_and_what_holds_it() {
    for line in TEXT.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| ---")) {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        assert!(cells.iter().all(|cell| !cell.is_empty()), "{line}");
    }
}
