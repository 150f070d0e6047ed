//! What has to be true of every page: for everybody's eyes, on every screen, and light.

use std::io::Write as _;

use flate2::{Compression, write::GzEncoder};
use mercat_e2e::{Chrome, Demo, Looks, Tab, axe, browse, pages};

use crate::{state, waiting};

/// Shows each page to its reader.
async fn each(demo: &Demo, chrome: &Chrome, looks: Looks, mut look: impl AsyncFnMut(&str, &Tab)) {
    let mut tabs: Vec<(&str, Tab)> = Vec::new();
    for (name, who, path) in pages::PAGES {
        if !tabs.iter().any(|(known, _)| *known == who) {
            let tab = chrome.tab(demo, looks).await;
            if !who.is_empty() {
                tab.sign_in(who, "/").await;
            }
            tabs.push((who, tab));
        }
        let (_, tab) = tabs.iter().find(|(known, _)| *known == who).unwrap();
        tab.open(&pages::path(demo, path)).await;
        tab.wait_for("main").await;
        look(name, tab).await;
    }
}

async fn nothing_in_the_way(dark: bool, demo: &Demo, chrome: &Chrome) {
    let mut wrong = Vec::new();
    each(demo, chrome, Looks { dark, ..Looks::default() }, async |name, tab| {
        tab.script("document.querySelectorAll('details').forEach(it => it.open = true)").await;
        wrong.extend(axe::violations(tab).await.into_iter().map(|violation| format!("{name}: {violation}")));
    })
    .await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn axe_finds_nothing_in_light() {
    browse(async |demo, chrome| nothing_in_the_way(false, demo, chrome).await);
}

#[test]
fn axe_finds_nothing_in_dark() {
    browse(async |demo, chrome| nothing_in_the_way(true, demo, chrome).await);
}

/// 320 CSS pixels are a phone, and any screen at 400 %.
#[test]
fn nothing_is_wider_than_a_phone() {
    browse(async |demo, chrome| {
        let phone = Looks { width: 320, height: 640, ..Looks::default() };
        let mut wide = Vec::new();
        each(demo, chrome, phone, async |name, tab| {
            tab.script("document.querySelectorAll('details').forEach(it => it.open = true)").await;
            let width = tab.script("return document.documentElement.scrollWidth").await.as_i64().unwrap();
            if width > 320 {
                wide.push(format!("{name} is {width} wide"));
            }
        })
        .await;
        assert!(wide.is_empty(), "{wide:?}");
        let order = waiting(demo);
        let tab = chrome.tab(demo, phone).await;
        tab.sign_in("lena", "/").await;
        tab.follow(&format!("[data-order='{order}'] [data-key=a]")).await;
        tab.wait_for(".flash").await;
        assert_ne!(state(demo, &order), "pending-consumer");
    });
}

fn compressed(bytes: &[u8]) -> usize {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap().len()
}

#[test]
fn the_first_pages_are_light() {
    browse(async |demo, chrome| {
        let tab = chrome.tab(demo, Looks::default()).await;
        tab.sign_in("ada", "/").await;
        for path in ["/", "/orders/?q=", &format!("/orders/{}/", waiting(demo))] {
            tab.open(path).await;
            // The page and everything that it loads, as the server sends it.
            let script = "const done = arguments[0]; const loaded = performance.getEntriesByType('resource')\
                .filter(it => it.initiatorType !== 'eventsource' && it.initiatorType !== 'other').map(it => it.name);\
                Promise.all([location.href, ...new Set(loaded)].map(it => fetch(it).then(it => it.text()))).then(done);";
            let texts = tab.script_gives(script).await;
            let texts = texts.as_array().unwrap();
            assert!(texts.len() > 1, "the page and its script");
            let size: usize = texts.iter().map(|text| compressed(text.as_str().unwrap().as_bytes())).sum();
            println!("{path}: {size} bytes");
            assert!(size <= 30 * 1024, "{path} is {size} bytes");
        }
    });
}
