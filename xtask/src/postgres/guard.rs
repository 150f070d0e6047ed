//! Stops the server when the tests end, however they end.

use super::binaries::Binaries;
use super::user::ServerUser;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Waits for the end of its input, stops the server, and removes the folder.
const SCRIPT: &str = r#"
trap '' HUP INT TERM
folder=$1
shift
cat > /dev/null
"$@" > /dev/null 2>&1
rm -rf -- "$folder"
"#;

/// A small process that holds the reading end of a pipe.
///
/// The pipe closes when this value is dropped and also when the task is killed or interrupted from the keyboard, where
/// no code of ours can run.
pub struct Guard {
    process: Child,
}

impl Guard {
    /// Starts the process; the server may be started afterwards.
    pub fn start(binaries: &Binaries, user: &ServerUser, home: &Path, data: &Path) -> std::io::Result<Self> {
        let mut stop = user.command(&binaries.program("pg_ctl"));
        stop.args(["stop", "-m", "immediate", "-w", "-D"]).arg(data);
        let mut command = Command::new("sh");
        command.args(["-c", SCRIPT, "sh"]).arg(home).arg(stop.get_program()).args(stop.get_args());
        let process = command.current_dir("/").stdin(Stdio::piped()).stdout(Stdio::null()).process_group(0).spawn()?;
        Ok(Self { process })
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        if let Err(failure) = self.process.wait() {
            eprintln!("cannot wait for the PostgreSQL server to stop: {failure}");
        }
    }
}
