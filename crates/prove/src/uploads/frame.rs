//! How files are wrapped, rightly and wrongly.

use std::fmt;

use super::{content::Content, name::Name};

/// What is sent.
pub(super) struct Upload {
    what: String,
    pub media_type: String,
    pub body: Vec<u8>,
    /// Whether it has to be kept; `None` when both will do.
    pub is_kept: Option<bool>,
    /// The file, where the same has to come back.
    pub content: Option<Vec<u8>>,
}

const MULTIPART: &str = "multipart/form-data; boundary=cut";
const PDF: &[u8] = b"%PDF-1.4\n%%EOF";

impl Upload {
    /// A file as browsers send it.
    pub fn plain(name: Name, content: Content) -> Self {
        let quoted = name.bytes.iter().flat_map(|byte| if *byte == b'"' { b"%22".to_vec() } else { vec![*byte] });
        let head = [b"form-data; name=\"attachment\"; filename=\"".to_vec(), quoted.collect(), b"\"".to_vec()].concat();
        let what = format!("{} called {:?}", content.what, String::from_utf8_lossy(&name.bytes));
        let is_kept = name.is_one.map(|is_one| is_one && content.is_kept());
        Self {
            is_kept,
            content: Some(content.bytes.clone()),
            ..Self::odd(what, MULTIPART, part(&head, "", &content.bytes))
        }
    }

    /// Something that need not be kept.
    fn odd(what: impl Into<String>, media_type: &str, body: Vec<u8>) -> Self {
        Self { what: what.into(), media_type: media_type.to_owned(), body, is_kept: None, content: None }
    }
}

impl fmt::Display for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what: String = self.what.chars().take(120).collect();
        f.write_str(&what)
    }
}

/// A body of one part.
fn part(disposition: &[u8], more: &str, content: &[u8]) -> Vec<u8> {
    let head = [b"--cut\r\nContent-Disposition: ", disposition, b"\r\n", more.as_bytes(), b"\r\n"].concat();
    [head, content.to_vec(), b"\r\n--cut--\r\n".to_vec()].concat()
}

/// What is wrong, or odd, around a file.
pub(super) fn all() -> Vec<Upload> {
    let file = b"form-data; name=\"attachment\"; filename=\"po.pdf\"";
    let whole = part(file, "", PDF);
    let mut all = Vec::new();
    for media_type in [
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=other",
        "multipart/mixed; boundary=cut",
        "multipart/form-data; boundary=\"cut\"",
        "multipart/form-data; boundary=cut; boundary=other",
        "MULTIPART/FORM-DATA; BOUNDARY=cut",
        "application/pdf",
        "text/plain",
        "application/octet-stream",
        "application/json",
        "application/x-www-form-urlencoded",
    ] {
        all.push(Upload::odd(format!("sent as {media_type}"), media_type, whole.clone()));
    }
    all.push(Upload::odd(
        "a long boundary",
        &format!("multipart/form-data; boundary={}", "c".repeat(5_000)),
        whole.clone(),
    ));
    for more in [
        "Content-Type: text/html\r\n",
        "Content-Type: image/svg+xml\r\n",
        "Content-Type: application/pdf; charset=utf-7\r\n",
        "Content-Type: multipart/mixed; boundary=inner\r\n",
        "Content-Type: nonsense\r\n",
        "Content-Type: \r\n",
        "Content-Encoding: gzip\r\n",
        "Content-Transfer-Encoding: base64\r\n",
        "Content-Length: 1\r\n",
        "Content-Length: 99999999\r\n",
        "no colon\r\n",
        ": no name\r\n",
        "Content-Disposition: form-data; name=\"other\"\r\n",
        "X: \u{0}\r\n",
    ] {
        all.push(Upload::odd(format!("a part with {more:?}"), MULTIPART, part(file, more, PDF)));
    }
    for disposition in [
        "form-data; name=\"attachment\"",
        "form-data; name=attachment; filename=po.pdf",
        "form-data; name=\"Attachment\"; filename=\"po.pdf\"",
        "form-data; filename=\"po.pdf\"",
        "attachment; name=\"attachment\"; filename=\"po.pdf\"",
        "form-data",
        "",
        "form-data; name=\"attachment\"; filename=\"po.pdf\"; filename=\"../x.exe\"",
        "form-data; name=\"attachment\"; filename*=UTF-8''..%2f..%2fpo.pdf",
        "form-data; name=\"attachment\"; filename=\"po.pdf",
        "form-data; name=\"attachment\"; filename=\"po.pdf\"; filename*=UTF-8''%e2%80%aeexe.pdf",
        "form-data; name=\"attachment\"; filename=\"=?utf-8?B?Li4vcG8ucGRm?=\"",
        "form-data; name=\"attachment\"; name=\"other\"; filename=\"po.pdf\"",
    ] {
        all.push(Upload::odd(
            format!("a part that is {disposition:?}"),
            MULTIPART,
            part(disposition.as_bytes(), "", PDF),
        ));
    }
    for end in [1, 2, 5, 10, 20, 40, 60, 80, whole.len() - 8, whole.len() - 4, whole.len() - 2] {
        all.push(Upload::odd(format!("cut after {end} bytes"), MULTIPART, whole[..end].to_vec()));
    }
    let twice = [&whole[..whole.len() - 9], &whole].concat();
    let crowd =
        [b"--cut\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n\r\n".repeat(10_000), whole.clone()].concat();
    let padded = part(file, &format!("X: {}\r\n", "x".repeat(100_000)), PDF);
    let headers = part(file, &"X: x\r\n".repeat(5_000), PDF);
    let before = [b"preamble ".repeat(10_000), b"\r\n".to_vec(), whole.clone()].concat();
    let after = [whole.clone(), b"epilogue ".repeat(10_000)].concat();
    let bare: Vec<u8> = whole.iter().copied().filter(|byte| *byte != b'\r').collect();
    for (what, body) in [
        ("two files", twice),
        ("many parts", crowd),
        ("a part with a long header", padded),
        ("a part with many headers", headers),
        ("something before", before),
        ("something after", after),
        ("lines without carriage returns", bare),
        ("nothing", Vec::new()),
        ("only the end", b"--cut--\r\n".to_vec()),
        ("only a beginning", b"--cut\r\n".to_vec()),
        ("endless dashes", b"-".repeat(100_000)),
    ] {
        all.push(Upload::odd(what, MULTIPART, body));
    }
    all
}
