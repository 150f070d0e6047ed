//! Every operation of the companions' contract is served, or `docs/API-COMPAT.md` says why not.

use std::collections::BTreeSet;

use mercat_testkit::contract::Document;

const TEXT: &str = include_str!("../../../../../docs/API-COMPAT.md");

/// The operations in the table under a heading.
fn rows(heading: &str) -> BTreeSet<String> {
    let lines = TEXT.lines().skip_while(|line| *line != format!("## {heading}")).skip(1);
    let lines = lines.take_while(|line| !line.starts_with("## ")).filter(|line| line.starts_with("| `"));
    lines.map(|line| line.split('`').nth(1).unwrap().to_owned()).collect()
}

fn operations(document: &Document) -> BTreeSet<String> {
    let paths = document.0["paths"].as_object().unwrap().iter();
    paths
        .flat_map(|(path, item)| {
            let methods = item.as_object().unwrap().keys().filter(|name| *name != "parameters");
            methods.map(move |method| format!("{} {path}", method.to_uppercase()))
        })
        .collect()
}

#[test]
fn what_the_contract_lists_is_served_or_explained() {
    let Some(contract) = Document::companions() else { return };
    let ours = operations(&Document(serde_json::from_str(&mercat_api::openapi()).unwrap()));
    let (served, left_out) = (rows("Around the orders"), rows("Left out"));
    for operation in operations(contract) {
        let here = ours.contains(&operation);
        assert_eq!(served.contains(&operation), here, "{operation} under 'Around the orders'");
        assert_eq!(left_out.contains(&operation), !here, "{operation} under 'Left out'");
    }
}

/// What a client may ask for by its generated name and model is called so here, too.
#[test]
fn operations_and_parameters_are_called_as_in_the_contract() {
    let Some(contract) = Document::companions() else { return };
    let ours = Document(serde_json::from_str(&mercat_api::openapi()).unwrap());
    let mut wrong = Vec::new();
    for (path, item) in ours.0["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let theirs = &contract.0["paths"][path][method]["operationId"];
            if theirs.is_string() && *theirs != operation["operationId"] {
                wrong.push(format!("{method} {path}: {} instead of {theirs}", operation["operationId"]));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
