//! What people read: results on standard output, complaints on standard error.

use std::io::Write as _;

/// Prints a line of the command's result. A closed pipe is nobody's fault.
pub fn line(text: &str) {
    writeln!(std::io::stdout(), "{text}").ok();
}

/// As [`line()`]; `false` when nobody reads any more, for commands that would go on for ever.
pub fn is_read(text: &str) -> bool {
    writeln!(std::io::stdout(), "{text}").is_ok()
}

/// Says why the command failed.
pub fn complain(text: &str) {
    writeln!(std::io::stderr(), "mercat: {text}").ok();
}
