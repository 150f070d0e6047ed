//! Figures that one looks at.

use chrono::TimeDelta;
use mercat_testkit::both;

use crate::support::{Browser, html};

/// The rows of a table that have this head.
fn row(page: &str, head: &str) -> Vec<String> {
    let (_, rest) = page.split_once(&format!("<tr><th scope=\"row\">{head}</th>")).expect("a row with this head");
    let cells = rest.split("</tr>").next().unwrap().split("<td class=\"number\">").skip(1);
    cells.map(|cell| cell.split('<').next().unwrap().to_owned()).collect()
}

both! {
    async fn what_was_ordered_and_how_long_it_took(app: TestApp) {
        let offered = app.offering("Marketplace.Basic").await;
        for hours in [1, 2, 9] {
            let order = app.order("mgr", &offered).await;
            app.clock.advance(TimeDelta::hours(hours));
            app.post("own", &format!("/api/marketplace-orders/{order}/approve_by_consumer/")).await.expect(200);
            app.post("vown", &format!("/api/marketplace-orders/{order}/approve_by_provider/")).await.expect(200);
            app.clock.advance(TimeDelta::hours(1));
            app.post("vown", &format!("/api/marketplace-orders/{order}/set_state_done/")).await.expect(200);
        }
        let refused = app.order("mgr", &offered).await;
        app.post("own", &format!("/api/marketplace-orders/{refused}/reject_by_consumer/")).await.expect(200);
        app.order("mgr", &offered).await;
        let page = html(&Browser::of(&app, "own").await.open("/numbers/").await.expect(200));
        assert!(page.contains("5 orders that you see"), "{page}");
        assert_eq!(row(&page, "until both sides had agreed"), ["3", "2 hours", "9 hours"]);
        assert_eq!(row(&page, "until it was done"), ["3", "3 hours", "10 hours"]);
        assert_eq!(row(&page, "May 2025")[..4], ["3", "1", "1", "0"], "done, under way, refused, failed");
        let of = |name: &str| row(&page, &format!("<bdi>{name}</bdi>"));
        let cost = app.order_row(&refused).await.cost.unwrap().to_f64();
        assert_eq!(of("Konsument"), ["4".to_owned(), format!("{:.2}", cost * 4.0)], "what was refused costs nothing");
        assert_eq!(of("Marketplace.Basic")[0], "4");
        assert!(page.contains("<rect class=\"series-1\" x=\"") && page.contains("<title>May 2025: 3</title>"), "{page}");
        // Everybody sees their own, and what they ask for.
        for (who, query, count) in [("user", "", 0), ("staff", "", 5), ("own", "?q=is:done", 3), ("own", "?to=2025-05-18", 0), ("vown", "?q=org:konsument", 5)] {
            let page = html(&Browser::of(&app, who).await.open(&format!("/numbers/{query}")).await.expect(200));
            assert!(page.contains(&format!("{count} orders that you see")), "{who} {query}");
        }
    }

    async fn other_periods(app: TestApp) {
        let offered = app.offering("Marketplace.Basic").await;
        app.order("mgr", &offered).await;
        let mut own = Browser::of(&app, "own").await;
        for (query, head) in [("?from=2025-05-01&to=2025-05-31", "19 May 2025"), ("?from=2025-03-01&to=2025-05-31", "19 May 2025"), ("?from=2022-01-01&to=2025-12-31", "May 2025")] {
            let page = html(&own.open(&format!("/numbers/{query}")).await.expect(200));
            assert_eq!(row(&page, head)[1], "1", "{query}");
        }
        for (query, message) in [
            ("?from=soon", "A day is written like"),
            ("?from=2025-02-01&to=2025-01-01", "before the first one"),
            ("?from=1999-01-01", "longer than five years"),
            ("?from=0000-01-01&to=9999-12-31", "longer than five years"),
            ("?q=is:odd", "is no state"),
            ("?from=%00&to=%ff", "A day is written like"),
        ] {
            let page = html(&own.open(&format!("/numbers/{query}")).await.expect(400));
            assert!(page.contains(message), "{query}: {page}");
        }
    }
}
