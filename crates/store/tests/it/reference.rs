//! What a process keeps of what orders refer to is never older than the orders, whoever changes it.

use mercat_domain::id::{OfferingId, OrderId};
use mercat_store::{
    Reads, entity, list,
    offering::details_of,
    order::{self as orders, OrderFilter, OrderRow, Stretch, offering, rows},
    reference::{Kept, References},
};
use mercat_testkit::{TestApp, both};
use sea_orm::{ConnectionTrait as _, DbBackend, Statement};
use uuid::Uuid;

/// A change of something that stands in an order, and where it stands.
type Shown = (&'static str, fn(&OrderRow) -> String);

const CHANGES: &[Shown] = &[
    ("UPDATE offerings SET name = 'new'", |row| row.offering.name.clone()),
    ("UPDATE offerings SET description = 'new'", |row| row.offering.description.clone()),
    ("UPDATE offerings SET offering_type = 'new'", |row| row.offering.offering_type.clone()),
    ("UPDATE offerings SET shared = NOT shared", |row| row.offering.shared.to_string()),
    ("UPDATE offerings SET billable = NOT billable", |row| row.offering.billable.to_string()),
    ("UPDATE offerings SET plugin_options = '{\"new\": 1}'", |row| row.offering.plugin_options.to_string()),
    ("UPDATE categories SET title = 'new'", |row| row.offering.category_title.clone()),
    ("UPDATE plans SET name = 'new'", |row| format!("{:?}", row.plan_name())),
    ("UPDATE plans SET description = 'new'", |row| row.plan.as_ref().unwrap().description.clone()),
    ("UPDATE plans SET unit = 'day'", |row| format!("{:?}", row.plan_unit())),
    ("UPDATE plans SET unit_price = '77'", prices),
    ("UPDATE plan_components SET price = '78'", prices),
    ("UPDATE components SET factor = 79", prices),
    ("UPDATE components SET is_prepaid = NOT is_prepaid", prices),
    ("DELETE FROM plan_components", prices),
    ("UPDATE projects SET name = 'new'", |row| row.project.name.clone()),
    ("UPDATE projects SET description = 'new'", |row| row.project.description.clone()),
    ("UPDATE projects SET slug = 'new'", |row| row.project.slug.clone()),
    ("UPDATE customers SET name = 'new'", |row| format!("{}{}", row.customer.name, row.provider.name)),
    ("UPDATE customers SET slug = 'new'", |row| format!("{}{}", row.customer.slug, row.provider.slug)),
    ("UPDATE users SET username = username || '-new'", |row| row.creator.as_ref().unwrap().username.clone()),
    ("UPDATE users SET full_name = 'new'", |row| row.creator.as_ref().unwrap().full_name.clone()),
    ("UPDATE users SET civil_number = 'new'", |row| format!("{:?}", row.creator.as_ref().unwrap().civil_number)),
];

/// Changes of an offering's parts. `#o` is the offering, `#` and a digit an id.
const PARTS: &[&str] = &[
    "UPDATE offerings SET getting_started = 'new'",
    "UPDATE categories SET title = 'new'",
    "UPDATE customers SET name = 'new'",
    "UPDATE components SET name = 'new'",
    "INSERT INTO components (id, offering_id, kind, name, description, billing_type, measured_unit, unit_factor, \
     article_code, is_boolean, is_builtin, is_prepaid) \
     VALUES (#9, #o, 'new', 'n', '', 'limit', '', 1, '', FALSE, FALSE, FALSE)",
    "DELETE FROM components WHERE id = #9",
    "UPDATE plans SET article_code = 'new'",
    "INSERT INTO plans (id, offering_id, name, description, article_code, backend_id, unit, unit_price, archived, created) \
     SELECT #9, #o, 'new', '', '', '', 'month', '1', FALSE, created FROM offerings WHERE id = #o",
    "DELETE FROM plans WHERE id = #9",
    "UPDATE plan_components SET price = '78'",
    "INSERT INTO offering_partitions (id, offering_id, partition_name, exclusive_topo, exclusive_user, req_resv, qos) \
     VALUES (#1, #o, 'p', FALSE, FALSE, FALSE, '')",
    "UPDATE offering_partitions SET qos = 'new'",
    "INSERT INTO software_catalogs VALUES (#2, 'c', '1', '')",
    "INSERT INTO offering_catalogs VALUES (#3, #o, #2, #1, '[]', '[]', 1)",
    "UPDATE software_catalogs SET version = '2'",
    "UPDATE offering_catalogs SET package_count = 2",
    "DELETE FROM offering_catalogs",
    "DELETE FROM offering_partitions",
    "INSERT INTO offering_endpoints VALUES (#1, #o, 'e', 'https://e')",
    "UPDATE offering_endpoints SET url = 'https://new'",
    "DELETE FROM offering_endpoints",
    "INSERT INTO offering_roles VALUES (#1, #o, 'r')",
    "UPDATE offering_roles SET name = 'new'",
    "DELETE FROM offering_roles",
    "INSERT INTO media SELECT #1, 'm', 'image/png', 1, #b, NULL, NULL, created FROM offerings WHERE id = #o",
    "INSERT INTO offering_screenshots SELECT #1, #o, 's', '', #1, NULL, created FROM offerings WHERE id = #o",
    "UPDATE offering_screenshots SET description = 'new'",
    "DELETE FROM offering_screenshots",
    "INSERT INTO offering_files SELECT #1, #o, 'f', #1, created FROM offerings WHERE id = #o",
    "UPDATE offering_files SET name = 'new'",
    "DELETE FROM offering_files",
    "INSERT INTO offering_quotas VALUES (#1, #o, 'q', 1, 2)",
    "UPDATE offering_quotas SET used = 2",
    "DELETE FROM offering_quotas",
    "INSERT INTO organization_groups VALUES (#1, 'g', NULL)",
    "INSERT INTO organization_groups VALUES (#2, 'h', NULL)",
    "INSERT INTO offering_groups VALUES (#o, #1)",
    "UPDATE organization_groups SET name = 'new'",
    "INSERT INTO customer_groups SELECT customer_id, #1 FROM offerings WHERE id = #o",
    "INSERT INTO plan_groups SELECT id, #1 FROM plans",
    "UPDATE offering_groups SET group_id = #2",
    "UPDATE customer_groups SET group_id = #2",
    "UPDATE plan_groups SET group_id = #2",
    "DELETE FROM customer_groups",
    "DELETE FROM offering_groups",
    "DELETE FROM plan_groups",
    "INSERT INTO campaigns SELECT #1, customer_id, 'c', '', '2000-01-01', '2100-01-01', 'discount', 1, NULL, 1 \
     FROM offerings WHERE id = #o",
    "INSERT INTO campaign_offerings VALUES (#1, #o)",
    "UPDATE campaigns SET name = 'new'",
    "INSERT INTO campaigns SELECT #2, customer_id, 'd', '', '2000-01-01', '2100-01-01', 'discount', 1, NULL, 1 \
     FROM offerings WHERE id = #o",
    "UPDATE campaign_offerings SET campaign_id = #2",
    "DELETE FROM campaign_offerings",
    "DELETE FROM plan_components",
];

const UNSEEN: [&str; 4] =
    ["INSERT INTO software_catalogs", "INSERT INTO media", "INSERT INTO organization_groups", "INSERT INTO campaigns"];

fn filled(sql: &str, backend: DbBackend, offering: Uuid) -> String {
    let literal = |bytes: &str| match backend {
        DbBackend::Sqlite => format!("x'{bytes}'"),
        _ => format!("'\\x{bytes}'::bytea"),
    };
    let id = |id: Uuid| match backend {
        DbBackend::Sqlite => format!("x'{}'", id.simple()),
        _ => format!("'{id}'::uuid"),
    };
    let filled = sql.replace("#o", &id(offering)).replace("#b", &literal("00"));
    (1..10).fold(filled, |sql, n| sql.replace(&format!("#{n}"), &id(Uuid::from_u128(n))))
}

fn prices(row: &OrderRow) -> String {
    format!("{:?}", row.plan.as_ref().unwrap().prices)
}

async fn read<C: Reads>(conn: &C, references: &References, id: OrderId) -> OrderRow {
    rows(&Kept { conn, references }, &[id]).await.unwrap().remove(0)
}

/// The same row, without anything kept from before.
async fn fresh<C: Reads>(conn: &C, id: OrderId) -> OrderRow {
    read(conn, &References::default(), id).await
}

both! {
    async fn a_change_is_seen_by_the_next_statement(app: TestApp) {
        let offered = app.offering("Marketplace.Slurm").await;
        let id = app.order("own", &offered).await.parse().unwrap();
        let (conn, kept) = (app.app.db.read(), References::default());
        for (sql, shown) in CHANGES {
            let before = shown(&read(conn, &kept, id).await);
            conn.execute_unprepared(sql).await.unwrap();
            let after = shown(&read(conn, &kept, id).await);
            assert_ne!(after, before, "{sql}");
            assert_eq!(after, shown(&fresh(conn, id).await), "{sql}");
        }
    }

    async fn an_offering_is_as_new_as_its_parts(app: TestApp) {
        let offered = app.offering("Marketplace.Slurm").await;
        let id = app.order("own", &offered).await.parse().unwrap();
        let (db, staff, this) = (&app.app.db, app.world.users["staff"], [OrderFilter::Id(id)]);
        let today = app.app.now().date_naive();
        let fresh = async || {
            let rows = list::by_ids::<entity::offering::Entity, OfferingId>(db.read(), [offered.id]).await.unwrap();
            let details = details_of(db.read(), rows.into_values().collect(), today).await.unwrap();
            format!("{:?}", details[0])
        };
        let kept = async || format!("{:?}", offering(db, staff, &this, today).await.unwrap().unwrap());
        let mut before = kept().await;
        for sql in PARTS {
            db.read().execute_unprepared(&filled(sql, conn_backend(&app), offered.id.into())).await.unwrap();
            let after = kept().await;
            // What is there before it is part of the offering shows nothing yet.
            let shows = !UNSEEN.iter().any(|unseen| sql.starts_with(unseen));
            assert_eq!(after != before, shows, "{sql}");
            assert_eq!(after, fresh().await, "{sql}");
            before = after;
        }
    }

    async fn every_column_that_is_shown_is_watched(app: TestApp) {
        // Whoever shows one more has to name it in a trigger.
        let triggers = match conn_backend(&app) {
            DbBackend::Sqlite => "SELECT sql AS text FROM sqlite_master WHERE type = 'trigger'",
            _ => "SELECT pg_get_triggerdef(oid) AS text FROM pg_trigger WHERE NOT tgisinternal",
        };
        let conn = app.app.db.read();
        let found = conn.query_all_raw(Statement::from_string(conn.get_database_backend(), triggers)).await.unwrap();
        let texts: Vec<String> = found.iter().map(|row| row.try_get("", "text").unwrap()).collect();
        let watched = [
            ("categories_shown", "title icon"),
            ("projects_shown", "name description slug"),
            ("customers_shown", "name slug"),
            ("users_shown", "username full_name civil_number"),
        ];
        for (trigger, columns) in watched {
            let text = texts.iter().find(|text| text.split_whitespace().any(|word| word == trigger)).unwrap();
            for column in columns.split_whitespace() {
                let old = text.to_lowercase().contains(&format!("old.{column}"));
                assert!(text.contains(column) && old, "{trigger} does not watch {column}: {text}");
            }
        }
    }

    async fn what_is_not_committed_is_kept_for_nobody(app: TestApp) {
        let offered = app.offering("Marketplace.Slurm").await;
        let id = app.order("own", &offered).await.parse().unwrap();
        let kept = References::default();
        let tx = app.app.db.write().await.unwrap();
        tx.execute_unprepared("UPDATE offerings SET name = 'never'").await.unwrap();
        assert_eq!(read(&tx, &kept, id).await.offering.name, "never");
        tx.rollback().await.unwrap();
        assert_eq!(read(app.app.db.read(), &kept, id).await.offering.name, "Marketplace.Slurm");
    }

    async fn what_nobody_watches_does_not_count_as_a_change(app: TestApp) {
        let offered = app.offering("Marketplace.Slurm").await;
        app.order("own", &offered).await;
        let conn = app.app.db.read();
        let epoch = async || {
            let sql = Statement::from_string(conn.get_database_backend(), "SELECT epoch FROM reference_epoch");
            conn.query_one_raw(sql).await.unwrap().unwrap().try_get::<i64>("", "epoch").unwrap()
        };
        let before = epoch().await;
        for sql in ["UPDATE users SET email = 'a@b'", "UPDATE users SET full_name = full_name",
                    "UPDATE customers SET email = 'a@b'", "UPDATE projects SET end_date = NULL"] {
            conn.execute_unprepared(sql).await.unwrap();
        }
        app.order("own", &offered).await;
        assert_eq!(epoch().await, before);
        let ours = [OrderFilter::Offering(offered.id)];
        let all = Stretch::new(&ours, &[], 0, 9);
        assert_eq!(orders::list(&app.app.db, app.world.users["staff"], all).await.unwrap().len(), 2);
    }
}

fn conn_backend(app: &TestApp) -> DbBackend {
    app.app.db.read().get_database_backend()
}
