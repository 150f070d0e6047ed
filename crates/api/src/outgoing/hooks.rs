//! `/api/hooks-web/`, `/api/hooks-email/` and `/api/hooks/`: hooks in Waldur's form.

use axum::{http::Method, response::Response};
use mercat_app::{
    collection,
    entity::{
        hook::{Column, Entity},
        user,
    },
    list::{Filter, Key},
    outgoing::{AllHooks, EmailHooks, HookView, WebHooks, filters},
};
use mercat_domain::delivery::HookKind;
use serde_json::Value;

use super::models::{EMAIL_HOOK, WEB_HOOK};
use crate::{
    error::ApiError,
    rest::{Asked, By, Exposed, Gives, Model, Op, Out, Param, SortKey, Wanted, crud, param, url, written},
};

const SORTS: &[SortKey] = &[
    SortKey { name: "created", key: |down| Key::column(Column::Created, down) },
    SortKey { name: "modified", key: |down| Key::column(Column::Modified, down) },
];

fn by_author(column: user::Column, text: &str) -> Filter<Entity> {
    filters::hooks_of(Filter::equals(column, text))
}

/// The filters of hooks of both kinds.
macro_rules! hook_params {
    ($($more:expr),+ $(,)?) => {
        &[
            param("author_email", By::Text(|text| by_author(user::Column::Email, text))),
            param("author_fullname", By::Text(|text| filters::hooks_of(Filter::contains(user::Column::FullName, text)))),
            param("author_username", By::Text(|text| by_author(user::Column::Username, text))),
            param("author_uuid", By::Id(Column::UserId)),
            param("is_active", By::Is(Column::IsActive)),
            param("last_published", By::Since(Column::LastPublished)),
            param("query", By::Contains(Column::Destination)),
            $($more),+
        ]
    };
}

/// What a hook shows of its owner.
pub(super) fn author(view: &HookView, out: &mut Out<'_>) {
    out.put("author_username", &view.author.username);
}

fn write(view: &HookView, out: &mut Out<'_>) {
    let origin = out.origin();
    out.row(&view.row);
    out.with("url", || match view.row.kind {
        HookKind::Email => url(origin, &["hooks-email", "*"], view.row.id),
        _ => url(origin, &["hooks-web", "*"], view.row.id),
    });
    out.put("hook_type", view.row.kind);
    author(view, out);
    out.put("author_fullname", &view.author.full_name).put("author_email", &view.author.email);
}

struct ShownWebHooks;

impl Exposed for ShownWebHooks {
    type Data = WebHooks;
    const NAME: &'static str = "hooks-web";
    const KIND: &'static str = "WebHook";
    const MODEL: &'static Model = &WEB_HOOK;
    const PARAMS: &'static [Param<Entity>] = hook_params![
        param("content_type", By::Equals(Column::ContentType)),
        param("destination_url", By::Equals(Column::Destination)),
    ];
    const SORTS: &'static [SortKey] = SORTS;
    const USUALLY: &'static str = "created";

    fn write(view: &HookView, out: &mut Out<'_>) {
        write(view, out);
    }
}

struct ShownEmailHooks;

impl Exposed for ShownEmailHooks {
    type Data = EmailHooks;
    const NAME: &'static str = "hooks-email";
    const KIND: &'static str = "EmailHook";
    const MODEL: &'static Model = &EMAIL_HOOK;
    const PARAMS: &'static [Param<Entity>] = hook_params![param("email", By::Equals(Column::Destination))];
    const SORTS: &'static [SortKey] = SORTS;
    const USUALLY: &'static str = "created";

    fn write(view: &HookView, out: &mut Out<'_>) {
        write(view, out);
    }
}

/// Hooks of both kinds in one list, each in its own form.
async fn all(asked: Asked) -> Result<Response, ApiError> {
    let kinds = [Filter::any_of(Column::Kind, [HookKind::Web, HookKind::Email])];
    let keys = [Key::column(Column::Created, false)];
    let views = collection::list::<AllHooks>(&asked.api.app, &asked.actor, &kinds, &keys, (0, 1000)).await?;
    let shown = |view: &HookView| match view.row.kind {
        HookKind::Email => written::<ShownEmailHooks>(view, &Wanted::all(&EMAIL_HOOK), &asked.origin),
        _ => written::<ShownWebHooks>(view, &Wanted::all(&WEB_HOOK), &asked.origin),
    };
    asked.whole(&views.iter().map(shown).collect::<Vec<Value>>())
}

pub(super) fn operations() -> Vec<Op> {
    let mut ops = crud::<ShownWebHooks>();
    ops.extend(crud::<ShownEmailHooks>());
    ops.push(Op::new(Method::GET, "hooks", "", all).suffix("_list").gives(200, Gives::Json));
    ops.push(Op::new(Method::HEAD, "hooks", "", all).suffix("_count"));
    ops
}
