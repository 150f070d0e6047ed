//! The generated document against the contract, but for a list of differences with reasons.

use std::collections::BTreeSet;

use mercat_testkit::contract::{Document, fields};

use super::facts;

const DIFFERENCES: &str = include_str!("../../data/openapi-differences.txt");

fn ours() -> Document {
    Document(serde_json::from_str(&mercat_api::openapi()).unwrap())
}

/// Lines of the list: `+` is said only by us, `-` only by the contract; `*` at the end stands for any rest.
fn listed() -> Vec<&'static str> {
    let lines = DIFFERENCES.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let (fact, reason) = line.split_once(" | ").unwrap_or_else(|| panic!("no reason is given: {line}"));
            assert!(reason.len() > 10, "no reason is given: {line}");
            fact
        })
        .collect()
}

#[test]
fn the_document_is_the_contract_but_for_a_list() {
    let Some(contract) = Document::contract() else { return };
    let paths: Vec<&str> = contract.0["paths"].as_object().unwrap().keys().map(String::as_str).collect();
    let (ours, theirs) = (facts::of(&ours(), &paths), facts::of(contract, &paths));
    assert!(theirs.len() > 300, "the contract was read: {} facts", theirs.len());
    let added = ours.difference(&theirs).map(|fact| format!("+ {fact}"));
    let missing = theirs.difference(&ours).map(|fact| format!("- {fact}"));
    let found: BTreeSet<String> = added.chain(missing).collect();
    let listed = listed();
    let new: Vec<&String> = found.iter().filter(|fact| !listed.iter().any(|line| covers(line, fact))).collect();
    let gone: Vec<_> = listed.iter().filter(|line| !found.iter().any(|fact| covers(line, fact))).collect();
    assert!(new.is_empty() && gone.is_empty(), "not listed: {new:#?}\nlisted, but no difference any more: {gone:#?}");
}

fn covers(line: &str, fact: &str) -> bool {
    line.strip_suffix('*').map_or(line == fact, |start| fact.starts_with(start))
}

/// What the document says of a field is what answers are checked for.
#[test]
fn the_document_names_every_field_of_the_table() {
    let document = ours();
    for field in fields().iter().filter(|field| !field.path.contains('.')) {
        let schema = match field.object {
            "Detail" | "Status" | "OrderAttachment" => continue,
            object => &document.0["components"]["schemas"][object]["properties"][field.path],
        };
        assert!(schema.is_object(), "{}.{}", field.object, field.path);
        let text = schema.to_string();
        let says_null = text.contains("\"null\"");
        assert_eq!(says_null, field.nullable, "{}.{} {text}", field.object, field.path);
    }
}

#[test]
fn the_document_is_one_page_of_valid_json_with_what_a_reader_needs() {
    let document = ours();
    let operations =
        document.0["paths"].as_object().unwrap().values().flat_map(|path| path.as_object().unwrap().values());
    let mut ids = BTreeSet::new();
    for operation in operations {
        let id = operation["operationId"].as_str().unwrap();
        assert!(ids.insert(id.to_owned()), "{id} stands there twice");
        assert!(operation["responses"].is_object(), "{id}");
        assert!(operation["summary"].is_string() || operation["description"].is_string(), "{id} says nothing");
    }
    assert!(ids.len() >= 18, "{ids:?}");
    let text = document.0.to_string();
    let references = text.split("\"$ref\":\"#/components/schemas/").skip(1).map(|rest| rest.split('"').next().unwrap());
    for name in references {
        assert!(document.0["components"]["schemas"].get(name).is_some(), "{name} leads nowhere");
    }
}
