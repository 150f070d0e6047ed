//! The list of orders.

use mercat_e2e::{Looks, browse};

use crate::state;

#[test]
fn searched_sorted_turned_and_decided() {
    browse(async |demo, chrome| {
        let tab = chrome.tab(demo, Looks::default()).await;
        tab.sign_in("ada", "/orders/").await;
        let all = tab.count("tr[data-order]").await;
        assert_eq!(all, 50, "the demo fills a page");
        tab.follow("a[rel=next]").await;
        assert!(tab.path().await.contains("page=2"));
        tab.fill("#q", "is:done cost:>100").await;
        tab.follow("form.search button").await;
        let found = tab.count("tr[data-order]").await;
        assert!((1..=50).contains(&found));
        tab.follow("th[aria-sort] a[href*='sort=-cost']").await;
        tab.wait_for("th[aria-sort=descending]").await;
        tab.fill("#q", "is:odd").await;
        tab.follow("form.search button").await;
        tab.wait_text("is no state").await;
        assert_eq!(tab.wait_for("#q").await.prop("value").await.unwrap().unwrap(), "is:odd", "what was typed stays");
        // By form, with another column.
        tab.open("/orders/?q=").await;
        tab.click("details:has(.fields) summary").await;
        tab.choose("#f-is", "pending-consumer").await;
        tab.fill("#f-org", "Lakeside").await;
        tab.follow("form.fields button").await;
        assert!(tab.path().await.contains("is%3Apending-consumer+org%3ALakeside"), "{}", tab.path().await);
        // Kept, and found again.
        tab.follow("nav[aria-label='Saved searches'] a:last-child").await;
        tab.fill("input[name=name]", "Lakeside waits").await;
        tab.follow("button[value=keep]").await;
        tab.wait_for("nav[aria-label='Saved searches'] [aria-current=page]").await;
    });
}

#[test]
fn many_at_once_after_a_look_at_what_comes_of_it() {
    browse(async |demo, chrome| {
        let tab = chrome.tab(demo, Looks::default()).await;
        tab.sign_in("lena", "/orders/?q=is%3Apending-consumer").await;
        // By keys: next, choose, approve what is chosen.
        tab.keys("jx").await;
        let order = tab.script("return document.querySelector('[name=order]:checked').value").await;
        let order = order.as_str().unwrap().to_owned();
        tab.keys_lead("a").await;
        assert_eq!(state(demo, &order), "pending-consumer", "seen before it is done");
        tab.follow("main form button.approve").await;
        tab.until("it is never approved", async || state(demo, &order) != "pending-consumer").await;
    });
}
