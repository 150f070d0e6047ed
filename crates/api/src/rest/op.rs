//! One operation of the interface as a value: where it is, who may call it, what it takes and gives, and its handler.
//! Routes, guards and the OpenAPI document are made from these.

use axum::{
    handler::Handler,
    http::Method,
    routing::{MethodRouter, on},
};

use super::model::Model;
use crate::{routes::Access, state::Api};

/// A query parameter as the OpenAPI document shows it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct QueryParam {
    pub name: &'static str,
    pub kind: ParamKind,
}

/// The type of a query parameter.
#[derive(Debug, Clone, Copy)]
pub(crate) enum ParamKind {
    Text,
    Texts,
    Uuid,
    Uuids,
    Bool,
    Number,
    Moment,
    Day,
    Names(&'static [&'static str]),
}

/// What an operation answers with.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Gives {
    /// No body.
    Nothing,
    /// An object.
    One(&'static Model),
    /// A list of objects.
    Many(&'static Model),
    /// Some JSON.
    Json,
    /// Server-sent events.
    Stream,
}

/// One operation.
pub(crate) struct Op {
    /// The path with its placeholders.
    pub path: String,
    pub method: Method,
    /// The name in the OpenAPI document.
    pub id: String,
    /// The first segment of the path.
    pub tag: &'static str,
    pub summary: String,
    pub query: Vec<QueryParam>,
    pub takes: Option<(&'static Model, bool)>,
    pub gives: (u16, Gives),
    pub access: Access,
    /// The name in the answer to `OPTIONS`.
    pub name: String,
    pub route: MethodRouter<Api>,
}

impl Op {
    /// An operation below `/api/{tag}/`. Its id is made of the path: `customers/{uuid}/add_user/` is
    /// `customers_add_user`.
    pub fn new<H, T>(method: Method, tag: &'static str, rest: &str, handler: H) -> Self
    where
        H: Handler<T, Api>,
        T: 'static,
    {
        let words: Vec<&str> = rest.split('/').filter(|part| !part.is_empty() && !part.starts_with('{')).collect();
        let last = words.last().copied().unwrap_or(tag).replace(['_', '-'], " ");
        let id = std::iter::once(tag).chain(words).collect::<Vec<_>>().join("_").replace('-', "_");
        let filter = method.clone().try_into();
        Self {
            path: format!("/api/{tag}/{rest}"),
            id,
            tag,
            summary: capitalised(&last),
            query: Vec::new(),
            takes: None,
            gives: (200, Gives::Nothing),
            access: Access::Token,
            name: capitalised(&last),
            // Only GET, HEAD, POST, PUT, PATCH and DELETE are ever registered, and all of them are filters.
            route: filter.map_or_else(|_| MethodRouter::new(), |filter| on(filter, handler)),
            method,
        }
    }

    /// A reading operation whose id ends in `_retrieve`.
    pub fn get<H: Handler<T, Api>, T: 'static>(tag: &'static str, rest: &str, handler: H) -> Self {
        Self::new(Method::GET, tag, rest, handler).suffix("_retrieve")
    }

    /// A changing operation.
    pub fn post<H: Handler<T, Api>, T: 'static>(tag: &'static str, rest: &str, handler: H) -> Self {
        Self::new(Method::POST, tag, rest, handler)
    }

    /// Ends the id in something.
    pub fn suffix(mut self, suffix: &str) -> Self {
        self.id.push_str(suffix);
        self
    }

    /// Gives another id than the path's.
    pub fn id(mut self, id: &str) -> Self {
        id.clone_into(&mut self.id);
        self
    }

    /// Puts it elsewhere than below `/api/`.
    pub fn at(mut self, path: &str) -> Self {
        path.clone_into(&mut self.path);
        self
    }

    /// One line on what it does.
    pub fn says(mut self, summary: &str) -> Self {
        summary.clone_into(&mut self.summary);
        self
    }

    /// The body that it takes.
    pub const fn takes(mut self, model: &'static Model) -> Self {
        self.takes = Some((model, false));
        self
    }

    /// The body that it takes, of which every field may be missing.
    pub const fn takes_part(mut self, model: &'static Model) -> Self {
        self.takes = Some((model, true));
        self
    }

    /// What it answers with.
    pub const fn gives(mut self, status: u16, gives: Gives) -> Self {
        self.gives = (status, gives);
        self
    }

    /// Everybody may call it.
    pub const fn open(mut self) -> Self {
        self.access = Access::Anybody;
        self
    }

    /// The query parameters.
    pub fn asks(mut self, query: Vec<QueryParam>) -> Self {
        self.query = query;
        self
    }

    /// The path as the router takes it: the first placeholder is always called `uuid`.
    pub fn route_path(&self) -> String {
        match (self.path.find('{'), self.path.find('}')) {
            (Some(start), Some(end)) => format!("{}{{uuid{}", &self.path[..start], &self.path[end..]),
            _ => self.path.clone(),
        }
    }
}

fn capitalised(text: &str) -> String {
    let mut text = text.to_owned();
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}
