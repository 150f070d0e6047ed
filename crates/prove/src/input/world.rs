//! Something to ask about: orders in several states, and the ids of everything that there is.

use std::collections::BTreeMap;

use mercat_testkit::{Backend, TestApp};
use serde_json::{Value, json};

/// Whose names the tests' world knows; nobody is asked for too.
pub(super) const PEOPLE: [&str; 8] = ["staff", "support", "own", "mgr", "mem", "vown", "user", ""];

/// Lists whose objects are asked about.
const LISTS: [&str; 14] = [
    "customers",
    "hooks",
    "marketplace-categories",
    "marketplace-orders",
    "marketplace-plans",
    "marketplace-provider-offerings",
    "marketplace-provider-resources",
    "marketplace-public-offerings",
    "marketplace-resources",
    "marketplace-service-providers",
    "projects",
    "roles",
    "users",
    "webhooks",
];

pub(crate) struct World {
    pub app: TestApp,
    /// What can be ordered.
    pub order: Value,
    /// The ids of each list.
    ids: BTreeMap<&'static str, Vec<String>>,
}

impl World {
    pub async fn make(backend: Backend) -> Self {
        let app = TestApp::new(backend).await;
        let mut order = Value::Null;
        for offering_type in ["Marketplace.Basic", "Marketplace.Slurm", "Support.OfferingTemplate"] {
            let offered = app.offering(offering_type).await;
            app.second_plan(&offered).await;
            order = app.order_body(&offered);
            for who in ["mgr", "own", "staff"] {
                app.order(who, &offered).await;
            }
        }
        app.drain().await;
        for (path, body) in [
            ("/api/webhooks/", json!({ "destination_url": "https://receiver.example/" })),
            ("/api/hooks-email/", json!({ "email": "own@example.org", "event_types": ["user_activated"] })),
        ] {
            app.post_json("own", path, body).await;
        }
        let mut ids = BTreeMap::new();
        for list in LISTS {
            let found = app.get("staff", &format!("/api/{list}/")).await;
            let rows: Vec<Value> = serde_json::from_slice(&found.bytes).unwrap_or_default();
            ids.insert(list, rows.iter().filter_map(|row| row["uuid"].as_str().map(str::to_owned)).collect());
        }
        Self { app, order, ids }
    }

    /// The ids of the list that a path begins with; of all when it is another one.
    pub fn ids(&self, path: &str) -> Vec<&str> {
        let name = path.trim_start_matches("/api/").split('/').next().unwrap_or_default();
        let own = self.ids.get(name).filter(|ids| !ids.is_empty());
        own.map_or_else(|| self.ids.values().flatten().collect::<Vec<_>>(), |ids| ids.iter().collect())
            .into_iter()
            .map(String::as_str)
            .collect()
    }

    /// Links to everything.
    pub fn links(&self) -> Vec<String> {
        let links = self.ids.iter().flat_map(|(list, ids)| ids.iter().map(move |id| format!("/api/{list}/{id}/")));
        links.collect()
    }
}
