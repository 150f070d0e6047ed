//! The catalogue and the form that orders something.

use mercat_store::entity::order;
use mercat_testkit::{Offered, TestApp, both};
use sea_orm::{EntityTrait as _, PaginatorTrait as _};
use serde_json::json;

use crate::support::{Browser, field, html, standing};

/// An offering whose form asks for a size and a system.
async fn with_options(app: &TestApp) -> Offered {
    let options = json!({
        "order": ["size", "os"],
        "options": {
            "size": {"type": "integer", "label": "Size", "min": 2, "max": 9, "required": true},
            "os": {"type": "select_string", "label": "System", "choices": ["debian", "<rocky>"]},
        },
    });
    app.offering_with("Marketplace.Basic", |offering, _, _| offering.options = options).await
}

async fn orders(app: &TestApp) -> u64 {
    order::Entity::find().count(app.app.db.read()).await.unwrap()
}

fn ordered(app: &TestApp, offered: &Offered, key: &str) -> Vec<(&'static str, String)> {
    vec![
        ("key", key.to_owned()),
        ("do", "order".to_owned()),
        ("name", "vm <1>".to_owned()),
        ("project", app.world.project.to_string()),
        ("plan", offered.plan.to_string()),
        ("limit-cpu", "3".to_owned()),
        ("option-size", "5".to_owned()),
        ("option-os", "debian".to_owned()),
    ]
}

fn with(fields: &[(&'static str, String)], name: &str, text: &str) -> Vec<(&'static str, String)> {
    fields.iter().map(|(known, old)| (*known, if *known == name { text.to_owned() } else { old.clone() })).collect()
}

fn borrowed<'a>(fields: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
    fields.iter().map(|(name, text)| (*name, text.as_str())).collect()
}

both! {
    async fn what_can_be_ordered_is_found(app: TestApp) {
        let offered = app.offering("Marketplace.Slurm").await;
        let mut browser = Browser::of(&app, "mem").await;
        let page = html(&browser.open("/catalogue/").await.expect(200));
        assert!(page.contains(&format!("/catalogue/{}/", offered.id)) && page.contains("1 "), "{page}");
        let page = html(&browser.open("/catalogue/?q=slurm").await.expect(200));
        assert!(page.contains(&format!("/catalogue/{}/", offered.id)));
        let page = html(&browser.open("/catalogue/?q=%25&category=nonsense&page=7").await.expect(200));
        assert!(!page.contains(&format!("/catalogue/{}/", offered.id)), "a word is no pattern: {page}");
        for wrong in ["/catalogue/nonsense/", "/catalogue/%ff/", "/catalogue/00000000000000000000000000000001/"] {
            browser.open(wrong).await.expect(404);
        }
    }

    async fn a_form_orders_once(app: TestApp) {
        let offered = with_options(&app).await;
        let path = format!("/catalogue/{}/", offered.id);
        let mut browser = Browser::of(&app, "mgr").await;
        let page = browser.open(&path).await.expect(200);
        let fields = ordered(&app, &offered, &field(&page, "key"));
        let reply = browser.send(&path, &borrowed(&fields)).await.expect(303);
        let place = reply.header("location").to_owned();
        let id = place.trim_start_matches("/orders/").trim_end_matches('/').to_owned();
        assert_eq!(standing(&app, &id).await.0, "pending-consumer");
        let row = app.order_row(&id).await;
        assert_eq!(row.attributes, json!({"name": "vm <1>", "size": 5, "os": "debian"}));
        assert_eq!(row.limits, json!({"cpu": 3}));
        assert_eq!(row.cost.unwrap().to_string(), "18.0000000000", "5 a month, 3 of 2, 7 once");

        let again = browser.send(&path, &borrowed(&fields)).await.expect(303);
        assert_eq!(again.header("location"), place, "a second click leads to the same order");
        assert_eq!(orders(&app).await, 1);
        let other = browser.send(&path, &borrowed(&with(&fields, "limit-cpu", "4"))).await.expect(409);
        assert!(html(&other).contains("This form was sent before"), "{}", html(&other));
        assert!(html(&other).contains("value=\"4\""), "what was typed stays");
        assert_eq!(orders(&app).await, 1);
    }

    async fn what_is_wrong_stands_beside_its_field(app: TestApp) {
        let offered = with_options(&app).await;
        let path = format!("/catalogue/{}/", offered.id);
        let mut browser = Browser::of(&app, "mgr").await;
        let fields = ordered(&app, &offered, "k");
        for (name, typed, message) in [
            ("name", " ", "This field is required."),
            ("project", "", "This field is required."),
            ("project", "nonsense", "Object does not exist."),
            ("plan", "00000000000000000000000000000001", "Object does not exist."),
            ("limit-cpu", "many", "A valid integer is required."),
            ("option-size", "1", "greater than or equal to 2"),
            ("option-size", "five", "A valid integer is required."),
            ("option-os", "windows", "is not a valid choice."),
            ("option-size", "", "This field is required."),
        ] {
            let page = html(&browser.send(&path, &borrowed(&with(&fields, name, typed))).await.expect(400));
            let mark = format!("id=\"wrong-{name}\"");
            assert!(page.contains(&mark), "{name}={typed}: {page}");
            let (_, rest) = page.split_once(&mark).unwrap();
            let told = rest.split("</p>").next().unwrap();
            assert!(told.contains(message), "{name}={typed}: {told}");
            assert!(page.contains("value=\"vm &#60;1&#62;\"") || name == "name", "what was typed stays");
        }
        let long = [borrowed(&fields), vec![("start_date", "tomorrow"), ("end_date", "2020-01-01")]].concat();
        let page = html(&browser.send(&path, &long).await.expect(400));
        assert!(page.contains("id=\"wrong-start_date\""), "{page}");
        assert_eq!(orders(&app).await, 0);
    }

    async fn the_cost_is_worked_out_and_nothing_is_ordered(app: TestApp) {
        let offered = with_options(&app).await;
        let path = format!("/catalogue/{}/", offered.id);
        let mut browser = Browser::of(&app, "mgr").await;
        let fields = with(&ordered(&app, &offered, "k"), "do", "cost");
        let page = html(&browser.send(&path, &borrowed(&fields)).await.expect(200));
        assert!(page.contains("<output id=\"cost\" aria-live=\"polite\">11.00 each month; the order comes to 18.00<"), "{page}");
        let page = html(&browser.send(&path, &borrowed(&with(&fields, "limit-cpu", "x"))).await.expect(200));
        assert!(page.contains("an amount is no whole number"), "{page}");
        let page = html(&browser.send(&path, &borrowed(&with(&fields, "limit-cpu", "9223372036854775807"))).await.expect(200));
        assert!(page.contains("out of range"), "{page}");
        assert_eq!(orders(&app).await, 0);
    }

    async fn who_may_not_order_is_told(app: TestApp) {
        let offered = app.offering("Marketplace.Slurm").await;
        let path = format!("/catalogue/{}/", offered.id);
        let page = html(&Browser::of(&app, "user").await.open(&path).await.expect(200));
        assert!(page.contains("You are in no project yet"), "{page}");
        let fields = ordered(&app, &offered, "k");
        Browser::of(&app, "user").await.send(&path, &borrowed(&fields)).await.expect(400);
        assert_eq!(orders(&app).await, 0);
    }
}
