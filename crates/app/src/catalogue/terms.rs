//! Terms of service of offerings, and who has agreed to them.

use std::collections::HashMap;

use mercat_domain::{
    id::{OfferingId, UserId},
    invalid::Invalid,
    permission::{Actor, Permission, Scope},
};
use mercat_store::{
    ConnectionTrait, Reads,
    catalogue::{consents_of, offerings_open_to, offerings_provided, terms_of},
    entity::{offering, offering_terms, terms_consent, user},
    list::{self, Filter},
};
use uuid::Uuid;

use super::{ProviderOfferings, PublicOfferings};
use crate::{
    AppError, Tx,
    collection::{Collection, Editable, Input, Reader, merged},
    ids,
};

/// Terms of the offerings that somebody provides or may order.
pub struct Terms;

/// Terms with the viewer's consent.
#[derive(Debug, Clone)]
pub struct TermsView {
    /// The terms.
    pub row: offering_terms::Model,
    /// Their offering.
    pub offering: offering::Model,
    /// The viewer's consent to this offering's terms, revoked or not.
    pub consent: Option<terms_consent::Model>,
}

impl Collection for Terms {
    type Entity = offering_terms::Entity;
    type View = TermsView;

    fn seen_by(actor: &Actor) -> Option<Filter<Self::Entity>> {
        let seen = || {
            let scopes = actor.scopes();
            Filter::either([offerings_provided(&scopes), offerings_open_to(&scopes)])
        };
        (!actor.sees_all()).then(|| terms_of(seen()))
    }

    async fn views<C: Reads>(
        reader: &Reader<'_, C>,
        rows: Vec<offering_terms::Model>,
    ) -> Result<Vec<TermsView>, AppError> {
        let ids: Vec<OfferingId> = rows.iter().map(|row| row.offering_id).collect();
        let offerings = list::by_ids::<offering::Entity, OfferingId>(reader.conn, ids.iter().copied()).await?;
        let own = [
            Filter::equals(terms_consent::Column::UserId, reader.actor.id),
            Filter::any_of(terms_consent::Column::OfferingId, ids),
        ];
        let consents = list::all::<terms_consent::Entity>(reader.conn, &own, &[]).await?;
        let view = |row: offering_terms::Model| {
            Some(TermsView {
                offering: offerings.get(&row.offering_id)?.clone(),
                consent: consents.iter().rfind(|consent| consent.offering_id == row.offering_id).cloned(),
                row,
            })
        };
        Ok(rows.into_iter().filter_map(view).collect())
    }
}

async fn may_change(tx: &Tx, offering: &offering::Model) -> Result<(), AppError> {
    tx.need(Permission::OfferingUpdate, &[Scope::Customer(offering.customer_id), Scope::Offering(offering.id)])
}

async fn offering_of(tx: &Tx, row: &offering_terms::Model) -> Result<offering::Model, AppError> {
    list::find::<offering::Entity>(&tx.db, row.offering_id).await?.ok_or(AppError::NotFound)
}

/// Only one version of an offering's terms is in force.
async fn check_single(tx: &Tx, row: &offering_terms::Model) -> Result<(), AppError> {
    // Two changes of one offering's terms come one after the other.
    mercat_store::facts::lock_offering(&tx.db, row.offering_id).await?;
    let others = [
        Filter::equals(offering_terms::Column::OfferingId, row.offering_id),
        Filter::equals(offering_terms::Column::IsActive, true),
        Filter::differs(offering_terms::Column::Id, row.id),
    ];
    if row.is_active && list::count(&tx.db, &others).await? > 0 {
        return Err(Invalid::field("is_active", "Another version of the terms is in force.").into());
    }
    Ok(())
}

impl Editable for Terms {
    async fn create(tx: &mut Tx, input: Input) -> Result<Uuid, AppError> {
        let required = || Invalid::field("offering", "This field is required.");
        let offering = tx.linked::<ProviderOfferings>(&input, "offering", "offering_id").await?.ok_or_else(required)?;
        may_change(tx, &offering).await?;
        let row = offering_terms::Model {
            id: ids::new(tx.now),
            offering_id: offering.id,
            text: String::new(),
            link: String::new(),
            version: String::new(),
            is_active: false,
            created: tx.now,
            requires_reconsent: false,
            grace_period_days: 60,
            modified: Some(tx.now),
        };
        let row = merged(&row, input)?;
        check_single(tx, &row).await?;
        let id = row.id;
        mercat_store::insert(&tx.db, row).await?;
        Ok(id)
    }

    async fn may_update(tx: &Tx, row: &offering_terms::Model) -> Result<(), AppError> {
        may_change(tx, &offering_of(tx, row).await?).await
    }

    async fn update(tx: &mut Tx, row: offering_terms::Model, mut input: Input) -> Result<(), AppError> {
        // Whoever agreed has agreed to this version of this offering's terms.
        for fixed in ["offering_id", "version", "requires_reconsent"] {
            input.remove(fixed);
        }
        let new = offering_terms::Model { modified: Some(tx.now), ..merged(&row, input)? };
        check_single(tx, &new).await?;
        Ok(list::replace(&tx.db, new).await?)
    }

    async fn destroy(tx: &mut Tx, row: offering_terms::Model) -> Result<(), AppError> {
        may_change(tx, &offering_of(tx, &row).await?).await?;
        tx.remove::<offering_terms::Entity>(row.id).await
    }
}

/// Consents: one's own, and those to the terms of what one provides.
pub struct Consents;

