//! Every operation by everybody in every state, against a table that people have read (spec 4, 5, 10).
//!
//! `MERCAT_UPDATE=1` writes the table anew; read the difference before you commit it.

use http::{Method, header};
use mercat_domain::order::OrderState;
use mercat_store::entity::{media, order, resource};
use mercat_testkit::{Offered, TestApp, both};
use sea_orm::{ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, IntoActiveModel as _, QueryFilter as _};

use crate::support::{Ask as _, ORDERS, at};

const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/permissions.txt");

const HEAD: &str = "\
# What each operation answers, by who asks and by the order's state.
# The order was made by mgr in K's project P for an offering of V; where the first word is `own-offering:`, for an
# offering of K itself, so that `own` stands on both sides. `dual` owns both K and V. The offering's type is one that
# has the operation: Marketplace.Basic for cancel, Marketplace.Slurm for the others. For the list, the number of
# orders seen follows the status. There is an attachment to delete.
# Written by permissions.rs with MERCAT_UPDATE=1; read by hand against spec 4, 5, 10 and 20.
";

const EVERYBODY: [&str; 11] = ["", "user", "mem", "mgr", "adm", "own", "omgr", "vown", "dual", "support", "staff"];

/// Operations on one order: name and method.
const ON_ORDER: &[(&str, Method)] = &[
    ("retrieve", Method::GET),
    ("offering", Method::GET),
    ("destroy", Method::DELETE),
    ("unlink", Method::POST),
    ("approve_by_consumer", Method::POST),
    ("approve_by_provider", Method::POST),
    ("reject_by_consumer", Method::POST),
    ("reject_by_provider", Method::POST),
    ("cancel", Method::POST),
    ("set_state_executing", Method::POST),
    ("set_state_done", Method::POST),
    ("set_state_erred", Method::POST),
    ("set_backend_id", Method::POST),
    ("update_attachment", Method::POST),
    ("delete_attachment", Method::POST),
];

/// An order that can be put back after whatever was done to it.
pub struct Specimen {
    pub id: String,
    order: order::Model,
    resource: resource::Model,
}

impl Specimen {
    pub async fn make(app: &TestApp, offered: &Offered) -> Self {
        let id = app.order("mgr", offered).await;
        Self { order: app.order_row(&id).await, resource: app.resource_row(&id).await, id }
    }

    /// As it was, but in a state; with an attachment if it should have one.
    pub async fn restore(&self, app: &TestApp, state: OrderState, attached: bool) {
        let db = app.app.db.write().await.unwrap();
        order::Entity::delete_by_id(self.order.id).exec(&db).await.unwrap();
        media::Entity::delete_many().filter(media::Column::OrderId.eq(self.order.id)).exec(&db).await.unwrap();
        self.resource.clone().into_active_model().reset_all().update(&db).await.unwrap();
        let mut row = order::Model { state, ..self.order.clone() };
        mercat_store::insert(&db, row.clone()).await.unwrap();
        if attached {
            let file = attachment(app, &row);
            row.attachment = Some(file.id);
            mercat_store::insert(&db, file).await.unwrap();
            row.into_active_model().reset_all().update(&db).await.unwrap();
        }
        db.commit().await.unwrap();
    }
}

fn attachment(app: &TestApp, row: &order::Model) -> media::Model {
    media::Model {
        id: mercat_app::ids::new(app.app.now()),
        name: "po.pdf".to_owned(),
        mime: "application/pdf".to_owned(),
        size: 8,
        sha256: vec![0; 32],
        order_id: Some(row.id),
        created_by: None,
        created: row.created,
    }
}

