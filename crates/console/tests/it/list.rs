//! The list of orders: found, sorted, turned over and taken along.

use chrono::TimeDelta;
use mercat_domain::order::OrderState;
use mercat_testkit::{Reply, TestApp, both};
use serde_json::{Value, json};

use crate::support::{Browser, html};

/// The orders of the page, in order, as their names.
fn slugs(page: &Reply) -> Vec<String> {
    let html = html(page);
    let rows = html.split("<th scope=\"row\"><a href=\"").skip(1);
    rows.map(|row| row.split('>').nth(1).unwrap().split('<').next().unwrap().to_owned()).collect()
}

/// What a query finds, as the names of the orders.
async fn found(browser: &mut Browser<'_>, query: &str) -> Vec<String> {
    let query: String = form_urlencoded::byte_serialize(query.as_bytes()).collect();
    slugs(&browser.open(&format!("/orders/?q={query}")).await.expect(200))
}

/// Orders 1 (done, costs 14), 2 (waits for the customer, costs nothing known), 3 (waits for the provider, costs 28).
async fn three_orders(app: &TestApp) {
    let (basic, slurm) = (app.offering("Marketplace.Basic").await, app.offering("Marketplace.Slurm").await);
    let place = |who: &'static str, body: Value| async move {
        let reply = app.post_json(who, "/api/marketplace-orders/", body).await.expect(201);
        app.clock.advance(TimeDelta::hours(1));
        reply.text("uuid")
    };
    let first = place("own", app.order_body(&basic)).await;
    app.post("vown", &format!("/api/marketplace-orders/{first}/approve_by_provider/")).await.expect(200);
    app.drain().await;
    let mut named = app.order_body(&slurm);
    named["attributes"] = json!({"name": "deep <b>sea</b>"});
    place("mgr", named).await;
    let mut dear = app.order_body(&slurm);
    dear["limits"] = json!({"cpu": 40});
    place("own", dear).await;
}

const ONE: &str = "konsument-1";
const TWO: &str = "konsument-2";
const THREE: &str = "konsument-3";

