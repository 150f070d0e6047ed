//! The form that orders something: what was typed, what it would cost, and the order.

use std::collections::BTreeMap;

use axum::{
    body::Bytes,
    extract::{
        Path, State,
        rejection::{BytesRejection, PathRejection},
    },
    http::{HeaderMap, StatusCode},
    response::Response,
};
use chrono::NaiveDate;
use mercat_app::{
    AppError,
    entity::component,
    orders::{self, CreateOrder, OfferingView},
};
use mercat_domain::{
    id::OrderId,
    invalid::{FieldErrors, Invalid, Messages},
    offering::{PlanPrices, cost, parse_limits},
    order::{OrderType, months_begun},
    time::parse_date,
};
use serde_json::{Map, Value};

use super::showing::{LIMIT, found, takes_limit, view};
use crate::{
    fields::{Wrong, options},
    form::{self, Form},
    once, page,
    session::Viewer,
    site::Site,
    text,
};

/// A comment is as long as in the API.
const LONGEST_COMMENT: usize = 255;

/// A form as it was filled in.
pub(super) struct Typed {
    pub order: CreateOrder,
    pub attributes: Map<String, Value>,
    /// The amounts as they were typed, by component.
    pub limits: BTreeMap<String, String>,
}

impl Typed {
    /// A form that nobody has filled in: what is usual stands there.
    pub fn blank(offering: &OfferingView) -> Self {
        let mut typed = Self::of(offering, &Form::of(b""));
        let usual = |component: &component::Model| {
            let usual = component.default_limit.or(component.min_value);
            usual.map(|usual| (component.kind.clone(), usual.to_string()))
        };
        typed.limits = offering.details.components.iter().filter(|it| takes_limit(it)).filter_map(usual).collect();
        typed.attributes.clear();
        typed.order.errors = FieldErrors::new();
        typed
    }

    fn of(offering: &OfferingView, form: &Form<'_>) -> Self {
        let mut errors = FieldErrors::new();
        let limits = typed_limits(&offering.details.components, form);
        let ordered = read_limits(&limits).unwrap_or_else(|wrong| {
            add(&mut errors, &wrong);
            BTreeMap::new()
        });
        let mut attributes = Map::new();
        options::read(&offering.details.offering.options, form, &mut attributes);
        for name in ["name", "description", "end_date"] {
            let typed = form.text(name).trim();
            if !typed.is_empty() {
                attributes.insert(name.to_owned(), typed.into());
            }
        }
        if form.text("name").trim().is_empty() {
            errors.push("name", "This field is required.");
        }
        let comment = form.text("request_comment").trim();
        if comment.chars().count() > LONGEST_COMMENT {
            errors.push("request_comment", format!("Ensure this field has no more than {LONGEST_COMMENT} characters."));
        }
        let order = CreateOrder {
            offering: Some(offering.details.offering.id),
            project: chosen(form.text("project"), "project", true, &mut errors),
            plan: chosen(form.text("plan"), "plan", false, &mut errors),
            order_type: OrderType::Create,
            attributes: Value::Object(attributes.clone()),
            limits: ordered,
            accepts_terms: (!form.text("terms").is_empty()).then_some(true),
            callback_url: None,
            request_comment: (!comment.is_empty()).then(|| comment.to_owned()),
            start_date: day(form.text("start_date"), "start_date", &mut errors),
            slug: None,
            errors,
        };
        Self { order, attributes, limits }
    }

