//! The tables of routes agree with each other, and the document with the contract.

use std::collections::BTreeSet;

use serde_json::Value;

use super::*;
use crate::{
    routes::ROUTES,
    wire::{OrderDetails, PublicOfferingDetails, User},
};

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
    for route in ROUTES {
        promised.extend(route.works.iter().map(|method| (route.path.to_owned(), method.to_string())));
    }
    // HEAD comes with GET; only the count of orders is an operation of its own.
    promised.retain(|(path, method)| method != "HEAD" || path == "/api/marketplace-orders/");
    assert_eq!(described, promised);
}

#[test]
fn field_names_are_those_of_the_schemas() {
    let document = document();
    let cases = [
        ("OrderDetails", OrderDetails::FIELDS),
        ("PublicOfferingDetails", PublicOfferingDetails::FIELDS),
        ("User", User::FIELDS),
    ];
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