/// A consent with the names of those it is about.
#[derive(Debug, Clone)]
pub struct ConsentView {
    /// The consent.
    pub row: terms_consent::Model,
    /// Who agreed.
    pub user: user::Model,
    /// To the terms of which offering.
    pub offering: offering::Model,
    /// Whether other terms are in force now, to which people have to agree anew.
    pub requires_reconsent: bool,
}

impl Collection for Consents {
    type Entity = terms_consent::Entity;
    type View = ConsentView;

    fn seen_by(actor: &Actor) -> Option<Filter<Self::Entity>> {
        let seen = || {
            Filter::either([
                Filter::equals(terms_consent::Column::UserId, actor.id),
                consents_of(offerings_provided(&actor.scopes())),
            ])
        };
        (!actor.sees_all()).then(seen)
    }

    async fn views<C: Reads>(
        reader: &Reader<'_, C>,
        rows: Vec<terms_consent::Model>,
    ) -> Result<Vec<ConsentView>, AppError> {
        let conn = reader.conn;
        let ids: Vec<OfferingId> = rows.iter().map(|row| row.offering_id).collect();
        let offerings = list::by_ids::<offering::Entity, OfferingId>(conn, ids.iter().copied()).await?;
        let people = list::by_ids::<user::Entity, UserId>(conn, rows.iter().map(|row| row.user_id)).await?;
        let in_force = in_force(conn, ids).await?;
        let view = |row: terms_consent::Model| {
            let terms = in_force.get(&row.offering_id);
            Some(ConsentView {
                user: people.get(&row.user_id)?.clone(),
                offering: offerings.get(&row.offering_id)?.clone(),
                requires_reconsent: terms.is_some_and(|t| t.requires_reconsent && t.version != row.version),
                row,
            })
        };
        Ok(rows.into_iter().filter_map(view).collect())
    }
}

async fn in_force(
    conn: &impl ConnectionTrait,
    offerings: Vec<OfferingId>,
) -> Result<HashMap<OfferingId, offering_terms::Model>, AppError> {
    let active = [
        Filter::any_of(offering_terms::Column::OfferingId, offerings),
        Filter::equals(offering_terms::Column::IsActive, true),
    ];
    let rows = list::all::<offering_terms::Entity>(conn, &active, &[]).await?;
    Ok(rows.into_iter().map(|row| (row.offering_id, row)).collect())
}

impl Editable for Consents {
    async fn create(tx: &mut Tx, input: Input) -> Result<Uuid, AppError> {
        let offering = tx.linked::<PublicOfferings>(&input, "offering", "offering_id").await?;
        let offering = offering.ok_or_else(|| Invalid::field("offering", "This field is required."))?;
        let terms = in_force(&tx.db, vec![offering.id]).await?.remove(&offering.id);
        let none = || Invalid::field("offering", "The offering has no terms of service in force.");
        let terms = terms.ok_or_else(none)?;
        let user = tx.person()?.id;
        let before = [
            Filter::equals(terms_consent::Column::UserId, user),
            Filter::equals(terms_consent::Column::OfferingId, offering.id),
            Filter::is_set(terms_consent::Column::Revoked, false),
        ];
        if let Some(row) = list::first::<terms_consent::Entity>(&tx.db, &before).await? {
            if row.version == terms.version {
                return Err(Invalid::field("offering", "You have agreed to these terms already.").into());
            }
            let renewed =
                terms_consent::Model { version: terms.version, agreed: tx.now, modified: Some(tx.now), ..row };
            let id = renewed.id;
            list::replace(&tx.db, renewed).await?;
            return Ok(id);
        }
        let row = terms_consent::Model {
            id: ids::new(tx.now),
            user_id: user,
            offering_id: offering.id,
            version: terms.version,
            agreed: tx.now,
            revoked: None,
            modified: Some(tx.now),
        };
        let id = row.id;
        mercat_store::insert(&tx.db, row).await?;
        Ok(id)
    }

    async fn may_update(tx: &Tx, row: &terms_consent::Model) -> Result<(), AppError> {
        let actor = tx.person()?;
        if actor.is_staff || actor.id == row.user_id { Ok(()) } else { Err(AppError::Forbidden) }
    }

    /// A consent can only be brought up to the version in force: that is agreeing anew.
    async fn update(tx: &mut Tx, row: terms_consent::Model, input: Input) -> Result<(), AppError> {
        let new: terms_consent::Model = merged(&row, input)?;
        if new.version == row.version {
            return Ok(());
        }
        if row.revoked.is_some() {
            return Err(Invalid::plain("The consent is revoked.").into());
        }
        let terms = in_force(&tx.db, vec![row.offering_id]).await?.remove(&row.offering_id);
        if terms.is_none_or(|terms| terms.version != new.version) {
            return Err(Invalid::field("version", "This version of the terms is not in force.").into());
        }
        let agreed = terms_consent::Model { agreed: tx.now, modified: Some(tx.now), ..new };
        Ok(list::replace(&tx.db, agreed).await?)
    }

    async fn destroy(tx: &mut Tx, row: terms_consent::Model) -> Result<(), AppError> {
        tx.only_staff()?;
        tx.remove::<terms_consent::Entity>(row.id).await
    }
}

/// Takes a consent back; it stays on record.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`], [`AppError::Invalid`], or the database failed.
pub async fn revoke(tx: &mut Tx, id: Uuid) -> Result<(), AppError> {
    let row = tx.visible::<Consents>(id).await?;
    Consents::may_update(tx, &row).await?;
    if row.revoked.is_some() {
        return Err(Invalid::plain("The consent is revoked already.").into());
    }
    let row = terms_consent::Model { revoked: Some(tx.now), modified: Some(tx.now), ..row };
    Ok(list::replace(&tx.db, row).await?)
}
