//! People's accounts at offerings: made by hand or by an agent, named by the provider.

use mercat_domain::{
    id::{CustomerId, OfferingId, OfferingUserId, UserId},
    invalid::Invalid,
    offering::{OfferingUserAction, OfferingUserState, user as rules},
    permission::{Actor, Permission, Scope},
};
use mercat_store::{
    Reads,
    assets::accounts_seen,
    entity::{customer, offering, offering_terms, offering_user, terms_consent, user},
    list::{self, Filter},
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    AppError, Tx,
    catalogue::ProviderOfferings,
    collection::{Collection, Editable, Input, Reader, id, merged, text},
    events::{Note, note},
    ids,
};

/// Accounts: one's own, and those at what one provides.
pub struct OfferingUsers;

/// An account with the names of those it is about.
#[derive(Debug, Clone)]
pub struct AccountView {
    /// The account.
    pub row: offering_user::Model,
    /// Whose it is.
    pub user: user::Model,
    /// Where it is.
    pub offering: offering::Model,
    /// The provider's organisation.
    pub customer: customer::Model,
    /// Whether the person has agreed to the terms, as far as there are some.
    pub has_consent: bool,
    /// Whether the person has to agree anew.
    pub requires_reconsent: bool,
}

impl Collection for OfferingUsers {
    type Entity = offering_user::Entity;
    type View = AccountView;

    fn seen_by(actor: &Actor) -> Option<Filter<Self::Entity>> {
        (!actor.sees_all()).then(|| accounts_seen(actor.id, &actor.scopes()))
    }

    async fn views<C: Reads>(
        reader: &Reader<'_, C>,
        rows: Vec<offering_user::Model>,
    ) -> Result<Vec<AccountView>, AppError> {
        let conn = reader.conn;
        let ids: Vec<OfferingId> = rows.iter().map(|row| row.offering_id).collect();
        let offerings = list::by_ids::<offering::Entity, OfferingId>(conn, ids.iter().copied()).await?;
        let owners: Vec<CustomerId> = offerings.values().map(|row| row.customer_id).collect();
        let customers = list::by_ids::<customer::Entity, CustomerId>(conn, owners).await?;
        let people: Vec<UserId> = rows.iter().map(|row| row.user_id).collect();
        let users = list::by_ids::<user::Entity, UserId>(conn, people.iter().copied()).await?;
        let in_force = [
            Filter::any_of(offering_terms::Column::OfferingId, ids.iter().copied()),
            Filter::equals(offering_terms::Column::IsActive, true),
        ];
        let terms = list::all::<offering_terms::Entity>(conn, &in_force, &[]).await?;
        let agreed = [
            Filter::any_of(terms_consent::Column::OfferingId, ids),
            Filter::any_of(terms_consent::Column::UserId, people),
            Filter::is_set(terms_consent::Column::Revoked, false),
        ];
        let consents = list::all::<terms_consent::Entity>(conn, &agreed, &[]).await?;
        let view = |row: offering_user::Model| {
            let offering = offerings.get(&row.offering_id)?.clone();
            let of = |consent: &&terms_consent::Model| {
                consent.offering_id == row.offering_id && consent.user_id == row.user_id
            };
            let consent = consents.iter().find(of);
            let newest = terms.iter().find(|terms| terms.offering_id == row.offering_id);
            Some(AccountView {
                customer: customers.get(&offering.customer_id)?.clone(),
                user: users.get(&row.user_id)?.clone(),
                has_consent: consent.is_some(),
                requires_reconsent: consent
                    .zip(newest)
                    .is_some_and(|(consent, terms)| terms.requires_reconsent && terms.version != consent.version),
                offering,
                row,
            })
        };
        Ok(rows.into_iter().filter_map(view).collect())
    }
}

async fn provider_of(tx: &Tx, row: &offering_user::Model) -> Result<[Scope; 2], AppError> {
    let offering = list::find::<offering::Entity>(&tx.db, row.offering_id).await?.ok_or(AppError::NotFound)?;
    Ok([Scope::Offering(offering.id), Scope::Customer(offering.customer_id)])
}

/// The columns by either of the two ways in which clients name offering and person: by link or by id.
fn by_either_name(input: &mut Input) {
    for (wire, column) in [("offering_uuid", "offering_id"), ("user_uuid", "user_id")] {
        if let Some(value) = input.remove(wire)
            && !input.contains_key(column)
        {
            input.insert(column.to_owned(), value);
        }
    }
}

