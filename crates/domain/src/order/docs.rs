//! The tables as pages: docs/STATES.md and docs/PERMISSIONS.md.

use std::fmt::Display;

use super::{Gate, OrderState, Outcome, Path, RULES, Rule, TRANSITIONS, To, Transition, TypeFlag};
use crate::{
    offering::OFFERING_TYPES,
    permission::{DEFAULT_ROLES, Permission},
};

const GENERATED: &str = "<!-- Written by `cargo xtask generate` from crates/domain; do not edit. -->";

/// docs/STATES.md: the transition table and its diagram.
#[must_use]
pub fn states_markdown() -> String {
    let intro = "Of the rows that fit an action and the order's state, the first whose condition holds is taken.\n\
                 No other way leads from one state to another. An order begins in pending-consumer and is submitted \
                 in the same commit.";
    let rows = TRANSITIONS.iter().map(transition_cells);
    let head = ["Action", "From", "Condition", "To", "Reviewed by", "Completed", "Processing", "Resource"];
    let table = markdown_table(&head, rows);
    format!("# The life of an order\n\n{GENERATED}\n\n{intro}\n\n{}\n\n{table}", diagram())
}

fn transition_cells(row: &Transition) -> Vec<String> {
    let to = match row.to {
        To::State(state) => state.to_string(),
        To::Same => "same".to_owned(),
        To::Gone => "deleted".to_owned(),
    };
    let resource = match row.outcome {
        Outcome::None => String::new(),
        Outcome::As(state) => format!("as for {state}"),
        Outcome::Broken => "Erred".to_owned(),
    };
    vec![
        format!("`{}`", row.action),
        states(row.from),
        row.when.as_str().to_owned(),
        to,
        row.reviewed.map(|side| side.to_string()).unwrap_or_default(),
        tick(row.completed),
        tick(row.process),
        resource,
    ]
}

/// A Mermaid diagram of the moves; actions that keep the state are left out.
fn diagram() -> String {
    let mut lines = vec!["```mermaid".to_owned(), "stateDiagram-v2".to_owned()];
    lines.extend(OrderState::ALL.iter().map(|state| format!("    state \"{state}\" as {}", node(*state))));
    lines.push(format!("    [*] --> {}", node(OrderState::PendingConsumer)));
    for row in TRANSITIONS {
        let To::State(to) = row.to else { continue };
        let moves = row.from.iter().filter(|from| **from != to);
        lines.extend(moves.map(|from| format!("    {} --> {}: {}", node(*from), node(to), row.action)));
    }
    let ends = OrderState::ALL.iter().filter(|state| state.is_final());
    lines.extend(ends.map(|state| format!("    {} --> [*]", node(*state))));
    lines.push("```".to_owned());
    lines.join("\n")
}

fn node(state: OrderState) -> String {
    state.as_str().replace('-', "_")
}

/// docs/PERMISSIONS.md: roles by permission, and the conditions of every action.
#[must_use]
pub fn permissions_markdown() -> String {
    let intro = "Roles are data: an operator may change what each holds. Staff holds every permission; support sees \
                 everything and changes nothing. A permission counts on exactly the object that the role was granted \
                 on. Everything about one order needs first that the order is visible: staff, support, or \
                 `ORDER.LIST` on the project, its organisation or the providing organisation; otherwise it is not \
                 found (404).";
    let sections = [
        format!("# Permissions\n\n{GENERATED}\n\n{intro}"),
        format!("## Shipped roles\n\n{}", roles_table()),
        format!(
            "## Actions on an order\n\nThe gate is asked first (403), then the checks in order.\n\n{}",
            rules_table()
        ),
        format!("## Offering types\n\n{}", types_table()),
    ];
    sections.join("\n\n")
}

fn roles_table() -> String {
    let mut head = vec!["Permission"];
    head.extend(DEFAULT_ROLES.iter().map(|role| role.name));
    let cells = |permission: &Permission| {
        let holds = DEFAULT_ROLES.iter().map(|role| tick(role.permissions.contains(permission)));
        std::iter::once(format!("`{permission}`")).chain(holds).collect()
    };
    markdown_table(&head, Permission::ALL.iter().map(cells))
}

fn rules_table() -> String {
    let head = ["Action", "Who", "Permission on", "States", "Offering types", "Checks in order"];
    markdown_table(&head, RULES.iter().map(rule_cells))
}

fn rule_cells(rule: &Rule) -> Vec<String> {
    let (who, paths) = gate_cells(rule.gate);
    let checks = rule.checks.iter().map(|check| check.as_str());
    vec![format!("`{}`", rule.action), who, paths, states(rule.from), types(rule.types), list(checks)]
}

fn gate_cells(gate: Gate) -> (String, String) {
    let on = |paths: &[Path]| list(paths.iter().map(|path| path.as_str()));
    match gate {
        Gate::Staff => ("staff".to_owned(), String::new()),
        Gate::Visible => ("everybody who sees it".to_owned(), String::new()),
        Gate::Any(permission, paths) => (format!("`{permission}`"), on(paths)),
        Gate::CreatorOr(permission, paths) => (format!("the creator, or `{permission}`"), on(paths)),
        Gate::Creator => ("the creator, or the service".to_owned(), String::new()),
        Gate::System => ("the service".to_owned(), String::new()),
    }
}

fn types_table() -> String {
    let head = ["Type", "cancel", "limits", "set_state_executing", "set_state_done", "set_state_erred", "times out"];
    let rows = OFFERING_TYPES.iter().map(|rules| {
        let flags = [
            rules.can_terminate,
            rules.limits_updatable,
            rules.set_executing,
            rules.set_done,
            rules.set_erred,
            rules.interruptible,
        ];
        std::iter::once(format!("`{}`", rules.name)).chain(flags.map(tick)).collect()
    });
    markdown_table(&head, rows)
}

fn types(flag: TypeFlag) -> String {
    if flag == TypeFlag::Any {
        return "all".to_owned();
    }
    list(OFFERING_TYPES.iter().filter(|rules| flag.is_set(rules)).map(|rules| rules.name))
}

fn states(states: &[OrderState]) -> String {
    if states.is_empty() || states.len() == OrderState::ALL.len() { "any".to_owned() } else { list(states) }
}

fn list(items: impl IntoIterator<Item = impl Display>) -> String {
    let items: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
    items.join(", ")
}

fn tick(flag: bool) -> String {
    if flag { "✔".to_owned() } else { String::new() }
}

fn markdown_table(head: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let rule = vec!["---"; head.len()].join(" | ");
    let mut table = format!("| {} |\n| {rule} |\n", head.join(" | "));
    for cells in rows {
        table.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
    table
}
