//! What hooks and messages look like in bodies and answers.

use crate::rest::{Field, Kind, Model, answered, field, taken};

const UUID: Field = answered("uuid", Kind::Uuid).stored("id");
const URL: Field = answered("url", Kind::Uri);
const ACTIVE: Field = field("is_active", Kind::Bool);
const AUTHOR: Field = answered("author_uuid", Kind::Uuid).stored("user_id");
const TYPES: Field = field("event_types", Kind::List(&Kind::Text(100)));
const GROUPS: Field = field("event_groups", Kind::List(&Kind::Text(100)));
const CREATED: Field = answered("created", Kind::Time);
const MODIFIED: Field = answered("modified", Kind::Time);
const HOOK_TYPE: Field = answered("hook_type", Kind::Text(0));
const FULL_NAME: Field = answered("author_fullname", Kind::Text(0));
const USERNAME: Field = answered("author_username", Kind::Text(0));
const AUTHOR_EMAIL: Field = answered("author_email", Kind::Text(0));

pub(super) static WEB_HOOK: Model = Model {
    name: "WebHook",
    fields: &[
        URL,
        UUID,
        ACTIVE,
        AUTHOR,
        TYPES,
        GROUPS,
        CREATED,
        MODIFIED,
        HOOK_TYPE,
        FULL_NAME,
        USERNAME,
        AUTHOR_EMAIL,
        field("destination_url", Kind::Url(200)).stored("destination").required(),
        field("content_type", Kind::Choice(&["json", "form"])),
    ],
};

pub(super) static EMAIL_HOOK: Model = Model {
    name: "EmailHook",
    fields: &[
        URL,
        UUID,
        ACTIVE,
        AUTHOR,
        TYPES,
        GROUPS,
        CREATED,
        MODIFIED,
        HOOK_TYPE,
        FULL_NAME,
        USERNAME,
        AUTHOR_EMAIL,
        field("email", Kind::Email(320)).stored("destination").required(),
    ],
};

pub(super) static SIGNED_HOOK: Model = Model {
    name: "SignedWebhook",
    fields: &[
        URL,
        UUID,
        field("name", Kind::Text(150)),
        field("destination_url", Kind::Url(2000)).stored("destination").required(),
        ACTIVE,
        TYPES,
        GROUPS,
        AUTHOR,
        USERNAME,
        answered("secret_version", Kind::Int(1, i64::MAX)),
        answered("secret_rotated", Kind::Time).nullable().stored("rotated"),
        answered("failing_since", Kind::Time).nullable(),
        answered("disabled_reason", Kind::Text(0)),
        answered("last_published", Kind::Time).nullable(),
        CREATED,
        MODIFIED,
    ],
};

pub(super) static REPLAY_REQUEST: Model = Model {
    name: "WebhookReplayRequest",
    fields: &[taken("from", Kind::Time).required(), taken("to", Kind::Time).required()],
};

pub(super) static DELIVERY: Model = Model {
    name: "Delivery",
    fields: &[
        URL,
        UUID,
        answered("kind", Kind::Choice(&["callback", "hook", "webhook", "mail"])),
        answered("state", Kind::Choice(&["pending", "delivered", "dead"])),
        answered("order_uuid", Kind::Uuid).nullable().stored("order_id"),
        answered("hook_uuid", Kind::Uuid).nullable().stored("hook_id"),
        answered("event_seq", Kind::Int(0, i64::MAX)).nullable(),
        answered("payload", Kind::Json),
        answered("attempts_count", Kind::Int(0, i64::MAX)).stored("attempts"),
        answered("last_error", Kind::Text(0)).nullable(),
        CREATED,
        answered("next_attempt", Kind::Time).nullable(),
        answered("finished", Kind::Time).nullable(),
        answered("attempts", Kind::List(&Kind::Of(&ATTEMPT))).stored("no column"),
    ],
};

pub(super) static ATTEMPT: Model = Model {
    name: "DeliveryAttempt",
    fields: &[
        UUID,
        answered("at", Kind::Time),
        answered("milliseconds", Kind::Int(0, i64::MAX)),
        answered("status", Kind::Int(0, 999)).nullable(),
        answered("error", Kind::Text(0)).nullable(),
        answered("response", Kind::Text(0)).nullable(),
    ],
};

pub(super) static PREFERENCES: Model = Model {
    name: "NotificationPreferences",
    fields: &[field("mail", Kind::Choice(&["each", "daily", "none"])).required()],
};
