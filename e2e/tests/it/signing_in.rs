//! Signing in, and the way to the first approval.

use mercat_e2e::{Looks, browse};

use crate::state;

#[test]
fn as_somebody_of_the_demo_by_token_and_not_by_a_wrong_password() {
    browse(async |demo, chrome| {
        let tab = chrome.tab(demo, Looks::default()).await;
        tab.open("/orders/?q=is%3Adone").await;
        assert!(tab.path().await.starts_with("/login/"), "nobody sees it before");
        tab.fill("#username", "lena").await;
        tab.fill("#password", "wrong").await;
        tab.follow("form:has(#password) button").await;
        tab.wait_text("The user name or the password is wrong.").await;
        tab.fill("#token", &demo.token("lena")).await;
        tab.follow("form:has(#token) button").await;
        assert_eq!(tab.path().await, "/orders/?q=is%3Adone", "where it was asked for");
        tab.follow("form.leave button").await;
        tab.open("/").await;
        assert!(tab.path().await.starts_with("/login/"), "signed out");
        tab.sign_in("marc", "/").await;
        tab.wait_text("Waits for you").await;
    });
}

/// From the printed address: one click to be Lena, one to approve.
#[test]
fn a_newcomers_first_approval_takes_two_clicks() {
    browse(async |demo, chrome| {
        let tab = chrome.tab(demo, Looks::default()).await;
        tab.open("/").await;
        tab.follow("button[name=as][value=lena]").await;
        let order = tab.wait_for("#mine ~ .orders li").await.attr("data-order").await.unwrap().unwrap();
        assert_eq!(state(demo, &order), "pending-consumer");
        tab.follow("#mine ~ .orders li [data-key=a]").await;
        tab.wait_for(".flash").await;
        assert_ne!(state(demo, &order), "pending-consumer");
    });
}
