//! What providers and operators do.

use mercat_e2e::{Looks, browse, pages};

#[test]
fn a_provider_pauses_an_offering_and_an_operator_adds_an_organisation() {
    browse(async |demo, chrome| {
        let tab = chrome.tab(demo, Looks::default()).await;
        tab.sign_in("nora", "/provider/offerings/").await;
        tab.open(&pages::path(demo, "/provider/offerings/{offering}/")).await;
        tab.click("details:has([name=paused_reason]) summary").await;
        tab.fill("[name=paused_reason]", "Moving house").await;
        tab.follow("button[value=pause]").await;
        tab.wait_text("Moving house").await;
        assert_eq!(tab.text("h1 .state").await, "Paused");
        tab.follow("button[value=unpause]").await;
        assert_eq!(tab.text("h1 .state").await, "Active");

        let staff = chrome.tab(demo, Looks::default()).await;
        staff.sign_in("ada", "/admin/organisations/new/").await;
        staff.follow("button[value=make]").await;
        staff.wait_text("This field is required.").await;
        staff.fill("[name=name]", "Mountain Observatory").await;
        staff.follow("button[value=make]").await;
        assert_eq!(staff.text("h1").await, "Mountain Observatory");
    });
}