both! {
    async fn an_empty_list_says_what_comes_there(app: TestApp) {
        let page = html(&Browser::of(&app, "own").await.open("/orders/").await.expect(200));
        insta::assert_snapshot!("list_empty", page);
    }

    async fn orders_are_found_by_what_is_written(app: TestApp) {
        three_orders(&app).await;
        let mut browser = Browser::of(&app, "own").await;
        let page = browser.open("/orders/").await.expect(200);
        assert_eq!(slugs(&page), [THREE, TWO, ONE], "newest first");
        let shown = html(&page);
        assert!(shown.contains("deep &#60;b&#62;sea&#60;/b&#62;") && shown.contains("3 orders"), "{shown}");
        for (query, orders) in [
            ("is:done", vec![ONE]),
            ("is:open", vec![THREE, TWO]),
            ("is:pending-consumer,done", vec![TWO, ONE]),
            ("-is:done", vec![THREE, TWO]),
            ("is:closed", vec![ONE]),
            ("waits:me", vec![TWO]),
            ("by:me", vec![THREE, ONE]),
            ("type:create", vec![THREE, TWO, ONE]),
            ("type:update,terminate", vec![]),
            ("offering:slurm", vec![THREE, TWO]),
            ("offering:SLURM is:pending-provider", vec![THREE]),
            ("project:prob", vec![THREE, TWO, ONE]),
            ("project:other", vec![]),
            ("org:konsu provider:\"verkaeufer\"", vec![THREE, TWO, ONE]),
            ("org:verkaeufer", vec![]),
            ("resource:sea", vec![TWO]),
            ("\"deep <b>\"", vec![TWO]),
            ("konsument-1", vec![ONE]),
            ("older:2h", vec![TWO, ONE]),
            ("newer:2h", vec![THREE, TWO]),
            ("after:2025-05-19", vec![THREE, TWO, ONE]),
            ("before:2025-05-19", vec![]),
            ("%", vec![]),
        ] {
            assert_eq!(found(&mut browser, query).await, orders, "{query}");
        }
        for stranger in ["user", "mem"] {
            assert!(found(&mut Browser::of(&app, stranger).await, "").await.is_empty());
        }
    }

    async fn costs_are_compared_by_value(app: TestApp) {
        three_orders(&app).await;
        let mut browser = Browser::of(&app, "own").await;
        let costs = |orders: Vec<Value>| {
            let cost = |order: &Value| order["cost"].as_str().map(|cost| cost.parse::<f64>().unwrap());
            orders.iter().map(|order| (order["slug"].as_str().unwrap().to_owned(), cost(order))).collect::<Vec<_>>()
        };
        let all = costs(app.get("own", "/api/marketplace-orders/?o=created").await.json().as_array().unwrap().clone());
        for bound in ["9", "14", "14.0000000001", "40", "1000"] {
            let above = all.iter().rev().filter(|it| it.1.is_some_and(|cost| cost > bound.parse().unwrap()));
            let above: Vec<_> = above.map(|it| it.0.clone()).collect();
            assert_eq!(found(&mut browser, &format!("cost:>{bound}")).await, above, "{bound} of {all:?}");
            let within = all.iter().rev().filter(|it| it.1.is_some_and(|cost| cost <= bound.parse().unwrap()));
            let within: Vec<_> = within.map(|it| it.0.clone()).collect();
            assert_eq!(found(&mut browser, &format!("cost:0..{bound}")).await, within, "{bound} of {all:?}");
        }
        let down = slugs(&browser.open("/orders/?sort=-cost").await.expect(200));
        let mut up = slugs(&browser.open("/orders/?sort=cost").await.expect(200));
        up.reverse();
        assert_eq!(down, up);
    }

    async fn what_is_wrong_stands_beside_the_search(app: TestApp) {
        let mut browser = Browser::of(&app, "own").await;
        let page = html(&browser.open("/orders/?q=is%3Anothing+%3Cscript%3E+colour%3Ared").await.expect(400));
        assert!(page.contains("is:nothing is no state") && page.contains("colour:red is not known"), "{page}");
        assert!(page.contains("aria-invalid=\"true\"") && !page.contains("<script>"));
        assert!(!page.contains("<table class=\"list\">"));
        for odd in ["/orders/?q=%ff", "/orders/?page=0", "/orders/?page=99999999999999999999", "/orders/?sort=x&cols=y"] {
            browser.open(odd).await.expect(200);
        }
        let reply = browser.open("/orders/export.csv?q=is%3Anothing").await.expect(303);
        assert_eq!(reply.header("location"), "/orders/?q=is%3Anothing");
        let reply = Browser::new(&app).open("/orders/export.csv").await.expect(303);
        assert!(reply.header("location").starts_with("/login/"));
    }

    async fn a_search_is_never_cut(app: TestApp) {
        three_orders(&app).await;
        let mut browser = Browser::of(&app, "own").await;
        let long = format!("{}{}", "-project:nowhere ".repeat(20), "-is:open");
        assert_eq!(found(&mut browser, &long).await, [ONE], "what stands at its end counts");
        for longer in ["is:done ".repeat(31), "x".repeat(1_001), "y".repeat(50_000)] {
            let longer: String = form_urlencoded::byte_serialize(longer.as_bytes()).collect();
            let page = html(&browser.open(&format!("/orders/?q={longer}")).await.expect(400));
            assert!(page.contains("too long for a search"), "{page}");
        }
        for hard in ["-is:done ".repeat(30), "waits:me ".repeat(30), "-waits:me -by:me -cost:>1 ".repeat(10)] {
            found(&mut browser, &hard).await;
        }
        let different = OrderState::ALL.iter().map(|state| format!("-is:{} ", state.as_str())).collect::<String>();
        assert_eq!(found(&mut browser, &different).await, Vec::<String>::new());
    }

    async fn the_form_writes_the_query(app: TestApp) {
        three_orders(&app).await;
        let mut browser = Browser::of(&app, "own").await;
        let sent = "/orders/?form=1&sort=-cost&is=open&type=&org=&project=deep+%22sea&cost=%3E5&words=-by%3Ame+vm&cols=state&cols=cost";
        let reply = browser.open(sent).await.expect(303);
        let place = reply.header("location").to_owned();
        let query = "-by:me vm is:open project:\"deep sea\" cost:>5";
        let written: String = form_urlencoded::byte_serialize(query.as_bytes()).collect();
        assert_eq!(place, format!("/orders/?q={written}&sort=-cost&cols=state%2Ccost"));
        let page = html(&browser.open(&place).await.expect(200));
        for part in [
            "<option value=\"open\" selected>", "name=\"project\" value=\"deep sea\"", "name=\"cost\" value=\"&#62;5\"",
            "name=\"words\" value=\"-by:me vm\"", "value=\"cost\" checked>", "value=\"created\">",
        ] {
            assert!(page.contains(part), "{part} in {page}");
        }
    }

    async fn many_orders_have_pages_and_a_whole_file(app: TestApp) {
        let offered = app.offering("Marketplace.Slurm").await;
        for _ in 0..101 {
            app.order("mgr", &offered).await;
            app.clock.advance(TimeDelta::seconds(1));
        }
        let mut browser = Browser::of(&app, "own").await;
        let (mut place, mut seen) = ("/orders/".to_owned(), Vec::new());
        loop {
            let page = browser.open(&place).await.expect(200);
            seen.extend(slugs(&page));
            let shown = html(&page);
            let Some((before, _)) = shown.split_once("\" rel=\"next\"") else { break };
            place = before.rsplit("href=\"").next().unwrap().replace("&#38;", "&");
        }
        let newest_first: Vec<String> = (1..=101).rev().map(|number| format!("konsument-{number}")).collect();
        assert_eq!(seen, newest_first);
        let file = browser.open("/orders/export.jsonl?q=is%3Aopen").await.expect(200);
        assert_eq!(file.header("content-disposition"), "attachment; filename=\"orders.jsonl\"");
        let text = String::from_utf8(file.bytes).unwrap();
        let objects: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let slugs: Vec<_> = objects.iter().map(|order| order["slug"].as_str().unwrap().to_owned()).collect();
        assert_eq!(slugs, newest_first.into_iter().rev().collect::<Vec<_>>(), "oldest first");
        assert_eq!(objects[0]["state"], "pending-consumer");
        let file = browser.open("/orders/export.csv").await.expect(200);
        let text = String::from_utf8(file.bytes).unwrap();
        assert_eq!(text.lines().count(), 102);
        assert!(text.starts_with("uuid,slug,type,state,"));
    }
}
