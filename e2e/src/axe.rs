//! What axe-core finds wrong with a page.

use serde_json::Value;

use crate::Tab;

/// The rules of WCAG 2.2 AA, and what goes without saying.
const RULES: &str = r#"{ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }"#;

/// Each violation in a few words.
pub async fn violations(tab: &Tab) -> Vec<String> {
    let axe = std::fs::read_to_string(crate::prepared("MERCAT_TEST_AXE", "axe-core")).unwrap();
    // Not through the page: its own policy forbids scripts of others.
    tab.script(&axe).await;
    let script = format!(
        "const done = arguments[arguments.length - 1]; axe.run({RULES}).then(found => done(found.violations));"
    );
    let found = tab.script_gives(&script).await;
    found.as_array().unwrap().iter().map(told).collect()
}

fn told(violation: &Value) -> String {
    let nodes = violation["nodes"].as_array().unwrap().iter().take(3);
    let places: Vec<String> = nodes.map(|node| format!("{} {}", node["html"], node["failureSummary"])).collect();
    format!("{}: {}\n    {}", violation["id"], violation["help"], places.join("\n    "))
}
