//! Fields, one case a row.

use serde_json::json;

use super::*;
use crate::link::PROJECTS;

fn form(value: Value) -> Form {
    let (parts, ()) =
        axum::http::Request::builder().header("content-type", "application/json").body(()).unwrap().into_parts();
    let content = serde_json::to_vec(&json!({ "x": value })).unwrap().into();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(Form::read(&parts, content)).unwrap()
}

fn read<T>(value: Value, field: impl FnOnce(&mut Fields<'_>) -> Option<T>) -> Result<Option<T>, String> {
    let form = form(value);
    let mut fields = Fields::of(&form);
    let found = field(&mut fields);
    fields.check().map(|()| found).map_err(|invalid| invalid.to_string())
}

fn wrong<T>(message: &str) -> Result<Option<T>, String> {
    Err(format!("x: {message}"))
}

#[test]
fn links() {
    let id = "a1b2c3d4e5f67890abcdef1234567890";
    let cases = [
        (json!(format!("/api/projects/{id}/")), Ok(Some(id.parse().unwrap()))),
        (json!(5), wrong("Incorrect type. Expected URL string, received int.")),
        (json!(["a"]), wrong("Incorrect type. Expected URL string, received list.")),
        (Value::Null, wrong(NULL)),
        (json!(""), wrong(NULL)),
        (json!("nonsense"), wrong("Invalid hyperlink - No URL match.")),
        (json!(format!("/api/users/{id}/")), wrong("Invalid hyperlink - Incorrect URL match.")),
        (json!("/api/projects/zzz/"), wrong("Invalid hyperlink - Object does not exist.")),
    ];
    for (value, expected) in cases {
        assert_eq!(read(value.clone(), |f| f.link("x", PROJECTS, true)), expected, "{value}");
    }
    let absent = |required| read(json!(1), |f| f.link("y", PROJECTS, required));
    assert_eq!(absent(false), Ok(None));
    assert_eq!(absent(true), Err(format!("y: {REQUIRED}")));
}

#[test]
fn texts() {
    let backend_id = Text { required: true, max: Some(5), ..Text::default() };
    let comment = Text { nullable: true, blank: true, max: Some(5), ..Text::default() };
    let cases = [
        (json!(" a b "), backend_id, Ok(Some("a b".to_owned()))),
        (json!(42), backend_id, Ok(Some("42".to_owned()))),
        (json!(""), backend_id, wrong(BLANK)),
        (json!("  "), backend_id, wrong(BLANK)),
        (json!("äöüßé"), backend_id, Ok(Some("äöüßé".to_owned()))),
        (json!("123456"), backend_id, wrong("Ensure this field has no more than 5 characters.")),
        (json!("a\0"), backend_id, wrong(NUL)),
        (json!(true), backend_id, wrong(NOT_TEXT)),
        (json!({}), backend_id, wrong(NOT_TEXT)),
        (Value::Null, backend_id, wrong(NULL)),
        (Value::Null, comment, Ok(None)),
        (json!(""), comment, Ok(Some(String::new()))),
    ];
    for (value, rule, expected) in cases {
        assert_eq!(read(value.clone(), |f| f.text("x", rule)), expected, "{value}");
    }
}

#[test]
fn addresses() {
    let cases = [
        (json!("https://example.com/hook?x=1"), Ok(Some("https://example.com/hook?x=1".to_owned()))),
        (json!("http://receiver:8080/"), Ok(Some("http://receiver:8080/".to_owned()))),
        (json!(""), Ok(None)),
        (Value::Null, Ok(None)),
        (json!("ftp://example.com/"), wrong(NOT_URL)),
        (json!("example.com"), wrong(NOT_URL)),
        (json!("http://"), wrong(NOT_URL)),
        (json!("http://["), wrong(NOT_URL)),
        (json!("http://a b/"), wrong(NOT_URL)),
        (json!(format!("http://h/{}", "x".repeat(200))), wrong("Ensure this field has no more than 200 characters.")),
    ];
    for (value, expected) in cases {
        assert_eq!(read(value.clone(), |f| f.url("x", 200)), expected, "{value}");
    }
}

#[test]
fn booleans() {
    for value in [json!(true), json!("true"), json!("True"), json!("TRUE"), json!(1), json!("on"), json!("yes")] {
        assert_eq!(read(value.clone(), |f| f.boolean("x")), Ok(Some(true)), "{value}");
    }
    for value in [json!(false), json!("false"), json!(0), json!("off"), json!("no")] {
        assert_eq!(read(value.clone(), |f| f.boolean("x")), Ok(Some(false)), "{value}");
    }
    for value in [json!("maybe"), json!(2), json!([])] {
        assert_eq!(read(value.clone(), |f| f.boolean("x")), wrong(NOT_BOOLEAN), "{value}");
    }
}

#[test]
fn days_names_and_limits() {
    let day = NaiveDate::from_ymd_opt(2030, 1, 2);
    assert_eq!(read(json!("2030-01-02"), |f| f.date("x")), Ok(day));
    assert_eq!(read(Value::Null, |f| f.date("x")), Ok(None));
    assert_eq!(read(json!("02.01.2030"), |f| f.date("x")), wrong(NOT_DATE));
    assert_eq!(read(json!(5), |f| f.date("x")), wrong(NOT_DATE));
    type Kind = mercat_domain::order::OrderType;
    assert_eq!(read(json!("Update"), |f| f.choice("x")), Ok(Some(Kind::Update)));
    assert_eq!(read(json!("X"), |f| f.choice::<Kind>("x")), wrong("\"X\" is not a valid choice."));
    assert_eq!(read(Value::Null, |f| f.choice::<Kind>("x")), wrong(NULL));
    assert_eq!(read(json!([1]), |f| f.json("x")), Ok(Some(json!([1]))));
    assert_eq!(read(json!({"a": ["b\0"]}), |f| f.json("x")), wrong(NUL));
    let limits = read(json!({"cpu": "5"}), |f| f.limits("x", true)).unwrap().unwrap();
    assert_eq!(limits.get("cpu"), Some(&5));
    assert_eq!(read(json!(1), |f| f.limits("limits", true)), Err(format!("limits: {REQUIRED}")));
}
