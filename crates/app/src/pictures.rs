//! Pictures of organisations, projects, people, categories and offerings: type by content, stored like every file.

use bytes::Bytes;
use mercat_domain::invalid::FieldErrors;
use serde::Serialize;
use serde_json::json;

use crate::{AppError, Tx, collection::Input, files::mime_of, kept::keep, orders::forget_media, tx::Picture};

/// What browsers show and nobody runs.
const ALLOWED: [&str; 3] = ["image/png", "image/jpeg", "image/gif"];

/// What documents about an offering may be besides: browsers are told to save them.
const DOCUMENTS: [&str; 3] = ["application/pdf", "application/zip", "text/plain"];

/// What a picture that is replaced was stored as, to be removed when nothing names it any more.
pub(crate) struct Replaced(Vec<mercat_domain::id::MediaId>);

impl Tx {
    /// Stores the pictures of the request and writes their ids into the input. `before` is the row that is changed.
    ///
    /// # Errors
    /// [`AppError::Invalid`] by column for what is no picture, or the disk or the database failed.
    pub(crate) async fn place_pictures(
        &mut self,
        input: &mut Input,
        before: Option<&impl Serialize>,
    ) -> Result<Replaced, AppError> {
        let pictures = self.take_pictures();
        let mut errors = FieldErrors::new();
        for (column, picture) in &pictures {
            if let Some(wrong) = wrong(column, &picture.content) {
                errors.push(column, wrong);
            }
        }
        errors.into_result()?;
        let named: Vec<&str> = input.keys().chain(pictures.keys()).map(String::as_str).collect();
        let replaced = before.map_or(Replaced(Vec::new()), |row| stored(row, |column| named.contains(&column)));
        for (column, picture) in pictures {
            let id = self.store_picture(picture).await?;
            input.insert(column, json!(id));
        }
        Ok(replaced)
    }

    async fn store_picture(&self, picture: Picture) -> Result<mercat_domain::id::MediaId, AppError> {
        let limit = self.app.settings.max_attachment_bytes;
        let content = futures_util::stream::iter([Ok::<Bytes, AppError>(picture.content)]);
        let file = self.app.files.store(content, limit, self.now).await?;
        keep(self, file, &picture.name, None).await
    }

    /// The pictures of a row that is about to be deleted.
    pub(crate) fn pictures_of(&self, row: &impl Serialize) -> Replaced {
        stored(row, |_| true)
    }

    /// Removes what was replaced, now that the row names something else.
    pub(crate) async fn forget_pictures(&mut self, replaced: Replaced) -> Result<(), AppError> {
        for id in replaced.0 {
            forget_media(self, Some(id)).await?;
        }
        Ok(())
    }
}

/// What the picture columns of a row hold.
fn stored(row: &impl Serialize, is_meant: impl Fn(&str) -> bool) -> Replaced {
    let row = serde_json::to_value(row).unwrap_or_default();
    let columns = ["icon", "image", "thumbnail", "file"].into_iter().filter(|column| is_meant(column));
    Replaced(columns.filter_map(|column| row[column].as_str()?.parse().ok()).collect())
}

fn wrong(column: &str, content: &Bytes) -> Option<&'static str> {
    let head = content.get(..content.len().min(512)).unwrap_or_default();
    match mime_of(head) {
        "application/x-empty" => Some("The submitted file is empty."),
        mime if ALLOWED.contains(&mime) => None,
        mime if column == "file" && DOCUMENTS.contains(&mime) => None,
        _ if column == "file" => Some("Upload a PDF, a picture, a plain text or a ZIP archive."),
        _ => Some("Upload a valid image. The file you uploaded was either not an image or a corrupted image."),
    }
}
