//! The program with the demo's data.

use std::{
    fs::{self, File},
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
};

use tempfile::TempDir;

/// A server of its own for each test, on a copy of the demo's data.
pub struct Demo {
    process: Child,
    /// Where it is, without a slash at the end.
    pub url: String,
    folder: TempDir,
    /// Reading goes on until the end: a full pipe would stop the program.
    _reader: std::thread::JoinHandle<()>,
}

impl Demo {
    /// Starts it.
    #[must_use]
    pub fn start() -> Self {
        let folder = TempDir::new().unwrap();
        copy(&template(), folder.path());
        let (process, url, reader) = serve(folder.path());
        Self { process, url, folder, _reader: reader }
    }

    /// The API token of one of the people.
    #[must_use]
    pub fn token(&self, who: &str) -> String {
        let file = fs::read(self.folder.path().join("demo-tokens.json")).unwrap();
        let tokens: Vec<(String, String)> = serde_json::from_slice(&file).unwrap();
        let found = tokens.into_iter().find(|(name, _)| name == who);
        found.unwrap_or_else(|| panic!("{who} is none of the demo's people")).1
    }

    /// Asks the API as somebody.
    #[must_use]
    pub fn get(&self, who: &str, path: &str) -> serde_json::Value {
        let request = ureq::get(format!("{}{path}", self.url));
        request
            .header("authorization", format!("Token {}", self.token(who)))
            .call()
            .unwrap()
            .body_mut()
            .read_json()
            .unwrap()
    }

    /// Does something by the API as somebody.
    pub fn post(&self, who: &str, path: &str, body: &serde_json::Value) -> serde_json::Value {
        let request = ureq::post(format!("{}{path}", self.url));
        request
            .header("authorization", format!("Token {}", self.token(who)))
            .send_json(body)
            .unwrap()
            .body_mut()
            .read_json()
            .unwrap()
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The program that was built with these tests.
fn program() -> PathBuf {
    let own = std::env::current_exe().unwrap();
    let built = own.ancestors().skip(1).map(|folder| folder.join("mercat")).find(|program| program.is_file());
    built.expect("the program is built: run `cargo build -p mercat --all-features`")
}

fn serve(folder: &Path) -> (Child, String, std::thread::JoinHandle<()>) {
    let mut command = Command::new(program());
    command.arg("demo").arg("--data").arg(folder).args(["--listen", "127.0.0.1:0"]);
    let mut process = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap());
    let url = address(&mut lines);
    let reader = std::thread::spawn(move || lines.lines().map_while(Result::ok).for_each(drop));
    (process, url, reader)
}

fn address(lines: &mut BufReader<ChildStdout>) -> String {
    loop {
        let mut line = String::new();
        assert!(lines.read_line(&mut line).unwrap() > 0, "the demo ended before it was ready");
        if let Some((_, rest)) = line.split_once("Mercat is running at ") {
            return rest.split("/ ").next().unwrap().to_owned();
        }
    }
}

/// The data of a demo that was made by this program, once for all tests: it takes a while.
fn template() -> PathBuf {
    let program = program();
    let place = program.parent().unwrap().join("e2e-demo");
    fs::create_dir_all(&place).unwrap();
    let lock = File::create(place.join("lock")).unwrap();
    lock.lock().unwrap();
    let (data, stamp) = (place.join("data"), place.join("stamp"));
    let built = format!("{:?}", fs::metadata(&program).unwrap().modified().unwrap());
    if fs::read_to_string(&stamp).is_ok_and(|made| made == built) {
        return data;
    }
    let _ = fs::remove_dir_all(&data);
    fs::create_dir(&data).unwrap();
    let (mut process, _, reader) = serve(&data);
    // Asked to end, it leaves a whole database behind.
    let asked = Command::new("kill").arg(process.id().to_string()).status().unwrap();
    assert!(asked.success() && process.wait().is_ok());
    reader.join().unwrap();
    fs::write(&stamp, built).unwrap();
    data
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            fs::create_dir(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
