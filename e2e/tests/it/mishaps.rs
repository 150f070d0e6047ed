//! Second clicks, lost sessions, wrong input.

use mercat_e2e::{Looks, browse, pages};
use serde_json::Value;

use crate::{running, state};

#[test]
fn a_lost_session_loses_no_text() {
    browse(async |demo, chrome| {
        let tab = chrome.tab(demo, Looks::default()).await;
        let order = running(demo);
        tab.sign_in("nora", &format!("/orders/{order}/")).await;
        tab.fill("#reason", "Not before <June>").await;
        tab.driver.delete_all_cookies().await.unwrap();
        tab.follow("#do-set_state_erred").await;
        tab.wait_text("What you sent is kept").await;
        assert_eq!(state(demo, &order), "executing");
        tab.follow("button[name=as][value=nora]").await;
        tab.wait_text("Not before <June>").await;
        assert_eq!(state(demo, &order), "executing", "only its button sends it");
        tab.follow("main form button").await;
        tab.until("it is never sent", async || state(demo, &order) == "erred").await;
    });
}

fn orders(demo: &mercat_e2e::Demo) -> usize {
    let found: Value = demo.get("marc", "/api/marketplace-orders/?page_size=300&field=uuid");
    found.as_array().unwrap().len()
}

#[test]
fn wrong_input_is_told_beside_its_field_and_a_second_click_orders_nothing() {
    browse(async |demo, chrome| {
        let tab = chrome.tab(demo, Looks { scripts: false, ..Looks::default() }).await;
        let before = orders(demo);
        tab.sign_in("marc", &pages::path(demo, "/catalogue/{offering}/")).await;
        tab.fill("#name", "twice <1>").await;
        tab.choose("#project", "Genome").await;
        tab.fill("#limit-cpu", "many").await;
        tab.follow("button[value=order]").await;
        assert!(tab.text("#wrong-limit-cpu").await.contains("A valid integer is required."));
        assert_eq!(tab.wait_for("#name").await.prop("value").await.unwrap().unwrap(), "twice <1>");
        tab.fill("#limit-cpu", "10").await;
        tab.fill("#limit-gpu", "5").await;
        tab.fill("#limit-storage", "1").await;
        if tab.find("#plan").await.is_some() {
            let first = tab.wait_for("#plan option:nth-child(2)").await;
            first.click().await.unwrap();
        }
        tab.double_click("button[value=order]").await;
        tab.until("it is never ordered", async || tab.path().await.starts_with("/orders/")).await;
        assert_eq!(orders(demo), before + 1);
    });
}
