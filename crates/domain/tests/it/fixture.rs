//! The cast of spec section 20: consumer K with project P, provider V with one offering.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use mercat_domain::{
    id::{CustomerId, OfferingId, OrderId, PlanId, ProjectId, ServiceProviderId, UserId},
    offering::{
        BillingType, Component, CustomerFacts, LimitUse, Limits, OfferingFacts, OfferingState, PlanFacts, PlanPrice,
        PlanPrices, ProjectFacts,
    },
    order::{
        Action, CreateFacts, Decision, OrderFacts, OrderState, OrderType, Refusal, ResourceState, TeamFacts, decide,
    },
    permission::{Actor, DEFAULT_ROLES, Grant, Permission, Scope, ScopeKind},
    settings::RuleSettings,
};
use serde_json::{Value, json};
use uuid::Uuid;

pub const K: CustomerId = CustomerId(Uuid::from_u128(1));
pub const V: CustomerId = CustomerId(Uuid::from_u128(2));
pub const P: ProjectId = ProjectId(Uuid::from_u128(3));
pub const OFFERING: OfferingId = OfferingId(Uuid::from_u128(4));
pub const PARENT: OfferingId = OfferingId(Uuid::from_u128(5));
pub const PLAN: PlanId = PlanId(Uuid::from_u128(6));

pub const BASIC: &str = "Marketplace.Basic";
pub const SLURM: &str = "Marketplace.Slurm";
pub const SUPPORT: &str = "Support.OfferingTemplate";
pub const SCRIPT: &str = "Marketplace.Script";
pub const REMOTE: &str = "Waldur.RemoteOffering";
pub const TENANT: &str = "OpenStack.Tenant";

