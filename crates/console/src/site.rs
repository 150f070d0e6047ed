//! What all pages know: the use cases, where they are, and in the demo the people whom one can be.

use std::sync::Arc;

use axum::http::HeaderValue;
use futures_util::future::BoxFuture;
use mercat_app::{App, orders::OrderView, structure::Vouched};

/// Somebody of the demo, as whom anybody may sign in.
#[derive(Debug, Clone)]
pub struct DemoPerson {
    /// The name to sign in with.
    pub username: String,
    /// What one reads: a name and a part.
    pub title: String,
}

/// Writes an order as the API answers it; the flag says whether its reader sees everything.
pub type OrderWriter = Arc<dyn Fn(&OrderView, bool) -> String + Send + Sync>;

/// A setting as it is in effect; what is secret is not shown.
#[derive(Debug, Clone)]
pub struct Setting {
    /// As in the settings file: `server.listen`.
    pub name: String,
    /// Its value.
    pub value: String,
    /// Where it comes from.
    pub from: String,
}

/// Another service by which people sign in.
pub trait Elsewhere: Send + Sync {
    /// What it is called.
    fn title(&self) -> &str;

    /// Whether whoever it vouches for gets an account.
    fn makes_accounts(&self) -> bool;

    /// Where a browser goes to sign in, and what it keeps meanwhile; or why that cannot be.
    fn begin(&self) -> BoxFuture<'_, Result<(String, String), String>>;

    /// Whom the service vouches for, by what the browser kept and brought: the state and the code. Or why for nobody.
    fn finish(&self, kept: String, state: String, code: String) -> BoxFuture<'_, Result<Vouched, String>>;
}

/// What the console is told by those who run it.
pub struct Surroundings {
    /// Another service by which people sign in, if there is one.
    pub elsewhere: Option<Arc<dyn Elsewhere>>,
    /// Anybody may sign in as one of these: those of the demo, and nobody elsewhere.
    pub people: Vec<DemoPerson>,
    /// Pages show orders as this writes them too.
    pub write_order: OrderWriter,
    /// For the page of operators.
    pub settings: Vec<Setting>,
}

/// The state of the router.
#[derive(Clone)]
pub(crate) struct Site {
    pub app: App,
    pub people: Arc<[DemoPerson]>,
    pub write_order: OrderWriter,
    pub settings: Arc<[Setting]>,
    pub elsewhere: Option<Arc<dyn Elsewhere>>,
}

impl Site {
    /// The path before all paths, where a proxy serves the console below one: empty, or without a slash at the end.
    pub fn base(&self) -> &str {
        let rest = self.app.settings.public_url.split_once("://").map_or("", |(_, rest)| rest);
        rest.find('/').and_then(|at| rest.get(at..)).unwrap_or_default().trim_end_matches('/')
    }

    /// Whether browsers reach the site by TLS only.
    pub fn is_secure(&self) -> bool {
        self.app.settings.public_url.starts_with("https://")
    }

    /// The value of a header that leads to a path of this site.
    pub fn to(&self, path: &str) -> HeaderValue {
        HeaderValue::try_from(format!("{}{path}", self.base())).unwrap_or(HeaderValue::from_static("/"))
    }
}
