//! Tests that documents cite, as `file` (`test`), are there.

use crate::workspace;

/// The documents that say which test holds what.
const DOCUMENTS: [&str; 2] = ["docs/ASVS.md", "docs/PROOF.md"];

/// Each file with a test that is said to be in it.
fn cited(document: &str) -> impl Iterator<Item = (&str, &str)> {
    document.match_indices("` (`").filter_map(|(at, mark)| {
        let (before, after) = (&document[..at], &document[at + mark.len()..]);
        let file = before.rsplit('`').next()?;
        Some((file, after.split('`').next()?)).filter(|(file, _)| file.ends_with(".rs"))
    })
}

#[test]
fn every_test_that_a_document_cites_is_there() {
    let mut missing = Vec::new();
    for name in DOCUMENTS {
        let document = std::fs::read_to_string(workspace::root().join(name)).unwrap();
        for (file, test) in cited(&document) {
            let source = std::fs::read_to_string(workspace::root().join(file)).unwrap_or_default();
            if !source.contains(&format!("fn {test}(")) {
                missing.push(format!("{name}: {file} has no test {test}"));
            }
        }
        assert!(cited(&document).count() > 10, "{name} cites tests");
    }
    assert!(missing.is_empty(), "{missing:#?}");
}
