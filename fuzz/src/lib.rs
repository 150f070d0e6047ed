//! What the targets share: each gives bytes to one parser of a whole service on SQLite.
//!
//! `cargo fuzz` looks for bytes that lead somewhere new. Built as any other program, a target reads the files that it is
//! told, so that what was found can be seen without cargo-fuzz.

use std::{process::ExitCode, sync::Mutex};

use mercat_prove::parsers::Fed;
use mercat_testkit::Backend;
use tokio::runtime::{Builder, Runtime};

pub use mercat_prove::parsers::Parser;

#[cfg(fuzzing)]
pub use libfuzzer_sys;

/// The service, made with the first bytes.
static SERVICE: Mutex<Option<(Runtime, Fed)>> = Mutex::new(None);

/// Gives bytes to a parser.
///
/// # Errors
/// The promise that was broken, and how to see it.
///
/// # Panics
/// No service could be made.
pub fn feed(parser: Parser, bytes: &[u8]) -> Result<&'static str, String> {
    let mut service = SERVICE.lock().expect("nobody else feeds it");
    let (runtime, fed) = service.get_or_insert_with(|| {
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        let fed = runtime.block_on(Fed::begin(Backend::Sqlite));
        (runtime, fed)
    });
    runtime.block_on(fed.feed(parser, bytes))
}

/// Gives files to a parser, and says what came of each.
#[expect(clippy::print_stdout, reason = "whoever runs it reads it")]
#[must_use]
pub fn read(parser: Parser, files: impl Iterator<Item = String>) -> ExitCode {
    let mut result = ExitCode::SUCCESS;
    let mut files = files.peekable();
    if files.peek().is_none() {
        println!("say which files to read, such as those that cargo-fuzz left in fuzz/artifacts/{}", parser.name());
        result = ExitCode::FAILURE;
    }
    for file in files {
        let told = std::fs::read(&file).map_err(|error| error.to_string()).and_then(|bytes| feed(parser, &bytes));
        match told {
            Ok(kind) => println!("{file}: {kind}"),
            Err(breach) => {
                println!("{file}: {breach}");
                result = ExitCode::FAILURE;
            }
        }
    }
    result
}

/// The program of a parser.
#[cfg(fuzzing)]
#[macro_export]
macro_rules! target {
    ($parser:ident) => {
        $crate::libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
            if let Err(breach) = $crate::feed($crate::Parser::$parser, bytes) {
                panic!("{breach}");
            }
        });
    };
}

/// The program of a parser.
#[cfg(not(fuzzing))]
#[macro_export]
macro_rules! target {
    ($parser:ident) => {
        fn main() -> std::process::ExitCode {
            $crate::read($crate::Parser::$parser, std::env::args().skip(1))
        }
    };
}
