//! What nobody should send.

use rand::{RngExt as _, rngs::StdRng, seq::IndexedRandom as _};
use serde_json::{Value, json};

/// Texts, short ones.
const TEXTS: &[&str] = &[
    "",
    " ",
    "\0",
    "a\0b",
    "\u{feff}",
    "\u{202e}txt",
    "\u{1f600}",
    "Å",
    "ﷺ",
    "'",
    "\"",
    "\\",
    "';--",
    "' OR '1'='1",
    "%",
    "_",
    "*",
    "(",
    "${x}",
    "{{x}}",
    "<script>alert(1)</script>",
    "../../etc/passwd",
    "..\\..",
    "/",
    "//",
    "null",
    "None",
    "undefined",
    "true",
    "false",
    "0",
    "-0",
    "-1",
    "1.5",
    "1e5",
    "1e400",
    "-1e400",
    "NaN",
    "Infinity",
    "0x10",
    "٣",
    "١٢",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775809",
    "99999999999999999999999999",
    "2025-02-29",
    "2025-02-30",
    "0000-00-00",
    "9999-12-31",
    "10000-01-01",
    "-0001-01-01",
    "2025-01-01",
    "2025-01-01T00:00:00",
    "2025-01-01T25:00:00Z",
    "2025-01-01T00:00:00+99:99",
    "2025-06-31T00:00:00Z",
    "9999-12-31T23:59:59.999999Z",
    "0001-01-01T00:00:00Z",
    "2025-03-30T02:30:00+01:00",
    "00000000000000000000000000000000",
    "ffffffffffffffffffffffffffffffff",
    "00000000-0000-0000-0000-000000000000",
    "{00000000000000000000000000000000}",
    "urn:uuid:00000000-0000-0000-0000-000000000000",
    "g0000000000000000000000000000000",
    "http://",
    "http://[::1",
    "http://[::1]:99999/",
    "javascript:alert(1)",
    "file:///etc/passwd",
    "http://mercat.test/api/projects/x/",
    "//evil.example/",
    "http://user:pass@x/",
    "a@b",
    "@",
    "a,b,c",
    ",",
    ";",
    "=",
    "&",
    "a=b",
    "[]",
    "{}",
    "-created",
    "--created",
    "created,created",
    "state",
    "1;2",
];

/// Headers that mean something to the service.
pub(crate) const HEADERS: [&str; 18] = [
    "accept",
    "accept-encoding",
    "accept-language",
    "authorization",
    "content-length",
    "content-type",
    "cookie",
    "host",
    "idempotency-key",
    "if-none-match",
    "origin",
    "range",
    "traceparent",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-http-method-override",
    "x-impersonated-user-uuid",
    "x-request-id",
];

/// A text.
pub(crate) fn text(chance: &mut StdRng) -> String {
    match chance.random_range(0..20) {
        0 => "x".repeat(chance.random_range(100..20_000)),
        1 => "é".repeat(chance.random_range(100..5_000)),
        2 => (0..chance.random_range(1..50)).map(|_| chance.random::<char>()).collect(),
        _ => (*TEXTS.choose(chance).unwrap_or(&"")).to_owned(),
    }
}

/// A value of JSON.
pub(super) fn value(chance: &mut StdRng, depth: u32) -> Value {
    match chance.random_range(0..if depth == 0 { 12 } else { 16 }) {
        0 => Value::Null,
        1 => json!(chance.random::<bool>()),
        2 => json!(0),
        3 => json!(-1),
        4 => json!(chance.random::<i64>()),
        5 => json!(u64::MAX),
        6 => json!(1e308),
        7 => json!(-0.1),
        8 => serde_json::from_str("1e400").unwrap_or(json!(1e300)),
        9..=11 => json!(text(chance)),
        12 => json!([]),
        13 => json!({}),
        14 => (0..chance.random_range(1..4)).map(|_| value(chance, depth - 1)).collect(),
        _ => json!({ text(chance): value(chance, depth - 1) }),
    }
}

/// A body that is not even JSON, or far too much of it.
pub(super) fn body(chance: &mut StdRng) -> Vec<u8> {
    match chance.random_range(0..12) {
        0 => Vec::new(),
        1 => b"{".to_vec(),
        2 => b"{\"a\": 1, \"a\": 2}".to_vec(),
        3 => b"[{}, {}]".to_vec(),
        4 => b"null".to_vec(),
        5 => b"\"text\"".to_vec(),
        6 => b"[".repeat(100_000),
        7 => b"{\"a\":".repeat(20_000),
        8 => b"\xff\xfe{}".to_vec(),
        9 => b"{\"a\": \"\\ud800\"}".to_vec(),
        10 => b"a=1&b=%ff&%00=&=".to_vec(),
        _ => (0..chance.random_range(1..200)).map(|_| chance.random::<u8>()).collect(),
    }
}

/// A header with something in it.
pub(super) fn header(chance: &mut StdRng) -> (&'static str, Vec<u8>) {
    let name = HEADERS.choose(chance).copied().unwrap_or("accept");
    let begins = ["", "", "Token ", "Bearer ", "Basic ", "application/json; charset=", "W/\"", "bytes=", "sessionid="];
    (name, format!("{}{}", begins.choose(chance).unwrap_or(&""), text(chance)).into_bytes())
}
