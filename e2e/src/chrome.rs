//! Headless Chromium.

use std::{
    cell::RefCell,
    io::{BufRead as _, BufReader},
    os::unix::process::CommandExt as _,
    process::{Child, Command, Stdio},
};

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{Demo, Tab};

/// Nothing but the pages, and nothing from elsewhere.
const FLAGS: [&str; 10] = [
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
];

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
    open: RefCell<Vec<(Client, TempDir)>>,
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
        let mut flags: Vec<String> = FLAGS.iter().map(|flag| (*flag).to_owned()).collect();
        flags.push(format!("--user-data-dir={}", profile.path().display()));
        let mut options = json!({ "args": flags });
        if !looks.scripts {
            options["prefs"] = json!({ "profile.managed_default_content_settings.javascript": 2 });
        }
        let wishes = [("goog:chromeOptions".to_owned(), options)].into_iter().collect();
        let driver = ClientBuilder::new(HttpConnector::new()).capabilities(wishes).connect(&self.url).await.unwrap();
        self.open.borrow_mut().push((driver.clone(), profile));
        let screen = json!({ "width": looks.width, "height": looks.height, "deviceScaleFactor": 1, "mobile": false });
        self.devtools(&driver, "Emulation.setDeviceMetricsOverride", &screen).await;
        let scheme = if looks.dark { "dark" } else { "light" };
        let liked = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.devtools(&driver, "Emulation.setEmulatedMedia", &liked).await;
        Tab::new(driver, demo.url.clone())
    }

    /// A command of Chromium's own.
    async fn devtools(&self, driver: &Client, command: &str, parameters: &Value) {
        let session = driver.session_id().await.unwrap().unwrap();
        let place = format!("{}/session/{session}/goog/cdp/execute", self.url);
        ureq::post(place).send_json(json!({ "cmd": command, "params": parameters })).unwrap();
    }

    /// Closes all browsers.
    pub(crate) async fn close(self) {
        for (driver, _profile) in self.open.take() {
            let _ = driver.close().await;
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
