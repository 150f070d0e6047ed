//! One macro for the enumerations of the API: a wire name per variant.

/// Declares an enumeration with its wire names.
///
/// `ALL` lists the variants in declaration order.
///
/// With `coded` before the name it also has codes, 1 for the first variant, and is stored by them.
macro_rules! names {
    ($(#[$doc:meta])* coded $name:ident { $($body:tt)* }) => {
        crate::names::names! { @base $(#[$doc])* $name { $($body)* } }

        impl $name {
            /// The number by which it is stored and sorted, counted from 1 (spec 2).
            #[must_use]
            pub const fn code(self) -> i16 {
                self as i16 + 1
            }

            /// The variant of a code.
            #[must_use]
            pub fn from_code(code: i16) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.code() == code)
            }
        }

        #[cfg(feature = "sea-orm")]
        crate::sql::coded_enum!($name);
    };
    ($(#[$doc:meta])* $name:ident { $($body:tt)* }) => {
        crate::names::names! { @base $(#[$doc])* $name { $($body)* } }

        #[cfg(feature = "sea-orm")]
        crate::sql::text_enum!($name);
    };
    (@base $(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// Every variant.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name on the wire and in the database.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = crate::names::UnknownName;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($text => Ok(Self::$variant),)+
                    _ => Err(crate::names::UnknownName),
                }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                crate::names::from_text(deserializer)
            }
        }
    };
}
pub(crate) use names;

/// The text is none of the enumeration's names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("unknown name")]
pub struct UnknownName;

/// Reads a value that is text on the wire.
pub(crate) fn from_text<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: std::str::FromStr<Err: std::fmt::Display>,
{
    let text = <String as serde::Deserialize>::deserialize(deserializer)?;
    text.parse().map_err(|error| serde::de::Error::custom(format_args!("{text:?}: {error}")))
}
