//! A setting that is shown to nobody, not even in an error.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error, Visitor},
};

/// A password.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// The password; `None` when it is empty.
    pub fn reveal(&self) -> Option<String> {
        Some(self.0.clone()).filter(|text| !text.is_empty())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(hidden)")
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Text)
    }
}

/// Takes text only: a number would have lost its leading zeros already. The usual error would show the value.
struct Text;

impl Text {
    fn refuse<T, E: Error>(self) -> Result<T, E> {
        Err(E::custom("this has to be text: put it in quotes"))
    }
}

impl Visitor<'_> for Text {
    type Value = Secret;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text in quotes")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Secret, E> {
        Ok(Secret(text.to_owned()))
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Secret, E> {
        self.refuse()
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Secret, E> {
        self.refuse()
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Secret, E> {
        self.refuse()
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Secret, E> {
        self.refuse()
    }
}

#[cfg(test)]
mod tests {
    use figment::{
        Figment,
        providers::{Format as _, Toml},
    };

    use super::Secret;

    #[test]
    fn nobody_is_shown_a_password() {
        let read = |toml: &str| {
            let read: Result<Secret, _> = Figment::from(Toml::string(toml)).extract_inner("password");
            read.map_err(|error| error.to_string())
        };
        let secret = read("password = \"0123\"").unwrap();
        assert_eq!(secret.reveal().as_deref(), Some("0123"));
        assert!(!format!("{secret:?}").contains("0123"));
        for bare in ["4711", "47.11", "-4711"] {
            let error = read(&format!("password = {bare}")).unwrap_err();
            assert!(error.contains("quotes") && !error.contains("47"), "{error}");
        }
        assert_eq!(read("password = \"\"").unwrap().reveal(), None);
    }
}
