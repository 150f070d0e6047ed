//! Lists that are merged from ranges, and counts that the database keeps, say what the filters alone say.

use chrono::TimeDelta;
use mercat_app::admin::rows;
use mercat_domain::{
    id::{CustomerId, OfferingId, OrderId, ProjectId},
    order::{OrderState, OrderType},
    permission::GrantedScopes,
};
use mercat_store::{
    counts,
    entity::{offering, order},
    order::{OrderFilter, Sort, SortKey, Stretch, count, count_up_to, list, page},
};
use mercat_testkit::{TestApp, both};
use sea_orm::{ConnectionTrait as _, EntityTrait as _, IntoActiveModel as _, ModelTrait as _, Set};
use uuid::Uuid;

/// Two organisations that consume, two that provide; one of them is both.
struct Places {
    customers: Vec<CustomerId>,
    projects: Vec<ProjectId>,
    offerings: Vec<(OfferingId, CustomerId)>,
}

async fn places(app: &TestApp) -> Places {
    let now = app.app.now();
    let (world, other) = (&app.world, rows::customer(now, "Beides"));
    let project = rows::project(now, other.id, "Andere");
    let offered = app.offering("Marketplace.Basic").await;
    let theirs = rows::offering(now, other.id, world.category, "Marketplace.Slurm", "Ihres");
    let places = Places {
        customers: vec![world.consumer, other.id],
        projects: vec![world.project, project.id],
        offerings: vec![(offered.id, world.provider), (theirs.id, other.id)],
    };
    app.put(other).await;
    app.put(project).await;
    app.put(theirs).await;
    places
}

/// An order of every state and type in every place, some at the same moment.
async fn fill(app: &TestApp, places: &Places) {
    let offered = app.offering("Marketplace.Slurm").await;
    let first = app.order("own", &offered).await;
    let (order, resource) = (app.order_row(&first).await, app.resource_row(&first).await);
    let mut n = 0_i64;
    for place in 0..2 {
        for (offering_id, provider_id) in &places.offerings {
            for state in OrderState::ALL {
                for order_type in [OrderType::Create, OrderType::Terminate] {
                    n += 1;
                    let (created, id) =
                        (order.created + TimeDelta::seconds(n * 7 % 40), mercat_app::ids::new::<Uuid>(app.app.now()));
                    let resource = mercat_store::entity::resource::Model {
                        id: mercat_app::ids::new::<Uuid>(app.app.now()).into(),
                        ..resource.clone()
                    };
                    let order = order::Model {
                        id: id.into(),
                        slug: id.to_string(),
                        state: *state,
                        order_type,
                        created,
                        modified: created + TimeDelta::seconds(n * 11 % 60),
                        cost: (n % 5 > 0).then(|| n.to_string().parse().unwrap()),
                        consumer_reviewed_at: (n % 3 > 0).then_some(created),
                        project_id: places.projects[place],
                        customer_id: places.customers[place],
                        offering_id: *offering_id,
                        provider_id: *provider_id,
                        resource_id: resource.id,
                        ..order.clone()
                    };
                    app.put(resource).await;
                    app.put(order).await;
                }
            }
        }
    }
}

