//! Spec 14 `renew`: months, end date, limits, cost.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use mercat_domain::{
    invalid::Invalid,
    offering::{
        BillingType as B, Component, LimitUse, Limits, OfferingFacts, PlanPrice, PlanPrices, PrepaidBounds, Renewal,
        RenewalFacts, check_renewal, renewal::extended, renewed_end_date,
    },
};
use serde_json::{Value, json};

use crate::fixture::{BASIC, component, day, limits, offering, price, prices, today};

/// A renewal by value, so that a test can change any part.
struct Request {
    offering: OfferingFacts,
    components: Vec<Component>,
    min: Option<i64>,
    max: Option<i64>,
    prices: Option<PlanPrices>,
    end_date: Option<NaiveDate>,
    present: Limits,
    wanted: Option<Limits>,
    usage: BTreeMap<String, LimitUse>,
    months: i64,
}

/// Three licences paid ahead until the end of January, and four cores by the month; today is 2025-11-24.
fn request() -> Request {
    let licence = PlanPrice { is_prepaid: true, ..price("licence", B::One, "20") };
    Request {
        offering: offering(BASIC),
        components: vec![
            component("cpu", B::Limit),
            Component { is_prepaid: true, ..component("licence", B::One) },
            component("setup", B::One),
        ],
        min: None,
        max: None,
        prices: Some(prices("10", vec![licence, price("cpu", B::Limit, "2.5"), price("setup", B::One, "7")])),
        end_date: Some(day("2026-01-31")),
        present: limits(&[("cpu", 4), ("licence", 3)]),
        wanted: None,
        usage: BTreeMap::new(),
        months: 1,
    }
}

impl Request {
    fn check(&self) -> Result<Renewal, Invalid> {
        check_renewal(&RenewalFacts {
            today: today(),
            offering: &self.offering,
            components: &self.components,
            bounds: &[PrepaidBounds { kind: "licence", min_months: self.min, max_months: self.max }],
            prices: self.prices.as_ref(),
            end_date: self.end_date,
            present: &self.present,
            wanted: self.wanted.as_ref(),
            usage: &self.usage,
            months: self.months,
        })
    }

    fn refusal(&self) -> Value {
        json!(self.check().expect_err("a refusal"))
    }
}

#[test]
fn a_renewal_says_what_changes() {
    let renewal = Request { months: 6, ..request() }.check().expect("a renewal");
    assert_eq!(renewal.new_end_date, day("2026-07-31"));
    assert_eq!(renewal.cost, Some("360".parse().expect("money")), "20 × 3 × 6, without what is paid by the month");
    assert_eq!(renewal.limits, request().present);
    let attributes = json!({
        "action": "renew",
        "old_limits": {"cpu": 4, "licence": 3},
        "old_end_date": "2026-01-31",
        "new_end_date": "2026-07-31",
        "extension_months": 6,
        "renewal_cost": "360.0000000000",
    });
    assert_eq!(renewal.attributes, attributes);
    assert_eq!(renewed_end_date(&attributes), Some(day("2026-07-31")));
}

#[test]
fn without_plan_and_end_date() {
    let renewal = Request { prices: None, end_date: None, ..request() }.check().expect("a renewal");
    assert_eq!((renewal.new_end_date, renewal.cost), (day("2025-12-24"), None));
    assert_eq!(renewal.attributes["old_end_date"], json!(null));
    assert_eq!(renewal.attributes["renewal_cost"], json!(null));
}

#[test]
fn the_later_of_today_and_the_end_is_extended() {
    let rows = [
        ("2025-11-24", None, 1, "2025-12-24"),
        ("2025-11-24", Some("2025-11-23"), 1, "2025-12-24"),
        ("2025-11-24", Some("2025-11-25"), 1, "2025-12-25"),
        ("2025-11-24", Some("2026-01-31"), 1, "2026-02-28"),
        ("2025-11-24", Some("2028-01-31"), 1, "2028-02-29"),
        ("2025-11-24", Some("2026-01-31"), 60, "2031-01-31"),
        ("2024-02-29", None, 12, "2025-02-28"),
    ];
    for (today, end, months, expected) in rows {
        assert_eq!(extended(day(today), end.map(day), months), Some(day(expected)), "{today} {end:?} {months}");
    }
    assert_eq!(extended(NaiveDate::MAX, None, 1), None);
}

