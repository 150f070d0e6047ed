//! The rules across fields: options, limits, names, terms, teams, dates (spec 7.3 to 7.6).

use mercat_api::ApiConfig;
use mercat_app::Settings;
use mercat_domain::{id::UserId, settings::RuleSettings};
use mercat_store::entity::{offering, offering_terms, terms_consent};
use mercat_testkit::{Backend, Offered, TestApp, both};
use serde_json::{Value, json};

use crate::support::{Ask as _, assert_reply, field, merged, non_field};

const REQUIRED: &str = "This field is required.";
const NULL: &str = "This field may not be null.";
const NO_INTEGER: &str = "A valid integer is required.";
const NO_STRING: &str = "Not a valid string.";
const BLANK: &str = "This field may not be blank.";
const NO_BOOLEAN: &str = "Must be a valid boolean.";
const NO_DATE: &str = "Date has wrong format. Use one of these formats instead: YYYY-MM-DD.";
const NO_TIME: &str = "Time has wrong format. Use one of these formats instead: hh:mm[:ss[.uuuuuu]].";

fn schema() -> Value {
    json!({"options": {
        "n": {"type": "integer", "label": "N", "required": true, "min": 1, "max": 9},
        "m": {"type": "money", "label": "M"},
        "d": {"type": "integer", "label": "D", "required": true, "default": "5"},
        "b": {"type": "boolean", "label": "B"},
        "day": {"type": "date", "label": "Day"},
        "at": {"type": "time", "label": "At"},
        "s": {"type": "select_string", "label": "S", "choices": ["a", "b"]},
        "l": {"type": "select_string_multi", "label": "L", "choices": ["a", "b"]},
        "c": {"type": "conditional_cascade", "label": "C"},
        "t": {"type": "text", "label": "T"},
    }})
}

async fn options(app: &TestApp) {
    let offered = app.offering_with("Marketplace.Slurm", |offering, _, _| offering.options = schema()).await;
    let cases: &[(&str, Value, &str)] = &[
        ("n", json!("x"), NO_INTEGER),
        ("n", json!(1.5), NO_INTEGER),
        ("n", json!(0), "Ensure this value is greater than or equal to 1."),
        ("n", json!(10), "Ensure this value is less than or equal to 9."),
        ("m", json!("1.5"), NO_INTEGER),
        ("b", json!("maybe"), NO_BOOLEAN),
        ("day", json!("2025-2-30"), NO_DATE),
        ("at", json!("25:00"), NO_TIME),
        ("s", json!("mac"), "\"mac\" is not a valid choice."),
        ("l", json!("a"), "Expected a list of items but got type \"str\"."),
        ("l", json!(["a", "c"]), "\"c\" is not a valid choice."),
        ("c", json!([]), "Expected a dictionary of items but got type \"list\"."),
        ("t", json!("  "), BLANK),
        ("t", json!(true), NO_STRING),
        ("t", json!([]), NO_STRING),
        ("t", json!({}), NO_STRING),
    ];
    for (name, value, message) in cases {
        let attributes = merged(json!({"n": 1}), json!({ *name: value }));
        let reply = app.create("own", &offered, json!({ "attributes": attributes })).await;
        assert_reply(&reply, 400, &field(name, message), &format!("{name} {value}"));
    }
    let null = app.create("own", &offered, json!({"attributes": {"n": null, "t": null}})).await;
    assert_reply(&null, 400, &json!({"n": [NULL], "t": [NULL]}), "null");
    let good = json!({"n": "9", "m": 3, "b": "yes", "day": "2025-02-28", "at": "23:59:59.5", "s": "a", "l": ["b"], "c": {}, "t": 7});
    let reply = app.create("own", &offered, json!({ "attributes": good.clone() })).await.expect(201);
    assert_eq!(reply.json()["attributes"], good, "stored as sent, defaults not filled in");
    for (value, kind) in [(json!("a"), "str"), (json!(1), "int"), (json!([]), "list"), (json!(true), "bool")] {
        let message = format!("Invalid data. Expected a dictionary, but got {kind}.");
        let reply = app.create("own", &offered, json!({ "attributes": value })).await;
        assert_reply(&reply, 400, &non_field(&message), kind);
    }
    let missing = app.create("own", &offered, json!({ "attributes": null })).await;
    assert_reply(&missing, 400, &field("n", REQUIRED), "no attributes are an empty object");
}

