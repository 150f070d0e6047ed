//! The settings as they are in effect, for operators: what could be a secret is not shown.

use figment::{Figment, value::Value};
use mercat_console::Setting;

/// Settings that hold a password, or may.
const SECRET: [&str; 7] = [
    "database.url",
    "database.replica_url",
    "attachments.access_key",
    "attachments.secret_key",
    "mail.password",
    "amqp.url",
    "oidc.client_secret",
];

/// All settings, each with the layer that it comes from. What the command line sets stands in `given`.
pub fn settings(layers: &Figment, given: &[(&str, String)]) -> Vec<Setting> {
    let mut all = Vec::new();
    if let Ok(root) = layers.extract::<Value>() {
        collect(layers, "", &root, &mut all);
    }
    for (name, value) in given {
        for setting in all.iter_mut().filter(|setting| setting.name == *name) {
            setting.value = shown(name, value.clone());
            "the command line".clone_into(&mut setting.from);
        }
    }
    all
}

fn collect(layers: &Figment, path: &str, value: &Value, all: &mut Vec<Setting>) {
    if let Value::Dict(_, values) = value {
        for (name, value) in values {
            let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            collect(layers, &path, value, all);
        }
        return;
    }
    let from = layers.find_metadata(path).map(|metadata| metadata.name.to_string());
    let from = from.filter(|from| !from.starts_with("TOML source string")).unwrap_or_else(|| "default".to_owned());
    all.push(Setting { name: path.to_owned(), value: shown(path, text(value)), from });
}

fn text(value: &Value) -> String {
    match value {
        Value::String(_, text) => text.clone(),
        Value::Char(_, letter) => letter.to_string(),
        Value::Bool(_, truth) => truth.to_string(),
        Value::Num(_, number) => number
            .to_i128()
            .map(|number| number.to_string())
            .or_else(|| number.to_u128().map(|number| number.to_string()))
            .or_else(|| number.to_f64().map(|number| number.to_string()))
            .unwrap_or_default(),
        Value::Array(_, values) => values.iter().map(text).collect::<Vec<_>>().join(", "),
        Value::Empty(..) | Value::Dict(..) => String::new(),
    }
}

fn shown(name: &str, value: String) -> String {
    if SECRET.contains(&name) && !value.is_empty() { "set, and not shown".to_owned() } else { value }
}

#[cfg(test)]
mod tests {
    use figment::providers::{Format as _, Toml};

    use super::*;

    #[test]
    fn secrets_are_not_shown() {
        let layers = Figment::from(Toml::string(super::super::DEFAULTS))
            .merge(Toml::string("[mail]\npassword = \"hunter2\"\n[database]\nurl = \"postgres://u:hunter2@h/d\""));
        let all = settings(&layers, &[("amqp.url", "amqp://u:hunter2@h".to_owned()), ("data.dir", "here".to_owned())]);
        assert!(all.iter().all(|setting| !setting.value.contains("hunter2")), "{all:?}");
        let of = |name: &str| all.iter().find(|setting| setting.name == name).expect("a setting");
        assert_eq!(of("mail.password").value, "set, and not shown");
        assert_eq!((of("data.dir").value.as_str(), of("data.dir").from.as_str()), ("here", "the command line"));
        assert_eq!((of("server.strict").value.as_str(), of("server.strict").from.as_str()), ("false", "default"));
        // A new setting that may be secret has to be named above.
        for setting in &all {
            let sounds_secret = ["password", "secret", "key", "token"].iter().any(|word| setting.name.contains(word));
            assert!(!sounds_secret || SECRET.contains(&setting.name.as_str()), "{}", setting.name);
        }
    }
}
