//! Running other programs.

use anyhow::{Context, Result, bail};
use std::path::Path;
use std::process::{Command, Output};

/// Runs with the terminal attached, after printing the command line.
///
/// # Errors
/// When the program cannot be started or does not exit with 0.
pub fn run(command: &mut Command) -> Result<()> {
    let line = describe(command);
    println!("$ {line}");
    let status = command.status().with_context(|| format!("cannot start `{line}`"))?;
    if !status.success() {
        bail!("`{line}` failed ({status})");
    }
    Ok(())
}

/// Runs quietly and returns what was printed on standard output.
///
/// # Errors
/// When the program cannot be started or does not exit with 0; the message holds all it printed.
pub fn capture(command: &mut Command) -> Result<Vec<u8>> {
    let line = describe(command);
    let Output { status, stdout, stderr } = command.output().with_context(|| format!("cannot start `{line}`"))?;
    if !status.success() {
        let printed = [stdout, stderr].concat();
        bail!("`{line}` failed ({status}):\n{}", String::from_utf8_lossy(&printed).trim_end());
    }
    Ok(stdout)
}

/// Like [`capture`], as text without the white space around it.
pub fn capture_text(command: &mut Command) -> Result<String> {
    Ok(String::from_utf8(capture(command)?)?.trim().to_owned())
}

/// True when the program starts and exits with 0.
pub fn succeeds(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

/// The command line, with the program's name instead of its path.
fn describe(command: &Command) -> String {
    let path = Path::new(command.get_program());
    let name = path.file_name().unwrap_or(path.as_os_str());
    let words = std::iter::once(name).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_shows_the_command_and_what_it_printed() {
        let failure = capture(Command::new("sh").args(["-c", "echo out; echo err >&2; exit 3"])).unwrap_err();
        let message = failure.to_string();
        for part in ["sh -c", "exit status: 3", "out", "err"] {
            assert!(message.contains(part), "{part} is missing in {message}");
        }
    }

    #[test]
    fn a_missing_program_is_named() {
        let failure = run(&mut Command::new("no-such-program-of-mercat")).unwrap_err();
        assert!(failure.to_string().contains("no-such-program-of-mercat"));
        assert!(!succeeds(&mut Command::new("no-such-program-of-mercat")));
    }
}