async fn limits(app: &TestApp) {
    let offered = app
        .offering_with("Marketplace.Slurm", |_, _, cpu| {
            (cpu.min_value, cpu.max_value, cpu.max_available_limit) = (Some(2), Some(8), Some(20_480));
        })
        .await;
    let cases = [
        (9, non_field("The limit 9 value cannot be more than 8.")),
        (1, non_field("The limit 1 value cannot be less than 2.")),
        (-1, json!({"limits": {"cpu": ["Ensure this value is greater than or equal to 0."]}})),
    ];
    for (limit, body) in cases {
        let reply = app.create("own", &offered, json!({"limits": {"cpu": limit}})).await;
        assert_reply(&reply, 400, &body, &limit.to_string());
    }
    let scarce = app.offering_with("Marketplace.Slurm", |_, _, cpu| cpu.max_available_limit = Some(4096)).await;
    app.create("own", &scarce, json!({"limits": {"cpu": 1000}})).await.expect(201);
    let text = "Requested cpu cannot be provisioned due to offering safety limit. You can allocate up to 3 of cpu.";
    assert_reply(&app.create("own", &scarce, json!({"limits": {"cpu": 3096}})).await, 400, &non_field(text), "safety");
    app.create("own", &scarce, json!({"limits": {"cpu": 3095}})).await.expect(201);
    let rigid = app.offering("Marketplace.Booking").await;
    let refusal = field("limits", "Limits update is not supported for this resource.");
    assert_reply(&app.create("own", &rigid, json!({})).await, 400, &refusal, "type");
    app.create("own", &rigid, json!({"limits": {}})).await.expect(201);
}

async fn names(app: &TestApp) {
    let offered = app.offering("Marketplace.Slurm").await;
    let name = |length: usize| json!({"attributes": {"name": "ä".repeat(length)}});
    app.create("own", &offered, name(150)).await.expect(201);
    let refusal = field("attributes.name", "Name is too long. Maximum number of symbols is 150");
    assert_reply(&app.create("own", &offered, name(151)).await, 400, &refusal, "151 letters");
}

async fn teams(app: &TestApp) {
    let with = async |options: Value| {
        let offered = app.offering_with("Marketplace.Slurm", |offering, _, _| offering.plugin_options = options).await;
        app.create("own", &offered, json!({})).await
    };
    let cases = [
        (
            json!({"minimal_team_count_for_provisioning": 4}),
            "Project 'Probe' does not meet the minimal team size required by this offering. Required: 4, Actual: 3.",
        ),
        (
            json!({"required_team_role_for_provisioning": "PROJECT.BOSS"}),
            "Configuration Error: The required project role 'PROJECT.BOSS' does not exist.",
        ),
        (
            json!({"required_team_role_for_provisioning": "OFFERING.MANAGER"}),
            "Project 'Probe' must have at least one user with the role 'OFFERING.MANAGER' to provision this offering.",
        ),
    ];
    for (options, message) in cases {
        assert_reply(&with(options).await, 400, &non_field(message), message);
    }
    with(json!({"minimal_team_count_for_provisioning": 3, "required_team_role_for_provisioning": "PROJECT.MEMBER"}))
        .await
        .expect(201);
    let few =
        |offering: &mut offering::Model| offering.plugin_options = json!({"maximal_resource_count_per_project": 1});
    let offered = app.offering_with("Marketplace.Slurm", |offering, _, _| few(offering)).await;
    let order = app.order("own", &offered).await;
    let message = "Project 'Probe' has reached the maximum number of resources (1) allowed for this offering.";
    assert_reply(&app.create("own", &offered, json!({})).await, 400, &non_field(message), message);
    app.act("vown", &order, "reject_by_provider").await.expect(200);
    app.create("own", &offered, json!({})).await.expect(201);
}

async fn start_dates(app: &TestApp) {
    let offered = app.offering("Support.OfferingTemplate").await;
    app.set_project(Some(2), Some(9)).await;
    let (start, end) = (app.day(2), app.day(9));
    let cases = [
        (-1, "Start date cannot be in the past.".to_owned()),
        (1, format!("Order start date cannot be earlier than the project start date ({start}).")),
        (10, format!("Order start date cannot be later than the project end date ({end}).")),
    ];
    for (days, message) in cases {
        let reply = app.create("own", &offered, json!({"start_date": app.day(days)})).await;
        assert_reply(&reply, 400, &field("start_date", &message), &message);
    }
    app.set_project(None, None).await;
    let reply = app.create("own", &offered, json!({"start_date": app.day(3)})).await.expect(201).json();
    assert_eq!([&reply["state"], &reply["start_date"]], [&json!("pending-start-date"), &json!(app.day(3))]);
}

