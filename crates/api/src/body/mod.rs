//! Bodies of requests: JSON, plain forms and multipart, read into one kind of form (spec 3.4, 7).

mod call;
mod deferred;
mod fields;
mod form;
mod upload;

pub(crate) use call::{Call, Caller, KEY, read_form};
pub(crate) use deferred::Deferred;
pub use fields::is_web_address;
pub(crate) use fields::{Fields, Text, has_nul, parse_boolean};
pub(crate) use form::{Form, type_name};
pub(crate) use upload::{Received, receive};
