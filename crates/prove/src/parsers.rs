//! Bytes for the parsers: query strings, bodies, forms, headers, and texts that are to be amounts, dates, links or ids.
//! Nothing is a fault of ours, nothing takes long, and what is read is written and read as the same again.
//!
//! Here chance changes what is right; the targets in `fuzz/` find by themselves which bytes lead somewhere new.

mod change;
mod parser;
mod text;

use std::{fs, path::PathBuf};

use mercat_testkit::{
    Backend,
    campaign::{Amount, Report},
};

pub use self::parser::Parser;
use self::{change::change, parser::Places};
use crate::input::Asking;

/// A service that is fed with bytes.
pub struct Fed {
    asking: Asking,
    places: Places,
}

impl Fed {
    /// A service with something in it.
    pub async fn begin(backend: Backend) -> Self {
        let asking = Asking::begin(backend).await;
        let places = Places::of(&asking.document);
        Self { asking, places }
    }

    /// Gives bytes to a parser, and says what kind of answer came. The first two choose whose bytes the rest are: which
    /// operation's, which header's or which field's.
    ///
    /// # Errors
    /// What is wrong with the answer, with the request that it was for.
    pub async fn feed(&mut self, parser: Parser, bytes: &[u8]) -> Result<&'static str, String> {
        self.asking.refresh().await;
        let sent = self.places.request(parser, &self.asking.world, bytes);
        if parser == Parser::Text {
            text::judge(&String::from_utf8_lossy(bytes.get(2..).unwrap_or_default()))
                .map_err(|breach| format!("{sent}: {breach}"))?;
        }
        self.asking.ask(&sent).await.map_err(|breach| format!("{sent}: {breach}"))
    }
}

/// Feeds the seeds of each parser, and then what chance makes of them.
///
/// # Panics
/// There are no seeds.
pub async fn run(backend: Backend, amount: Amount) -> Report {
    let mut report = Report::default();
    let mut fed = Fed::begin(backend).await;
    let seeds: Vec<(Parser, Vec<Vec<u8>>)> = Parser::ALL.map(|parser| (parser, seeds(parser))).into();
    let plain: Vec<(Parser, &Vec<u8>)> =
        seeds.iter().flat_map(|(parser, seeds)| seeds.iter().map(|seed| (*parser, seed))).collect();
    for case in amount.cases() {
        let mut chance = amount.chance(case);
        let number = usize::try_from(case).unwrap_or_default();
        let (parser, bytes) = match plain.get(number) {
            Some((parser, seed)) => (*parser, (*seed).clone()),
            None => {
                let (parser, seeds) = &seeds[number % seeds.len()];
                (*parser, change(seeds, &mut chance))
            }
        };
        let result = fed.feed(parser, &bytes).await.map(|kind| report.see(kind, 1));
        report.note(format_args!("seed {}, case {case}, {parser:?}", amount.seed), result);
    }
    report
}

/// The folder with the seeds of a parser, each a file of bytes as [`Fed::feed`] takes them.
fn folder(parser: Parser) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("seeds").join(parser.name())
}

fn seeds(parser: Parser) -> Vec<Vec<u8>> {
    let folder = folder(parser);
    let files = fs::read_dir(&folder).expect("each parser has a folder of seeds");
    let mut paths: Vec<PathBuf> = files.filter_map(|file| Some(file.ok()?.path())).collect();
    paths.sort();
    let seeds: Vec<Vec<u8>> = paths.iter().filter_map(|path| fs::read(path).ok()).collect();
    assert!(!seeds.is_empty(), "no seeds in {}", folder.display());
    seeds
}
