//! A plan as an offering shows it (spec 13.3).

use mercat_app::orders::{GroupDetails, PlanDetails};
use mercat_domain::{
    money::Money,
    offering::{PlanPrices, PlanUnit, cost},
};
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

use super::{
    enums,
    text::{Hex, Number},
};
use crate::{
    link::{Link, To},
    origin::Origin,
};

/// A group of organisations.
#[derive(Serialize, ToSchema)]
pub(crate) struct OrganizationGroup<'a> {
    #[schema(value_type = String, format = Uuid)]
    uuid: Hex,
    #[schema(value_type = String, format = "uri")]
    url: Link<'a>,
    #[schema(max_length = 150)]
    name: &'a str,
    /// The group above; left out when there is none, because clients crash on null.
    #[schema(value_type = String, format = Uuid)]
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_uuid: Option<Hex>,
    /// The name of the group above.
    parent_name: Option<&'a str>,
    #[schema(value_type = Option<String>, format = "uri")]
    parent: Option<Link<'a>>,
    /// How many organisations are in the group.
    customers_count: u64,
}

impl<'a> OrganizationGroup<'a> {
    /// Shows a group.
    pub fn new(details: &'a GroupDetails, origin: &'a Origin) -> Self {
        let parent = details.parent.as_ref();
        Self {
            uuid: details.group.id.into(),
            url: Link(origin, To::Group(details.group.id)),
            name: &details.group.name,
            parent_uuid: parent.map(|parent| parent.id.into()),
            parent_name: parent.map(|parent| parent.name.as_str()),
            parent: parent.map(|parent| Link(origin, To::Group(parent.id))),
            customers_count: details.customers,
        }
    }
}

/// The price of a component in a plan.
#[derive(Serialize, ToSchema)]
pub(crate) struct NestedPlanComponent<'a> {
    /// The component's key in limits and prices.
    r#type: &'a str,
    /// The component's name for people.
    name: &'a str,
    /// The unit that amounts are counted in.
    measured_unit: &'a str,
    amount: i64,
    #[schema(value_type = String, format = "decimal")]
    price: Money,
    #[schema(value_type = Option<String>, format = "decimal")]
    future_price: Option<Money>,
    /// The amount from which the discount counts.
    discount_threshold: Option<i64>,
    /// Discount, percent.
    discount_rate: Option<i64>,
}

/// One value a component, by the component's type.
struct ByType<'a, T>(&'a PlanDetails, fn(&mercat_app::entity::plan_component::Model) -> T);

impl<T: Serialize> Serialize for ByType<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.components.iter().map(|(price, component)| (&component.kind, (self.1)(price))))
    }
}

/// A plan of an offering.
#[derive(Serialize, ToSchema)]
pub(crate) struct BasePublicPlan<'a> {
    #[schema(value_type = String, format = "uri")]
    url: Link<'a>,
    #[schema(value_type = String, format = Uuid)]
    uuid: Hex,
    #[schema(max_length = 150)]
    name: &'a str,
    description: &'a str,
    #[schema(max_length = 30)]
    article_code: &'a str,
    /// How many live resources may have the plan.
    max_amount: Option<i64>,
    /// Whether the plan is hidden from the catalogue.
    archived: bool,
    is_active: bool,
    #[schema(value_type = String, format = "decimal")]
    unit_price: Money,
    #[schema(value_type = enums::BillingUnit)]
    unit: PlanUnit,
    #[schema(value_type = f64)]
    init_price: Number,
    #[schema(value_type = f64)]
    switch_price: Number,
    #[schema(max_length = 255)]
    backend_id: &'a str,
    organization_groups: Vec<OrganizationGroup<'a>>,
    components: Vec<NestedPlanComponent<'a>>,
    #[schema(value_type = HashMap<String, f64>)]
    prices: ByType<'a, Number>,
    #[schema(value_type = HashMap<String, Option<f64>>)]
    future_prices: ByType<'a, Option<Number>>,
    #[schema(value_type = HashMap<String, i64>)]
    quotas: ByType<'a, i64>,
    resources_count: u64,
    plan_type: Option<&'a str>,
    #[schema(value_type = f64)]
    minimal_price: Number,
}

impl<'a> BasePublicPlan<'a> {
    /// Shows a plan.
    pub fn new(details: &'a PlanDetails, origin: &'a Origin) -> Self {
        let (plan, prices) = (&details.plan, &details.prices);
        let price = |of: fn(&PlanPrices) -> Option<Money>| Number(of(prices).unwrap_or(Money::ZERO));
        let is_full = |most: i64| i64::try_from(details.live_resources).is_ok_and(|used| used >= most);
        Self {
            url: Link(origin, To::Plan(plan.offering_id, plan.id)),
            uuid: plan.id.into(),
            name: &plan.name,
            description: &plan.description,
            article_code: &plan.article_code,
            max_amount: plan.max_amount,
            archived: plan.archived,
            is_active: !plan.max_amount.is_some_and(is_full),
            unit_price: plan.unit_price,
            unit: plan.unit,
            init_price: price(cost::init_price),
            switch_price: price(cost::switch_price),
            backend_id: &plan.backend_id,
            organization_groups: details.groups.iter().map(|group| OrganizationGroup::new(group, origin)).collect(),
            components: components(details),
            prices: ByType(details, |component| Number(component.price)),
            future_prices: ByType(details, |component| component.future_price.map(Number)),
            quotas: ByType(details, |component| component.amount),
            resources_count: details.resources,
            plan_type: cost::plan_type(prices),
            minimal_price: price(cost::minimal_price),
        }
    }
}

fn components(details: &PlanDetails) -> Vec<NestedPlanComponent<'_>> {
    let shown = details.components.iter().map(|(price, component)| NestedPlanComponent {
        r#type: &component.kind,
        name: &component.name,
        measured_unit: &component.measured_unit,
        amount: price.amount,
        price: price.price,
        future_price: price.future_price,
        discount_threshold: price.discount_threshold,
        discount_rate: price.discount_rate,
    });
    shown.collect()
}
