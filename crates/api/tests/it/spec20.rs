//! The expected outcomes of spec 20, row by row.

mod actions;
mod create;
mod lists;
mod resources;
mod review;

/// Every row has its function, named by its number.
#[test]
fn all_58_rows_are_here() {
    let sources = [
        include_str!("spec20/actions.rs"),
        include_str!("spec20/create.rs"),
        include_str!("spec20/lists.rs"),
        include_str!("spec20/resources.rs"),
        include_str!("spec20/review.rs"),
    ]
    .concat();
    let missing: Vec<u8> = (1..=58).filter(|row| !sources.contains(&format!("async fn row_{row:02}_"))).collect();
    assert!(missing.is_empty(), "no test of the rows {missing:?}");
    let unused = (1..=58).filter(|row| !sources.contains(&format!("        row_{row:02}_"))).collect::<Vec<u8>>();
    assert!(unused.is_empty(), "the rows {unused:?} are never run");
}
