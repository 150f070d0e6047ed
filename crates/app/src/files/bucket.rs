//! Files in a bucket of an S3-compatible store, which all servers reach.

use std::sync::Arc;

use object_store::{ObjectStore, aws::AmazonS3Builder, path::Path as Key, prefix::PrefixStore};

use super::{Files, internal};
use crate::AppError;

/// Where the bucket is.
#[derive(Clone)]
pub struct Bucket {
    /// Its name.
    pub name: String,
    /// What all names in it begin with; may be empty.
    pub prefix: String,
    /// The store's address; empty is Amazon's.
    pub endpoint: String,
    /// The region.
    pub region: String,
    /// Who we are there, and the secret of that; empty is whoever the machine is by itself.
    pub keys: Option<(String, String)>,
}

impl Files {
    /// Files in a bucket.
    ///
    /// # Errors
    /// The settings cannot be used.
    pub fn bucket(bucket: &Bucket) -> Result<Self, AppError> {
        let mut builder = AmazonS3Builder::new().with_bucket_name(&bucket.name).with_region(&bucket.region);
        if !bucket.endpoint.is_empty() {
            // The operator named the scheme: within a machine or a cluster it may be a plain one.
            builder = builder.with_endpoint(&bucket.endpoint).with_allow_http(bucket.endpoint.starts_with("http://"));
        }
        if let Some((id, secret)) = &bucket.keys {
            builder = builder.with_access_key_id(id).with_secret_access_key(secret);
        }
        let store: Arc<dyn ObjectStore> = Arc::new(builder.build().map_err(internal)?);
        if bucket.prefix.is_empty() {
            return Ok(Self(store));
        }
        Ok(Self(Arc::new(PrefixStore::new(store, Key::from(bucket.prefix.as_str())))))
    }
}
