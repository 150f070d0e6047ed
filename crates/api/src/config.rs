//! What an operator can set about the HTTP interface.

use std::time::Duration;

/// Settings of the HTTP interface.
#[derive(Debug, Clone)]
pub struct ApiConfig {
    /// Answer a misspelt filter with 400 and a hint; otherwise it is ignored, as Waldur does (spec 11.1).
    pub strict_filters: bool,
    /// Believe `X-Forwarded-Proto` and `X-Forwarded-Host`: only behind a proxy that sets them itself.
    pub trust_forwarded: bool,
    /// The site's name, shown by `/api/configuration/`.
    pub site_name: String,
    /// Largest body that is no upload, in bytes.
    pub max_body_bytes: usize,
    /// Largest attachment, in bytes; the use cases' own limit holds as well.
    pub max_attachment_bytes: u64,
    /// How long a body may pause while it is sent.
    pub body_timeout: Duration,
    /// Show `created_by_civil_number` to everybody who sees the order, as Waldur does (spec 19 row 17).
    pub show_civil_number: bool,
    /// RabbitMQ's virtual host with the agents' queues, if the events go there too.
    pub agents_virtual_host: Option<String>,
}

impl Default for ApiConfig {
    fn default() -> Self {
        Self {
            strict_filters: false,
            trust_forwarded: false,
            site_name: "Mercat".to_owned(),
            max_body_bytes: 2 * 1024 * 1024,
            max_attachment_bytes: 10 * 1024 * 1024,
            body_timeout: Duration::from_secs(30),
            show_civil_number: true,
            agents_virtual_host: None,
        }
    }
}