fn filters(places: &Places, app: &TestApp) -> Vec<Vec<OrderFilter>> {
    use OrderFilter as F;
    let middle = app.app.now() + TimeDelta::seconds(20);
    let pending = || F::State(vec![OrderState::PendingConsumer, OrderState::PendingProvider]);
    let scopes = |projects: &[ProjectId], customers: &[CustomerId]| GrantedScopes {
        projects: projects.to_vec(),
        customers: customers.to_vec(),
        ..GrantedScopes::default()
    };
    let (all, both) = (&places.customers, &places.projects);
    let own = scopes(&both[..1], &all[1..]);
    let waits = |state, within| vec![F::State(vec![state]), within];
    let mine = F::Either(vec![
        waits(OrderState::PendingConsumer, F::ConsumedWithin(own.clone())),
        waits(OrderState::PendingProvider, F::ProvidedWithin(own.clone())),
    ]);
    let others = F::Either(vec![
        waits(OrderState::PendingConsumer, F::Not(vec![F::ConsumedWithin(own.clone())])),
        waits(OrderState::PendingProvider, F::Not(vec![F::ProvidedWithin(own.clone())])),
        vec![F::State(vec![OrderState::Executing, OrderState::PendingProject])],
    ]);
    let sights = [
        vec![],
        vec![F::Within(scopes(&[], &[]))],
        vec![F::Within(scopes(both, &[]))],
        vec![F::Within(scopes(&both[..1], &[]))],
        vec![F::Within(scopes(&[], &all[1..]))],
        vec![F::Within(scopes(&[], &[all[1], all[1], app.world.provider]))],
        vec![F::Within(scopes(both, &[all[0], app.world.provider]))],
        vec![F::Within(own.clone())],
        vec![F::ConsumedWithin(own.clone())],
        vec![F::ProvidedWithin(own.clone())],
    ];
    let wishes = [
        vec![],
        vec![pending()],
        vec![F::State(vec![])],
        vec![pending(), F::State(vec![OrderState::PendingProvider, OrderState::Done])],
        vec![F::Type(vec![OrderType::Terminate])],
        vec![F::Offering(places.offerings[1].0), pending()],
        vec![F::Offering(places.offerings[0].0)],
        vec![F::Project(both[0])],
        vec![F::Project(both[1]), pending()],
        vec![F::Customer(all[1])],
        vec![F::Customer(all[1]), F::Provider(app.world.provider)],
        vec![F::Provider(app.world.provider), pending()],
        vec![F::Provider(all[1])],
        vec![F::CreatedFrom(middle)],
        vec![F::CreatedTo(middle), F::CreatedFrom(app.app.now()), pending()],
        vec![F::ModifiedFrom(middle)],
        vec![
            F::ModifiedFrom(middle),
            F::ModifiedTo(middle + TimeDelta::seconds(20)),
            F::CreatedFrom(middle),
            pending(),
        ],
        vec![F::ModifiedTo(middle)],
        vec![mine.clone()],
        vec![F::Not(vec![mine.clone()]), pending()],
        vec![mine.clone(), F::Not(vec![F::State(vec![OrderState::PendingProvider])]), mine],
        OrderState::ALL.iter().take(8).map(|state| F::Not(vec![F::State(vec![*state])])).collect(),
        OrderState::ALL.iter().map(|state| F::Not(vec![F::State(vec![*state]), F::Project(both[0])])).collect(),
        (1..=22)
            .map(|n| {
                F::Either(vec![vec![pending()], waits(OrderState::Done, F::CostAbove(n.to_string().parse().unwrap()))])
            })
            .collect(),
        vec![F::Not(vec![F::Type(vec![OrderType::Terminate])])],
        vec![F::Not(vec![F::CostAbove("1".parse().unwrap())])],
        vec![F::Ids((0..3).map(|_| mercat_app::ids::new::<Uuid>(app.app.now()).into()).collect())],
        vec![F::Either(Vec::new())],
        vec![others],
        vec![F::Either(vec![vec![pending()], vec![F::Project(both[0])]])],
        vec![F::CostAbove("1".parse().unwrap())],
        vec![F::Nothing],
    ];
    sights.iter().flat_map(|sight| wishes.iter().map(|wish| [sight.as_slice(), wish].concat())).collect()
}

const SORTS: [&[Sort]; 7] = [
    &[],
    &[Sort { key: SortKey::Created, descending: false }],
    &[Sort { key: SortKey::Created, descending: true }],
    &[Sort { key: SortKey::State, descending: false }],
    &[Sort { key: SortKey::Created, descending: true }, Sort { key: SortKey::Created, descending: false }],
    &[Sort { key: SortKey::ConsumerReviewedAt, descending: true }],
    &[Sort { key: SortKey::Cost, descending: false }, Sort { key: SortKey::ConsumerReviewedAt, descending: false }],
];

async fn ids(app: &TestApp, filters: &[OrderFilter], sorting: &[Sort], offset: u64, limit: u64) -> Vec<OrderId> {
    let (conn, stretch) = (app.app.db.read(), Stretch::new(filters, sorting, offset, limit));
    let ids = mercat_store::order::ids(conn, stretch).await.unwrap();
    let page = page(&app.app.db, app.world.users["staff"], stretch).await.unwrap();
    assert_eq!(page.rows.iter().map(|row| row.id).collect::<Vec<_>>(), ids, "{stretch:?}");
    assert_eq!(page.total, count(conn, filters).await.unwrap(), "{stretch:?}");
    let list = list(&app.app.db, app.world.users["staff"], stretch).await.unwrap();
    assert_eq!(list.iter().map(|row| row.id).collect::<Vec<_>>(), ids, "{stretch:?}");
    ids
}