async fn ask(app: &TestApp, who: &str, operation: &str, method: &Method, id: &str) -> u16 {
    let path = if matches!(operation, "retrieve" | "destroy") { at(id, "") } else { at(id, operation) };
    let request = app.request(who, method.clone(), &path).header(header::CONTENT_TYPE, "application/json");
    let body = if operation == "set_backend_id" { r#"{"backend_id": "b"}"# } else { "{}" };
    let body = if *method == Method::POST { body } else { "" };
    app.send(request.body(body.into()).unwrap()).await.status.as_u16()
}

/// One line of the table: everybody in turn, the order put back after each that changed it.
async fn line(
    app: &TestApp,
    specimen: &Specimen,
    (operation, method): &(&str, Method),
    state: OrderState,
) -> Vec<String> {
    let attached = *operation == "delete_attachment";
    specimen.restore(app, state, attached).await;
    let mut cells = Vec::new();
    for who in EVERYBODY {
        let status = ask(app, who, operation, method, &specimen.id).await;
        if status < 300 && *method != Method::GET {
            specimen.restore(app, state, attached).await;
        }
        cells.push(status.to_string());
    }
    cells
}

fn row(what: &str, cells: &[String]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| format!("{cell:>8}")).collect();
    format!("{what:<56}{}\n", cells.concat())
}

/// List, count and create.
async fn without_order(app: &TestApp, offered: &Offered) -> String {
    let (mut list, mut count, mut create) = (Vec::new(), Vec::new(), Vec::new());
    for who in EVERYBODY {
        let reply = app.get(who, ORDERS).await;
        let seen = reply.json().as_array().map(|orders| format!(":{}", orders.len())).unwrap_or_default();
        list.push(format!("{}{seen}", reply.status.as_u16()));
        let reply = app.call(who, Method::HEAD, ORDERS).await;
        let seen = reply.headers.get("x-result-count").map(|n| format!(":{}", n.to_str().unwrap())).unwrap_or_default();
        count.push(format!("{}{seen}", reply.status.as_u16()));
    }
    for who in EVERYBODY {
        let reply = app.post_json(who, ORDERS, app.order_body(offered)).await;
        create.push(reply.status.as_u16().to_string());
    }
    [("list", list), ("count", count), ("create", create)].map(|(name, cells)| row(name, &cells)).concat()
}

async fn table(app: &TestApp) -> String {
    app.owner_of_both().await;
    let (slurm, basic) = (app.offering("Marketplace.Slurm").await, app.offering("Marketplace.Basic").await);
    let consumer = app.world.consumer;
    let own = app.offering_with("Marketplace.Slurm", |offering, _, _| offering.customer_id = consumer).await;
    let agent = Specimen::make(app, &slurm).await;
    let names: Vec<String> =
        EVERYBODY.iter().map(|who| if who.is_empty() { "nobody".to_owned() } else { (*who).to_owned() }).collect();
    let mut text = format!("{HEAD}{}", row("#", &names));
    text += &without_order(app, &slurm).await;
    let manual = Specimen::make(app, &basic).await;
    let inner = Specimen::make(app, &own).await;
    for operation in ON_ORDER {
        let specimen = if operation.0 == "cancel" { &manual } else { &agent };
        for state in OrderState::ALL {
            let cells = line(app, specimen, operation, *state).await;
            text += &row(&format!("{} {state}", operation.0), &cells);
        }
    }
    for operation in ON_ORDER.iter().filter(|(name, _)| name.contains("_by_") || name.starts_with("set_")) {
        for state in [OrderState::PendingConsumer, OrderState::PendingProvider, OrderState::Executing] {
            let cells = line(app, &inner, operation, state).await;
            text += &row(&format!("own-offering: {} {state}", operation.0), &cells);
        }
    }
    text
}

#[expect(clippy::disallowed_methods, reason = "whether to write the table is asked of whoever runs the test")]
fn is_update() -> bool {
    std::env::var("MERCAT_UPDATE").is_ok()
}

both! {
    async fn the_table_of_permissions_holds(app: TestApp) {
        let now = table(&app).await;
        if is_update() {
            std::fs::write(TABLE, &now).unwrap();
        }
        let reviewed = std::fs::read_to_string(TABLE).unwrap();
        let wrong: Vec<_> = now.lines().zip(reviewed.lines()).filter(|(now, then)| now != then).collect();
        assert!(wrong.is_empty() && now.len() == reviewed.len(), "answered, then reviewed: {wrong:#?}");
    }
}
