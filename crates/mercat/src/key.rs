//! The service's own secret, in a file of the data folder.

use std::{fs, io::Write as _, path::Path};

use anyhow::Context as _;
use mercat_app::SecretKey;
use rand::Rng as _;

/// The name of the file.
pub const FILE: &str = "secret.key";

/// Reads the key; the first time it is made.
pub fn ensure(dir: &Path) -> anyhow::Result<SecretKey> {
    if !dir.join(FILE).exists() {
        make(dir).with_context(|| format!("{} cannot be made; is the folder writable?", dir.join(FILE).display()))?;
    }
    read(dir)
}

/// Reads the key.
pub fn read(dir: &Path) -> anyhow::Result<SecretKey> {
    let path = dir.join(FILE);
    let text = fs::read_to_string(&path)
        .with_context(|| format!("{} cannot be read; give its owner to whoever runs mercat", path.display()))?;
    let key = parse(text.trim()).with_context(|| {
        format!(
            "{} does not hold 64 hexadecimal digits; restore it from a backup, or remove it and run `mercat adopt-key` to have a new one made: \
             then hooks get new secrets, and links in mail that was sent do not work any more",
            path.display()
        )
    })?;
    Ok(SecretKey(key))
}

fn parse(text: &str) -> Option<[u8; 32]> {
    let is_hex = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let mut key = [0; 32];
    for (index, byte) in key.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * index..2 * index + 2).filter(|_| is_hex)?, 16).ok()?;
    }
    Some(key)
}

/// Writes a new key beside and links it, so that of servers that start together one wins and none reads half a key.
fn make(dir: &Path) -> std::io::Result<()> {
    let mut key = [0; 32];
    rand::rng().fill_bytes(&mut key);
    let part = dir.join(format!("{FILE}.{}", std::process::id()));
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&part)?;
    writeln!(file, "{}", key.iter().map(|byte| format!("{byte:02x}")).collect::<String>())?;
    file.sync_all()?;
    let linked = fs::hard_link(&part, dir.join(FILE));
    fs::remove_file(&part)?;
    match linked {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_made_once_and_for_its_owner_only() {
        let dir = tempfile::TempDir::new().unwrap();
        let key = ensure(dir.path()).unwrap();
        assert_ne!(key.0, [0; 32]);
        make(dir.path()).unwrap();
        assert_eq!(ensure(dir.path()).unwrap().0, key.0, "a second server takes the key that is there");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "nothing else is left");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::metadata(dir.path().join(FILE)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn a_damaged_key_is_refused_with_the_next_step() {
        let dir = tempfile::TempDir::new().unwrap();
        let whole = "ab".repeat(32);
        for damaged in ["", "abcd", &whole[1..], &format!("{whole}0"), &whole.replace("ab", "+1")] {
            fs::write(dir.path().join(FILE), damaged).unwrap();
            let error = format!("{:#}", ensure(dir.path()).map(|_| ()).unwrap_err());
            assert!(error.contains("restore it from a backup"), "{error}");
            assert!(damaged.is_empty() || !error.contains(damaged), "the key is not shown");
        }
        fs::write(dir.path().join(FILE), format!("{whole}\n")).unwrap();
        assert_eq!(read(dir.path()).unwrap().0, [0xab; 32]);
    }
}
