//! The row of a stored file, and the name that it gets.

use mercat_domain::id::{MediaId, OrderId};
use mercat_store::entity::media;

use crate::{AppError, Tx, files::StoredFile};

/// The endings of names that fit a media type, the usual one first; office documents are ZIP archives.
const ENDINGS: [(&str, &[&str]); 6] = [
    ("application/pdf", &["pdf"]),
    ("application/zip", &["zip", "docx", "xlsx", "pptx", "odt", "ods", "odp"]),
    ("image/gif", &["gif"]),
    ("image/jpeg", &["jpg", "jpeg"]),
    ("image/png", &["png"]),
    ("text/plain", &["txt", "csv", "log", "md"]),
];

/// Names a file that was stored.
///
/// # Errors
/// The database failed.
pub(crate) async fn keep(tx: &Tx, file: StoredFile, name: &str, order: Option<OrderId>) -> Result<MediaId, AppError> {
    let row = media::Model {
        id: file.id,
        name: honest(name, file.mime),
        mime: file.mime.to_owned(),
        size: i64::try_from(file.size).unwrap_or(i64::MAX),
        sha256: file.sha256,
        order_id: order,
        created_by: tx.actor().map(|actor| actor.id),
        created: tx.now,
    };
    mercat_store::insert(&tx.db, row).await?;
    Ok(file.id)
}

/// A name that ends as the content says, so that whoever saves the file opens it with what it is for: `po.exe` that holds a
/// PDF is `po.exe.pdf`. Clients send any name or none, and it is no reason to refuse a file (spec 20.24).
fn honest(name: &str, mime: &str) -> String {
    let name = if name.is_empty() { "file" } else { name };
    let fitting = ENDINGS.iter().find(|(known, _)| *known == mime).map_or(&["bin"][..], |(_, endings)| endings);
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let fits = fitting.iter().any(|one| one.eq_ignore_ascii_case(ending));
    if fits { name.to_owned() } else { format!("{name}.{}", fitting[0]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_ends_as_the_content_says() {
        for (name, mime, expected) in [
            ("po.pdf", "application/pdf", "po.pdf"),
            ("PO.PDF", "application/pdf", "PO.PDF"),
            ("po", "application/pdf", "po.pdf"),
            ("", "application/pdf", "file.pdf"),
            ("pdf", "application/pdf", "pdf.pdf"),
            ("po.pdf.exe", "application/pdf", "po.pdf.exe.pdf"),
            ("po.", "application/pdf", "po..pdf"),
            ("a.JPEG", "image/jpeg", "a.JPEG"),
            ("a.png", "image/jpeg", "a.png.jpg"),
            ("terms.docx", "application/zip", "terms.docx"),
            ("terms.jar", "application/zip", "terms.jar.zip"),
            ("notes.html", "text/plain", "notes.html.txt"),
            ("a.pdf", "application/octet-stream", "a.pdf.bin"),
        ] {
            assert_eq!(honest(name, mime), expected, "{name} as {mime}");
        }
    }
}
