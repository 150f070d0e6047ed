//! `/api/marketplace-offering-users/`: people's accounts at offerings.

use axum::{
    http::{Method, StatusCode},
    response::Response,
};
use mercat_app::{
    accounts::{self, AccountView, OfferingUsers},
    entity::{
        offering,
        offering_user::{Column, Entity},
        user,
    },
    list::{Filter, Key},
    resources::filters,
};
use mercat_domain::offering::OfferingUserAction;
use serde_json::json;

use super::usage_models::{
    OFFERING_USER, OFFERING_USER_SERVICE_PROVIDER_COMMENT, OFFERING_USER_STATE_TRANSITION_REQUEST,
    OFFERING_USER_UPDATE_RESTRICTION_REQUEST,
};
use crate::{
    answer,
    body::Call,
    error::ApiError,
    link::OFFERINGS,
    rest::{By, Exposed, Extent, Gives, Model, Op, Out, Param, PathId, SortKey, crud, input, param},
};

/// Accounts.
pub(crate) struct ShownAccounts;

const STATES: &[&str] = &[
    "Creating",
    "Deleted",
    "Deleting",
    "Error creating",
    "Error deleting",
    "OK",
    "Pending account linking",
    "Pending additional validation",
    "Requested",
    "Requested deletion",
];

impl Exposed for ShownAccounts {
    type Data = OfferingUsers;
    const NAME: &'static str = "marketplace-offering-users";
    const KIND: &'static str = "OfferingUser";
    const MODEL: &'static Model = &OFFERING_USER;
    const PARAMS: &'static [Param<Entity>] = &[
        param("created", By::Since(Column::Created)),
        param(
            "has_consent",
            By::Bool(|yes, _| {
                let agreed = filters::accounts_agreed();
                Some(if yes { agreed } else { agreed.negated() })
            }),
        ),
        param("is_restricted", By::Is(Column::IsRestricted)),
        param("modified", By::Since(Column::Modified)),
        param("offering", By::Link(OFFERINGS, |id| Filter::equals(Column::OfferingId, id))),
        param("offering_slug", By::Texts(|slugs| filters::accounts_at(Filter::any_of(offering::Column::Slug, slugs)))),
        param("offering_uuid", By::Ids(Column::OfferingId)),
        param(
            "parent_offering_uuid",
            By::Uuid(|id| filters::accounts_at(Filter::equals(offering::Column::ParentId, id))),
        ),
        param("provider_uuid", By::Uuid(|id| filters::accounts_at(Filter::equals(offering::Column::CustomerId, id)))),
        param(
            "query",
            By::Text(|text| {
                let people = mercat_app::structure::filters::people_called(text);
                Filter::either([Filter::contains(Column::Username, text), filters::accounts_of(people)])
            }),
        ),
        param("state", By::Names(STATES, Column::State)),
        param("user_username", By::Text(|text| filters::accounts_of(Filter::equals(user::Column::Username, text)))),
        param("user_uuid", By::Id(Column::UserId)),
    ];
    const SORTS: &'static [SortKey] = &[
        SortKey { name: "created", key: |down| Key::column(Column::Created, down) },
        SortKey { name: "modified", key: |down| Key::column(Column::Modified, down) },
        SortKey { name: "username", key: |down| Key::column(Column::Username, down) },
    ];
    const USUALLY: &'static str = "created";

    fn write(view: &AccountView, out: &mut Out<'_>) {
        let AccountView { row, user, offering, customer, has_consent, requires_reconsent } = view;
        out.row(row);
        out.put("offering_uuid", offering.id).put("offering_name", &offering.name);
        out.put("user_uuid", user.id).put("user_username", &user.username);
        out.put("user_full_name", &user.full_name).put("user_email", &user.email);
        out.put("customer_uuid", customer.id).put("customer_name", &customer.name);
        out.put("has_consent", has_consent).put("requires_reconsent", requires_reconsent);
        out.put("has_compliance_checklist", false);
    }
}

fn about(error: ApiError) -> ApiError {
    error.about(ShownAccounts::KIND)
}

/// An operation that reports how far an account is.
fn moves(action: OfferingUserAction) -> Op {
    let handler = move |PathId(id): PathId, mut call: Call| async move {
        let input = input(&mut call, &OFFERING_USER_STATE_TRANSITION_REQUEST, Extent::Whole).await;
        let mut tx = call.begin().await?;
        accounts::act::<ApiError>(&mut tx, id, action, input).await.map_err(about)?;
        answer::finish(tx, answer::empty(StatusCode::OK)).await
    };
    let op = Op::post(ShownAccounts::NAME, &format!("{{uuid}}/{action}/"), handler);
    match action {
        OfferingUserAction::SetPendingAccountLinking | OfferingUserAction::SetPendingAdditionalValidation => {
            op.takes(&OFFERING_USER_STATE_TRANSITION_REQUEST)
        }
        _ => op,
    }
}

async fn update_comments(PathId(id): PathId, mut call: Call) -> Result<Response, ApiError> {
    let input = input(&mut call, &OFFERING_USER_SERVICE_PROVIDER_COMMENT, Extent::Part).await;
    let mut tx = call.begin().await?;
    accounts::set::<ApiError>(&mut tx, id, input).await.map_err(about)?;
    let row = tx.shown::<OfferingUsers>(id).await?.row;
    let body = json!({
        "service_provider_comment": row.service_provider_comment,
        "service_provider_comment_url": row.service_provider_comment_url,
    });
    let answer = answer::json(StatusCode::OK, &body)?;
    answer::finish(tx, answer).await
}

async fn update_restricted(PathId(id): PathId, mut call: Call) -> Result<Response, ApiError> {
    let input = input(&mut call, &OFFERING_USER_UPDATE_RESTRICTION_REQUEST, Extent::Whole).await;
    let mut tx = call.begin().await?;
    accounts::set::<ApiError>(&mut tx, id, input).await.map_err(about)?;
    answer::finish(tx, answer::empty(StatusCode::OK)).await
}

pub(super) fn operations() -> Vec<Op> {
    let tag = ShownAccounts::NAME;
    let mut ops = crud::<ShownAccounts>();
    ops.extend(OfferingUserAction::ALL.iter().map(|action| moves(*action)));
    ops.extend([
        Op::new(Method::PATCH, tag, "{uuid}/update_comments/", update_comments)
            .suffix("_partial_update")
            .takes_part(&OFFERING_USER_SERVICE_PROVIDER_COMMENT)
            .gives(200, Gives::One(&OFFERING_USER_SERVICE_PROVIDER_COMMENT)),
        Op::post(tag, "{uuid}/update_restricted/", update_restricted).takes(&OFFERING_USER_UPDATE_RESTRICTION_REQUEST),
    ]);
    ops
}
