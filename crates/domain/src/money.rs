//! Money: exact decimals, twelve digits before the point, ten after (spec 3.4, 8).

use std::{fmt, str::FromStr};

use rust_decimal::{Decimal, RoundingStrategy};

/// Digits after the decimal point, in the database and on the wire.
pub const SCALE: u32 = 10;

/// An amount of money, never a float.
///
/// Arithmetic that would need more than 22 digits returns `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money(Decimal);

impl Money {
    /// Nothing.
    pub const ZERO: Self = Self(Decimal::ZERO);

    /// Rounds half up to ten digits after the point.
    ///
    /// `None` when the amount needs more than twelve digits before it.
    #[must_use]
    pub fn new(amount: Decimal) -> Option<Self> {
        let limit = Decimal::from_i128_with_scale(1_000_000_000_000, 0);
        let rounded = amount.round_dp_with_strategy(SCALE, RoundingStrategy::MidpointAwayFromZero);
        (rounded.abs() < limit).then_some(Self(rounded))
    }

    /// The amount as a decimal.
    #[must_use]
    pub const fn decimal(self) -> Decimal {
        self.0
    }

    /// Sum, `None` when it is out of range.
    #[must_use]
    pub fn plus(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).and_then(Self::new)
    }

    /// Price times quantity, `None` when it is out of range.
    #[must_use]
    pub fn times(self, quantity: Decimal) -> Option<Self> {
        self.0.checked_mul(quantity).and_then(Self::new)
    }

    /// Whether the amount is zero.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self.0.is_zero()
    }

    /// The nearest float, for the fields that Waldur types `number` (spec 3.4).
    #[must_use]
    pub fn to_f64(self) -> f64 {
        use rust_decimal::prelude::ToPrimitive as _;
        self.0.to_f64().unwrap_or_default()
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut amount = self.0;
        amount.rescale(SCALE);
        amount.fmt(f)
    }
}

/// The text is no decimal number or out of range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an amount of money")]
pub struct InvalidMoney;

impl FromStr for Money {
    type Err = InvalidMoney;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Decimal::from_str(text).ok().and_then(Self::new).ok_or(InvalidMoney)
    }
}

impl serde::Serialize for Money {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Money {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Read)
    }
}

/// Reads a string or a number (spec 3.4 knows both).
///
/// A number with a fraction is taken by its shortest text, which is what was written.
struct Read;

impl serde::de::Visitor<'_> for Read {
    type Value = Money;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an amount of money")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Money, E> {
        text.parse().map_err(E::custom)
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Money, E> {
        Money::new(number.into()).ok_or_else(|| E::custom(InvalidMoney))
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Money, E> {
        Money::new(number.into()).ok_or_else(|| E::custom(InvalidMoney))
    }

    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<Money, E> {
        self.visit_str(&number.to_string())
    }
}
