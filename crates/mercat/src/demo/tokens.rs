//! The demo's tokens, kept in a file of their own: the database holds only hashes.

use std::path::Path;

use anyhow::Context as _;
use mercat_app::{App, auth};

use super::people::{PEOPLE, World};

/// The file of the tokens in the demo's folder; its presence says that the world is complete.
pub const FILE: &str = "demo-tokens.json";
/// The mark of a world that is being made.
pub const UNFINISHED: &str = "demo-unfinished";

/// Name and token of each person.
pub type Tokens = Vec<(String, String)>;

/// Makes a token that does not expire for each person and writes the file.
pub async fn make(app: &App, dir: &Path, world: &World) -> anyhow::Result<()> {
    let mut tokens = Tokens::new();
    for person in PEOPLE {
        let token = auth::create_token(app, world.users[person.name], "demo", None).await?;
        tokens.push((person.name.to_owned(), token));
    }
    write_private(&dir.join(FILE), &serde_json::to_string_pretty(&tokens)?)
}

/// Reads the file.
pub fn load(dir: &Path) -> anyhow::Result<Tokens> {
    let file = dir.join(FILE);
    let text = std::fs::read_to_string(&file).with_context(|| format!("{} cannot be read", file.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is damaged; start again with --reset", file.display()))
}

/// Writes a file that only its owner can read.
fn write_private(file: &Path, text: &str) -> anyhow::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut opened = options.open(file).with_context(|| format!("{} cannot be written", file.display()))?;
    Ok(std::io::Write::write_all(&mut opened, text.as_bytes())?)
}
