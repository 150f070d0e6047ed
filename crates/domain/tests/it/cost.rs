//! Spec 8 and 13.3: exact costs.

use mercat_domain::{
    money::Money,
    offering::{BillingType as B, Limits, PlanPrice, PlanPrices, cost},
    order::OrderType as T,
};
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::fixture::{limits, price, prices};

fn money(text: &str) -> Option<Money> {
    Some(text.parse().expect("money"))
}

/// A plan with a component of every kind.
fn plan() -> PlanPrices {
    prices(
        "10",
        vec![
            price("cpu", B::Limit, "2.5"),
            PlanPrice { factor: 1024, ..price("ram", B::Limit, "0.1") },
            PlanPrice { amount: 3, ..price("seat", B::Fixed, "4") },
            price("traffic", B::Usage, "99"),
            PlanPrice { amount: 2, ..price("setup", B::One, "7") },
            price("change", B::Few, "1.5"),
            PlanPrice { is_prepaid: true, ..price("licence", B::One, "20") },
        ],
    )
}

fn given() -> Limits {
    limits(&[("cpu", 4), ("ram", 2048), ("licence", 3), ("unpriced", 1_000_000)])
}

#[test]
fn the_parts_of_a_price() {
    assert_eq!(cost::estimate(&plan(), &given()), money("20.2"), "10 + 2.5 × 4 + 0.1 × 2048 ÷ 1024");
    assert_eq!(cost::estimate(&plan(), &Limits::new()), money("10"));
    assert_eq!(cost::init_price(&plan()), money("14"), "without what is prepaid");
    assert_eq!(cost::switch_price(&plan()), money("1.5"));
    assert_eq!(cost::fixed_price(&plan()), money("12"));
    assert_eq!(cost::prepaid_price(&plan(), &given(), 6), money("360"));
    assert_eq!(cost::minimal_price(&plan()), money("41.6"), "2.5 + 0.1 + 4 × 3 + 7 + 20");
}

#[test]
fn the_cost_by_order_type() {
    for (order_type, months, expected) in [
        (T::Create, None, money("34.2")),
        (T::Create, Some(2), money("154.2")),
        (T::Update, None, money("21.7")),
        (T::Update, Some(2), money("21.7")),
        (T::Restore, None, money("20.2")),
        (T::Terminate, Some(2), None),
    ] {
        assert_eq!(cost::order_cost(order_type, Some(&plan()), &given(), months), Ok(expected), "{order_type}");
        assert_eq!(cost::order_cost(order_type, None, &given(), months), Ok(None), "no plan");
    }
    for (order_type, expected) in [(T::Create, "14"), (T::Update, "1.5"), (T::Terminate, "0"), (T::Restore, "0")] {
        assert_eq!(cost::activation_price(order_type, &plan()), money(expected), "{order_type}");
    }
}

#[test]
fn an_amount_or_factor_of_zero_counts_once() {
    let odd = prices("0", vec![PlanPrice { factor: 0, ..price("cpu", B::Limit, "2") }, price("setup", B::One, "7")]);
    assert_eq!(cost::estimate(&odd, &limits(&[("cpu", 3)])), money("6"));
    assert_eq!(cost::init_price(&odd), money("7"));
}

#[test]
fn sums_are_rounded_once_at_the_end() {
    let third = |kind: &str| PlanPrice { factor: 3, ..price(kind, B::Limit, "1") };
    let thirds = prices("0", vec![third("a"), third("b"), third("c")]);
    assert_eq!(cost::estimate(&thirds, &limits(&[("a", 1), ("b", 1), ("c", 1)])), money("1"));
    assert_eq!(cost::estimate(&thirds, &limits(&[("a", 2)])), money("0.6666666667"));
}

#[test]
fn costs_of_thirteen_digits_are_out_of_range() {
    let cheap = prices("0", vec![price("cpu", B::Limit, "1")]);
    let most = limits(&[("cpu", 999_999_999_999)]);
    let more = limits(&[("cpu", 1_000_000_000_000)]);
    assert_eq!(cost::order_cost(T::Create, Some(&cheap), &most, None), Ok(money("999999999999")));
    assert_eq!(cost::order_cost(T::Create, Some(&cheap), &more, None), Err(cost::CostOutOfRange));
    assert_eq!(cost::estimate(&cheap, &more), None);
}

