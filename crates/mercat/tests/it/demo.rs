//! `mercat demo`: the first thing that a newcomer sees works as printed.

use std::{collections::HashSet, io::BufRead as _, process::Command};

use serde_json::Value;
use tempfile::TempDir;

use crate::server::{MERCAT, Server, call, mercat, text};

/// Starts the demo and reads what it prints, up to the last empty line of the guide.
fn start(data: &str, more: &[&str]) -> (Server, String) {
    let mut command = Command::new(MERCAT);
    command.args(["demo", "--listen", "127.0.0.1:0", "--data", data]).args(more);
    let mut child = Server::announced(&mut command);
    let mut printed = String::new();
    for line in child.output().lines() {
        let line = line.unwrap();
        printed.push_str(&line);
        printed.push('\n');
        if line.contains("set_state_done") && printed.matches("set_state_done").count() == 2 {
            break;
        }
    }
    let (_, rest) = printed.split_once("running at ").unwrap();
    child.base = rest.split_once("/ ").unwrap().0.to_owned();
    (child, printed)
}

fn token(printed: &str, name: &str) -> String {
    let line = printed.lines().find(|line| line.starts_with(name)).unwrap();
    line.split_whitespace().nth(1).unwrap().to_owned()
}

#[test]
fn the_printed_walk_works_and_the_world_is_whole() {
    let folder = TempDir::new().unwrap();
    let data = text(folder.path());
    let (server, printed) = start(&data, &[]);
    let staff = token(&printed, "ada");
    let page = |n: u32| {
        let url = server.url(&format!("/api/marketplace-orders/?page_size=100&page={n}"));
        call("GET", &url, &staff, None, None).unwrap().1
    };
    let orders: Vec<Value> = (1..=3).flat_map(|n| page(n).as_array().unwrap().clone()).collect();
    assert_eq!(orders.len(), 300);
    let all = |field: &str| orders.iter().map(|o| o[field].as_str().unwrap().to_owned()).collect::<HashSet<_>>();
    assert_eq!(all("state").len(), 9, "every state: {:?}", all("state"));
    assert_eq!(all("type").len(), 4, "every type");
    assert!(all("offering_uuid").len() >= 8);

    let script = printed.lines().filter(|l| l.starts_with("  ")).collect::<Vec<_>>().join("\n");
    let done = Command::new("sh").args(["-ec", &script]).output().unwrap();
    let shown = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(done.status.success(), "{shown}{}", String::from_utf8_lossy(&done.stderr));
    assert!(shown.contains("\"state\":\"done\""), "{shown}");
    let url = server.url("/api/marketplace-orders/?type=Terminate&state=done&o=-created&page_size=1");
    let ended = call("GET", &url, &staff, None, None).unwrap().1;
    assert_eq!(ended[0]["resource_name"], "first walk", "the second order went to its end");
    let (ok, _, err) = mercat(&["demo", "--reset", "--listen", "127.0.0.1:0", "--data", &data], "");
    assert!(!ok && err.contains("another mercat"), "a second one keeps away from the data: {err}");
    assert!(printed.contains(&format!("Mail is written into {data}/mail/")), "{printed}");
    let letters = std::fs::read_dir(folder.path().join("mail")).unwrap().map(|file| file.unwrap().path());
    let letters: Vec<_> = letters.filter(|path| path.extension().is_some_and(|ending| ending == "eml")).collect();
    assert!(letters.len() > 100, "{} letters", letters.len());
    drop(server);

    let (server, again) = start(&data, &[]);
    assert_eq!(token(&again, "ada"), staff, "starting again keeps the data");
    drop(server);
    let (_server, anew) = start(&data, &["--reset"]);
    assert_ne!(token(&anew, "ada"), staff, "a reset begins anew");
}

#[test]
fn a_database_that_is_not_the_demos_is_left_alone() {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("mercat.sqlite"), "precious").unwrap();
    let (ok, _, err) = mercat(&["demo", "--reset", "--data", &text(folder.path())], "");
    assert!(!ok && err.contains("not the demo's"), "{err}");
    assert_eq!(std::fs::read_to_string(folder.path().join("mercat.sqlite")).unwrap(), "precious");
}
