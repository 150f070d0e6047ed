//! From the catalogue to a resource, and what can be ordered for it.

use mercat_e2e::{Looks, browse, pages};

#[test]
fn ordered_with_the_cost_in_sight() {
    browse(async |demo, chrome| {
        let tab = chrome.tab(demo, Looks::default()).await;
        tab.sign_in("marc", "/catalogue/").await;
        tab.fill("#q", "Aurora").await;
        tab.follow("form[role=search] button").await;
        tab.follow(".cards a").await;
        tab.fill("#name", "first walk").await;
        tab.choose("#project", "Genome").await;
        if tab.find("#plan").await.is_some() {
            tab.wait_for("#plan option:nth-child(2)").await.click().await.unwrap();
        }
        let before = tab.text("#cost").await;
        tab.fill("#limit-cpu", "11").await;
        tab.fill("#limit-gpu", "7").await;
        tab.fill("#limit-storage", "3").await;
        tab.until("the cost stays as it was", async || {
            tab.text("#cost").await != before && !tab.text("#cost").await.contains("not known")
        })
        .await;
        tab.follow("button[value=order]").await;
        tab.wait_text("first walk").await;
        assert!(tab.path().await.starts_with("/orders/"));
    });
}

#[test]
fn more_of_a_resource_and_its_end() {
    browse(async |demo, chrome| {
        let tab = chrome.tab(demo, Looks::default()).await;
        let resource = pages::path(demo, "/resources/{resource}/");
        tab.sign_in("marc", &resource).await;
        tab.click("details:has(#change-terminate) summary").await;
        tab.follow("button[value=terminate]").await;
        tab.wait_text("Tick this to order its end.").await;
        tab.click("#sure").await;
        tab.follow("button[value=terminate]").await;
        assert!(tab.path().await.starts_with("/orders/"), "{}", tab.path().await);
        tab.wait_text("Termination of").await;
        tab.open(&resource).await;
        tab.wait_text("is under way").await;
    });
}
