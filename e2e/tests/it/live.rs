//! Two browsers at once.

use std::time::Instant;

use mercat_e2e::{Looks, browse};
use serde_json::json;

use crate::{state, waiting};

#[test]
fn what_changes_elsewhere_changes_here() {
    browse(async |demo, chrome| {
        let order = waiting(demo);
        let here = chrome.tab(demo, Looks::default()).await;
        here.sign_in("marc", &format!("/orders/{order}/")).await;
        let list = chrome.tab(demo, Looks::default()).await;
        list.sign_in("lena", "/").await;
        list.wait_for(&format!("[data-order='{order}']")).await;
        let before = list.text("#mine .count").await;
        here.script("window.stays = true").await;
        demo.post("lena", &format!("/api/marketplace-orders/{order}/approve_by_consumer/"), &json!({}));
        let done = Instant::now();
        here.until("the page never changes", async || here.says("This order has just changed.").await).await;
        println!("changed {:?} after the answer to whoever changed it", done.elapsed());
        assert_eq!(here.script("return window.stays").await, true, "without loading the page again");
        let row = format!("[data-order='{order}']");
        list.until("the row keeps its buttons", async || list.count(&format!("{row} button")).await == 0).await;
        list.until("the count stays", async || list.text("#mine .count").await != before).await;
        assert_ne!(state(demo, &order), "pending-consumer");
    });
}

#[test]
fn nobody_approves_what_they_have_not_seen() {
    browse(async |demo, chrome| {
        let order = waiting(demo);
        // Without scripts, or the page would have changed by itself.
        let tab = chrome.tab(demo, Looks { scripts: false, ..Looks::default() }).await;
        tab.sign_in("lena", &format!("/orders/{order}/")).await;
        let press = format!("/api/marketplace-orders/{order}/approve_by_consumer/");
        demo.post("ada", &press, &json!({}));
        let now = state(demo, &order);
        tab.follow("#do-reject_by_consumer").await;
        tab.wait_for(".notice").await;
        tab.wait_text("What changed").await;
        assert_eq!(state(demo, &order), now, "nothing was done");
    });
}
