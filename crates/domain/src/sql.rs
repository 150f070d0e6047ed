//! Database values of our own types, feature `sea-orm`.
//!
//! The orphan rule forbids these impls in `store`.

use sea_orm::{
    ColIdx, DbErr, QueryResult, TryGetError, TryGetable,
    sea_query::{ArrayType, ColumnType, Nullable, StringLen, Value, ValueType, ValueTypeErr},
};

use crate::money::Money;

/// A value that does not convert: the row names the column and what was in it.
pub(crate) fn bad_value(what: &str, text: &str) -> TryGetError {
    TryGetError::DbErr(DbErr::Type(format!("{text:?} is no {what}")))
}

macro_rules! uuid_newtype {
    ($name:ident) => {
        impl From<$name> for sea_orm::sea_query::Value {
            fn from(id: $name) -> Self {
                id.0.into()
            }
        }

        impl sea_orm::TryGetable for $name {
            fn try_get_by<I: sea_orm::ColIdx>(
                row: &sea_orm::QueryResult,
                index: I,
            ) -> Result<Self, sea_orm::TryGetError> {
                uuid::Uuid::try_get_by(row, index).map(Self)
            }
        }

        impl sea_orm::sea_query::ValueType for $name {
            fn try_from(value: sea_orm::sea_query::Value) -> Result<Self, sea_orm::sea_query::ValueTypeErr> {
                <uuid::Uuid as sea_orm::sea_query::ValueType>::try_from(value).map(Self)
            }

            fn type_name() -> String {
                stringify!($name).to_owned()
            }

            fn array_type() -> sea_orm::sea_query::ArrayType {
                sea_orm::sea_query::ArrayType::Uuid
            }

            fn column_type() -> sea_orm::sea_query::ColumnType {
                sea_orm::sea_query::ColumnType::Uuid
            }
        }

        impl sea_orm::sea_query::Nullable for $name {
            fn null() -> sea_orm::sea_query::Value {
                <uuid::Uuid as sea_orm::sea_query::Nullable>::null()
            }
        }

        impl sea_orm::TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, sea_orm::DbErr> {
                Err(sea_orm::DbErr::ConvertFromU64(stringify!($name)))
            }
        }
    };
}
pub(crate) use uuid_newtype;

macro_rules! text_enum {
    ($name:ident) => {
        impl From<$name> for sea_orm::sea_query::Value {
            fn from(value: $name) -> Self {
                value.as_str().into()
            }
        }

        impl sea_orm::TryGetable for $name {
            fn try_get_by<I: sea_orm::ColIdx>(
                row: &sea_orm::QueryResult,
                index: I,
            ) -> Result<Self, sea_orm::TryGetError> {
                let text = String::try_get_by(row, index)?;
                text.parse().map_err(|_| crate::sql::bad_value(stringify!($name), &text))
            }
        }

        impl sea_orm::sea_query::ValueType for $name {
            fn try_from(value: sea_orm::sea_query::Value) -> Result<Self, sea_orm::sea_query::ValueTypeErr> {
                <String as sea_orm::sea_query::ValueType>::try_from(value)?
                    .parse()
                    .map_err(|_| sea_orm::sea_query::ValueTypeErr)
            }

            fn type_name() -> String {
                stringify!($name).to_owned()
            }

            fn array_type() -> sea_orm::sea_query::ArrayType {
                sea_orm::sea_query::ArrayType::String
            }

            fn column_type() -> sea_orm::sea_query::ColumnType {
                sea_orm::sea_query::ColumnType::Text
            }
        }

        impl sea_orm::sea_query::Nullable for $name {
            fn null() -> sea_orm::sea_query::Value {
                <String as sea_orm::sea_query::Nullable>::null()
            }
        }
    };
}
pub(crate) use text_enum;

/// Stores an enumeration by its code (`code`, `from_code`).
///
/// Narrow, and it sorts as spec 11.2 wants.
macro_rules! coded_enum {
    ($name:ident) => {
        impl From<$name> for sea_orm::sea_query::Value {
            fn from(value: $name) -> Self {
                value.code().into()
            }
        }

        impl sea_orm::TryGetable for $name {
            fn try_get_by<I: sea_orm::ColIdx>(
                row: &sea_orm::QueryResult,
                index: I,
            ) -> Result<Self, sea_orm::TryGetError> {
                let code = i16::try_get_by(row, index)?;
                Self::from_code(code).ok_or_else(|| crate::sql::bad_value(stringify!($name), &code.to_string()))
            }
        }

        impl sea_orm::sea_query::ValueType for $name {
            fn try_from(value: sea_orm::sea_query::Value) -> Result<Self, sea_orm::sea_query::ValueTypeErr> {
                let code = <i16 as sea_orm::sea_query::ValueType>::try_from(value)?;
                Self::from_code(code).ok_or(sea_orm::sea_query::ValueTypeErr)
            }

            fn type_name() -> String {
                stringify!($name).to_owned()
            }

            fn array_type() -> sea_orm::sea_query::ArrayType {
                sea_orm::sea_query::ArrayType::SmallInt
            }

            fn column_type() -> sea_orm::sea_query::ColumnType {
                sea_orm::sea_query::ColumnType::SmallInteger
            }
        }

        impl sea_orm::sea_query::Nullable for $name {
            fn null() -> sea_orm::sea_query::Value {
                <i16 as sea_orm::sea_query::Nullable>::null()
            }
        }
    };
}
pub(crate) use coded_enum;

/// `numeric` on PostgreSQL, text on SQLite, exact on both.
///
/// SeaORM's own decimal goes through a float on SQLite.
impl From<Money> for Value {
    fn from(money: Money) -> Self {
        money.decimal().into()
    }
}

impl TryGetable for Money {
    fn try_get_by<I: ColIdx>(row: &QueryResult, index: I) -> Result<Self, TryGetError> {
        if row.try_as_sqlite_row().is_some() {
            let text = String::try_get_by(row, index)?;
            return text.parse().map_err(|_| bad_value("amount of money", &text));
        }
        let amount = rust_decimal::Decimal::try_get_by(row, index)?;
        Self::new(amount).ok_or_else(|| bad_value("amount of money", &amount.to_string()))
    }
}

impl ValueType for Money {
    fn try_from(value: Value) -> Result<Self, ValueTypeErr> {
        <rust_decimal::Decimal as ValueType>::try_from(value).and_then(|d| Self::new(d).ok_or(ValueTypeErr))
    }

    fn type_name() -> String {
        "Money".to_owned()
    }

    fn array_type() -> ArrayType {
        ArrayType::Decimal
    }

    fn column_type() -> ColumnType {
        ColumnType::String(StringLen::None)
    }
}

impl Nullable for Money {
    fn null() -> Value {
        <rust_decimal::Decimal as Nullable>::null()
    }
}
