//! A disk of some megabytes that a test can fill, in a mount namespace of its own.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

/// Whoever is not root is so in a namespace of their own.
const MOUNT: &str = r#"mount -t tmpfs -o size="$2m",mode=0777 tmpfs "$1" && echo mounted && exec cat"#;
/// How Debian calls somebody who is not root.
const NOBODY: &str = "65534";

/// The disk; it is gone when this is dropped.
pub struct SmallDisk {
    /// Holds the namespace.
    holder: Child,
    /// Where the disk is, for programs that see it.
    pub place: PathBuf,
}

impl SmallDisk {
    /// Makes a disk at a folder that is there.
    pub fn new(place: &Path, megabytes: u32) -> Self {
        let mut command = Command::new("unshare");
        command.args(["--user", "--map-root-user", "--mount", "sh", "-c", MOUNT, "sh"]).arg(place);
        command.arg(megabytes.to_string()).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut holder = command.spawn().unwrap();
        let mut said = String::new();
        BufReader::new(holder.stdout.take().unwrap()).read_line(&mut said).unwrap();
        assert_eq!(said, "mounted\n", "the tests need `unshare` with user namespaces");
        Self { holder, place: place.to_owned() }
    }

    /// A program that sees the disk.
    pub fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = self.enter();
        command.arg(program.as_ref());
        command
    }

    /// A program that sees the disk and is not root.
    pub fn command_of_nobody(&self, program: &Path) -> Command {
        let mut command = self.enter();
        command.args(["unshare", "--user", "--map-user", NOBODY, "--map-group", NOBODY]).arg(program);
        command
    }

    fn enter(&self) -> Command {
        let mut command = Command::new("nsenter");
        let id = self.holder.id().to_string();
        command.args(["--target", &id, "--user", "--mount", "--preserve-credentials"]);
        command
    }

    /// The disk as this process sees it.
    pub fn seen(&self) -> PathBuf {
        let root = Path::new("/proc").join(self.holder.id().to_string()).join("root");
        root.join(self.place.strip_prefix("/").unwrap())
    }

    /// Writes until there is no room.
    pub fn fill(&self) {
        let mut file = std::fs::File::create(self.seen().join("ballast")).unwrap();
        let block = vec![1; 4096];
        while file.write_all(&block).is_ok() {}
    }

    /// Makes room again.
    pub fn make_room(&self) {
        std::fs::remove_file(self.seen().join("ballast")).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        self.holder.kill().ok();
        self.holder.wait().ok();
    }
}
