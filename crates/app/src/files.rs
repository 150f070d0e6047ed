//! Stored files: written first under an id of their own, then named by a row in the transaction.
//!
//! A crash in between leaves a file without a row, which the hourly sweep removes; a row always has its file.
//! What a crash leaves of an upload that was not complete (a name with `#`) is not listed and stays.

#[cfg(feature = "s3")]
mod bucket;

use std::{io::ErrorKind, path::Path, sync::Arc};

#[cfg(feature = "s3")]
pub use bucket::Bucket;
use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt as _, TryStreamExt as _, stream::BoxStream};
use mercat_domain::{id::MediaId, time::Timestamp};
use mercat_store::StoreError;
use object_store::{
    MultipartUpload as _, ObjectStore, ObjectStoreExt as _, PutPayload, local::LocalFileSystem, path::Path as Key,
};
use sha2::{Digest as _, Sha256};

use crate::{AppError, ids};

/// Bytes by which a file's type is told.
const HEAD: usize = 512;
/// Bytes that are written at once; S3 takes no smaller parts, save the last.
const PART: usize = 5 * 1024 * 1024;

/// Where files are kept.
#[derive(Debug, Clone)]
pub struct Files(Arc<dyn ObjectStore>);

/// A file that was written and has no row yet.
#[derive(Debug, Clone)]
pub struct StoredFile {
    /// The id under which it is kept.
    pub id: MediaId,
    /// Size in bytes.
    pub size: u64,
    /// SHA-256 of the content.
    pub sha256: Vec<u8>,
    /// Media type by content, not by name.
    pub mime: &'static str,
}

impl Files {
    /// Files in a directory, which is made if it is not there.
    ///
    /// # Errors
    /// The directory cannot be made or used.
    pub fn local(directory: &Path) -> Result<Self, AppError> {
        std::fs::create_dir_all(directory).map_err(|e| AppError::Internal(format!("{}: {e}", directory.display())))?;
        let store = LocalFileSystem::new_with_prefix(directory).map_err(internal)?.with_fsync(true);
        Ok(Self(Arc::new(store)))
    }

    /// Writes a file as it arrives, at most `limit` bytes; nothing stays of one that is too large or broken off.
    ///
    /// # Errors
    /// [`AppError::TooLarge`], the sender's error, or the disk's.
    pub async fn store(
        &self,
        content: impl Stream<Item = Result<Bytes, AppError>> + Unpin,
        limit: u64,
        now: Timestamp,
    ) -> Result<StoredFile, AppError> {
        let id: MediaId = ids::new(now);
        let mut upload = self.0.put_multipart(&key(id)).await.map_err(internal)?;
        match receive(upload.as_mut(), content, limit).await {
            Ok((size, sha256, mime)) => {
                upload.complete().await.map_err(internal)?;
                Ok(StoredFile { id, size, sha256, mime })
            }
            Err(error) => {
                if let Err(e) = upload.abort().await {
                    tracing::warn!(media.uuid = %id, error = %e, "what was received of a broken upload could not be removed");
                }
                Err(error)
            }
        }
    }

    /// Reads a file; `None` when it is not there.
    ///
    /// # Errors
    /// The disk failed.
    pub async fn open(
        &self,
        id: MediaId,
    ) -> Result<Option<BoxStream<'static, Result<Bytes, std::io::Error>>>, AppError> {
        match self.0.get(&key(id)).await {
            Ok(found) => Ok(Some(found.into_stream().map_err(std::io::Error::other).boxed())),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(internal(error)),
        }
    }

    /// Deletes a file whose row is gone. A failure is only logged: the sweep comes by again.
    pub async fn delete(&self, id: MediaId) {
        match self.0.delete(&key(id)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
            Err(error) => {
                tracing::warn!(media.uuid = %id, %error, "a file could not be deleted; the sweep will try again")
            }
        }
    }

    /// Ids of files that were last written before `time`.
    ///
    /// # Errors
    /// The disk failed.
    pub async fn older_than(&self, time: Timestamp) -> Result<Vec<MediaId>, AppError> {
        let files: Vec<_> = self.0.list(None).try_collect().await.map_err(internal)?;
        let old = files.into_iter().filter(|file| file.last_modified < time);
        Ok(old.filter_map(|file| file.location.filename()?.parse().ok()).collect())
    }
}

async fn receive(
    upload: &mut dyn object_store::MultipartUpload,
    mut content: impl Stream<Item = Result<Bytes, AppError>> + Unpin,
    limit: u64,
) -> Result<(u64, Vec<u8>, &'static str), AppError> {
    let (mut size, mut hash, mut head) = (0_u64, Sha256::new(), Vec::with_capacity(HEAD));
    let mut part = BytesMut::new();
    while let Some(chunk) = content.next().await {
        let chunk = chunk?;
        size += chunk.len() as u64;
        if size > limit {
            return Err(AppError::TooLarge(limit));
        }
        hash.update(&chunk);
        head.extend_from_slice(&chunk[..chunk.len().min(HEAD - head.len())]);
        part.extend_from_slice(&chunk);
        if part.len() >= PART {
            upload.put_part(PutPayload::from_bytes(part.split().freeze())).await.map_err(internal)?;
        }
    }
    if !part.is_empty() || size == 0 {
        upload.put_part(PutPayload::from_bytes(part.freeze())).await.map_err(internal)?;
    }
    Ok((size, hash.finalize().to_vec(), mime_of(&head)))
}

/// The media type of content that begins with `head`.
#[must_use]
pub fn mime_of(head: &[u8]) -> &'static str {
    const MAGIC: &[(&[u8], &str)] = &[
        (b"%PDF-", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"GIF8", "image/gif"),
        (b"PK\x03\x04", "application/zip"),
        (b"\x1f\x8b", "application/gzip"),
        (b"MZ", "application/x-dosexec"),
        (b"\x7fELF", "application/x-executable"),
        (b"<!DOCTYPE html", "text/html"),
        (b"<html", "text/html"),
        (b"<?xml", "text/xml"),
    ];
    if head.is_empty() {
        return "application/x-empty";
    }
    // Only words may be written in other letters.
    let begins = |(magic, _): &&(&[u8], &str)| {
        let start = head.get(..magic.len()).unwrap_or_default();
        start == *magic || (magic.starts_with(b"<") && start.eq_ignore_ascii_case(magic))
    };
    let known = MAGIC.iter().find(begins);
    let looks_like_text = || head.iter().all(|byte| !byte.is_ascii_control() || byte.is_ascii_whitespace());
    known.map_or(if looks_like_text() { "text/plain" } else { "application/octet-stream" }, |(_, mime)| mime)
}

fn key(id: MediaId) -> Key {
    let name = id.to_string();
    // Two levels of folders keep each small.
    Key::from_iter([&name[..2], &name[2..4], name.as_str()])
}

fn internal(error: object_store::Error) -> AppError {
    let text = format!("the file store failed: {error}");
    if is_full(&error) { StoreError::Full(text).into() } else { AppError::Internal(text) }
}

/// Whether there is no room, or nothing may be written.
fn is_full(error: &object_store::Error) -> bool {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if let Some(io) = error.downcast_ref::<std::io::Error>() {
            return matches!(
                io.kind(),
                ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::ReadOnlyFilesystem
            );
        }
        cause = error.source();
    }
    false
}
