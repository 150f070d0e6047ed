//! Values in JSON: what is written is read back, in the wire form of spec 3.4.

use ::serde::{Deserialize, Serialize, de::DeserializeOwned};
use mercat_domain::{
    id::{OrderId, ServiceProviderId},
    money::Money,
    offering::{BillingType, OfferingState},
    order::OrderState,
    permission::{Permission, ScopeKind},
    time::{Timestamp, iso, start_of_day},
};
use serde_json::{Value, from_value, json, to_value};

use crate::fixture::today;

fn read<T: DeserializeOwned>(value: Value) -> Option<T> {
    from_value(value).ok()
}

/// Writes each variant as its name and reads it back; other texts and types are refused.
fn check_names<T: Copy + PartialEq + std::fmt::Debug + Serialize + DeserializeOwned>(
    all: &[T],
    name: fn(T) -> &'static str,
) {
    for one in all {
        assert_eq!(to_value(one).expect("JSON"), json!(name(*one)));
        assert_eq!(read(json!(name(*one))), Some(*one));
    }
    for other in [json!(""), json!("no such name"), json!(1), json!(null)] {
        assert_eq!(read::<T>(other), None);
    }
}

#[test]
fn names() {
    check_names(OfferingState::ALL, OfferingState::as_str);
    check_names(BillingType::ALL, BillingType::as_str);
    check_names(ScopeKind::ALL, ScopeKind::as_str);
    check_names(Permission::ALL, Permission::as_str);
    check_names(OrderState::ALL, OrderState::as_str);
}

#[test]
fn ids() {
    let hex = "0123456789abcdef0123456789abcdef";
    let id: OrderId = hex.parse().expect("an id");
    assert_eq!(to_value(id).expect("JSON"), json!(hex));
    for text in [hex, "01234567-89ab-cdef-0123-456789abcdef", "01234567-89AB-CDEF-0123-456789ABCDEF"] {
        assert_eq!(read(json!(text)), Some(id), "{text}");
        assert_eq!(read(json!(text)), Some(ServiceProviderId(id.uuid())), "{text}");
    }
    for other in [json!(""), json!("x"), json!(1), json!(null), json!(&hex[1..])] {
        assert_eq!(read::<OrderId>(other), None);
    }
}

#[test]
fn money() {
    let rows = [
        (json!("12.5"), "12.5000000000"),
        (json!("-0.1"), "-0.1000000000"),
        (json!(12), "12.0000000000"),
        (json!(-3), "-3.0000000000"),
        (json!(0.1), "0.1000000000"),
        (json!(1234567.89), "1234567.8900000000"),
        (json!(999_999_999_999_u64), "999999999999.0000000000"),
    ];
    for (value, shown) in rows {
        let amount: Money = read(value.clone()).unwrap_or_else(|| panic!("{value}"));
        assert_eq!(to_value(amount).expect("JSON"), json!(shown));
    }
    for other in [json!(""), json!("x"), json!(1e12), json!(1e300), json!(u64::MAX), json!(null), json!([1])] {
        assert_eq!(read::<Money>(other), None);
    }
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Moments {
    #[serde(with = "iso")]
    made: Timestamp,
    #[serde(with = "iso::optional")]
    ended: Option<Timestamp>,
}

#[test]
fn moments() {
    let made = start_of_day(today());
    let at = |micros| Some(made + chrono::TimeDelta::microseconds(micros));
    let rows = [
        (None, json!(null)),
        (at(0), json!("2025-11-24T00:00:00Z")),
        (at(500_000), json!("2025-11-24T00:00:00.500000Z")),
        (at(123_456), json!("2025-11-24T00:00:00.123456Z")),
    ];
    for (ended, shown) in rows {
        let moments = Moments { made, ended };
        let value = json!({ "made": "2025-11-24T00:00:00Z", "ended": shown });
        assert_eq!(to_value(&moments).expect("JSON"), value);
        assert_eq!(read(value), Some(moments));
    }
    let read_back = read::<Moments>(json!({ "made": "2025-11-24T02:00:00.0000009+02:00", "ended": null }));
    assert_eq!(read_back, Some(Moments { made, ended: None }), "offsets are read, finer than a microsecond is cut");
    assert_eq!(read::<Moments>(json!({ "made": "yesterday", "ended": null })), None);
    assert_eq!(read::<Timestamp>(json!("2025-11-24T00:00:00Z")), Some(made), "and without the helper");
}
