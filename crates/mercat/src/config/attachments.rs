//! Settings of stored files.

use std::path::Path;

use mercat_app::files::Files;
use serde::Deserialize;

use super::secret::Secret;

/// How large attachments may be, and where they are.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(not(feature = "s3"), expect(dead_code, reason = "without the feature only the bucket is looked at"))]
pub struct Attachments {
    pub max_bytes: u64,
    bucket: String,
    endpoint: String,
    region: String,
    access_key: Secret,
    secret_key: Secret,
}

impl Attachments {
    /// The bucket, or else a folder.
    pub fn files(&self, folder: &Path) -> anyhow::Result<Files> {
        if self.bucket.is_empty() { Ok(Files::local(folder)?) } else { self.bucket() }
    }

    #[cfg(not(feature = "s3"))]
    fn bucket(&self) -> anyhow::Result<Files> {
        anyhow::bail!(
            "attachments.bucket: this mercat was built without S3; build it with `--features s3`, or leave it empty"
        )
    }

    #[cfg(feature = "s3")]
    fn bucket(&self) -> anyhow::Result<Files> {
        use anyhow::Context as _;
        let place = self.bucket.strip_prefix("s3://").context("attachments.bucket has to begin with s3://")?;
        let (name, prefix) = place.split_once('/').unwrap_or((place, ""));
        anyhow::ensure!(!name.is_empty(), "attachments.bucket has to name a bucket: s3://name/prefix");
        // Whoever speaks TLS asks the process for its cryptography; it may be there already.
        rustls::crypto::ring::default_provider().install_default().ok();
        let bucket = mercat_app::files::Bucket {
            name: name.to_owned(),
            prefix: prefix.trim_matches('/').to_owned(),
            endpoint: self.endpoint.clone(),
            region: self.region.clone(),
            keys: self.access_key.reveal().zip(self.secret_key.reveal()),
        };
        Files::bucket(&bucket).context("attachments.bucket")
    }
}
