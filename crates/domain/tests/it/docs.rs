//! The generated pages hold every row of the tables.

use mercat_domain::{
    order::{Action, OrderState, RULES, TRANSITIONS, permissions_markdown, states_markdown},
    permission::{DEFAULT_ROLES, Permission},
};

/// The rows of a page's tables: lines that begin with a bar, each with the number of its cells.
fn rows(page: &str) -> Vec<(&str, usize)> {
    page.lines().filter(|line| line.starts_with('|')).map(|line| (line, line.matches(" | ").count() + 1)).collect()
}

#[test]
fn states() {
    let page = states_markdown();
    let table = rows(&page);
    assert_eq!(table.len(), TRANSITIONS.len() + 2, "head, rule and a row for each transition");
    assert!(table.iter().all(|(_, cells)| *cells == 8));
    for state in OrderState::ALL {
        assert!(page.contains(&format!("state \"{state}\" as ")), "{state}");
    }
    for edge in ["pending_consumer --> rejected: reject_by_consumer", "erred --> executing: set_state_executing"] {
        assert!(page.contains(edge), "{edge}");
    }
    assert!(page.contains("| `set_state_erred` | any | otherwise | same |"), "{page}");
    assert!(!page.contains("done --> executing"));
}

#[test]
fn permissions() {
    let page = permissions_markdown();
    for permission in Permission::ALL {
        assert!(page.contains(&format!("| `{permission}` |")), "{permission}");
    }
    for action in Action::ALL {
        assert!(page.contains(&format!("| `{action}` |")), "{action}");
    }
    let roles = DEFAULT_ROLES.len() + 1;
    let roles_rows = rows(&page).into_iter().filter(|(_, cells)| *cells == roles).count();
    assert_eq!(roles_rows, Permission::ALL.len() + 2);
    assert_eq!(rows(&page).into_iter().filter(|(_, cells)| *cells == 6).count(), RULES.len() + 2);
    let cancel = "| `cancel` | `ORDER.CANCEL` | project, project.customer | pending-consumer, pending-provider, \
                  pending-start-date, executing | Marketplace.Basic, Support.OfferingTemplate | state (409), offering type (405) |";
    assert!(page.contains(cancel), "{page}");
}
