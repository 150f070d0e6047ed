//! What every handler can reach.

use std::sync::Arc;

use mercat_app::App;
use mercat_domain::id::UserId;

use crate::ApiConfig;

/// The use cases and the settings. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Api {
    pub app: App,
    pub config: Arc<ApiConfig>,
}

impl Api {
    /// The largest attachment that both the interface and the use cases allow, in bytes.
    pub fn max_attachment(&self) -> u64 {
        self.config.max_attachment_bytes.min(self.app.settings.max_attachment_bytes)
    }

    /// The virtual host that an agent names to whom it connects: RabbitMQ's, or its user's (clients 6.5).
    pub fn virtual_host(&self, user: UserId) -> String {
        self.config.agents_virtual_host.clone().unwrap_or_else(|| user.to_string())
    }
}