#[test]
fn the_plan_types() {
    let of = |kinds: &[(B, &str)]| {
        let components = kinds.iter().map(|(kind, amount)| price("c", *kind, amount)).collect();
        cost::plan_type(&prices("1", components))
    };
    for (kind, name) in [
        (B::Usage, "usage-based"),
        (B::Fixed, "fixed"),
        (B::One, "one-time"),
        (B::Few, "on-plan-switch"),
        (B::Limit, "limit"),
    ] {
        assert_eq!(of(&[(kind, "1")]), Some(name));
        assert_eq!(of(&[(kind, "1"), (kind, "2"), (B::Fixed, "0")]), Some(name), "free components do not count");
    }
    assert_eq!(of(&[(B::Usage, "1"), (B::Fixed, "1")]), Some("mixed"));
    assert_eq!(of(&[]), None);
    assert_eq!(of(&[(B::Usage, "0")]), None);
}

/// Prices in whole units of the tenth digit, so that an expectation is integer arithmetic.
fn any_component() -> impl Strategy<Value = PlanPrice> {
    let kinds = prop::sample::select(B::ALL.to_vec());
    ("[a-d]", kinds, any::<bool>(), 0_i64..10_i64.pow(14), -2_i64..50, -2_i64..2048).prop_map(
        |(kind, billing_type, is_prepaid, units, amount, factor)| PlanPrice {
            kind,
            billing_type,
            is_prepaid,
            price: Money::new(Decimal::new(units, 10)).expect("in range"),
            amount,
            factor,
        },
    )
}

fn any_plan() -> impl Strategy<Value = PlanPrices> {
    (0_i64..10_i64.pow(16), prop::collection::vec(any_component(), 0..6)).prop_map(|(units, components)| PlanPrices {
        unit_price: Money::new(Decimal::new(units, 10)).expect("in range"),
        components,
    })
}

fn any_limits(range: std::ops::Range<i64>) -> impl Strategy<Value = Limits> {
    prop::collection::btree_map("[a-e]", range, 0..5)
}

proptest! {
    #[test]
    fn no_limits_panic(plan in any_plan(), limits in any_limits(i64::MIN..i64::MAX), months: Option<u32>) {
        for order_type in T::ALL {
            let _ = cost::order_cost(*order_type, Some(&plan), &limits, months);
        }
        let _ = cost::minimal_price(&plan);
    }

    /// Without factors the estimate is exact: the same as integer arithmetic in units of the tenth digit.
    #[test]
    fn estimates_are_exact(mut plan in any_plan(), limits in any_limits(0..100_000)) {
        plan.components.iter_mut().for_each(|c| c.factor = 1);
        let units = |money: Money| money.decimal().mantissa() * 10_i128.pow(10 - money.decimal().scale());
        let expected = plan.components.iter().filter(|c| c.billing_type == B::Limit).fold(
            units(plan.unit_price),
            |sum, c| sum + units(c.price) * i128::from(limits.get(&c.kind).copied().unwrap_or(0)),
        );
        prop_assert_eq!(cost::estimate(&plan, &limits).map(units), Some(expected));
    }

    #[test]
    fn a_cost_is_the_sum_of_its_parts(mut plan in any_plan(), limits in any_limits(0..100_000)) {
        plan.components.iter_mut().for_each(|c| c.factor = 1);
        for order_type in [T::Create, T::Update, T::Restore] {
            let parts = cost::estimate(&plan, &limits).zip(cost::activation_price(order_type, &plan));
            let whole = cost::order_cost(order_type, Some(&plan), &limits, None);
            prop_assert_eq!(whole, Ok(parts.and_then(|(a, b)| a.plus(b))));
        }
    }

    #[test]
    fn the_order_of_components_does_not_matter(mut plan in any_plan(), limits in any_limits(0..100_000)) {
        let forward = cost::order_cost(T::Create, Some(&plan), &limits, Some(3));
        plan.components.reverse();
        prop_assert_eq!(cost::order_cost(T::Create, Some(&plan), &limits, Some(3)), forward);
    }

    #[test]
    fn more_never_costs_less(plan in any_plan(), limits in any_limits(0..100_000), more in 0_i64..1000) {
        let larger: Limits = limits.iter().map(|(kind, limit)| (kind.clone(), limit + more)).collect();
        prop_assert!(cost::estimate(&plan, &larger) >= cost::estimate(&plan, &limits));
    }
}
