//! A new order (spec 7).

use axum::{extract::State, http::StatusCode, response::Response};
use mercat_app::orders::{self, CreateOrder};
use mercat_domain::order::OrderType;
use serde_json::json;

use super::read::shown_to;
use crate::{
    answer,
    body::{Call, Caller, Fields, Form, Text},
    error::ApiError,
    fields::{Chosen, FieldSet},
    link::{self, Link, To},
    origin::Origin,
    query::Query,
    state::Api,
    wire::{OrderCreateRequest, OrderDetails, OrderOptions},
};

const MAX_URL: usize = 200;
const COMMENT: Text = Text { required: false, nullable: true, blank: true, max: Some(255) };
/// Length and letters of a slug are checked together with whether it is taken.
const SLUG: Text = Text { required: false, nullable: false, blank: false, max: None };

/// Order something
///
/// Makes an order and the resource that it is about. The answer shows where the creator's rights bring it at once.
#[utoipa::path(
    post, path = "/api/marketplace-orders/", operation_id = "marketplace_orders_create", tag = "marketplace-orders",
    request_body = OrderCreateRequest, responses((status = 201, body = OrderDetails<'static>))
)]
pub(crate) async fn create(
    State(api): State<Api>,
    Caller(caller): Caller,
    origin: Origin,
    query: Query,
    mut call: Call,
) -> Result<Response, ApiError> {
    let input = read(&call.form().await?, caller.actor.is_staff);
    let mut tx = call.begin().await?;
    let id = orders::create(&mut tx, input).await?;
    let view = tx.order(id).await?;
    let fields = FieldSet::of(&query, OrderDetails::FIELDS);
    let options = OrderOptions { show_secrets: true, ..shown_to(&api, caller.actor.sees_all()) };
    let body = Chosen(OrderDetails::new(&view, &origin, options), &fields);
    let mut answer = answer::json(StatusCode::CREATED, &body)?;
    answer.headers.push(("location".to_owned(), Link(&origin, To::Order(id)).to_string()));
    answer::finish(tx, answer).await
}

/// Reads the fields; what is wrong with them is told together with what the rules find wrong.
fn read(form: &Form, is_staff: bool) -> CreateOrder {
    let mut fields = Fields::of(form);
    let mut order = CreateOrder {
        offering: fields.link("offering", link::OFFERINGS, true).map(Into::into),
        plan: fields.link("plan", link::PLANS, false).map(Into::into),
        attributes: fields.json("attributes").unwrap_or_else(|| json!({})),
        limits: fields.limits("limits", false).unwrap_or_default(),
        accepts_terms: fields.boolean("accepting_terms_of_service"),
        callback_url: fields.url("callback_url", MAX_URL),
        request_comment: fields.text("request_comment", COMMENT),
        order_type: fields.choice("type").unwrap_or(OrderType::Create),
        start_date: fields.date("start_date"),
        // From others it is ignored, whatever it is.
        slug: if is_staff { fields.text("slug", SLUG) } else { None },
        project: fields.link("project", link::PROJECTS, true).map(Into::into),
        errors: mercat_domain::invalid::FieldErrors::new(),
    };
    order.errors = fields.into_errors();
    order
}
