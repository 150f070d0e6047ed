//! Filters by time (spec 11.1).

use mercat_testkit::{TestApp, both};
use sea_orm::{Set, Unchanged};

use super::town::Town;
use crate::support::{ORDERS, assert_reply, field};

/// The orders were made at noon of 2025-05-19 and each an hour later.
async fn moments(app: &TestApp, town: &Town) {
    let cases = [
        ("created=2025-05-19T14:00:00Z", "cde"),
        ("created=2025-05-19T14:00:00.000001Z", "de"),
        ("created=2025-05-19T16:00:00%2B02:00", "cde"),
        ("created=2025-05-19T16:00:00%2B0200", "cde"),
        ("created=2025-05-19T14:00:00", "cde"),
        ("created=2025-05-19T14:00", "cde"),
        ("created=2025-05-19 14:00:00", "cde"),
        ("created=2025-05-19%2014:00:00.5", "de"),
        ("created=2025-05-19%2014:00", "cde"),
        ("created=2025-05-19", "abcde"),
        ("created=2025-05-20", ""),
        ("created=", "abcde"),
        ("created=2025-05-20&created=2025-05-19T15:00:00Z", "de"),
        ("created_before=2025-05-19T14:00:00Z", "abc"),
        ("created=2025-05-19T13:00:00Z&created_before=2025-05-19T14:00:00Z", "bc"),
        ("modified=2025-05-19T20:00:00Z", "b"),
        ("modified_before=2025-05-19T13:00:00Z", "a"),
    ];
    for (query, names) in cases {
        let query = query.replace(' ', "%20");
        assert_eq!(town.found(app, "staff", &query).await, names, "{query}");
    }
    for name in ["created", "modified", "created_before", "modified_before"] {
        for bad in ["yesterday", "2025-13-01", "2025-05-19T25:00:00Z", "19.05.2025", "1747656000"] {
            let reply = app.get("staff", &format!("{ORDERS}?{name}={bad}")).await;
            assert_reply(&reply, 400, &field(name, "Enter a valid date/time."), bad);
        }
    }
}

both! {
    async fn times(app: TestApp) {
        let town = Town::build(&app).await;
        let id = Unchanged(town.uuid("b").parse().unwrap());
        let modified = Set(app.app.now() + chrono::TimeDelta::hours(5));
        app.save(mercat_store::entity::order::ActiveModel { id, modified, ..Default::default() }).await;
        moments(&app, &town).await;
    }
}
