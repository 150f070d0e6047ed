//! Decisions: by mouse, by keyboard alone, and without scripts.

use mercat_e2e::{Looks, Tab, browse};

use crate::{running, state, waiting};

#[test]
fn in_the_inbox_by_keyboard_alone() {
    browse(async |demo, chrome| {
        let tab = chrome.tab(demo, Looks::default()).await;
        tab.open("/login/").await;
        // To the button of Lena by the tabulator, as whoever has no mouse.
        tab.reach("button[name=as][value=lena]").await;
        tab.keys_lead("\u{e007}").await;
        tab.keys("j").await;
        let order = tab.script("return document.activeElement.closest('[data-order]').dataset.order").await;
        let order = order.as_str().unwrap().to_owned();
        tab.keys_lead("a").await;
        tab.wait_for(".flash").await;
        assert_ne!(state(demo, &order), "pending-consumer");
        tab.keys("?").await;
        tab.wait_for("#keys[open]").await;
        tab.keys("\u{e00c}").await;
        for (keys, path) in [("go", "/orders/"), ("gr", "/resources/"), ("gc", "/catalogue/"), ("gi", "/")] {
            tab.keys_lead(keys).await;
            assert_eq!(tab.path().await, path);
        }
        tab.keys_lead("go").await;
        tab.keys("/").await;
        tab.keys("is:pending\u{e007}").await;
        tab.until("the search never comes", async || tab.path().await.contains("is%3Apending")).await;
    });
}

async fn gives_up(tab: &Tab, path: &str) {
    tab.open(path).await;
    tab.fill("#reason", "No <b>disk</b> left").await;
    tab.follow("#do-set_state_erred").await;
    tab.wait_text("No <b>disk</b> left").await;
}

#[test]
fn on_the_page_of_the_order_with_a_reason() {
    browse(async |demo, chrome| {
        let tab = chrome.tab(demo, Looks::default()).await;
        let order = running(demo);
        tab.sign_in("nora", "/").await;
        tab.follow(&format!("[data-order='{order}'] a")).await;
        tab.wait_text("is being carried out by").await;
        gives_up(&tab, &format!("/orders/{order}/")).await;
        assert_eq!(state(demo, &order), "erred");
        tab.click("details:has(#as-curl) summary").await;
        assert!(tab.text("#as-curl").await.contains("curl -H"));
    });
}

#[test]
fn without_scripts() {
    browse(async |demo, chrome| {
        let looks = Looks { scripts: false, ..Looks::default() };
        let tab = chrome.tab(demo, looks).await;
        let order = waiting(demo);
        tab.sign_in("lena", "/").await;
        tab.follow(&format!("[data-order='{order}'] button.approve")).await;
        tab.wait_for(".flash").await;
        assert_ne!(state(demo, &order), "pending-consumer");
        let provider = chrome.tab(demo, looks).await;
        let order = running(demo);
        provider.sign_in("nora", "/").await;
        gives_up(&provider, &format!("/orders/{order}/")).await;
        assert_eq!(state(demo, &order), "erred");
        tab.open("/orders/?q=").await;
        tab.click("details:has(.fields) summary").await;
        tab.choose("#f-is", "pending").await;
        tab.follow("form.fields button").await;
        assert!(tab.path().await.contains("q=is%3Apending"), "{}", tab.path().await);
    });
}
