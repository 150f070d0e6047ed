//! An offering that has everything that an offering can have.

use chrono::Days;
use mercat_app::{App, admin, admin::rows};
use mercat_domain::{
    id::{MediaId, OfferingId, OrganizationGroupId, PlanId},
    offering::BillingType,
};
use mercat_store::{
    Row,
    entity::{
        campaign, campaign_offering, category, customer_group, media, offering, offering_catalog, offering_endpoint,
        offering_file, offering_group, offering_partition, offering_quota, offering_role, offering_screenshot,
        organization_group, plan_component, plan_group, software_catalog,
    },
};
use mercat_testkit::{Offered, TestApp};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, Set, Unchanged};
use serde_json::json;
use uuid::Uuid;

fn fresh<T: From<Uuid>>(app: &App) -> T {
    mercat_app::ids::new(app.now())
}

/// A picture that nobody looks at.
async fn picture(app: &TestApp) -> MediaId {
    let id: MediaId = fresh(&app.app);
    let (name, mime) = ("picture.png".to_owned(), "image/png".to_owned());
    let created = app.app.now();
    app.put(media::Model { id, name, mime, size: 1, sha256: vec![], order_id: None, created_by: None, created }).await;
    id
}

/// Makes it; K is in its group, so that K's people may order.
pub async fn furnished(app: &TestApp) -> Offered {
    let (image, thumbnail) = (picture(app).await, picture(app).await);
    let offered = app
        .offering_with("Support.OfferingTemplate", |offering, plan, cpu| {
            describe(offering, image, thumbnail);
            (cpu.article_code, cpu.factor) = ("C-1".to_owned(), Some(1));
            (plan.description, plan.max_amount) = ("All you need".to_owned(), Some(9));
        })
        .await;
    app.save(category::ActiveModel { id: Unchanged(app.world.category), icon: Set(Some(image)), ..Default::default() })
        .await;
    let group = groups(app, offered.id, offered.plan).await;
    app.put(customer_group::Model { customer_id: app.world.consumer, group_id: group }).await;
    software(app, offered.id).await;
    papers(app, offered.id, image, thumbnail).await;
    campaigns(app, offered.id).await;
    prices(app, &offered).await;
    offered
}

fn describe(offering: &mut offering::Model, image: MediaId, thumbnail: MediaId) {
    offering.description = "Machines".to_owned();
    offering.full_description = "Many machines".to_owned();
    offering.privacy_policy_link = "https://example.org/privacy".to_owned();
    offering.access_url = "https://example.org/".to_owned();
    offering.country = "EE".to_owned();
    (offering.latitude, offering.longitude) = (Some(58.38), Some(26.72));
    (offering.image, offering.thumbnail) = (Some(image), Some(thumbnail));
    offering.options = json!({"order": ["os"], "options": {"os": {"type": "string", "label": "System"}}});
    offering.resource_options = json!({"order": [], "options": {"size": {"type": "integer", "label": "Size"}}});
    offering.plugin_options = json!({"conceal_billing_data": false});
    offering.secret_options = json!({"password": "secret"});
    offering.attributes = json!({"cloud": "private"});
    offering.backend_metadata = json!({"state": "ready"});
    offering.scope = Some(json!({
        "url": "https://backend.example/service/1/", "uuid": Uuid::from_u128(7).simple().to_string(),
        "name": "Service", "state": "OK", "error_message": "",
    }));
    offering.compliance_checklist = Some(Uuid::from_u128(8));
    offering.google_calendar_is_public = Some(true);
    offering.google_calendar_link = Some("https://calendar.example/1".to_owned());
}

async fn groups(app: &TestApp, offering: OfferingId, plan: PlanId) -> OrganizationGroupId {
    let parent: OrganizationGroupId = fresh(&app.app);
    let child: OrganizationGroupId = fresh(&app.app);
    app.put(organization_group::Model { id: parent, name: "All".to_owned(), parent_id: None }).await;
    app.put(organization_group::Model { id: child, name: "Some".to_owned(), parent_id: Some(parent) }).await;
    app.put(offering_group::Model { offering_id: offering, group_id: child }).await;
    app.put(plan_group::Model { plan_id: plan, group_id: child }).await;
    child
}