#[test]
fn the_months_of_a_renewal() {
    let least = "Ensure this value is greater than or equal to 1.";
    let most = "Ensure this value is less than or equal to 60.";
    for (months, message) in [(0, least), (-1, least), (i64::MIN, least), (61, most), (i64::MAX, most)] {
        assert_eq!(Request { months, ..request() }.refusal(), json!({ "extension_months": [message] }), "{months}");
    }
    let rows = [
        (3, Some(3), Some(12), None),
        (12, Some(3), Some(12), None),
        (2, Some(3), Some(12), Some("licence is paid ahead for at least 3 months.")),
        (13, Some(3), Some(12), Some("licence is paid ahead for at most 12 months.")),
        (60, Some(0), Some(0), None),
        (1, None, None, None),
    ];
    for (months, min, max, message) in rows {
        let found = Request { months, min, max, ..request() }.check().err().map(|e| json!(e));
        assert_eq!(found, message.map(|text| json!({ "extension_months": [text] })), "{months}");
    }
}

#[test]
fn a_component_of_which_there_is_nothing_bounds_nothing() {
    let seat = Component { is_prepaid: true, ..component("seat", B::One) };
    let mut request = Request { min: Some(3), present: limits(&[("licence", 0), ("seat", 1)]), ..request() };
    request.components.push(seat);
    assert!(request.check().is_ok());
    request.present = limits(&[("licence", 1), ("seat", 1)]);
    assert!(request.check().is_err());
}

#[test]
fn only_what_is_paid_ahead_is_renewed() {
    let message = json!(["Only prepaid resources can be renewed."]);
    for present in [limits(&[]), limits(&[("cpu", 4)]), limits(&[("cpu", 4), ("licence", 0)])] {
        assert_eq!(Request { present, ..request() }.refusal(), message);
    }
    let mut plain = request();
    plain.components[1].is_prepaid = false;
    assert_eq!(plain.refusal(), message);
}

#[test]
fn limits_may_rise_with_a_renewal() {
    let with = |pairs: &[(&str, i64)]| Request { wanted: Some(limits(pairs)), months: 2, ..request() };
    let renewal = with(&[("licence", 5)]).check().expect("a renewal");
    assert_eq!(renewal.limits, limits(&[("cpu", 4), ("licence", 5)]), "what is not named stays");
    assert_eq!(renewal.cost, Some("200".parse().expect("money")));
    assert_eq!(renewal.attributes["old_limits"], json!({"cpu": 4, "licence": 3}));
    assert!(with(&[("licence", 3)]).check().is_ok(), "the same limits are no mistake here");
    let lower = json!({"limits": {"licence": ["A renewal cannot lower the limit of 3."]}});
    assert_eq!(with(&[("cpu", 9), ("licence", 2)]).refusal(), lower);
    assert_eq!(with(&[("disk", 1)]).refusal(), json!({"limits": ["Invalid types: disk"]}));
    let mut bounded = with(&[("licence", 5)]);
    bounded.components[1].max_value = Some(4);
    assert_eq!(bounded.refusal(), json!({"non_field_errors": ["The limit 5 value cannot be more than 4."]}));
}

#[test]
fn no_resource_outlives_the_offerings_last_day() {
    let mut request = request();
    request.offering.plugin_options = json!({"latest_date_for_resource_termination": "2026-03-31"});
    for (months, lasts) in [(1, true), (2, true), (3, false)] {
        request.months = months;
        let message = json!({"extension_months": ["End date exceeds global termination limit."]});
        assert_eq!(request.check().err().map(|e| json!(e)), (!lasts).then_some(message), "{months}");
    }
}

#[test]
fn a_cost_out_of_range_is_refused() {
    let mut request = Request { months: 60, ..request() };
    request.present = limits(&[("licence", i64::MAX)]);
    assert_eq!(request.refusal(), json!({"extension_months": ["The cost is out of range."]}));
}

#[test]
fn other_attributes_move_no_end_date() {
    for attributes in [
        json!({}),
        json!({"new_end_date": "2026-07-31"}),
        json!({"action": "force_destroy", "new_end_date": "2026-07-31"}),
        json!({"action": "renew"}),
        json!({"action": "renew", "new_end_date": 5}),
        json!(null),
    ] {
        assert_eq!(renewed_end_date(&attributes), None, "{attributes}");
    }
}
