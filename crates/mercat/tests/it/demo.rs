//! `mercat demo`: the first thing that a newcomer sees works as printed.

use std::{collections::HashSet, io::BufRead as _, path::PathBuf, process::Command};

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

/// Some letter has a link to an order that still waits, and the button of its page approves it, once.
fn decide_by_mail(server: &Server, letters: &[PathBuf]) {
    let open =
        |path: &String| page(ureq::get(server.url(path)).call()).filter(|page| page.matches("<button").count() == 2);
    let links = letters.iter().filter_map(|letter| link(&std::fs::read_to_string(letter).unwrap()));
    let (path, _) = links.filter_map(|path| open(&path).map(|page| (path, page))).next().expect("an open link");
    let press = || ureq::post(server.url(&path)).send_form([("decision", "approve")]);
    let decided = page(press()).expect("the page after the decision");
    assert!(decided.contains("You approved this order"), "{decided}");
    assert!(matches!(press(), Err(ureq::Error::StatusCode(409))), "a link decides once");
}

/// The path of the link in a letter, whose long lines are broken.
fn link(letter: &str) -> Option<String> {
    let whole = letter.replace("=\r\n", "");
    let token = whole.split_once("/decide/")?.1.split_once('/')?.0;
    Some(format!("/decide/{token}/"))
}

fn page(answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Option<String> {
    answer.ok()?.body_mut().read_to_string().ok()
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
    decide_by_mail(&server, &letters);
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
