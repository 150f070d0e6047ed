//! What agents look like in bodies and answers.

use mercat_domain::agent::ObservableType;

use crate::{
    link::USERS,
    rest::{Field, Kind, Model, answered, field, taken},
};

const STATES: &[&str] = &["Active", "Idle", "Error"];

/// The types that older agents subscribe to one by one.
const SUBSCRIBED: &[&str] = &[
    "order",
    "user_role",
    "resource",
    "offering_user",
    "importable_resources",
    "service_account",
    "course_account",
    "resource_periodic_limits",
];

/// Every type that a queue may be about.
pub(super) fn known_types() -> Vec<&'static str> {
    ObservableType::ALL.iter().map(|kind| kind.as_str()).collect()
}

const UUID: Field = answered("uuid", Kind::Uuid).stored("id");
const URL: Field = answered("url", Kind::Uri);
const CREATED: Field = answered("created", Kind::Time);
const MODIFIED: Field = answered("modified", Kind::Time);

pub(super) static IDENTITY: Model = Model {
    name: "AgentIdentity",
    fields: &[
        UUID,
        URL,
        field("offering", Kind::Uuid).stored("offering_id").required(),
        answered("created_by", Kind::Uuid).nullable(),
        field("name", Kind::Text(150)).required(),
        field("version", Kind::Text(100)).nullable(),
        field("dependencies", Kind::Json),
        field("config_file_path", Kind::Text(150)).nullable(),
        field("config_file_content", Kind::Text(0)).nullable(),
        field("last_restarted", Kind::Time),
        CREATED,
        MODIFIED,
        answered("services", Kind::List(&Kind::Of(&NESTED_SERVICE))),
    ],
};

pub(super) static NESTED_SERVICE: Model = Model {
    name: "NestedAgentService",
    fields: &[
        UUID,
        URL,
        answered("name", Kind::Text(150)),
        answered("mode", Kind::Text(100)).nullable(),
        answered("state", Kind::Choice(STATES)),
        answered("statistics", Kind::Json),
        CREATED,
        MODIFIED,
    ],
};

pub(super) static SERVICE: Model = Model {
    name: "AgentService",
    fields: &[
        UUID,
        URL,
        answered("identity", Kind::Uuid).stored("identity_id"),
        answered("identity_name", Kind::Text(0)),
        answered("name", Kind::Text(150)),
        answered("mode", Kind::Text(100)).nullable(),
        answered("state", Kind::Choice(STATES)),
        answered("statistics", Kind::Json),
        CREATED,
        MODIFIED,
        answered("processors", Kind::List(&Kind::Of(&NESTED_PROCESSOR))),
    ],
};

pub(super) static SERVICE_REQUEST: Model = Model {
    name: "AgentServiceCreateRequest",
    fields: &[taken("name", Kind::Text(150)).required(), taken("mode", Kind::Text(100)).nullable()],
};

pub(super) static STATISTICS_REQUEST: Model =
    Model { name: "AgentServiceStatisticsRequest", fields: &[taken("statistics", Kind::Json).required()] };

pub(super) static NESTED_PROCESSOR: Model = Model {
    name: "NestedAgentProcessor",
    fields: &[
        UUID,
        URL,
        answered("name", Kind::Text(150)),
        answered("last_run", Kind::Time).nullable(),
        answered("backend_type", Kind::Text(100)),
        answered("backend_version", Kind::Text(100)).nullable(),
        CREATED,
        MODIFIED,
    ],
};

pub(super) static PROCESSOR: Model = Model {
    name: "AgentProcessor",
    fields: &[
        UUID,
        URL,
        answered("service", Kind::Uuid).stored("service_id"),
        answered("service_name", Kind::Text(0)),
        answered("name", Kind::Text(150)),
        answered("last_run", Kind::Time).nullable(),
        answered("backend_type", Kind::Text(100)),
        answered("backend_version", Kind::Text(100)).nullable(),
        CREATED,
        MODIFIED,
    ],
};

pub(super) static PROCESSOR_REQUEST: Model = Model {
    name: "AgentProcessorCreateRequest",
    fields: &[
        taken("name", Kind::Text(150)).required(),
        taken("backend_type", Kind::Text(100)).required(),
        taken("backend_version", Kind::Text(100)).nullable(),
    ],
};

pub(super) static SUBSCRIPTION: Model = Model {
    name: "EventSubscription",
    fields: &[
        UUID,
        URL,
        field("description", Kind::Text(4096)),
        answered("user", Kind::Link(USERS)).stored("user_id"),
        answered("user_uuid", Kind::Uuid).stored("user_id"),
        answered("user_username", Kind::Text(0)),
        answered("user_full_name", Kind::Text(0)),
        field("observable_objects", Kind::Json),
        CREATED,
        MODIFIED,
        answered("source_ip", Kind::Text(0)).nullable(),
    ],
};

pub(super) static SUBSCRIPTION_REQUEST: Model = Model {
    name: "AgentEventSubscriptionCreateRequest",
    fields: &[
        taken("observable_object_type", Kind::Choice(SUBSCRIBED)).required(),
        taken("description", Kind::Text(500)).filled(),
    ],
};

pub(super) static QUEUE_REQUEST: Model = Model {
    name: "AgentQueueRegistrationRequest",
    fields: &[taken("object_types", Kind::List(&Kind::Text(100))).required()],
};

pub(super) static QUEUE: Model = Model {
    name: "AgentQueueRegistration",
    fields: &[
        answered("rmq_username", Kind::Text(0)),
        answered("queue_name", Kind::Text(0)),
        answered("vhost", Kind::Text(0)),
        answered("observable_object_types", Kind::List(&Kind::Text(0))),
    ],
};

pub(super) static SUBSCRIPTION_QUEUE_REQUEST: Model = Model {
    name: "EventSubscriptionQueueCreateRequest",
    fields: &[taken("offering_uuid", Kind::Uuid).required(), taken("object_type", Kind::Choice(SUBSCRIBED)).required()],
};

pub(super) static SUBSCRIPTION_QUEUE: Model = Model {
    name: "EventSubscriptionQueue",
    fields: &[
        UUID,
        URL,
        answered("event_subscription", Kind::Uri),
        answered("event_subscription_uuid", Kind::Uuid),
        answered("offering_uuid", Kind::Uuid).stored("offering_id"),
        answered("object_type", Kind::Text(0)),
        answered("queue_name", Kind::Text(0)).stored("name"),
        answered("vhost", Kind::Text(0)),
        CREATED,
    ],
};