async fn end_dates(app: &TestApp) {
    let options = |default: Value| {
        json!({
            "is_resource_termination_date_required": true, "max_resource_termination_offset_in_days": 20,
            "default_resource_termination_offset_in_days": default, "latest_date_for_resource_termination": app.day(15),
        })
    };
    let offered =
        app.offering_with("Marketplace.Slurm", |offering, _, _| offering.plugin_options = options(json!(30))).await;
    let with = async |end_date: Value| app.create("own", &offered, json!({"attributes": {"end_date": end_date}})).await;
    for (end_date, message) in [
        (json!(app.day(21)), "End date exceeds maximum allowed offset."),
        (json!(app.day(16)), "End date exceeds global termination limit."),
        (json!(app.day(-1)), "Cannot be earlier than the current date."),
        (json!("soon"), "Invalid date format. Use YYYY-MM-DD."),
        (json!(5), "Invalid date format. Use YYYY-MM-DD."),
    ] {
        assert_reply(&with(end_date).await, 400, &json!({ "end_date": message }), message);
    }
    let order = app.create("own", &offered, json!({})).await.expect(201).text("uuid");
    assert_eq!(app.resource_row(&order).await.end_date, Some(app.day(15)), "the default is capped");
    let bare =
        app.offering_with("Marketplace.Slurm", |offering, _, _| offering.plugin_options = options(Value::Null)).await;
    let refusal = json!({"end_date": "Missing default termination offset configuration."});
    assert_reply(&app.create("own", &bare, json!({})).await, 400, &refusal, "no default");
}

both! {
    async fn options_limits_and_names(app: TestApp) {
        options(&app).await;
        limits(&app).await;
        names(&app).await;
    }

    async fn teams_and_dates(app: TestApp) {
        teams(&app).await;
        start_dates(&app).await;
        end_dates(&app).await;
    }
}

/// An app with every optional rule the other way round than by default.
async fn strict(backend: Backend) -> TestApp {
    let rules = RuleSettings { order_start_date: false, enforce_terms: true, plan_required: true };
    TestApp::with(backend, Settings { rules, ..Settings::default() }, ApiConfig::default()).await
}

async fn consent(app: &TestApp, user: UserId, offered: &Offered) {
    let row = terms_consent::Model {
        id: mercat_app::ids::new(app.app.now()),
        user_id: user,
        offering_id: offered.id,
        version: "1".to_owned(),
        agreed: app.app.now(),
        revoked: None,
        modified: None,
    };
    app.put(row).await;
}

async fn optional_rules(app: &TestApp) {
    let offered = app.offering("Marketplace.Slurm").await;
    let plan = field("plan", "Plan is required when creating resources.");
    assert_reply(&app.create("own", &offered, json!({"plan": null})).await, 400, &plan, "no plan");
    let reply = app.create("own", &offered, json!({"start_date": app.day(3)})).await.expect(201);
    assert_eq!(reply.json()["start_date"], Value::Null, "switched off: dropped silently");
    app.put(offering_terms::Model {
        id: mercat_app::ids::new(app.app.now()),
        offering_id: offered.id,
        text: "Be nice".to_owned(),
        link: String::new(),
        version: "1".to_owned(),
        is_active: true,
        created: app.app.now(),
        requires_reconsent: false,
        grace_period_days: 60,
        modified: None,
    })
    .await;
    let terms = non_field("Terms of service for offering 'Marketplace.Slurm' have not been accepted.");
    for changes in [json!({}), json!({"accepting_terms_of_service": false})] {
        assert_reply(&app.create("own", &offered, changes).await, 400, &terms, "not accepted");
    }
    app.create("own", &offered, json!({"accepting_terms_of_service": true})).await.expect(201);
    app.create("staff", &offered, json!({})).await.expect(201);
    consent(app, app.world.users["own"], &offered).await;
    app.create("own", &offered, json!({})).await.expect(201);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn optional_rules_on_sqlite() {
    optional_rules(&strict(Backend::Sqlite).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn optional_rules_on_postgres() {
    optional_rules(&strict(Backend::Postgres).await).await;
}
