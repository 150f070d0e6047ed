//! `/api/marketplace-categories/` and the headings over them.

use axum::{extract::State, response::Response};
use mercat_app::{
    catalogue::{Categories, CategoryGroups, CategoryView, filters, used_categories},
    entity::{
        category::{Column, Entity},
        category_group, offering, resource,
    },
    list::{Filter, Key},
};
use mercat_domain::offering::OfferingState;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::models::{CATEGORY_GROUP, MARKETPLACE_CATEGORY};
use crate::{
    answer,
    body::Caller,
    error::ApiError,
    query::Query,
    rest::{By, Exposed, Gives, Model, Op, Out, Param, ParamKind, QueryParam, SortKey, crud, invalid, param},
    state::Api,
};

/// Categories.
pub(crate) struct ShownCategories;

impl Exposed for ShownCategories {
    type Data = Categories;
    const NAME: &'static str = "marketplace-categories";
    const KIND: &'static str = "Category";
    const MODEL: &'static Model = &MARKETPLACE_CATEGORY;
    const PARAMS: &'static [Param<Entity>] = &[
        param(
            "customer_uuid",
            By::Uuid(|id| filters::categories_with(Filter::equals(offering::Column::CustomerId, id))),
        ),
        param("customers_offerings_state", By::Texts(|states| with_states(&states))),
        param("group_uuid", By::Id(Column::GroupId)),
        param(
            "has_offerings",
            By::Bool(|wanted, _| wanted.then(|| filters::categories_with(filters::offerings_published()))),
        ),
        param(
            "has_shared",
            By::Bool(|wanted, _| {
                wanted.then(|| filters::categories_with(Filter::equals(offering::Column::Shared, true)))
            }),
        ),
        param(
            "offering_name",
            By::Text(|text| filters::categories_with(Filter::contains(offering::Column::Name, text))),
        ),
        param("resource_customer_uuid", By::Uuid(|id| used(Filter::equals(resource::Column::CustomerId, id)))),
        param("resource_project_uuid", By::Uuid(|id| used(Filter::equals(resource::Column::ProjectId, id)))),
        param("title", By::Contains(Column::Title)),
    ];
    const SORTS: &'static [SortKey] = &[SortKey { name: "title", key: |down| Key::column(Column::Title, down) }];
    const USUALLY: &'static str = "title";

    fn write(view: &CategoryView, out: &mut Out<'_>) {
        out.row(&view.row);
        out.put("offering_count", view.offerings).put("available_offerings_count", view.available);
        for none in ["sections", "columns", "components", "articles"] {
            out.put(none, json!([]));
        }
    }
}

fn used(resources: Filter<resource::Entity>) -> Filter<Entity> {
    filters::categories_with(filters::offerings_of(resources))
}

/// States come by the numbers that they have upstream, or by name.
fn with_states(states: &[String]) -> Filter<Entity> {
    const NUMBERED: [OfferingState; 5] = [
        OfferingState::Draft,
        OfferingState::Active,
        OfferingState::Paused,
        OfferingState::Archived,
        OfferingState::Unavailable,
    ];
    let state = |text: &String| match text.parse::<usize>() {
        Ok(number) => NUMBERED.get(number.wrapping_sub(1)).copied(),
        Err(_) => text.parse().ok(),
    };
    filters::categories_with(Filter::any_of(offering::Column::State, states.iter().filter_map(state)))
}

/// Headings over categories.
pub(crate) struct ShownCategoryGroups;

impl Exposed for ShownCategoryGroups {
    type Data = CategoryGroups;
    const NAME: &'static str = "marketplace-category-groups";
    const KIND: &'static str = "CategoryGroup";
    const MODEL: &'static Model = &CATEGORY_GROUP;
    const PARAMS: &'static [Param<category_group::Entity>] =
        &[param("title", By::Contains(category_group::Column::Title))];
    const SORTS: &'static [SortKey] =
        &[SortKey { name: "title", key: |down| Key::column(category_group::Column::Title, down) }];
    const USUALLY: &'static str = "title";

    fn write(view: &category_group::Model, out: &mut Out<'_>) {
        out.row(view);
    }
}

/// How many of the resources that the caller sees are in which category.
async fn global(State(api): State<Api>, Caller(caller): Caller, query: Query) -> Result<Response, ApiError> {
    let id = |name: &'static str| -> Result<Option<Uuid>, ApiError> {
        let text = query.last(name).filter(|text| !text.is_empty());
        let wrong = |_| invalid(mercat_domain::invalid::FieldErrors::single(name, "Enter a valid UUID."));
        text.map(|text| Uuid::try_parse(text).map_err(wrong)).transpose()
    };
    let counts = used_categories(&api.app, &caller.actor, id("customer_uuid")?, id("project_uuid")?).await?;
    let body: Map<String, Value> = counts.into_iter().map(|(id, count)| (id.to_string(), json!(count))).collect();
    answer::read(&body)
}

pub(super) fn operations() -> Vec<Op> {
    let ids = ["customer_uuid", "project_uuid"].map(|name| QueryParam { name, kind: ParamKind::Uuid });
    let mut ops = crud::<ShownCategories>();
    ops.extend(crud::<ShownCategoryGroups>());
    ops.push(Op::get("marketplace-global-categories", "", global).asks(ids.to_vec()).gives(200, Gives::Json));
    ops
}
