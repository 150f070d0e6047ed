//! The folder of a throw-away server.

use super::user::ServerUser;
use crate::{process, workspace};
use anyhow::{Result, bail};
use std::fs;
use std::path::{Path, PathBuf};

/// A socket path of more than about 100 bytes is refused by the system; its name is added to the folder.
const LONGEST_FOLDER: usize = 70;

/// Makes an empty folder that the server's user can write: below `target`, else below the system's temporary folder.
pub fn create(user: &ServerUser) -> Result<PathBuf> {
    let temporary = std::env::temp_dir().join("mercat-test-postgres");
    for parent in [workspace::target().join("test-postgres"), temporary] {
        fs::create_dir_all(&parent)?;
        remove_abandoned(&parent);
        let folder = parent.join(std::process::id().to_string());
        if folder.as_os_str().len() > LONGEST_FOLDER {
            continue;
        }
        fs::create_dir(&folder)?;
        user.own(&folder)?;
        if is_writable(user, &folder) {
            return Ok(folder);
        }
        fs::remove_dir(&folder)?;
    }
    bail!("no folder for the PostgreSQL server: its user can enter neither `target` nor the temporary folder")
}

fn is_writable(user: &ServerUser, folder: &Path) -> bool {
    process::succeeds(user.command(Path::new("test")).arg("-w").arg(folder))
}

/// Folders carry the id of the process that made them; those of ended processes are left from a crash.
fn remove_abandoned(parent: &Path) {
    if !Path::new("/proc/self").exists() {
        return;
    }
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        if !Path::new("/proc").join(entry.file_name()).exists() {
            // Another run may be removing it at the same moment.
            drop(fs::remove_dir_all(entry.path()));
        }
    }
}
