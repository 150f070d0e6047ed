//! The service in one process, without a socket.

use std::sync::Arc;

use axum::Router;
use chrono::{DateTime, TimeDelta};
use mercat_api::ApiConfig;
use mercat_app::{App, Settings, admin, files::Files};
use mercat_domain::time::{FixedClock, Timestamp};
use mercat_store::Db;
use tempfile::TempDir;

use crate::{Backend, Cluster, World};

/// Connections per test: enough for the races, few enough for many tests at once on one server.
const CONNECTIONS: u32 = 8;

/// An app over a fresh database with the people of [`World`], its router, and a clock that stands still.
pub struct TestApp {
    /// The use cases.
    pub app: App,
    /// The clock; it moves only when a test moves it.
    pub clock: Arc<FixedClock>,
    /// The HTTP interface.
    pub router: Router,
    /// Who and what there is.
    pub world: World,
    /// Which database.
    pub backend: Backend,
    /// The database's address.
    pub url: String,
    folder: TempDir,
}

impl TestApp {
    /// A fresh app with the default settings.
    pub async fn new(backend: Backend) -> Self {
        Self::with(backend, Settings::default(), ApiConfig::default()).await
    }

    /// A fresh app with settings of the test's own.
    pub async fn with(backend: Backend, settings: Settings, config: ApiConfig) -> Self {
        let folder = TempDir::new().unwrap();
        let url = backend.create(folder.path()).await;
        Self::over(backend, url, folder, settings, config).await
    }

    /// A fresh app with the default settings, on a server of the test's own.
    pub async fn on(cluster: &Cluster) -> Self {
        let (folder, url) = (TempDir::new().unwrap(), cluster.url("postgres"));
        Db::migrate(&url).await.unwrap();
        Self::over(Backend::Postgres, url, folder, Settings::default(), ApiConfig::default()).await
    }

    async fn over(backend: Backend, url: String, folder: TempDir, settings: Settings, config: ApiConfig) -> Self {
        let db = Db::connect(&url, CONNECTIONS).await.unwrap();
        let clock = Arc::new(FixedClock::new(monday()));
        let files = Files::local(&folder.path().join("files")).unwrap();
        let app = App::new(db, clock.clone(), files, settings);
        admin::ensure_roles(&app).await.unwrap();
        let world = World::make(&app).await;
        let router = mercat_api::router(app.clone(), config);
        Self { app, clock, router, world, backend, url, folder }
    }

    /// The folder of the app's files.
    #[must_use]
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// A second process on the same database: its own connections and its own memory.
    pub async fn sibling_app(&self) -> App {
        let db = Db::connect(&self.url, CONNECTIONS).await.unwrap();
        let files = Files::local(&self.folder.path().join("files")).unwrap();
        App::new(db, self.clock.clone(), files, Settings::default())
    }

    /// The HTTP interface of a second process.
    pub async fn sibling(&self) -> Router {
        mercat_api::router(self.sibling_app().await, ApiConfig::default())
    }

    /// Does all work that is due.
    pub async fn drain(&self) {
        mercat_worker::drain(&self.app).await.unwrap();
    }

    /// Moves the clock and does the work that is due then.
    pub async fn pass(&self, time: TimeDelta) {
        self.clock.advance(time);
        self.drain().await;
    }
}

/// Noon of a Monday in the middle of a month, quarter and year.
fn monday() -> Timestamp {
    DateTime::from_timestamp(1_747_656_000, 0).unwrap()
}
