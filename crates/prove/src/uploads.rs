//! Hostile files: whatever is uploaded under whatever name, what is kept is a PDF that can only be saved, nothing is written
//! elsewhere, and what was refused leaves nothing behind.

mod content;
mod frame;
mod name;

use std::{collections::BTreeSet, path::Path};

use axum::body::Body;
use chrono::TimeDelta;
use http::{Method, header};
use mercat_testkit::{Backend, Reply, TestApp, campaign::Report};
use percent_encoding::percent_decode_str;

use self::frame::Upload;

/// The longest file name that is kept, in characters.
const LONGEST: usize = 100 + ".pdf".len();

/// Uploads everything, each to the same order.
pub async fn run(backend: Backend) -> Report {
    let app = TestApp::new(backend).await;
    let offered = app.offering("Marketplace.Slurm").await;
    let order = app.order("mgr", &offered).await;
    let before = entries(app.folder());
    let mut report = Report::default();
    for upload in uploads() {
        let what = upload.to_string();
        let result = try_one(&app, &order, upload, &mut report).await;
        report.note(what, result);
    }
    if entries(app.folder()) != before {
        report.breaches.push("something was written beside the folder of the files".to_owned());
    }
    app.pass(TimeDelta::days(2)).await;
    let left = files(app.folder());
    if left > 1 {
        report.breaches.push(format!("{left} files are left, for one order"));
    }
    report
}

/// Every content under some names, every name with some contents, and what is wrong around them.
fn uploads() -> Vec<Upload> {
    let (contents, names) = (content::all(), name::all());
    let mut uploads = Vec::new();
    for content in &contents {
        for name in names.iter().take(6) {
            uploads.push(Upload::plain(name.clone(), content.clone()));
        }
    }
    for name in &names {
        for content in contents.iter().take(2) {
            uploads.push(Upload::plain(name.clone(), content.clone()));
        }
    }
    uploads.extend(frame::all());
    uploads
}

/// # Errors
/// What is wrong, in words.
async fn try_one(app: &TestApp, order: &str, upload: Upload, report: &mut Report) -> Result<(), String> {
    let is_kept = upload.is_kept;
    let request = app.request("mgr", Method::POST, &format!("/api/marketplace-orders/{order}/update_attachment/"));
    let request = request.header(header::CONTENT_TYPE, upload.media_type);
    let reply = app.send(request.body(Body::from(upload.body)).map_err(|error| error.to_string())?).await;
    let status = reply.status.as_u16();
    if !matches!(status, 200 | 400 | 413 | 415) {
        return Err(format!("it was answered with {status}"));
    }
    let attached = if status == 200 { reply.json()["attachment"].as_str().map(str::to_owned) } else { None };
    if is_kept.is_some_and(|is_kept| is_kept != attached.is_some()) {
        return Err(format!("it was answered with {status} {}", String::from_utf8_lossy(&reply.bytes)));
    }
    report.see(if attached.is_some() { "kept" } else { "refused" }, 1);
    let Some(url) = attached else { return Ok(()) };
    let path = url.find("/media/").map_or(url.as_str(), |at| &url[at..]);
    let saved = app.get("mgr", path).await;
    let content = upload.content.as_deref();
    judge(&saved, content)
}

/// Whether a file that is sent back can do no harm, and is the one that came.
fn judge(saved: &Reply, content: Option<&[u8]>) -> Result<(), String> {
    if saved.status != 200 || content.is_some_and(|content| content != saved.bytes) {
        return Err(format!("it came back with {} and {} bytes", saved.status, saved.bytes.len()));
    }
    let wanted = [
        ("content-type", "application/pdf"),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "default-src 'none'; sandbox"),
    ];
    for (name, value) in wanted {
        if saved.header(name) != value {
            return Err(format!("{name} is {:?}", saved.header(name)));
        }
    }
    let disposition = saved.header("content-disposition");
    let name = disposition.strip_prefix("attachment; filename*=UTF-8''").ok_or(format!("sent as {disposition}"))?;
    let name = percent_decode_str(name).decode_utf8().map_err(|_| format!("{name} is no UTF-8"))?;
    let is_bad = |c: char| c.is_control() || matches!(c, '/' | '\\') || name::is_bidirectional(c);
    if name.chars().any(is_bad) || name.chars().count() > LONGEST || matches!(name.trim(), "" | "." | "..") {
        return Err(format!("it is called {name:?}"));
    }
    if !name.to_ascii_lowercase().ends_with(".pdf") {
        return Err(format!("it is a PDF called {name:?}"));
    }
    Ok(())
}

/// What stands in a folder, but the database's own files.
fn entries(folder: &Path) -> BTreeSet<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    names.filter(|name| !name.contains("sqlite")).collect()
}

/// How many files there are below the folder of the files.
fn files(folder: &Path) -> usize {
    fn count(folder: &Path) -> usize {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        entries.map(|entry| if entry.path().is_dir() { count(&entry.path()) } else { 1 }).sum()
    }
    count(&folder.join("files"))
}