/// Monday, 24 November 2025, in every test.
pub fn today() -> NaiveDate {
    day("2025-11-24")
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

pub fn tomorrow() -> NaiveDate {
    day("2025-11-25")
}

/// A user without roles.
pub fn user(number: u128) -> Actor {
    Actor {
        id: UserId(Uuid::from_u128(number)),
        username: format!("user{number}"),
        full_name: format!("User {number}"),
        is_staff: false,
        is_support: false,
        grants: Vec::new(),
    }
}

pub fn staff() -> Actor {
    Actor { is_staff: true, ..user(100) }
}

pub fn support() -> Actor {
    Actor { is_support: true, ..user(101) }
}

/// A user with a shipped role; on K for customers' roles.
pub fn holder(number: u128, role: &str) -> Actor {
    let kind = DEFAULT_ROLES.iter().find(|spec| spec.name == role).expect("a shipped role").scope;
    let scope = match kind {
        ScopeKind::Customer => Scope::Customer(K),
        ScopeKind::Project => Scope::Project(P),
        ScopeKind::Offering => Scope::Offering(OFFERING),
        ScopeKind::ServiceProvider => Scope::ServiceProvider(ServiceProviderId(V.uuid())),
    };
    granted(user(number), role, scope)
}

pub fn granted(mut actor: Actor, role: &str, scope: Scope) -> Actor {
    let spec = DEFAULT_ROLES.iter().find(|spec| spec.name == role).expect("a shipped role");
    let permissions = spec.permissions.iter().copied().collect();
    actor.grants.push(Grant { scope, role: role.to_owned(), permissions });
    actor
}

/// The actor with one more permission on a scope, through a role of its own.
pub fn allowed(mut actor: Actor, permission: Permission, scope: Scope) -> Actor {
    actor.grants.push(Grant { scope, role: "TEST".to_owned(), permissions: [permission].into_iter().collect() });
    actor
}

pub fn own() -> Actor {
    holder(102, "CUSTOMER.OWNER")
}

pub fn mgr() -> Actor {
    holder(103, "PROJECT.MANAGER")
}

pub fn adm() -> Actor {
    holder(104, "PROJECT.ADMIN")
}

pub fn mem() -> Actor {
    holder(105, "PROJECT.MEMBER")
}

pub fn vown() -> Actor {
    granted(user(106), "CUSTOMER.OWNER", Scope::Customer(V))
}

pub fn omgr() -> Actor {
    holder(107, "OFFERING.MANAGER")
}

/// Everybody, by the name that the tables of the tests use.
pub fn cast(name: &str) -> Actor {
    match name {
        "staff" => staff(),
        "support" => support(),
        "own" => own(),
        "mgr" => mgr(),
        "adm" => adm(),
        "mem" => mem(),
        "vown" => vown(),
        "omgr" => omgr(),
        _ => user(108),
    }
}

pub const CAST: &[&str] = &["staff", "support", "own", "mgr", "adm", "mem", "vown", "omgr", "user"];

pub fn consumer() -> CustomerFacts {
    CustomerFacts {
        id: K,
        name: "Kumquat".to_owned(),
        slug: "kumquat".to_owned(),
        blocked: false,
        archived: false,
        groups: Vec::new(),
    }
}

pub fn project() -> ProjectFacts {
    ProjectFacts { id: P, name: "Palm".to_owned(), start_date: None, end_date: None, is_removed: false }
}

/// A public offering of V.
pub fn offering(offering_type: &str) -> OfferingFacts {
    OfferingFacts {
        id: OFFERING,
        parent: None,
        name: "Vine".to_owned(),
        slug: "vine".to_owned(),
        offering_type: offering_type.to_owned(),
        state: OfferingState::Active,
        shared: true,
        billable: true,
        provider: V,
        project: None,
        plugin_options: json!({}),
        options: json!({}),
        resource_options: json!({}),
        secret_option_keys: Vec::new(),
        has_scope: true,
        groups: Vec::new(),
    }
}

/// A Create order of the project manager for a public offering, pending-consumer.
pub fn order(offering_type: &str) -> OrderFacts {
    OrderFacts {
        id: OrderId(Uuid::from_u128(7)),
        state: OrderState::PendingConsumer,
        order_type: OrderType::Create,
        created_by: Some(mgr().id),
        creator: Some(mgr()),
        consumer_reviewed_by: None,
        reviewer: None,
        start_date: None,
        has_attachment: false,
        attributes: json!({}),
        project: project(),
        consumer: consumer(),
        offering: offering(offering_type),
        resource_state: ResourceState::Creating,
        executing_siblings: 0,
    }
}

pub fn in_state(offering_type: &str, state: OrderState) -> OrderFacts {
    OrderFacts { state, ..order(offering_type) }
}

/// The same order, made by somebody else.
pub fn made_by(order: OrderFacts, creator: Actor) -> OrderFacts {
    OrderFacts { created_by: Some(creator.id), creator: Some(creator), ..order }
}

/// Decides with the default settings.
pub fn ask(action: Action, order: &OrderFacts, actor: &Actor) -> Result<Decision, Refusal> {
    decide(action, order, Some(actor), today(), &RuleSettings::default())
}

/// The service itself decides.
pub fn run(action: Action, order: &OrderFacts) -> Result<Decision, Refusal> {
    decide(action, order, None, today(), &RuleSettings::default())
}

pub fn component(kind: &str, billing_type: BillingType) -> Component {
    Component {
        kind: kind.to_owned(),
        billing_type,
        limit_period: None,
        limit_amount: None,
        min_value: None,
        max_value: None,
        max_available_limit: None,
        is_prepaid: false,
        factor: 1,
    }
}

pub fn price(kind: &str, billing_type: BillingType, price: &str) -> PlanPrice {
    PlanPrice {
        kind: kind.to_owned(),
        billing_type,
        is_prepaid: false,
        price: price.parse().expect("money"),
        amount: 0,
        factor: 1,
    }
}

pub fn prices(unit_price: &str, components: Vec<PlanPrice>) -> PlanPrices {
    PlanPrices { unit_price: unit_price.parse().expect("money"), components }
}

pub fn limits(pairs: &[(&str, i64)]) -> Limits {
    pairs.iter().map(|(kind, limit)| ((*kind).to_owned(), *limit)).collect()
}

/// A request for a new order, by value so that a test can change any part.
pub struct Request {
    pub order_type: OrderType,
    pub actor: Actor,
    pub offering: OfferingFacts,
    pub components: Vec<Component>,
    pub project: ProjectFacts,
    pub consumer: CustomerFacts,
    pub plan: Option<PlanFacts>,
    pub attributes: Value,
    pub limits: Limits,
    pub usage: BTreeMap<String, LimitUse>,
    pub team: TeamFacts,
    pub live_resources: u64,
    pub accepts_terms: Option<bool>,
    pub terms_active: bool,
    pub has_consent: bool,
    pub start_date: Option<NaiveDate>,
    pub settings: RuleSettings,
}

impl Request {
    /// A plain, valid request of the project manager with a plan and a limit.
    pub fn new() -> Self {
        let cpu = price("cpu", BillingType::Limit, "2.5");
        Self {
            order_type: OrderType::Create,
            actor: mgr(),
            offering: offering(BASIC),
            components: vec![component("cpu", BillingType::Limit), component("setup", BillingType::One)],
            project: project(),
            consumer: consumer(),
            plan: Some(PlanFacts {
                id: PLAN,
                offering: OFFERING,
                max_amount: None,
                used: 0,
                prices: prices("10", vec![cpu, price("setup", BillingType::One, "7")]),
            }),
            attributes: json!({"name": "vm"}),
            limits: limits(&[("cpu", 4)]),
            usage: BTreeMap::new(),
            team: TeamFacts { users: 1, roles: vec!["PROJECT.MANAGER".to_owned()], known_roles: known_roles() },
            live_resources: 0,
            accepts_terms: None,
            terms_active: false,
            has_consent: false,
            start_date: None,
            settings: RuleSettings::default(),
        }
    }

    pub fn facts(&self) -> CreateFacts<'_> {
        CreateFacts {
            order_type: self.order_type,
            today: today(),
            actor: &self.actor,
            offering: &self.offering,
            components: &self.components,
            project: &self.project,
            consumer: &self.consumer,
            plan: self.plan.as_ref(),
            attributes: &self.attributes,
            limits: &self.limits,
            usage: &self.usage,
            team: &self.team,
            live_resources_in_project: self.live_resources,
            accepts_terms: self.accepts_terms,
            terms_active: self.terms_active,
            has_consent: self.has_consent,
            start_date: self.start_date,
            settings: &self.settings,
        }
    }
}

fn known_roles() -> Vec<String> {
    DEFAULT_ROLES.iter().map(|role| role.name.to_owned()).collect()
}
