//! People in browsers, for tests and pictures: the real program with the demo's data, and headless Chromium.
//!
//! `cargo xtask test` says where the browser's driver and axe-core are. Without them a test fails and says so.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

pub mod axe;
mod chrome;
mod demo;
pub mod pages;
mod tab;

use std::{panic::AssertUnwindSafe, time::Duration};

use futures_util::FutureExt as _;

pub use chrome::{Chrome, Looks};
pub use demo::Demo;
pub use tab::Tab;

/// What has not happened after this long does not happen.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Runs a test with a demo of its own; browsers are closed whatever comes of it.
pub fn browse(test: impl AsyncFnOnce(&Demo, &Chrome)) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (demo, chrome) = (Demo::start(), Chrome::start());
        let outcome = AssertUnwindSafe(test(&demo, &chrome)).catch_unwind().await;
        chrome.close().await;
        if let Err(reason) = outcome {
            std::panic::resume_unwind(reason);
        }
    });
}

/// A variable that `cargo xtask test` sets.
fn prepared(name: &str, what: &str) -> String {
    #[expect(clippy::disallowed_methods, reason = "tests are told by their environment what was prepared for them")]
    let value = std::env::var(name).unwrap_or_default();
    assert!(!value.is_empty(), "{what} is not prepared: run `cargo xtask test`, or set {name}");
    value
}
