//! Logs, on standard error: standard output belongs to results.

use std::io::{self, IsTerminal as _, Write};

use tracing_subscriber::{EnvFilter, fmt};

use crate::config::{Log, LogFormat};

/// Starts logging.
pub fn start(log: &Log) {
    // The settings were checked.
    let filter = EnvFilter::new(&log.filter);
    let builder =
        fmt().with_env_filter(filter).with_writer(|| Line(io::stderr())).with_ansi(io::stderr().is_terminal());
    let started = match log.format {
        LogFormat::Text => builder.try_init(),
        LogFormat::Json => builder.json().try_init(),
    };
    if let Err(error) = started {
        crate::output::complain(&format!("no logs: {error}"));
    }
}

/// Where each line of the log is written at once: a line break inside one, as of an error that tells what somebody sent,
/// begins no other.
struct Line<W>(W);

impl<W: Write> Write for Line<W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let (inside, end) = line.strip_suffix(b"\n").map_or((line, &b""[..]), |inside| (inside, b"\n"));
        let mut safe = Vec::with_capacity(line.len());
        for byte in inside {
            match byte {
                b'\n' => safe.extend_from_slice(br"\n"),
                b'\r' => safe.extend_from_slice(br"\r"),
                other => safe.push(*other),
            }
        }
        safe.extend_from_slice(end);
        self.0.write_all(&safe)?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_begins_a_line_of_the_log() {
        let mut log = Vec::new();
        Line(&mut log).write_all(b"reason=one\r\nERROR two\n").unwrap();
        assert_eq!(log, b"reason=one\\r\\nERROR two\n");
    }
}
