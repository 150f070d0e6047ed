//! Base values: money, ids, names, days and times of day.

use mercat_domain::{
    id::{InvalidId, OrderId},
    money::Money,
    order::{OrderState, OrderType},
    time::{Clock as _, FixedClock, format, is_time, parse_date, start_of_day},
};
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::fixture::{day, today};

fn money(text: &str) -> Option<Money> {
    text.parse().ok()
}

#[test]
fn money_has_ten_digits_after_the_point() {
    for (text, shown) in [
        ("12.5", "12.5000000000"),
        ("0", "0.0000000000"),
        ("-1.25", "-1.2500000000"),
        ("0.00000000005", "0.0000000001"),
        ("0.00000000004", "0.0000000000"),
        ("999999999999.9999999999", "999999999999.9999999999"),
    ] {
        assert_eq!(money(text).map(|m| m.to_string()).as_deref(), Some(shown));
    }
    for text in ["", "x", "1000000000000", "999999999999.99999999999", "-1000000000000", "NaN"] {
        assert_eq!(money(text), None, "{text}");
    }
}

#[test]
fn money_arithmetic_stays_in_range() {
    let most = money("999999999999.9999999999").expect("money");
    assert_eq!(most.plus(money("0.0000000001").expect("money")), None);
    assert_eq!(most.times(2.into()), None);
    assert_eq!(most.plus(Money::ZERO), Some(most));
    assert_eq!(money("2.5").and_then(|m| m.times(4.into())), money("10"));
    assert_eq!(money("2.5").map(Money::to_f64), Some(2.5));
}

proptest! {
    #[test]
    fn money_survives_its_text(units in -10_i128.pow(22) + 1..10_i128.pow(22)) {
        let amount = Money::new(Decimal::from_i128_with_scale(units, 10)).expect("in range");
        prop_assert_eq!(amount.to_string().parse(), Ok(amount));
    }

    #[test]
    fn any_text_is_money_a_day_or_a_time_or_refused(text in "\\PC{0,24}") {
        let _ = (money(&text), parse_date(&text), is_time(&text), text.parse::<OrderId>());
    }

    #[test]
    fn days_survive_their_text(days in 0_u64..3_000_000) {
        let date = day("0000-01-01") + chrono::Days::new(days);
        prop_assert_eq!(parse_date(&date.to_string()), Some(date));
    }
}

#[test]
fn ids_leave_as_hex_and_enter_in_either_form() {
    let hex = "0123456789abcdef0123456789abcdef";
    let id: OrderId = "01234567-89AB-cdef-0123-456789abcdef".parse().expect("an id");
    assert_eq!(id.to_string(), hex);
    assert_eq!(hex.parse(), Ok(id));
    assert_eq!("x".parse::<OrderId>(), Err(InvalidId));
}

#[test]
fn states_sort_by_upstream_codes() {
    let codes: Vec<i16> = OrderState::ALL.iter().map(|state| state.code()).collect();
    assert_eq!(codes, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    let names = ["pending-consumer", "executing", "done", "erred", "canceled", "rejected", "pending-provider"];
    for (name, code) in names.iter().zip(1..) {
        assert_eq!(OrderState::from_code(code).map(|state| state.as_str()), Some(*name));
    }
    assert_eq!(OrderState::from_code(0), None);
    assert_eq!("Create".parse(), Ok(OrderType::Create));
    assert!("create".parse::<OrderType>().is_err());
}

#[test]
fn days_are_read_strictly() {
    for text in ["2025-11-24", "2025-11-4", "2025-1-04", "2024-02-29", "0001-01-01"] {
        assert!(parse_date(text).is_some(), "{text}");
    }
    for text in [
        "",
        "2025",
        "2025-11",
        "2025-13-01",
        "2025-02-29",
        "25-11-24",
        "+025-11-24",
        "2025-11-24T00:00:00",
        "2025-11-24-1",
        " 2025-11-24",
        "2025-+1-24",
        "2025/11/24",
        "20251124",
        "2025-011-24",
        "２０２５-11-24",
    ] {
        assert_eq!(parse_date(text), None, "{text}");
    }
}

#[test]
fn times_of_day() {
    for text in ["00:00", "23:59", "7:05", "12:30:59", "12:30:59.5", "12:30:59.123456"] {
        assert!(is_time(text), "{text}");
    }
    for text in [
        "",
        "12",
        "24:00",
        "12:60",
        "12:30:60",
        "12:30.5",
        "12:30:59.",
        "12:30:59.1234567",
        "12:30:59:1",
        "a:b",
        "-1:00",
    ] {
        assert!(!is_time(text), "{text}");
    }
}

#[test]
fn moments_show_microseconds_only_when_there_are_any() {
    let clock = FixedClock::new(start_of_day(today()));
    assert_eq!(format(clock.now()), "2025-11-24T00:00:00Z");
    assert_eq!(format(clock.advance(chrono::TimeDelta::microseconds(1_000_001))), "2025-11-24T00:00:01.000001Z");
    assert_eq!(clock.now(), start_of_day(today()) + chrono::TimeDelta::microseconds(1_000_001));
}
