//! Letters as files, for development and for servers that fetch them from there.

use std::{io, path::PathBuf};

use tokio::fs;

use crate::MailError;

/// A folder for letters.
#[derive(Debug, Clone)]
pub(crate) struct Folder {
    path: PathBuf,
}

impl Folder {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self { path }
    }

    /// Writes beside and renames, so that nobody reads half a letter.
    pub(crate) async fn write(&self, id: &str, message: &[u8]) -> Result<(), MailError> {
        let part = self.path.join(format!("{id}.part"));
        let whole = self.path.join(format!("{id}.eml"));
        let written = async {
            fs::create_dir_all(&self.path).await?;
            fs::write(&part, message).await?;
            fs::rename(&part, &whole).await
        };
        written.await.map_err(|e| self.failed(&e))
    }

    /// Writes a file and removes it again.
    pub(crate) async fn check(&self) -> Result<(), MailError> {
        let probe = self.path.join(".check");
        let tried = async {
            fs::create_dir_all(&self.path).await?;
            fs::write(&probe, b"").await?;
            fs::remove_file(&probe).await
        };
        tried.await.map_err(|e| self.failed(&e))
    }

    fn failed(&self, error: &io::Error) -> MailError {
        MailError::transient(format!("the folder {} cannot be written to: {error}", self.path.display()))
    }
}
