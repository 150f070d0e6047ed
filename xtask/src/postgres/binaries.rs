//! Finding the programs of a PostgreSQL server.

use crate::{apt, environment};
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};

/// Debian keeps each major version in a folder of its own, outside PATH.
const DEBIAN: &str = "/usr/lib/postgresql";

/// A folder with `initdb`, `pg_ctl` and `postgres`.
pub struct Binaries {
    pub(super) folder: PathBuf,
}

impl Binaries {
    /// Full path of one of the programs.
    pub fn program(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

/// The programs on PATH, else Debian's highest version, else freshly installed ones.
pub fn find_or_install() -> Result<Binaries> {
    if let Some(found) = find() {
        return Ok(found);
    }
    apt::install(&["postgresql"]).context("the programs of a PostgreSQL server were not found")?;
    find().context("PostgreSQL was installed, but its programs were not found")
}

pub fn find() -> Option<Binaries> {
    on_path().or_else(|| highest_version(Path::new(DEBIAN))).map(|folder| Binaries { folder })
}

fn on_path() -> Option<PathBuf> {
    // PATH may hold links to single programs: their neighbours are beside the real file.
    let real = environment::on_path("pg_ctl")?.canonicalize().ok()?;
    real.parent().map(Path::to_path_buf).filter(|folder| is_complete(folder))
}

fn highest_version(parent: &Path) -> Option<PathBuf> {
    let folders = fs::read_dir(parent).ok()?.filter_map(|entry| entry.ok().map(|entry| entry.path()));
    let versions = folders.filter_map(|folder| Some((version(&folder)?, folder.join("bin"))));
    versions.filter(|(_, folder)| is_complete(folder)).max().map(|(_, folder)| folder)
}

fn version(folder: &Path) -> Option<Vec<u32>> {
    let name = folder.file_name()?.to_str()?;
    name.split('.').map(|part| part.parse().ok()).collect()
}

fn is_complete(folder: &Path) -> bool {
    ["initdb", "pg_ctl", "postgres"].iter().all(|program| folder.join(program).is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_as_numbers() {
        let versions: Vec<_> = ["9.6", "15", "100"].iter().map(|name| version(Path::new(name))).collect();
        assert!(versions.is_sorted());
        assert_eq!(version(Path::new("/x/16")), Some(vec![16]));
        assert_eq!(version(Path::new("/x/share")), None);
    }
}
