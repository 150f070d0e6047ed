//! Where things lie.

use crate::environment;
use std::path::{Path, PathBuf};

/// Root folder of the workspace.
pub fn root() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent().unwrap_or(own).to_path_buf()
}

/// Folder where cargo builds, and where the tasks keep what they make.
pub fn target() -> PathBuf {
    match environment::value("CARGO_TARGET_DIR") {
        Some(folder) => root().join(folder),
        None => root().join("target"),
    }
}

/// Folder with the API page and the contract: `MERCAT_SHARED`, else `shared` beside the workspace.
pub fn shared() -> Option<PathBuf> {
    let given = environment::value(environment::SHARED).map(PathBuf::from);
    let folder = given.unwrap_or_else(|| root().join("../shared"));
    folder.canonicalize().ok().filter(|folder| folder.is_dir())
}
