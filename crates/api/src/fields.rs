//! `?field=`: only the fields that were asked for (spec 11.3), chosen while a struct is written, so that nothing is
//! formatted in vain and no tree of values is built.

use serde::{
    Serialize, Serializer,
    ser::{Error as _, Impossible, SerializeStruct},
};

use crate::query::Query;

/// The one name that is a field of bodies but not of answers.
const WRITE_ONLY: &str = "accepting_terms_of_service";

/// The fields to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FieldSet {
    All,
    Some(Vec<&'static str>),
}

impl FieldSet {
    /// What the query asks for. Unknown names are dropped; when none is left, all fields come.
    pub fn of(query: &Query, known: &'static [&'static str]) -> Self {
        let find = |name: &str| known.iter().chain(&[WRITE_ONLY]).copied().find(|known| *known == name);
        let names: Vec<&'static str> = query.all("field").filter_map(find).collect();
        if names.is_empty() { Self::All } else { Self::Some(names) }
    }
}

/// A struct of which only some fields are written.
pub(crate) struct Chosen<'a, T>(pub T, pub &'a FieldSet);

impl<T: Serialize> Serialize for Chosen<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.1 {
            FieldSet::All => self.0.serialize(serializer),
            FieldSet::Some(names) => self.0.serialize(Picker { serializer, names }),
        }
    }
}

/// Takes a struct and passes on the named fields.
struct Picker<'a, S> {
    serializer: S,
    names: &'a [&'static str],
}

struct PickedFields<'a, S> {
    inner: S,
    names: &'a [&'static str],
}

impl<S: SerializeStruct> SerializeStruct for PickedFields<'_, S> {
    type Ok = S::Ok;
    type Error = S::Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), S::Error> {
        if self.names.contains(&key) { self.inner.serialize_field(key, value) } else { self.inner.skip_field(key) }
    }

    fn skip_field(&mut self, key: &'static str) -> Result<(), S::Error> {
        self.inner.skip_field(key)
    }

    fn end(self) -> Result<S::Ok, S::Error> {
        self.inner.end()
    }
}

/// Methods of a serializer for everything that has no fields.
macro_rules! no_fields {
    ($($method:ident($($arg:ident: $type:ty),*) -> $ok:ty;)+) => {$(
        fn $method(self, $($arg: $type),*) -> Result<$ok, S::Error> {
            $(let _ = $arg;)*
            Err(S::Error::custom("only a struct has fields to choose from"))
        }
    )+};
}

impl<'a, S: Serializer> Serializer for Picker<'a, S> {
    type Ok = S::Ok;
    type Error = S::Error;
    type SerializeSeq = Impossible<S::Ok, S::Error>;
    type SerializeTuple = Impossible<S::Ok, S::Error>;
    type SerializeTupleStruct = Impossible<S::Ok, S::Error>;
    type SerializeTupleVariant = Impossible<S::Ok, S::Error>;
    type SerializeMap = Impossible<S::Ok, S::Error>;
    type SerializeStruct = PickedFields<'a, S::SerializeStruct>;
    type SerializeStructVariant = Impossible<S::Ok, S::Error>;

    fn serialize_struct(self, name: &'static str, len: usize) -> Result<Self::SerializeStruct, S::Error> {
        let inner = self.serializer.serialize_struct(name, len)?;
        Ok(PickedFields { inner, names: self.names })
    }

    no_fields! {
        serialize_bool(v: bool) -> S::Ok;
        serialize_i8(v: i8) -> S::Ok;
        serialize_i16(v: i16) -> S::Ok;
        serialize_i32(v: i32) -> S::Ok;
        serialize_i64(v: i64) -> S::Ok;
        serialize_u8(v: u8) -> S::Ok;
        serialize_u16(v: u16) -> S::Ok;
        serialize_u32(v: u32) -> S::Ok;
        serialize_u64(v: u64) -> S::Ok;
        serialize_f32(v: f32) -> S::Ok;
        serialize_f64(v: f64) -> S::Ok;
        serialize_char(v: char) -> S::Ok;
        serialize_str(v: &str) -> S::Ok;
        serialize_bytes(v: &[u8]) -> S::Ok;
        serialize_none() -> S::Ok;
        serialize_unit() -> S::Ok;
        serialize_unit_struct(name: &'static str) -> S::Ok;
        serialize_unit_variant(name: &'static str, index: u32, variant: &'static str) -> S::Ok;
        serialize_seq(len: Option<usize>) -> Self::SerializeSeq;
        serialize_tuple(len: usize) -> Self::SerializeTuple;
        serialize_tuple_struct(name: &'static str, len: usize) -> Self::SerializeTupleStruct;
        serialize_tuple_variant(name: &'static str, index: u32, variant: &'static str, len: usize) -> Self::SerializeTupleVariant;
        serialize_map(len: Option<usize>) -> Self::SerializeMap;
        serialize_struct_variant(name: &'static str, index: u32, variant: &'static str, len: usize) -> Self::SerializeStructVariant;
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<S::Ok, S::Error> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<S::Ok, S::Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        value: &T,
    ) -> Result<S::Ok, S::Error> {
        value.serialize(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize)]
    struct Sample {
        uuid: u8,
        state: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        secret: Option<u8>,
        costly: Costly,
    }

    /// Fails when it is written.
    struct Costly;

    impl Serialize for Costly {
        fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(S::Error::custom("written"))
        }
    }

    const KNOWN: &[&str] = &["uuid", "state", "secret", "costly"];

    fn written(query: &str) -> Result<String, String> {
        let fields = FieldSet::of(&Query::parse(query), KNOWN);
        let sample = Sample { uuid: 1, state: "done", secret: None, costly: Costly };
        serde_json::to_string(&Chosen(sample, &fields)).map_err(|e| e.to_string())
    }

    #[test]
    fn choices() {
        let cases = [
            ("field=uuid", Ok(r#"{"uuid":1}"#)),
            ("field=state&field=uuid&field=nope", Ok(r#"{"uuid":1,"state":"done"}"#)),
            ("field=secret", Ok("{}")),
            ("field=accepting_terms_of_service", Ok("{}")),
            ("field=uuid,state", Err("written")),
            ("field=nope", Err("written")),
            ("", Err("written")),
        ];
        for (query, expected) in cases {
            assert_eq!(written(query).as_deref().map_err(String::as_str), expected, "{query}");
        }
    }
}
