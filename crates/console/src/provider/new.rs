//! The page on which something new is offered.

use mercat_app::{
    AppError, Tx,
    catalogue::{Categories, ProviderOfferings, Providers},
    collection::{self, Sight},
    entity::{category, service_provider},
    list::{Filter, Key},
};
use mercat_domain::{
    offering::OFFERING_TYPES,
    permission::{Permission, Scope},
};
use uuid::Uuid;

use super::PLACE;
use crate::{
    board::{Board, Section, Sent, Sheet, Subject},
    fields::{Field, Input},
    form::Form,
    session::Viewer,
    site::Site,
    text,
};

/// More are not offered for choice.
const MOST: u64 = 500;

/// The page.
pub(super) struct New;

impl Subject for New {
    const PLACE: &'static str = "/provider/offerings/new/";

    async fn board(site: &Site, viewer: &Viewer, _: Uuid, _: &Form<'_>) -> Result<Board, AppError> {
        let providers = providers(site, viewer).await?;
        let why_not = providers.is_empty().then(|| {
            "None of your organisations is a provider in which you may offer something. Staff can make it one."
                .to_owned()
        });
        let types = OFFERING_TYPES.iter().map(|kind| (kind.name.to_owned(), kind.name.to_owned())).collect();
        let fields = vec![
            Field::new("name", "Name", Input::Text).longest(150).required(),
            Field::new("customer_id", "Organisation", Input::Choice(providers)).required(),
            Field::new("category_id", "Category", Input::Choice(categories(site, viewer).await?)).required(),
            Field::new("offering_type", "Type", Input::Choice(types))
                .with("Marketplace.Basic")
                .hint("Who fulfils its orders, and how. Basic: people do, with buttons.")
                .required(),
            Field::new("description", "In one sentence", Input::Lines),
        ];
        let note = "It begins as a draft that nobody can order: components, plans and prices follow on its page.";
        let sheet =
            Sheet { does: "make", fields, label: "Make a draft", class: "approve", why_not, ..Sheet::default() };
        let section = Section { note: note.to_owned(), sheets: vec![sheet], ..Section::default() };
        Ok(Board {
            title: "Something new".to_owned(),
            state: String::new(),
            back: (PLACE, "Offerings"),
            sections: vec![section],
        })
    }

    async fn act(tx: &mut Tx, _: Uuid, sent: Sent<'_>) -> Result<String, AppError> {
        let id = collection::create::<ProviderOfferings, AppError>(tx, sent.input).await?;
        Ok(format!("{PLACE}{}/", id.simple()))
    }
}

/// The providers for whom somebody may offer something.
async fn providers(site: &Site, viewer: &Viewer) -> Result<Vec<(String, String)>, AppError> {
    let (app, actor) = (&site.app, &viewer.actor);
    let mut filters = Vec::new();
    if !actor.is_staff {
        let within = actor.scopes_with(Permission::OfferingCreate).customers;
        filters.push(Filter::any_of(service_provider::Column::CustomerId, within));
    }
    let found = collection::list::<Providers>(app, actor, &filters, &[], (0, MOST)).await?;
    let may = found.iter().filter(|it| actor.has(Permission::OfferingCreate, &[Scope::Customer(it.customer.id)]));
    let mut choices: Vec<_> = may.map(|it| (it.customer.id.to_string(), text::name(&it.customer.name))).collect();
    choices.sort_by(|a, b| a.1.cmp(&b.1));
    Ok(choices)
}

/// All categories.
pub(super) async fn categories(site: &Site, viewer: &Viewer) -> Result<Vec<(String, String)>, AppError> {
    let by_title = [Key::column(category::Column::Title, false)];
    let all = Sight::by_filters_alone(&viewer.actor);
    let found = collection::list::<Categories>(&site.app, all, &[], &by_title, (0, MOST)).await?;
    Ok(found.iter().map(|view| (view.row.id.to_string(), text::name(&view.row.title))).collect())
}