impl Editable for OfferingUsers {
    async fn create(tx: &mut Tx, mut input: Input) -> Result<Uuid, AppError> {
        by_either_name(&mut input);
        let required = |field: &str| AppError::from(Invalid::field(field, "This field is required."));
        let offering = tx.linked::<ProviderOfferings>(&input, "offering", "offering_id").await?;
        let offering = offering.ok_or_else(|| required("offering"))?;
        let scopes = [Scope::Offering(offering.id), Scope::Customer(offering.customer_id)];
        tx.need(Permission::OfferingCreateUser, &scopes)?;
        let user: Uuid = id(&input, "user_id").ok_or_else(|| required("user"))?;
        let user = list::find::<user::Entity>(&tx.db, user).await?.filter(|user| user.is_active);
        let user = user.ok_or_else(|| Invalid::field("user", "Invalid hyperlink - Object does not exist."))?;
        let id: OfferingUserId = ids::new(tx.now);
        let row = offering_user::Model {
            id,
            offering_id: offering.id,
            user_id: user.id,
            username: None,
            state: OfferingUserState::Requested,
            is_restricted: false,
            service_provider_comment: String::new(),
            service_provider_comment_url: String::new(),
            created: tx.now,
            modified: tx.now,
        };
        match mercat_store::insert(&tx.db, named(merged(&row, input)?)).await {
            Err(mercat_store::StoreError::Duplicate(_)) => {
                return Err(Invalid::non_field("The user has an account at this offering already.").into());
            }
            other => other?,
        }
        tell(tx, id, "offering_user.created").await?;
        Ok(id.0)
    }

    async fn may_update(tx: &Tx, row: &offering_user::Model) -> Result<(), AppError> {
        tx.need(Permission::OfferingUpdateUser, &provider_of(tx, row).await?)
    }

    async fn update(tx: &mut Tx, row: offering_user::Model, mut input: Input) -> Result<(), AppError> {
        // An account stays with its person and offering.
        for fixed in ["offering_id", "user_id", "offering_uuid", "user_uuid"] {
            input.remove(fixed);
        }
        let new = offering_user::Model { modified: tx.now, ..named(merged(&row, input)?) };
        let id = new.id;
        list::replace(&tx.db, new).await?;
        tell(tx, id, "offering_user.updated").await
    }

    async fn destroy(tx: &mut Tx, row: offering_user::Model) -> Result<(), AppError> {
        tx.need(Permission::OfferingUpdateUser, &provider_of(tx, &row).await?)?;
        tell(tx, row.id, "offering_user.deleted").await?;
        tx.remove::<offering_user::Entity>(row.id).await
    }
}

/// An account that has got its name works.
fn named(row: offering_user::Model) -> offering_user::Model {
    let state = rules::state_after_username(row.state, row.username.as_deref().unwrap_or_default());
    offering_user::Model { state, ..row }
}

/// Notes what happened to an account.
async fn tell(tx: &mut Tx, id: OfferingUserId, kind: &'static str) -> Result<(), AppError> {
    let row = list::find::<offering_user::Entity>(&tx.db, id).await?.ok_or(AppError::NotFound)?;
    let offering = list::find::<offering::Entity>(&tx.db, row.offering_id).await?.ok_or(AppError::NotFound)?;
    let user = list::find::<user::Entity>(&tx.db, row.user_id).await?.ok_or(AppError::NotFound)?;
    let verb = kind.rsplit('.').next().unwrap_or_default();
    let changes = json!({
        "log": [format!("marketplace_offering_user_{verb}")], "action": verb.trim_end_matches('d'),
        "offering_uuid": offering.id, "offering_user_uuid": row.id, "user_uuid": row.user_id,
        "user_username": user.username, "username": row.username, "state": row.state,
    });
    let message = format!("The account of {} at {} was {verb}.", user.name(), offering.name);
    let provider = Some(offering.customer_id);
    note(tx, Note { kind, project: None, customer: None, provider, changes, message });
    Ok(())
}

/// Reports how far an account is; the input may say why and where to read on.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`], [`AppError::State`], what `input` says, or the database failed.
pub async fn act<X: From<AppError>>(
    tx: &mut Tx,
    id: Uuid,
    action: OfferingUserAction,
    input: Result<Input, X>,
) -> Result<(), X> {
    let row = tx.visible::<OfferingUsers>(id).await?;
    OfferingUsers::may_update(tx, &row).await?;
    let state = rules::step(action, row.state).map_err(|error| AppError::State(error.valid.join(", ")))?;
    let input = input?;
    let mut new = offering_user::Model { state, modified: tx.now, ..row };
    if rules::clears_comment(action) {
        new.service_provider_comment.clear();
        new.service_provider_comment_url.clear();
    }
    if input.contains_key("comment") {
        new.service_provider_comment = text(&input, "comment");
        new.service_provider_comment_url = text(&input, "comment_url");
    }
    let id = new.id;
    list::replace(&tx.db, new).await.map_err(AppError::from)?;
    Ok(tell(tx, id, "offering_user.updated").await?)
}

/// Sets columns of an account: comments and restriction.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`], what `input` says, or the database failed.
pub async fn set<X: From<AppError>>(tx: &mut Tx, id: Uuid, input: Result<Input, X>) -> Result<(), X> {
    let row = tx.visible::<OfferingUsers>(id).await?;
    OfferingUsers::may_update(tx, &row).await?;
    let new = offering_user::Model { modified: tx.now, ..merged(&row, input?)? };
    Ok(list::replace(&tx.db, new).await.map_err(AppError::from)?)
}
