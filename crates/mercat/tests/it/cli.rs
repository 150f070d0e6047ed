//! The fixed calls of the command line.

use mercat_testkit::Backend;
use tempfile::TempDir;

use crate::server::{MERCAT, Server, call, mercat, text};

async fn from_nothing(backend: Backend) {
    let folder = TempDir::new().unwrap();
    let data = text(folder.path());
    let url = backend.create_empty(folder.path()).await;
    let mut place = vec!["--data", data.as_str()];
    if backend == Backend::Postgres {
        place.extend(["--database-url", url.as_str()]);
    }
    let run = |command: &[&str], input: &str| mercat(&[command, place.as_slice()].concat(), input);

    let (ok, out, err) = run(&["migrate"], "");
    assert!(ok, "{err}");
    assert!(out.contains("up to date"), "{out}");
    let (ok, _, err) = run(&["user", "create", "anna", "--staff", "--password-stdin"], "secret\n");
    assert!(!ok && err.contains("at least 8 characters"), "{err}");
    let (ok, _, err) = run(&["user", "create", "anna", "--staff", "--password-stdin"], "long enough\n");
    assert!(ok, "{err}");
    let (ok, _, err) = run(&["user", "create", "anna"], "");
    assert!(!ok && err.contains("already exists"), "{err}");
    let (ok, token, err) = run(&["token", "create", "anna"], "");
    assert!(ok, "{err}");
    assert_eq!(token.lines().count(), 1, "the token is the only line: {token:?}");
    let (ok, _, err) = run(&["token", "create", "nobody"], "");
    assert!(!ok && err.contains("mercat user create nobody"), "the error names the next step: {err}");

    let server =
        Server::run(std::process::Command::new(MERCAT).args(["serve", "--listen", "127.0.0.1:0"]).args(&place));
    let (status, me) = call("GET", &server.url("/api/users/me/"), token.trim(), None, None).unwrap();
    assert_eq!((status, me["username"].as_str()), (200, Some("anna")));
    drop(server);
    let (ok, out, err) = run(&["doctor"], "");
    assert!(ok, "{out}{err}");

    // A second machine, or a backup without its key.
    std::fs::write(folder.path().join("secret.key"), "ab".repeat(32)).unwrap();
    for command in ["serve", "migrate"] {
        let (ok, _, err) = run(&[command], "");
        assert!(!ok && err.contains("another key") && err.contains("mercat adopt-key"), "{command}: {err}");
    }
    let (ok, out, _) = run(&["doctor"], "");
    assert!(!ok && out.contains("FAILED  secret key is the database's"), "{out}");
    let (ok, out, err) = run(&["adopt-key"], "");
    assert!(ok && out.contains("belongs to this key"), "{out}{err}");
    let (ok, out, err) = run(&["doctor"], "");
    assert!(ok, "{out}{err}");
}

#[tokio::test]
async fn an_installation_from_nothing_on_sqlite() {
    from_nothing(Backend::Sqlite).await;
}

#[tokio::test]
async fn an_installation_from_nothing_on_postgres() {
    from_nothing(Backend::Postgres).await;
}

#[test]
fn wrong_settings_are_named() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("mercat.toml");
    std::fs::write(&file, "[server]\nlisten_on = \"127.0.0.1:1\"\n").unwrap();
    let (ok, _, err) = mercat(&["migrate", "--config", &text(&file)], "");
    assert!(!ok && err.contains("listen_on"), "{err}");
    for (setting, name) in [
        ("[server]\npublic_url = \"market.example.org\"", "server.public_url"),
        ("[server]\npublic_url = \"ftp://market.example.org\"", "server.public_url"),
        ("[log]\nfilter = \"nonsense==\"", "log.filter"),
    ] {
        std::fs::write(&file, setting).unwrap();
        let (ok, _, err) = mercat(&["migrate", "--config", &text(&file), "--data", &text(folder.path())], "");
        assert!(!ok && err.contains(name), "{setting}: {err}");
    }
    let (ok, _, err) = mercat(&["migrate", "--data", &text(folder.path()), "--database-url", "mysql://x"], "");
    assert!(!ok && err.contains("postgres://"), "{err}");
}

#[test]
fn the_generated_documents_are_printed() {
    for (arguments, part) in [(["docs", "states"], "pending-consumer"), (["docs", "permissions"], "ORDER.APPROVE")] {
        let (ok, out, _) = mercat(&arguments, "");
        assert!(ok && out.contains(part));
    }
    let (ok, out, _) = mercat(&["openapi"], "");
    assert!(ok && out.contains("marketplace_orders_list"));
}
