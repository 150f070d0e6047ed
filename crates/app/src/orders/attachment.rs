//! The file of an order, for instance a purchase order (spec 10.15, 10.16).

use bytes::Bytes;
use futures_util::stream::BoxStream;
use mercat_domain::{
    id::MediaId,
    invalid::{FieldErrors, Invalid},
    order::Action,
    permission::Actor,
};
use mercat_store::{
    Set,
    entity::{media, order},
    media as medias,
    order::OrderFilter,
};

use super::{
    act::decision,
    apply::apply,
    load::{Loaded, Target, visible_order},
    read::count,
};
use crate::{App, AppError, Tx, files::StoredFile, kept::keep};

/// The only type that an attachment may have.
const ALLOWED: &str = "application/pdf";

/// A file that was uploaded and waits for its order.
#[derive(Debug, Clone)]
pub struct Attachment {
    /// The stored file.
    pub file: StoredFile,
    /// The sender's name for it.
    pub name: String,
}

/// Whether the caller may change the attachment at all: asked before an upload is read.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Refused`], or the database failed.
pub async fn attachment_allowed(tx: &Tx, target: &Target) -> Result<(), AppError> {
    let loaded = visible_order(tx, target).await?;
    decision(tx, &loaded, Action::UpdateAttachment).map(drop)
}

/// Sets or, with `None`, clears the attachment; the old file goes.
///
/// # Errors
/// As [`attachment_allowed`]; [`AppError::Invalid`] for a file that is empty or no PDF by its content.
pub async fn attach(tx: &mut Tx, target: &Target, new: Option<Attachment>) -> Result<Option<MediaId>, AppError> {
    let loaded = visible_order(tx, target).await?;
    decision(tx, &loaded, Action::UpdateAttachment)?;
    let id = new.as_ref().map(|new| new.file.id);
    if let Some(new) = new {
        check(&new.file)?;
        keep(tx, new.file, &new.name, Some(loaded.order.id)).await?;
    }
    replace(tx, &loaded, Action::UpdateAttachment, id).await?;
    Ok(id)
}

/// Deletes the attachment.
///
/// # Errors
/// As [`attachment_allowed`]; [`AppError::NoAttachment`] when there is none.
pub async fn detach(tx: &mut Tx, target: &Target) -> Result<(), AppError> {
    let loaded = visible_order(tx, target).await?;
    decision(tx, &loaded, Action::DeleteAttachment)?;
    if loaded.order.attachment.is_none() {
        return Err(AppError::NoAttachment);
    }
    replace(tx, &loaded, Action::DeleteAttachment, None).await
}

/// Stores the file that came with a new order, if one did; returns its id for the order's row.
pub(crate) async fn store_sent(tx: &mut Tx, order: mercat_domain::id::OrderId) -> Result<Option<MediaId>, AppError> {
    let Some(sent) = tx.take_pictures().remove("attachment") else { return Ok(None) };
    let content = futures_util::stream::iter([Ok::<Bytes, AppError>(sent.content)]);
    let file = tx.app.files.store(content, tx.app.settings.max_attachment_bytes, tx.now).await?;
    check(&file)?;
    keep(tx, file, &sent.name, Some(order)).await.map(Some)
}

fn check(file: &StoredFile) -> Result<(), AppError> {
    let refuse = |message: String| Err(Invalid::Fields(FieldErrors::single("attachment", message)).into());
    if file.size == 0 {
        return refuse("The submitted file is empty.".into());
    }
    if file.mime != ALLOWED {
        return refuse(format!("File type '{}' is not allowed. Allowed types are: '{ALLOWED}'.", file.mime));
    }
    Ok(())
}

async fn replace(tx: &mut Tx, loaded: &Loaded, action: Action, new: Option<MediaId>) -> Result<(), AppError> {
    let decision = decision(tx, loaded, action)?;
    let change = order::ActiveModel { attachment: Set(new), ..Default::default() };
    apply(tx, loaded, action, &decision, change).await?;
    forget(tx, loaded.order.attachment).await
}

/// Removes a file's row now and the file after the commit.
pub(crate) async fn forget(tx: &mut Tx, old: Option<MediaId>) -> Result<(), AppError> {
    if let Some(old) = old {
        medias::delete(&tx.db, old).await?;
        tx.discard_file(old);
    }
    Ok(())
}

/// A stored file for somebody who may see it: attachments by those who see the order, pictures by everybody.
///
/// # Errors
/// [`AppError::NotFound`] when there is none or the caller may not know of it.
pub async fn open(
    app: &App,
    actor: &Actor,
    id: MediaId,
) -> Result<(media::Model, BoxStream<'static, Result<Bytes, std::io::Error>>), AppError> {
    let media = medias::find(app.db.read(), id).await?.ok_or(AppError::NotFound)?;
    if let Some(order) = media.order_id {
        let this = [OrderFilter::Id(order)];
        if count(app, actor, &this).await? == 0 {
            return Err(AppError::NotFound);
        }
    }
    match app.files.open(id).await? {
        Some(content) => Ok((media, content)),
        // Replaced while it was looked for: the row is gone too.
        None if medias::find(app.db.read(), id).await?.is_none() => Err(AppError::NotFound),
        None => Err(AppError::Internal(format!("the file of media {id} is missing"))),
    }
}
