//! The tables of routes agree with each other, and the document with the contract.

use std::collections::BTreeSet;

use serde_json::Value;

use super::*;
use crate::wire::{OrderDetails, PublicOfferingDetails};

fn document() -> Value {
    serde_json::from_str(&openapi()).unwrap()
}

#[test]
fn every_described_route_has_promises_and_the_other_way_round() {
    let document = document();
    let described: BTreeSet<(String, String)> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, item)| item.as_object().unwrap().keys().map(|m| (path.clone(), m.to_uppercase())))
        .collect();
    let mut promised: BTreeSet<(String, String)> = BTreeSet::new();
    for route in promises::all() {
        promised.extend(route.works.iter().map(|method| (route.path.to_owned(), method.to_string())));
    }
    let named = |(path, method): (String, String)| match (path.find('{'), path.find('}')) {
        (Some(start), Some(end)) => (format!("{}{{uuid{}", &path[..start], &path[end..]), method),
        _ => (path, method),
    };
    // HEAD comes with GET; only the counts of lists are operations of their own.
    let described: BTreeSet<(String, String)> = described.into_iter().map(named).collect();
    promised.retain(|pair| pair.1 != "HEAD" || described.contains(pair));
    assert_eq!(described, promised);
}

#[test]
fn field_names_are_those_of_the_schemas() {
    let document = document();
    let cases = [("OrderDetails", OrderDetails::FIELDS), ("PublicOfferingDetails", PublicOfferingDetails::FIELDS)];
    for (name, fields) in cases {
        let properties = document["components"]["schemas"][name]["properties"].as_object().unwrap();
        let documented: BTreeSet<&str> = properties.keys().map(String::as_str).collect();
        let listed: BTreeSet<&str> = fields.iter().copied().collect();
        assert_eq!(documented, listed, "{name}");
        assert_eq!(listed.len(), fields.len(), "{name}");
    }
    assert_eq!(OrderDetails::FIELDS.len(), 74);
}

#[test]
fn references_of_the_document_lead_somewhere() {
    let document = document();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let text = document.to_string();
    for reference in text.split("#/components/schemas/").skip(1) {
        let name = reference.split('"').next().unwrap();
        assert!(schemas.contains_key(name), "{name}");
    }
}