both! {
    async fn ranges_and_counts_are_what_the_filters_say(app: TestApp) {
        let places = places(&app).await;
        fill(&app, &places).await;
        // What every order fulfils, but no index can know.
        let types = ["Marketplace.Basic".to_owned(), "Marketplace.Slurm".to_owned()].to_vec();
        for filters in filters(&places, &app) {
            let plain = [filters.as_slice(), &[OrderFilter::OfferingType(types.clone())]].concat();
            let conn = app.app.db.read();
            let expected = count(conn, &plain).await.unwrap();
            assert_eq!(count(conn, &filters).await.unwrap(), expected, "{filters:?}");
            assert_eq!(count_up_to(conn, &filters, 7).await.unwrap(), expected.min(7), "{filters:?}");
            for sorting in SORTS {
                let expected = ids(&app, &plain, sorting, 0, 1_000).await;
                assert_eq!(ids(&app, &filters, sorting, 0, 1_000).await, expected, "{filters:?} {sorting:?}");
                let part: Vec<OrderId> = expected.into_iter().skip(3).take(5).collect();
                assert_eq!(ids(&app, &filters, sorting, 3, 5).await, part, "{filters:?} {sorting:?}");
            }
        }
    }

    async fn what_is_not_known_is_not_so(app: TestApp) {
        let places = places(&app).await;
        fill(&app, &places).await;
        let dear = OrderFilter::CostAbove("10".parse().unwrap());
        let of = async |filters: &[OrderFilter]| count(app.app.db.read(), filters).await.unwrap();
        let (all, some) = (of(&[]).await, of(std::slice::from_ref(&dear)).await);
        assert_eq!(of(&[OrderFilter::Not(vec![dear])]).await, all - some);
        let (least, most) = ("0".parse().unwrap(), "1000000".parse().unwrap());
        let known = of(&[OrderFilter::Cost(least, most)]).await;
        assert_eq!(known, of(&[OrderFilter::CostAbove(least)]).await);
        assert!(known < all, "an order without a cost is in no range");
        let text = OrderFilter::Text("nowhere".to_owned());
        assert_eq!(of(&[OrderFilter::Not(vec![text])]).await, all, "many have no name of their own");
    }

    async fn counts_follow_every_change(app: TestApp) {
        let places = places(&app).await;
        fill(&app, &places).await;
        let wrong = async || counts::wrong(app.app.db.read()).await.unwrap();
        assert_eq!(wrong().await, 0);
        let orders = order::Entity::find().all(app.app.db.read()).await.unwrap();
        let tx = app.app.db.write().await.unwrap();
        orders[0].clone().delete(&tx).await.unwrap();
        tx.commit().await.unwrap();
        for (n, row) in orders.into_iter().enumerate().skip(1).step_by(3) {
            let (resource, mut change) = (row.resource_id, row.into_active_model());
            match n % 4 {
                0 => change.state = Set(OrderState::Done),
                1 => change.project_id = Set(places.projects[0]),
                2 => change.provider_id = Set(places.customers[1]),
                _ => change.slug = Set(format!("other-{n}")),
            }
            app.save(change).await;
            let found = mercat_store::entity::resource::Entity::find_by_id(resource).one(app.app.db.read()).await;
            let mut change = found.unwrap().unwrap().into_active_model();
            change.state = Set(mercat_domain::order::ResourceState::Terminated);
            if n % 2 == 0 {
                change.plan_id = Set(None);
            }
            app.save(change).await;
        }
        assert_eq!(wrong().await, 0);
        let offerings = offering::Entity::find().all(app.app.db.read()).await.unwrap();
        let ids: Vec<OfferingId> = offerings.iter().map(|row| row.id).collect();
        let total: u64 = counts::of(app.app.db.read(), &ids, &[]).await.unwrap().orders.values().sum();
        assert_eq!(total, count(app.app.db.read(), &[]).await.unwrap());

        let tx = app.app.db.write().await.unwrap();
        tx.execute_unprepared("UPDATE order_counts SET total = total + 1").await.unwrap();
        tx.commit().await.unwrap();
        assert_ne!(wrong().await, 0);
        let tx = app.app.db.write().await.unwrap();
        counts::rebuild(&tx).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(wrong().await, 0);
    }
}