async fn software(app: &TestApp, offering: OfferingId) {
    let (catalog, partition): (Uuid, Uuid) = (fresh(&app.app), fresh(&app.app));
    let text = str::to_owned;
    let row =
        software_catalog::Model { id: catalog, name: text("EESSI"), version: text("1"), description: text("Tools") };
    app.put(row).await;
    app.put(full_partition(partition, offering)).await;
    app.put(offering_catalog::Model {
        id: fresh(&app.app),
        offering_id: offering,
        catalog_id: catalog,
        partition_id: Some(partition),
        enabled_cpu_family: json!(["x86_64"]),
        enabled_cpu_microarchitectures: json!(["generic"]),
        package_count: 3,
    })
    .await;
}

fn full_partition(id: Uuid, offering_id: OfferingId) -> offering_partition::Model {
    offering_partition::Model {
        id,
        offering_id,
        partition_name: "main".to_owned(),
        cpu_bind: Some(1),
        def_cpu_per_gpu: Some(2),
        max_cpus_per_node: Some(3),
        max_cpus_per_socket: Some(4),
        def_mem_per_cpu: Some(5_000_000_000),
        def_mem_per_gpu: Some(6),
        def_mem_per_node: Some(7),
        max_mem_per_cpu: Some(8),
        max_mem_per_node: Some(9),
        default_time: Some(10),
        max_time: Some(11),
        grace_time: Some(12),
        max_nodes: Some(13),
        min_nodes: Some(14),
        priority_tier: Some(15),
        exclusive_topo: true,
        exclusive_user: false,
        req_resv: true,
        qos: "normal".to_owned(),
    }
}

async fn papers(app: &TestApp, offering_id: OfferingId, image: MediaId, thumbnail: MediaId) {
    let created = app.app.now();
    let text = str::to_owned;
    put_all(
        app,
        [offering_endpoint::Model {
            id: fresh(&app.app),
            offering_id,
            name: text("login"),
            url: text("ssh://login.example"),
        }],
    )
    .await;
    put_all(app, [offering_role::Model { id: fresh(&app.app), offering_id, name: text("user") }]).await;
    put_all(
        app,
        [offering_file::Model { id: fresh(&app.app), offering_id, name: text("terms.pdf"), file: image, created }],
    )
    .await;
    put_all(
        app,
        [offering_quota::Model { id: fresh(&app.app), offering_id, name: text("cores"), used: 3, max_value: 10 }],
    )
    .await;
    let shot = |name: &str, thumbnail| offering_screenshot::Model {
        id: fresh(&app.app),
        offering_id,
        name: text(name),
        description: text("A desk"),
        image,
        thumbnail,
        created,
    };
    put_all(app, [shot("one", Some(thumbnail)), shot("two", None)]).await;
}

async fn put_all<R: Row>(app: &TestApp, rows: impl IntoIterator<Item = R>) {
    let tx = app.app.begin_own().await.unwrap();
    for row in rows {
        admin::put(&tx, row).await.unwrap();
    }
    tx.commit().await.unwrap();
}

/// One campaign that runs today and one that is over.
async fn campaigns(app: &TestApp, offering: OfferingId) {
    let today = app.app.now().date_naive();
    for (name, first, last) in [("now", today, today), ("over", today - Days::new(9), today - Days::new(1))] {
        let id: Uuid = fresh(&app.app);
        app.put(campaign::Model {
            id,
            provider_id: app.world.provider,
            name: name.to_owned(),
            description: "Less".to_owned(),
            start_date: first,
            end_date: last,
            discount_type: "discount".to_owned(),
            discount: 10,
            stock: None,
            months: 0,
        })
        .await;
        app.put(campaign_offering::Model { campaign_id: id, offering_id: offering }).await;
    }
}

/// A fixed and a metered component in the plan, and prices to come.
async fn prices(app: &TestApp, offered: &Offered) {
    let now = app.app.now();
    let money = |text: &str| text.parse().unwrap();
    let base = rows::component(now, offered.id, "base", "Base", "month", BillingType::Fixed);
    let traffic = rows::component(now, offered.id, "traffic", "Traffic", "GB", BillingType::Usage);
    let in_plan = [
        rows::plan_component(now, offered.plan, base.id, 2, money("3")),
        rows::plan_component(now, offered.plan, traffic.id, 0, money("0.5")),
    ];
    put_all(app, [base, traffic]).await;
    put_all(app, in_plan).await;
    let cpu = plan_component::Entity::find().filter(plan_component::Column::ComponentId.eq(offered.cpu));
    let cpu = cpu.one(app.app.db.read()).await.unwrap().unwrap();
    app.save(plan_component::ActiveModel {
        id: Unchanged(cpu.id),
        future_price: Set(Some(money("2.5"))),
        discount_threshold: Set(Some(10)),
        discount_rate: Set(Some(5)),
        ..Default::default()
    })
    .await;
}
