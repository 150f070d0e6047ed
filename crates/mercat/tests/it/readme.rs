//! The operator's walk in README.md works as printed, from an empty folder to a fulfilled order.

use std::{
    path::Path,
    process::{Command, Output},
};

use tempfile::TempDir;

use crate::server::{MERCAT, Server};

const README: &str = include_str!("../../../../README.md");
const SECTION: &str = "## From nothing, as an operator\n";
const ADDRESS: &str = "127.0.0.1:8080";

/// The lines of the section's fenced blocks.
fn printed() -> Vec<&'static str> {
    let (_, section) = README.split_once(SECTION).unwrap();
    let section = section.split("\n## ").next().unwrap();
    section.split("```").skip(1).step_by(2).flat_map(|block| block.strip_prefix("sh\n").unwrap().lines()).collect()
}

/// Runs lines in a folder, with the binary under test as `mercat`.
fn shell(folder: &Path, lines: &[&str], base: &str) -> String {
    let bin = Path::new(MERCAT).parent().unwrap().display();
    let script = format!("PATH=\"{bin}:$PATH\"\n{}", lines.join("\n")).replace(&format!("http://{ADDRESS}"), base);
    let Output { status, stdout, stderr } =
        Command::new("sh").args(["-ec", &script]).current_dir(folder).output().unwrap();
    let (told, wrong) = (String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap());
    assert!(status.success() && wrong.is_empty(), "{told}{wrong}");
    told
}

#[test]
fn the_operators_walk_works_as_printed() {
    let folder = TempDir::new().unwrap();
    let lines = printed();
    let serve = lines.iter().position(|line| line.starts_with("mercat serve ")).unwrap();
    shell(folder.path(), &lines[..serve], "");
    let mut command = Command::new(MERCAT);
    // Another port, for tests run side by side.
    let arguments = lines[serve].split_whitespace().skip(1).map(|word| word.replace(ADDRESS, "127.0.0.1:0"));
    let server = Server::run(command.args(arguments).current_dir(folder.path()));
    let told = shell(folder.path(), &lines[serve + 1..], &server.base);
    // Every line before is needed for this. 10 × 2.5
    for part in ["\"state\":\"done\"", "\"cost\":\"25.0000000000\""] {
        assert!(told.lines().next_back().unwrap().contains(part), "{told}");
    }
}
