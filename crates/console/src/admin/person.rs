//! An account: who it is, what roles it has, and what can be done with it.

use mercat_app::{
    AppError, Tx, collection,
    structure::{self, ELSEWHERE, People, PermissionView, UserView},
};
use mercat_domain::{permission::ScopeKind, time};
use uuid::Uuid;

use super::{ORGANISATIONS, PEOPLE, PROJECTS, only_operators, people, why_not};
use crate::{
    board::{Board, Section, Sent, Sheet, Subject, no_button},
    fields::{Field, Input},
    form::Form,
    session::Viewer,
    site::Site,
    table::Cell,
    text,
};

/// The page.
pub(super) struct Person;

impl Subject for Person {
    const PLACE: &'static str = "/admin/people/{id}/";

    async fn board(site: &Site, viewer: &Viewer, id: Uuid, _: &Form<'_>) -> Result<Board, AppError> {
        only_operators(viewer)?;
        let view = collection::retrieve::<People>(&site.app, &viewer.actor, id, &[]).await?;
        let row = &view.row;
        Ok(Board {
            title: text::name(row.name()),
            state: if row.is_active { String::new() } else { "switched off".to_owned() },
            back: (PEOPLE, "People"),
            sections: vec![about(viewer, &view), roles(site.base(), &view.permissions)],
        })
    }

    async fn act(tx: &mut Tx, id: Uuid, sent: Sent<'_>) -> Result<String, AppError> {
        match sent.does {
            "save" => collection::update::<People, AppError>(tx, id, sent.input).await?,
            "password" => structure::change_password(tx, id, sent.token, sent.input).await?,
            _ => return Err(no_button()),
        }
        Ok(format!("{PEOPLE}{}/?done=1", id.simple()))
    }
}

fn about(viewer: &Viewer, view: &UserView) -> Section {
    let row = &view.row;
    let sheet = |does, label, class| Sheet { does, label, class, why_not: why_not(viewer), ..Sheet::default() };
    let password = vec![people::password().required()];
    let ways = [("default", "password and tokens"), (ELSEWHERE, "the other service, too")];
    let ways = ways.map(|(value, words)| (value.to_owned(), words.to_owned())).to_vec();
    let mut fields = people::fields(Some(row));
    fields.push(
        Field::new("registration_method", "May sign in by", Input::Choice(ways))
            .with(if row.registration_method == ELSEWHERE { ELSEWHERE } else { "default" })
            .required(),
    );
    let sheets = vec![
        Sheet { title: "Change it".to_owned(), fields, ..sheet("save", "Save", "approve") },
        Sheet {
            title: "Set the password".to_owned(),
            fields: password,
            ..sheet("password", "Set it, and end what was signed in with the old one", "")
        },
    ];
    Section { title: "Who it is", sheets, ..Section::default() }
        .fact("User name", Cell::text(&row.username))
        .fact("Mail address", Cell::text(&row.email))
        .fact("Runs the service", Cell::text(people::part(row)))
        .fact("Since", Cell::moment(text::moment(row.created), time::format(row.created)))
}

fn roles(base: &str, held: &[PermissionView]) -> Section {
    let cells = |view: &PermissionView| {
        let name = view.scope.as_ref().map(|scope| scope.name.as_str()).unwrap_or_default();
        let id = view.row.scope_id.simple();
        let (kind, scope) = match view.row.scope_kind {
            ScopeKind::Customer => ("organisation", Cell::link(name, format!("{base}{ORGANISATIONS}{id}/"))),
            ScopeKind::Project => ("project", Cell::link(name, format!("{base}{PROJECTS}{id}/"))),
            ScopeKind::Offering => ("offering", Cell::link(name, format!("{base}{}{id}/", crate::provider::PLACE))),
            ScopeKind::ServiceProvider => ("provider", Cell::text(name)),
        };
        let moment = |at| Cell::moment(text::short_moment(at), time::format(at));
        vec![
            Cell::text(&view.role.name),
            scope.note(kind),
            moment(view.row.created),
            view.row.expires.map(moment).unwrap_or_default(),
        ]
    };
    Section {
        title: "Roles",
        note: if held.is_empty() { "None. Roles are given on the pages of organisations and projects." } else { "" }
            .to_owned(),
        heads: &["Role", "On", "Since (UTC)", "Until (UTC)"],
        rows: held.iter().map(cells).collect(),
        ..Section::default()
    }
}
