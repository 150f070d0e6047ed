//! The project's own list of what the page lists.

const LIST: &str = include_str!("../../data/seed.txt");

/// The lines of a section, in the page's order.
pub fn section(name: &str) -> Vec<&'static str> {
    let head = format!("[{name}]");
    let lines = LIST.lines().skip_while(|line| *line != head).skip(1);
    let lines: Vec<_> = lines.take_while(|line| !line.starts_with('[')).filter(|line| !line.is_empty()).collect();
    assert!(!lines.is_empty(), "seed.txt has no section {name}");
    lines
}

/// The names in a section, without their types.
pub fn names(name: &str) -> Vec<&'static str> {
    section(name).into_iter().map(|line| line.split(' ').next().unwrap()).collect()
}

#[test]
fn the_list_is_complete() {
    let sizes = [("operations", 17), ("list parameters", 23), ("order", 74), ("create body", 11), ("offering", 195)];
    for (name, size) in sizes {
        assert_eq!(section(name).len(), size, "{name}");
    }
}
