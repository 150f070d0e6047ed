//! Who has which role on an organisation or a project.

use mercat_app::{
    AppError, Tx,
    collection::{self, Sight},
    entity::{role, user_role},
    list::{Filter, Key},
    structure::{self, MemberRequest, MemberView, Members, Roles},
};
use mercat_domain::{permission::Scope, time};
use serde_json::Value;
use uuid::Uuid;

use super::{PEOPLE, why_not};
use crate::{
    board::{Section, Sent, Sheet, no_button},
    fields::{Field, Input},
    session::Viewer,
    site::Site,
    table::{Button, Cell},
    text,
};

/// More are not shown.
const MOST: u64 = 500;

/// Who has a role on this, and a form to give somebody one.
pub(super) async fn section(site: &Site, viewer: &Viewer, scope: Scope) -> Result<Section, AppError> {
    let held =
        [Filter::equals(user_role::Column::ScopeId, scope.id()), Filter::equals(user_role::Column::IsActive, true)];
    let first = [Key::column(user_role::Column::Created, false)];
    let sight = || Sight::by_filters_alone(&viewer.actor);
    let members = collection::list::<Members>(&site.app, sight(), &held, &first, (0, MOST)).await?;
    let fit = [Filter::equals(role::Column::ScopeKind, scope.kind()), Filter::equals(role::Column::IsActive, true)];
    let by_name = [Key::column(role::Column::Name, false)];
    let roles = collection::list::<Roles>(&site.app, sight(), &fit, &by_name, (0, MOST)).await?;
    let words = |row: &role::Model| match text::name(&row.description) {
        description if description.is_empty() => text::name(&row.name),
        description => format!("{} ({description})", text::name(&row.name)),
    };
    let choices = roles.iter().map(|role| (role.row.id.to_string(), words(&role.row))).collect();
    let add = Sheet {
        does: "add-member",
        title: "Give somebody a role".to_owned(),
        fields: vec![
            Field::new("user", "User name", Input::Text).required(),
            Field::new("role", "Role", Input::Choice(choices)).required(),
            Field::new("expiration_time", "Until", Input::Date).hint("Left empty: until somebody takes it away."),
        ],
        label: "Give it",
        class: "approve",
        why_not: why_not(viewer),
        ..Sheet::default()
    };
    Ok(Section {
        title: "People and their roles",
        heads: &["Name", "User name", "Role", "Since (UTC)", "Until (UTC)", ""],
        rows: members.iter().map(|member| cells(site.base(), viewer, member)).collect(),
        sheets: vec![add],
        ..Section::default()
    })
}

fn cells(base: &str, viewer: &Viewer, member: &MemberView) -> Vec<Cell> {
    let row = &member.row;
    let moment = |at| Cell::moment(text::short_moment(at), time::format(at));
    let about = format!("{}, {}", text::name(&member.user.username), text::name(&member.role.name));
    let remove = Button { does: "remove-member", id: row.id.simple().to_string(), label: "Take away", about };
    vec![
        Cell::link(member.user.name(), format!("{base}{PEOPLE}{}/", member.user.id)),
        Cell::text(&member.user.username),
        Cell::text(&member.role.name),
        moment(row.created),
        row.expires.map(moment).unwrap_or_default(),
        Cell::button(viewer.actor.is_staff.then_some(remove)),
    ]
}

/// Gives or takes a role.
pub(super) async fn act(tx: &mut Tx, scope: Scope, around: Option<Scope>, sent: Sent<'_>) -> Result<(), AppError> {
    let request = MemberRequest { scope, around, is_gone: false };
    match sent.does {
        "add-member" => {
            let until_the_end_of_the_day = |mut input: collection::Input| {
                if let Some(Value::String(day)) = input.get_mut("expiration_time") {
                    day.push_str("T23:59:59Z");
                }
                input
            };
            structure::add(tx, request, sent.input.map(until_the_end_of_the_day)).await.map(drop)
        }
        "remove-member" => {
            let held = tx.visible::<Members>(Uuid::try_parse(sent.id).unwrap_or_default()).await?;
            let text = |id: String| Value::String(id);
            let input = [
                ("role".to_owned(), text(held.role_id.to_string())),
                ("user".to_owned(), text(held.user_id.to_string())),
            ];
            structure::remove::<AppError>(tx, request, Ok(input.into_iter().collect())).await
        }
        _ => Err(no_button()),
    }
}
