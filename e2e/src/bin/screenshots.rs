//! Takes the pictures of the README: `cargo xtask screenshots`.
#![expect(clippy::unwrap_used, reason = "a picture that cannot be taken ends it")]

use std::path::Path;

use mercat_e2e::{Looks, browse, pages};

/// What the pictures show: a page of the table, and what is done to it before.
const PICTURES: [(&str, Looks, &str); 8] = [
    ("inbox", LAPTOP, ""),
    ("orders", LAPTOP, ""),
    ("order", TALL, ""),
    ("order-form", TALL, FORM),
    ("numbers", TALL, ""),
    ("provider-offering", TALL, ""),
    ("inbox-dark", Looks { dark: true, ..LAPTOP }, ""),
    ("inbox-phone", Looks { width: 390, height: 780, ..LAPTOP }, ""),
];

const LAPTOP: Looks = Looks { width: 1200, height: 760, dark: false, scripts: true };
const TALL: Looks = Looks { height: 1000, ..LAPTOP };

/// A form that somebody fills in.
const FORM: &str = "document.getElementById('name').value = 'polishing run 7';\
    document.getElementById('order').scrollIntoView();";

fn main() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("docs/screenshots");
    std::fs::create_dir_all(&folder).unwrap();
    browse(async |demo, chrome| {
        for (name, looks, before) in PICTURES {
            let page = name.trim_end_matches("-dark").trim_end_matches("-phone");
            let (_, who, path) = pages::PAGES.into_iter().find(|(known, ..)| *known == page).unwrap();
            let tab = chrome.tab(demo, looks).await;
            tab.sign_in(who, &pages::path(demo, path)).await;
            tab.wait_for("main").await;
            if !before.is_empty() {
                tab.script(before).await;
            }
            std::fs::write(folder.join(format!("{name}.png")), tab.driver.screenshot().await.unwrap()).unwrap();
        }
    });
}
