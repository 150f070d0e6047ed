//! Headless Chromium.

use std::{
    cell::RefCell,
    io::{BufRead as _, BufReader},
    os::unix::process::CommandExt as _,
    process::{Child, Command, Stdio},
};

use serde_json::json;
use tempfile::TempDir;
use thirtyfour::{ChromiumLikeCapabilities as _, DesiredCapabilities, WebDriver};

use crate::{Demo, Tab};

/// What the browser's window and its user are like.
#[derive(Debug, Clone, Copy)]
pub struct Looks {
    /// In CSS pixels.
    pub width: u32,
    /// In CSS pixels.
    pub height: u32,
    /// Whether the user likes it dark.
    pub dark: bool,
    /// Whether scripts run.
    pub scripts: bool,
}

impl Default for Looks {
    fn default() -> Self {
        Self { width: 1280, height: 900, dark: false, scripts: true }
    }
}

/// The browser's driver, with all browsers that it opened.
pub struct Chrome {
    driver: Child,
    url: String,
    open: RefCell<Vec<(WebDriver, TempDir)>>,
}

impl Chrome {
    /// Starts the driver; it chooses a free port itself.
    #[must_use]
    pub fn start() -> Self {
        let mut command = Command::new(crate::prepared("MERCAT_TEST_CHROMEDRIVER", "Chromium's driver"));
        // A group of its own: browsers that a crash left behind end with it.
        command.arg("--port=0").process_group(0);
        let mut driver = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines().map_while(Result::ok);
        let started = lines.find(|line| line.contains("started successfully on port")).expect("the driver starts");
        let port = started.trim_end_matches('.').rsplit(' ').next().unwrap().to_owned();
        std::thread::spawn(move || lines.for_each(drop));
        Self { driver, url: format!("http://127.0.0.1:{port}"), open: RefCell::default() }
    }

    /// Opens a browser that knows nobody yet.
    pub async fn tab(&self, demo: &Demo, looks: Looks) -> Tab {
        let profile = TempDir::new().unwrap();
        let mut wishes = DesiredCapabilities::chrome();
        for flag in [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
        ] {
            wishes.add_arg(flag).unwrap();
        }
        wishes.add_arg(&format!("--user-data-dir={}", profile.path().display())).unwrap();
        if !looks.scripts {
            let off = json!({ "profile.managed_default_content_settings.javascript": 2 });
            wishes.add_experimental_option("prefs", off).unwrap();
        }
        let driver = WebDriver::new(&self.url, wishes).await.unwrap();
        self.open.borrow_mut().push((driver.clone(), profile));
        let screen = json!({ "width": looks.width, "height": looks.height, "deviceScaleFactor": 1, "mobile": false });
        driver.cdp().send_raw("Emulation.setDeviceMetricsOverride", screen).await.unwrap();
        let scheme = if looks.dark { "dark" } else { "light" };
        let liked = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        driver.cdp().send_raw("Emulation.setEmulatedMedia", liked).await.unwrap();
        Tab::new(driver, demo.url.clone())
    }

    /// Closes all browsers.
    pub(crate) async fn close(self) {
        for (driver, _profile) in self.open.take() {
            let _ = driver.quit().await;
        }
    }
}

impl Drop for Chrome {
    fn drop(&mut self) {
        let group = format!("-{}", self.driver.id());
        let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
        let _ = self.driver.wait();
    }
}
