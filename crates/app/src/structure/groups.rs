//! Groups of organisations, to which offerings and plans can be restricted.

use mercat_domain::{id::OrganizationGroupId, permission::Actor};
use mercat_store::{
    Reads,
    entity::{customer_group, offering_group, organization_group},
    list::{self, Filter},
    offering::{GroupDetails, groups},
};
use uuid::Uuid;

use crate::{
    AppError, Tx,
    collection::{Collection, Editable, Input, Reader, merged},
    ids,
};

/// All groups of organisations.
pub struct Groups;

impl Collection for Groups {
    type Entity = organization_group::Entity;
    type View = GroupDetails;

    fn seen_by(_: &Actor) -> Option<Filter<Self::Entity>> {
        None
    }

    async fn views<C: Reads>(
        reader: &Reader<'_, C>,
        rows: Vec<organization_group::Model>,
    ) -> Result<Vec<GroupDetails>, AppError> {
        let ids: Vec<OrganizationGroupId> = rows.iter().map(|row| row.id).collect();
        let mut details = groups(reader.conn, ids.clone()).await?;
        details.sort_by_key(|group| ids.iter().position(|id| *id == group.group.id));
        Ok(details)
    }
}

impl Editable for Groups {
    fn may_create(actor: &Actor) -> bool {
        actor.is_staff
    }

    async fn create(tx: &mut Tx, input: Input) -> Result<Uuid, AppError> {
        tx.linked::<Self>(&input, "parent", "parent_id").await?;
        let row = organization_group::Model { id: ids::new(tx.now), name: String::new(), parent_id: None };
        let row = merged(&row, input)?;
        let id = row.id.0;
        mercat_store::insert(&tx.db, row).await?;
        Ok(id)
    }

    async fn may_update(tx: &Tx, _: &organization_group::Model) -> Result<(), AppError> {
        tx.only_staff()
    }

    async fn update(tx: &mut Tx, row: organization_group::Model, input: Input) -> Result<(), AppError> {
        let parent = tx.linked::<Self>(&input, "parent", "parent_id").await?;
        if parent.is_some_and(|parent| parent.id == row.id) {
            return Err(mercat_domain::invalid::Invalid::field("parent", "A group cannot be its own parent.").into());
        }
        Ok(list::replace(&tx.db, merged(&row, input)?).await?)
    }

    async fn destroy(tx: &mut Tx, row: organization_group::Model) -> Result<(), AppError> {
        tx.only_staff()?;
        let children = Filter::equals(organization_group::Column::ParentId, row.id);
        tx.unused("organization group", "child groups", &[children]).await?;
        let members = Filter::equals(customer_group::Column::GroupId, row.id);
        tx.unused("organization group", "organizations", &[members]).await?;
        let offerings = Filter::equals(offering_group::Column::GroupId, row.id);
        tx.unused("organization group", "offerings", &[offerings]).await?;
        tx.remove::<organization_group::Entity>(row.id).await
    }
}
