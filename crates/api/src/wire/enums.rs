//! The enumerations of the OpenAPI document: their values come from `domain`.

use std::borrow::Cow;

use mercat_domain::{
    offering::{BillingType, LimitPeriod, OfferingState as States, PlanUnit},
    order::{OrderState as OrderStates, OrderType},
};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, schema::Type},
};

type Named = (&'static str, fn() -> RefOr<Schema>);

/// Declares documentation types, each with its schema name and the enumeration whose names it lists.
macro_rules! enums {
    ($($name:ident = $values:ty;)+) => {
        $(
            /// An enumeration of the document; values of it are written by `domain`.
            pub(crate) struct $name;

            impl PartialSchema for $name {
                fn schema() -> RefOr<Schema> {
                    let names = <$values>::ALL.iter().map(|value| value.as_str());
                    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(names)).into()
                }
            }

            impl ToSchema for $name {
                fn name() -> Cow<'static, str> {
                    Cow::Borrowed(stringify!($name))
                }
            }
        )+

        /// Every enumeration and its schema.
        pub(crate) const SCHEMAS: &[Named] = &[$((stringify!($name), <$name as PartialSchema>::schema)),+];
    };
}

enums! {
    OrderState = OrderStates;
    RequestTypes = OrderType;
    OfferingState = States;
    BillingTypeEnum = BillingType;
    BillingUnit = PlanUnit;
    LimitPeriodEnum = LimitPeriod;
}
