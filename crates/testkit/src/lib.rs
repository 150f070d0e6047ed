//! What tests of the whole service stand on: an app over either database, a held clock, and the people of spec 20.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a test stops at the first surprise"
)]

mod app;
pub mod campaign;
mod cluster;
pub mod contract;
mod db;
mod http;
mod offerings;
mod rabbitmq;
mod rows;
mod world;

pub use app::TestApp;
pub use cluster::Cluster;
pub use db::Backend;
pub use http::{Reply, reply};
pub use offerings::Offered;
pub use rabbitmq::{RabbitMq, free_ports};
pub use world::World;

/// Runs each test on SQLite and on PostgreSQL: `both! { async fn name(app: TestApp) { … } }`.
#[macro_export]
macro_rules! both {
    ($($(#[$meta:meta])* async fn $name:ident($app:ident: TestApp) $body:block)+) => {$(
        $(#[$meta])*
        mod $name {
            use super::*;

            async fn check($app: $crate::TestApp) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                check($crate::TestApp::new($crate::Backend::Sqlite).await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                check($crate::TestApp::new($crate::Backend::Postgres).await).await;
            }
        }
    )+};
}
