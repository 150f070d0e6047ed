//! The same tasks again, by keyboard alone.

use mercat_e2e::{Looks, browse, pages};

use crate::{running, state};

const ENTER: &str = "\u{e007}";
const SPACE: &str = " ";

#[test]
fn something_is_ordered_and_ended() {
    browse(async |demo, chrome| {
        let tab = chrome.tab(demo, Looks::default()).await;
        tab.open(&format!("/login/?next={}", pages::path(demo, "/catalogue/{offering}/").replace('/', "%2F"))).await;
        tab.reach("button[name=as][value=marc]").await;
        tab.keys_lead(ENTER).await;
        tab.reach("#name").await;
        tab.keys("by keys").await;
        tab.reach("#plan").await;
        // A list of choices takes letters.
        tab.keys("Ac").await;
        for (field, amount) in [("#limit-cpu", "12"), ("#limit-gpu", "4"), ("#limit-storage", "2")] {
            tab.reach(field).await;
            tab.script("document.activeElement.select()").await;
            tab.keys(amount).await;
        }
        tab.reach("button[value=order]").await;
        tab.keys_lead(ENTER).await;
        tab.wait_text("by keys").await;
        assert!(tab.path().await.starts_with("/orders/"), "{}", tab.path().await);

        tab.open(&pages::path(demo, "/resources/{resource}/")).await;
        tab.reach("details:has(#change-terminate) summary").await;
        tab.keys(SPACE).await;
        tab.reach("#sure").await;
        tab.keys(SPACE).await;
        tab.reach("button[value=terminate]").await;
        tab.keys_lead(ENTER).await;
        tab.wait_text("Termination of").await;
    });
}

#[test]
fn an_order_is_given_up_with_a_reason_and_found_again() {
    browse(async |demo, chrome| {
        let tab = chrome.tab(demo, Looks::default()).await;
        let order = running(demo);
        tab.sign_in("nora", &format!("/orders/{order}/")).await;
        tab.reach("#reason").await;
        tab.keys("No disk left").await;
        tab.reach("#do-set_state_erred").await;
        tab.keys_lead(ENTER).await;
        assert_eq!(state(demo, &order), "erred");
        tab.wait_for("main").await;
        tab.keys_lead("go").await;
        tab.keys("/").await;
        tab.keys("is:erred").await;
        tab.keys_lead(ENTER).await;
        tab.reach("th[aria-sort] a[href*=cost]").await;
        tab.keys_lead(ENTER).await;
        tab.wait_for("th[aria-sort=descending]").await;
    });
}

#[test]
fn an_organisation_is_added_and_an_offering_paused() {
    browse(async |demo, chrome| {
        let staff = chrome.tab(demo, Looks::default()).await;
        staff.sign_in("ada", "/admin/organisations/").await;
        staff.reach("a[href='/admin/organisations/new/']").await;
        staff.keys_lead(ENTER).await;
        staff.reach("[name=name]").await;
        staff.keys("Mountain Observatory").await;
        staff.reach("button[value=make]").await;
        staff.keys_lead(ENTER).await;
        assert_eq!(staff.text("h1").await, "Mountain Observatory");

        let provider = chrome.tab(demo, Looks::default()).await;
        provider.sign_in("nora", &pages::path(demo, "/provider/offerings/{offering}/")).await;
        provider.reach("details:has([name=paused_reason]) summary").await;
        provider.keys(SPACE).await;
        provider.reach("[name=paused_reason]").await;
        provider.keys("Moving house").await;
        provider.reach("button[value=pause]").await;
        provider.keys_lead(ENTER).await;
        assert_eq!(provider.text("h1 .state").await, "Paused");
    });
}
