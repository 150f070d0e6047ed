//! The page of an offering for those who provide it.

use mercat_app::{AppError, Tx, catalogue::ProviderOfferings, collection, orders::OfferingView};
use mercat_domain::{
    offering::{OFFERING_TRANSITIONS, OfferingState, OfferingTransition},
    permission::{Actor, Permission, Scope},
    time,
};
use uuid::Uuid;

use super::{PLACE, change, new::categories, parts, plans};
use crate::{
    board::{Board, Section, Sent, Sheet, Subject},
    fields::{Field, Input},
    form::Form,
    session::Viewer,
    site::Site,
    table::Cell,
    text,
};

/// The page.
pub(super) struct Offering;

impl Subject for Offering {
    const PLACE: &'static str = "/provider/offerings/{id}/";

    async fn board(site: &Site, viewer: &Viewer, id: Uuid, _: &Form<'_>) -> Result<Board, AppError> {
        let view = collection::retrieve::<ProviderOfferings>(&site.app, &viewer.actor, id, &[]).await?;
        let row = &view.details.offering;
        let mut sections = vec![
            about(site.base(), &view),
            state(&viewer.actor, &view),
            describe(&viewer.actor, &view, categories(site, viewer).await?),
        ];
        sections.push(parts::components(&viewer.actor, &view));
        sections.push(plans::section(&viewer.actor, &view));
        sections.extend(parts::options(&viewer.actor, &view));
        Ok(Board {
            title: text::name(&row.name),
            state: row.state.as_str().to_owned(),
            back: (PLACE, "Offerings"),
            sections,
        })
    }

    async fn act(tx: &mut Tx, id: Uuid, sent: Sent<'_>) -> Result<String, AppError> {
        change::act(tx, id, sent).await?;
        Ok(format!("{PLACE}{}/?done=1", id.simple()))
    }
}

/// Why somebody may not do something to the offering.
pub(super) fn why_not(actor: &Actor, view: &OfferingView, right: Permission) -> Option<String> {
    let row = &view.details.offering;
    let scopes = [Scope::Offering(row.id), Scope::Customer(row.customer_id)];
    let words = "You may not do this. The owner of the organisation or a manager of the offering can.";
    (!actor.has(right, &scopes)).then(|| words.to_owned())
}

fn about(base: &str, view: &OfferingView) -> Section {
    let (details, row) = (&view.details, &view.details.offering);
    let name = text::name(&row.name);
    let quoted: String = form_urlencoded::byte_serialize(format!("offering:\"{name}\"").as_bytes()).collect();
    let orders = Cell::link("look at them", format!("{base}/orders/?q={quoted}"));
    let section = Section::default()
        .fact("Organisation", Cell::text(&details.provider.name))
        .fact("Category", Cell::text(&details.category_title))
        .fact("Type", Cell::text(&row.offering_type))
        .fact("Since", Cell::moment(text::moment(row.created), time::format(row.created)))
        .fact("Orders", orders.note(text::count(details.order_count)))
        .fact("Why it is paused", Cell::text(&row.paused_reason));
    if row.state != OfferingState::Active {
        return section;
    }
    section.fact("In the catalogue", Cell::link("as others see it", format!("{base}/catalogue/{}/", row.id)))
}

/// A button for each step that the state allows.
fn state(actor: &Actor, view: &OfferingView) -> Section {
    let row = &view.details.offering;
    let possible = OFFERING_TRANSITIONS.iter().filter(|step| step.from.contains(&row.state));
    let possible = possible.filter(|step| step.permission.is_some() || actor.is_staff);
    Section { title: "State", sheets: possible.map(|step| sheet(actor, view, step)).collect(), ..Section::default() }
}

fn sheet(actor: &Actor, view: &OfferingView, step: &OfferingTransition) -> Sheet {
    use mercat_domain::offering::OfferingAction as A;
    let (label, class) = match step.action {
        A::Activate => ("Open it for orders", "approve"),
        A::Pause => ("Pause it", ""),
        A::Unpause => ("Take orders again", "approve"),
        A::Archive => ("Stop offering it", "reject"),
        A::Draft => ("Make it a draft again", ""),
        A::MakeAvailable => ("Put it into service again", "approve"),
        A::MakeUnavailable => ("Take it out of service", "reject"),
    };
    let reason = Field::new("paused_reason", "Why, for those who look at it", Input::Text);
    Sheet {
        does: step.action.as_str(),
        label,
        class,
        title: if step.action == A::Pause { "Take no orders for a time".to_owned() } else { String::new() },
        fields: if step.action == A::Pause { vec![reason] } else { Vec::new() },
        why_not: step.permission.and_then(|right| why_not(actor, view, right)),
        ..Sheet::default()
    }
}

fn describe(actor: &Actor, view: &OfferingView, categories: Vec<(String, String)>) -> Section {
    let row = &view.details.offering;
    let fields = vec![
        Field::new("name", "Name", Input::Text).with(&row.name).longest(150).required(),
        Field::new("category_id", "Category", Input::Choice(categories)).with(row.category_id.to_string()).required(),
        Field::new("description", "In one sentence", Input::Lines).with(&row.description),
        Field::new("full_description", "At length", Input::Lines).with(&row.full_description),
        Field::new("getting_started", "How to begin", Input::Lines).with(&row.getting_started),
    ];
    let sheet = Sheet {
        does: "describe",
        title: "Change the words".to_owned(),
        fields,
        label: "Save",
        class: "approve",
        why_not: why_not(actor, view, Permission::OfferingUpdate),
        ..Sheet::default()
    };
    Section { title: "Description", note: text::name(&row.description), sheets: vec![sheet], ..Section::default() }
}
