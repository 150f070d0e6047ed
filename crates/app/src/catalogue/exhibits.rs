//! What shows an offering: screenshots, and documents about it.

use mercat_domain::{
    id::{MediaId, OfferingId},
    invalid::Invalid,
    permission::{Actor, Permission, Scope},
};
use mercat_store::{
    ConnectionTrait, Reads,
    catalogue::{files_of, offerings_open_to, offerings_provided, screenshots_of},
    entity::{offering, offering_file, offering_screenshot},
    list::{self, Filter},
};
use uuid::Uuid;

use super::{ProviderOfferings, offerings::scopes};
use crate::{
    AppError, Tx,
    collection::{Collection, Editable, Input, Reader, merged},
    ids,
};

/// Screenshots of the offerings that somebody provides or may order.
pub struct Screenshots;

/// Documents about the offerings that somebody provides or may order.
pub struct OfferingFiles;

/// A row with its offering.
#[derive(Debug, Clone)]
pub struct Exhibit<R> {
    /// The screenshot or document.
    pub row: R,
    /// What it shows.
    pub offering: offering::Model,
}

fn seen(actor: &Actor) -> Option<Filter<offering::Entity>> {
    let scopes = || actor.scopes();
    (!actor.sees_all()).then(|| Filter::either([offerings_provided(&scopes()), offerings_open_to(&scopes())]))
}

async fn exhibits<R: Send>(
    conn: &impl ConnectionTrait,
    rows: Vec<R>,
    of: fn(&R) -> OfferingId,
) -> Result<Vec<Exhibit<R>>, AppError> {
    let offerings = list::by_ids::<offering::Entity, OfferingId>(conn, rows.iter().map(of)).await?;
    let exhibit = |row: R| Some(Exhibit { offering: offerings.get(&of(&row))?.clone(), row });
    Ok(rows.into_iter().filter_map(exhibit).collect())
}

async fn allowed(tx: &Tx, id: OfferingId, permission: Permission) -> Result<(), AppError> {
    let row = list::find::<offering::Entity>(&tx.db, id).await?.ok_or(AppError::NotFound)?;
    let scopes: Vec<Scope> = scopes(tx, &row).await?;
    tx.need(permission, &scopes)
}

/// The offering that a new row is for, and that its file came with the request.
async fn begin(tx: &Tx, input: &Input, file: &str, permission: Permission) -> Result<OfferingId, AppError> {
    let required = || Invalid::field("offering", "This field is required.");
    let offering = tx.linked::<ProviderOfferings>(input, "offering", "offering_id").await?.ok_or_else(required)?;
    allowed(tx, offering.id, permission).await?;
    match input.contains_key(file) {
        true => Ok(offering.id),
        false => Err(Invalid::field(file, "No file was submitted.").into()),
    }
}

impl Collection for Screenshots {
    type Entity = offering_screenshot::Entity;
    type View = Exhibit<offering_screenshot::Model>;

    fn seen_by(actor: &Actor) -> Option<Filter<Self::Entity>> {
        seen(actor).map(screenshots_of)
    }

    async fn views<C: Reads>(
        reader: &Reader<'_, C>,
        rows: Vec<offering_screenshot::Model>,
    ) -> Result<Vec<Self::View>, AppError> {
        exhibits(reader.conn, rows, |row| row.offering_id).await
    }
}

impl Editable for Screenshots {
    async fn create(tx: &mut Tx, input: Input) -> Result<Uuid, AppError> {
        let offering_id = begin(tx, &input, "image", Permission::OfferingCreateScreenshot).await?;
        let id: Uuid = ids::new(tx.now);
        let row = offering_screenshot::Model {
            id,
            offering_id,
            name: String::new(),
            description: String::new(),
            image: MediaId(Uuid::nil()),
            thumbnail: None,
            created: tx.now,
        };
        mercat_store::insert(&tx.db, merged(&row, input)?).await?;
        Ok(id)
    }

    async fn may_update(tx: &Tx, row: &offering_screenshot::Model) -> Result<(), AppError> {
        allowed(tx, row.offering_id, Permission::OfferingUpdateScreenshot).await
    }

    async fn update(tx: &mut Tx, row: offering_screenshot::Model, mut input: Input) -> Result<(), AppError> {
        // A screenshot stays with its offering.
        input.remove("offering_id");
        Ok(list::replace(&tx.db, merged(&row, input)?).await?)
    }

    async fn destroy(tx: &mut Tx, row: offering_screenshot::Model) -> Result<(), AppError> {
        allowed(tx, row.offering_id, Permission::OfferingDeleteScreenshot).await?;
        tx.remove::<offering_screenshot::Entity>(row.id).await
    }
}

impl Collection for OfferingFiles {
    type Entity = offering_file::Entity;
    type View = Exhibit<offering_file::Model>;

    fn seen_by(actor: &Actor) -> Option<Filter<Self::Entity>> {
        seen(actor).map(files_of)
    }

    async fn views<C: Reads>(
        reader: &Reader<'_, C>,
        rows: Vec<offering_file::Model>,
    ) -> Result<Vec<Self::View>, AppError> {
        exhibits(reader.conn, rows, |row| row.offering_id).await
    }
}

impl Editable for OfferingFiles {
    async fn create(tx: &mut Tx, input: Input) -> Result<Uuid, AppError> {
        let offering_id = begin(tx, &input, "file", Permission::OfferingUpdate).await?;
        let id: Uuid = ids::new(tx.now);
        let file = MediaId(Uuid::nil());
        let row = offering_file::Model { id, offering_id, name: String::new(), file, created: tx.now };
        mercat_store::insert(&tx.db, merged(&row, input)?).await?;
        Ok(id)
    }

    async fn destroy(tx: &mut Tx, row: offering_file::Model) -> Result<(), AppError> {
        allowed(tx, row.offering_id, Permission::OfferingUpdate).await?;
        tx.remove::<offering_file::Entity>(row.id).await
    }
}
