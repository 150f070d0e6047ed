//! Values that are formatted only when they are written.

use chrono::NaiveDate;
use mercat_domain::{
    money::Money,
    time::{self, Timestamp},
};
use serde::{Serialize, Serializer, ser::SerializeMap as _};
use serde_json::{Map, Value};

/// A date-time as the API writes it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment(pub Timestamp);

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&time::format(self.0))
    }
}

/// A date as the API writes it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Day(pub NaiveDate);

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// A UUID as the API writes it: 32 hexadecimal digits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hex(pub uuid::Uuid);

impl<T: Into<uuid::Uuid>> From<T> for Hex {
    fn from(id: T) -> Self {
        Self(id.into())
    }
}

impl Serialize for Hex {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.as_simple().encode_lower(&mut uuid::Uuid::encode_buffer()))
    }
}

/// An amount in a field that Waldur types as a number (spec 3.4).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Number(pub Money);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.0.to_f64())
    }
}

/// A stored JSON object without some of its keys. What is no object is written as it is, null as an empty object:
/// clients crash on null here.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Object<'a> {
    pub value: &'a Value,
    pub without: &'static [&'static str],
}

impl<'a> Object<'a> {
    /// All of it.
    pub const fn whole(value: &'a Value) -> Self {
        Self { value, without: &[] }
    }
}

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.value {
            Value::Null => serializer.serialize_map(Some(0))?.end(),
            Value::Object(entries) if hides(entries, self.without) => {
                serializer.collect_map(entries.iter().filter(|(key, _)| !self.without.contains(&key.as_str())))
            }
            other => other.serialize(serializer),
        }
    }
}

fn hides(entries: &Map<String, Value>, without: &[&str]) -> bool {
    without.iter().any(|key| entries.contains_key(*key))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn forms() {
        let money: Money = "12.5".parse().unwrap();
        assert_eq!(
            serde_json::to_string(&Hex("A1B2C3D4-E5F6-7890-ABCD-EF1234567890".parse::<uuid::Uuid>().unwrap())).unwrap(),
            "\"a1b2c3d4e5f67890abcdef1234567890\""
        );
        assert_eq!(serde_json::to_string(&money).unwrap(), "\"12.5000000000\"");
        assert_eq!(serde_json::to_string(&Number(money)).unwrap(), "12.5");
        assert_eq!(serde_json::to_string(&Number(Money::ZERO)).unwrap(), "0.0");
        assert_eq!(
            serde_json::to_string(&Day(NaiveDate::from_ymd_opt(2025, 1, 2).unwrap())).unwrap(),
            "\"2025-01-02\""
        );
        let attributes = json!({"name": "n", "user_password": "p"});
        assert_eq!(
            serde_json::to_string(&Object { value: &attributes, without: &["user_password"] }).unwrap(),
            r#"{"name":"n"}"#
        );
        assert_eq!(serde_json::to_string(&Object::whole(&Value::Null)).unwrap(), "{}");
    }
}
