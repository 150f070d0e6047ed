//! A browser as somebody uses it: everything waits until it can be done.

use std::time::Instant;

use fantoccini::{
    Client, Locator,
    actions::{InputSource as _, KeyAction, KeyActions, MouseActions, PointerAction},
    elements::Element,
};
use serde_json::Value;

use crate::PATIENCE;

/// A browser with one page.
pub struct Tab {
    /// For what is not written here.
    pub driver: Client,
    url: String,
}

impl Tab {
    pub(crate) const fn new(driver: Client, url: String) -> Self {
        Self { driver, url }
    }

    /// Goes to a path.
    pub async fn open(&self, path: &str) {
        self.driver.goto(&format!("{}{path}", self.url)).await.unwrap();
    }

    /// Signs in as one of the demo's people, as they would, and goes to a path.
    pub async fn sign_in(&self, who: &str, path: &str) {
        self.open("/login/").await;
        self.click(&format!("button[name=as][value={who}]")).await;
        self.wait_for("header nav").await;
        if path != "/" {
            self.open(path).await;
        }
    }

    /// The path of the page, with what stands behind it.
    pub async fn path(&self) -> String {
        self.driver.current_url().await.unwrap().as_str().trim_start_matches(&self.url).to_owned()
    }

    /// Waits until something is as it should be; `what` is told when it never is.
    pub async fn until(&self, what: &str, mut is_so: impl AsyncFnMut() -> bool) {
        let end = Instant::now() + PATIENCE;
        while !is_so().await {
            if Instant::now() > end {
                panic!("{what}, on {}:\n{}", self.path().await, self.text("body").await);
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }

    /// The first element of a selector, when it is there.
    pub async fn find(&self, css: &str) -> Option<Element> {
        self.driver.find(Locator::Css(css)).await.ok()
    }

    /// Waits for an element.
    pub async fn wait_for(&self, css: &str) -> Element {
        self.until(&format!("{css} never comes"), async || self.find(css).await.is_some()).await;
        self.driver.find(Locator::Css(css)).await.unwrap()
    }

    /// Waits until the page says something.
    pub async fn wait_text(&self, text: &str) {
        self.until(&format!("the page never says {text:?}"), async || self.says(text).await).await;
    }

    /// Whether the page says something now.
    pub async fn says(&self, text: &str) -> bool {
        self.text("body").await.contains(text)
    }

    /// What the first element of a selector says; nothing when there is none, or none any more.
    pub async fn text(&self, css: &str) -> String {
        match self.find(css).await {
            Some(element) => element.text().await.unwrap_or_default(),
            None => String::new(),
        }
    }

    /// How many elements there are.
    pub async fn count(&self, css: &str) -> usize {
        self.driver.find_all(Locator::Css(css)).await.unwrap().len()
    }

    /// Clicks with the mouse, as soon as that is possible. What is covered or gone is tried again.
    pub async fn click(&self, css: &str) {
        self.until(&format!("{css} cannot be clicked"), async || {
            let Some(element) = self.find(css).await else { return false };
            element.click().await.is_ok()
        })
        .await;
    }

    /// Clicks and waits until another page has come.
    pub async fn follow(&self, css: &str) {
        let old = self.wait_for("html").await;
        self.click(css).await;
        self.gone(&old, css).await;
    }

    /// Waits until the page of an element is no more.
    async fn gone(&self, old: &Element, why: &str) {
        self.until(&format!("{why} leads nowhere"), async || old.tag_name().await.is_err()).await;
        self.wait_for("main").await;
    }

    /// Writes into a field, in place of what stands there.
    pub async fn fill(&self, css: &str, text: &str) {
        let field = self.wait_for(css).await;
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// Chooses from a list by the words that one reads.
    pub async fn choose(&self, css: &str, words: &str) {
        let list = self.wait_for(css).await;
        for option in list.find_all(Locator::Css("option")).await.unwrap() {
            if option.text().await.unwrap().contains(words) {
                return option.click().await.unwrap();
            }
        }
        panic!("{css} has no {words:?}");
    }

    /// Presses keys where the keyboard is.
    pub async fn keys(&self, keys: &str) {
        let press = |actions: KeyActions, value| actions.then(KeyAction::Down { value }).then(KeyAction::Up { value });
        self.driver.perform_actions(keys.chars().fold(KeyActions::new("keyboard".to_owned()), press)).await.unwrap();
    }

    /// Goes on with the tabulator until the keyboard is at an element.
    pub async fn reach(&self, css: &str) {
        self.wait_for(css).await;
        let is_there = format!("return document.activeElement.matches({})", Value::from(css));
        self.until(&format!("the keyboard never comes to {css}"), async || {
            self.script(&is_there).await == true || {
                self.keys("\u{e004}").await;
                false
            }
        })
        .await;
    }

    /// Presses keys and waits until another page has come.
    pub async fn keys_lead(&self, keys: &str) {
        let old = self.wait_for("html").await;
        self.keys(keys).await;
        self.gone(&old, keys).await;
    }

    /// Clicks twice, as quickly as a nervous hand.
    pub async fn double_click(&self, css: &str) {
        self.wait_for(css).await;
        let script = "const it = document.querySelector(arguments[0]); it.scrollIntoView({ block: 'center' });\
            const at = it.getBoundingClientRect(); return [at.x + at.width / 2, at.y + at.height / 2];";
        let at = self.driver.execute(script, vec![css.into()]).await.unwrap();
        let (x, y) = (at[0].as_f64().unwrap(), at[1].as_f64().unwrap());
        let move_there = PointerAction::MoveTo { duration: None, x, y };
        let mut mouse = MouseActions::new("mouse".to_owned()).then(move_there);
        for _ in 0..2 {
            mouse = mouse.then(PointerAction::Down { button: 0 }).then(PointerAction::Up { button: 0 });
        }
        self.driver.perform_actions(mouse).await.unwrap();
    }

    /// The value of a piece of script.
    pub async fn script(&self, script: &str) -> Value {
        self.driver.execute(script, Vec::new()).await.unwrap()
    }

    /// What a piece of script gives to its last argument, a function.
    pub async fn script_gives(&self, script: &str) -> Value {
        self.driver.execute_async(script, Vec::new()).await.unwrap()
    }
}
