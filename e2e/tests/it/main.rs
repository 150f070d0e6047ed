//! What people do, in a real browser, with the real program and the demo's data.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod access;
mod by_keyboard;
mod deciding;
mod listing;
mod live;
mod looking_after;
mod mishaps;
mod ordering;
mod signing_in;

use mercat_e2e::Demo;

/// An order that waits for Lena's approval, as the API knows it.
fn waiting(demo: &Demo) -> String {
    let found =
        demo.get("lena", "/api/marketplace-orders/?state=pending-consumer&can_approve_as_consumer=true&o=created");
    found[0]["uuid"].as_str().expect("the demo has an order that waits for Lena").to_owned()
}

/// An order that Nora's organisation carries out.
fn running(demo: &Demo) -> String {
    let found = demo.get("nora", "/api/marketplace-orders/?state=executing&o=created");
    found[0]["uuid"].as_str().expect("the demo has an order that is carried out").to_owned()
}

/// How an order stands.
fn state(demo: &Demo, order: &str) -> String {
    demo.get("ada", &format!("/api/marketplace-orders/{order}/"))["state"].as_str().unwrap().to_owned()
}
