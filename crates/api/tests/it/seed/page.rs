//! The project's list against the page itself, where it is there.

use mercat_testkit::contract;

use super::list::section;

/// The page as lines.
fn page() -> Option<Vec<String>> {
    let path = contract::shared()?.join("seed/marketplace-orders-api.txt");
    let text = std::fs::read_to_string(path).unwrap();
    Some(text.lines().map(|line| line.trim_end().to_owned()).collect())
}

/// What a field's row begins with, by the words of the page: name, type, perhaps `of objects`, perhaps a format.
fn row(line: &str) -> Option<String> {
    const TYPES: [&str; 7] = ["string", "boolean", "integer", "number", "array", "object", "any"];
    let words: Vec<&str> = line.split(' ').collect();
    let (name, kind) = (words.first()?, words.get(1)?);
    let is_name = name.chars().all(|c| c.is_ascii_lowercase() || "_.0123456789".contains(c));
    if !is_name || name.is_empty() || !TYPES.contains(kind) {
        return None;
    }
    let mut row = format!("{name} {kind}");
    let mut rest = &words[2..];
    if let ["of", "objects", more @ ..] = rest {
        row += " of objects";
        rest = more;
    }
    if let Some(format) = rest.first().filter(|word| word.starts_with('(') && word.ends_with(')')) {
        row += &format!(" {format}");
    }
    Some(row)
}

/// The rows from a line that begins with `head`, after the line `after`, to the line where they end.
fn rows(page: &[String], after: &str, head: &str, until: &str) -> Vec<String> {
    let start = page.iter().rposition(|line| line == after).unwrap_or_else(|| panic!("no {after}"));
    let lines = page[start..].iter().skip_while(|line| !line.starts_with(head)).skip(1);
    lines.take_while(|line| *line != until).filter_map(|line| row(line)).collect()
}

#[test]
fn the_list_of_operations_is_the_page_s() {
    let Some(page) = page() else { return };
    let operations: Vec<String> = page
        .iter()
        .filter(|line| ["GET /api", "POST /api", "DELETE /api"].iter().any(|start| line.starts_with(start)))
        .map(|line| line.split(' ').take(2).collect::<Vec<_>>().join(" "))
        .collect();
    assert_eq!(operations, section("operations"));
}

#[test]
fn the_lists_of_parameters_and_fields_are_the_page_s() {
    let Some(page) = page() else { return };
    let cases = [
        ("list parameters", "List orders", "Name Type Description", "200 -"),
        ("retrieve parameters", "Retrieve an order", "Name Type", "200 -"),
        ("order", "List orders", "Field Type Description", "Retrieve an order"),
        ("create body", "Create an order", "Field Type Required", "201 -"),
        ("set_state_erred body", "Set order state to erred (agent)", "Field Type Required", "200 - No response body"),
        ("set_backend_id body", "Set order backend ID", "Field Type Required", "200 -"),
        ("update_attachment body", "Update order attachment", "Field Type Required", "200 -"),
        ("offering", "Get offering details", "Field Type Description", ""),
    ];
    for (name, title, head, until) in cases {
        let mut found = rows(&page, title, head, if until.is_empty() { "the end of the page" } else { until });
        if name == "retrieve parameters" {
            found.retain(|row| !row.starts_with("uuid "));
        }
        assert_eq!(found, section(name), "{name}");
    }
    for (name, title, until) in [
        ("set_backend_id answer", "Set order backend ID", "Update order attachment"),
        ("update_attachment answer", "Update order attachment", "Data & Reporting"),
    ] {
        let start = page.iter().rposition(|line| line == title).unwrap();
        let answer = start + page[start..].iter().position(|line| line == "Field Type").unwrap();
        let found: Vec<String> =
            page[answer + 1..].iter().take_while(|line| *line != until).filter_map(|line| row(line)).collect();
        assert_eq!(found, section(name), "{name}");
    }
}

/// Retrieve and create answer with the same order as the list.
#[test]
fn the_page_lists_the_same_order_three_times() {
    let Some(page) = page() else { return };
    let order = section("order");
    assert_eq!(rows(&page, "Retrieve an order", "Field Type Description", "Create an order"), order);
    let start = page.iter().position(|line| line == "201 -").unwrap();
    let created: Vec<String> =
        page[start..].iter().take_while(|line| !line.starts_with("Forcefully")).filter_map(|line| row(line)).collect();
    assert_eq!(created, order);
}