    /// An attribute as it was typed.
    pub fn text(&self, name: &str) -> String {
        self.attributes.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    /// What it costs by these prices.
    pub fn cost(&self, today: NaiveDate, prices: &PlanPrices, each: &str) -> String {
        let Ok(limits) = read_limits(&self.limits) else { return "not known: an amount is no whole number".to_owned() };
        if limits.values().any(|amount| *amount < 0) {
            return "not known: an amount is below zero".to_owned();
        }
        let begin = self.order.start_date.unwrap_or(today);
        let end = self.attributes.get("end_date").and_then(Value::as_str).and_then(parse_date);
        let months = end.map(|end| months_begun(begin, end));
        let regular = cost::estimate(prices, &limits);
        let whole = cost::order_cost(OrderType::Create, Some(prices), &limits, months);
        let (Some(regular), Ok(Some(whole))) = (regular, whole) else { return "out of range".to_owned() };
        let first =
            if regular == whole { String::new() } else { format!("; the order comes to {}", text::money(whole)) };
        format!("{} {each}{first}", text::money(regular))
    }
}

/// The amounts in the form, as they were typed. What is left empty is not ordered.
pub(crate) fn typed_limits(components: &[component::Model], form: &Form<'_>) -> BTreeMap<String, String> {
    let typed = components.iter().filter(|component| takes_limit(component)).map(|component| {
        let typed = form.text(&format!("{LIMIT}{}", component.kind)).trim().to_owned();
        (component.kind.clone(), if component.is_boolean && typed.is_empty() { "0".to_owned() } else { typed })
    });
    typed.filter(|(_, typed)| !typed.is_empty()).collect()
}

/// The amounts as numbers, or what is wrong with them in the words of the API.
pub(crate) fn read_limits(typed: &BTreeMap<String, String>) -> Result<BTreeMap<String, i64>, FieldErrors> {
    parse_limits(
        &typed.iter().map(|(kind, typed)| (kind.clone(), Value::from(typed.as_str()))).collect::<Map<_, _>>().into(),
    )
}

fn add(errors: &mut FieldErrors, more: &FieldErrors) {
    for (field, messages) in more.iter() {
        match messages {
            Messages::List(list) => list.iter().for_each(|message| errors.push(field, message.clone())),
            Messages::Nested(inner) => errors.nest(field, inner.clone()),
        }
    }
}

fn chosen<T: std::str::FromStr>(typed: &str, field: &str, needed: bool, errors: &mut FieldErrors) -> Option<T> {
    match typed.parse() {
        Ok(id) => Some(id),
        Err(_) if typed.is_empty() && !needed => None,
        Err(_) if typed.is_empty() => {
            errors.push(field, "This field is required.");
            None
        }
        Err(_) => {
            errors.push(field, "Invalid hyperlink - Object does not exist.");
            None
        }
    }
}

fn day(typed: &str, field: &str, errors: &mut FieldErrors) -> Option<NaiveDate> {
    let day = parse_date(typed);
    if day.is_none() && !typed.is_empty() {
        errors.push(field, "Date has wrong format. Use one of these formats instead: YYYY-MM-DD.");
    }
    day
}

/// Orders what the form says, or shows what it would cost.
pub(crate) async fn order(
    State(site): State<Site>,
    viewer: Viewer,
    path: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let form = match form::read(&headers, &body) {
        Ok(form) => form,
        Err(message) => return message.answer(),
    };
    match answered(&site, &viewer, path, &form).await {
        Ok(response) => response,
        Err(error) => page::failed_here(&error),
    }
}

async fn answered(
    site: &Site,
    viewer: &Viewer,
    path: Result<Path<String>, PathRejection>,
    form: &Form<'_>,
) -> Result<Response, AppError> {
    let offering = found(&site.app, &viewer.actor, path).await?;
    let typed = Typed::of(&offering, form);
    if form.text("do") != "order" {
        let view = view(site, viewer, &offering, &typed, Wrong::default()).await?;
        return Ok(page::answer(StatusCode::OK, &view));
    }
    let input = typed.order.clone();
    let made = once::made(site, viewer, form, async |tx| orders::create(tx, input).await.map(place)).await;
    let (status, wrong) = match made {
        Ok(response) => return Ok(response),
        Err(AppError::Invalid(invalid)) => (StatusCode::BAD_REQUEST, Wrong::of(&invalid)),
        Err(error) => once::told(error)?,
    };
    Ok(page::answer(status, &view(site, viewer, &offering, &typed, wrong).await?))
}

/// Where an order is looked at.
pub(crate) fn place(id: OrderId) -> String {
    format!("/orders/{id}/")
}

/// A refusal about no field in particular.
pub(crate) fn plain(message: &str) -> Wrong {
    Wrong::of(&Invalid::plain(message))
}
