//! Which parser gets the bytes, and in which request.

use http::Method;
use mercat_testkit::contract::Document;
use percent_encoding::{AsciiSet, CONTROLS, percent_encode};
use serde_json::json;

use crate::input::{
    hostile::HEADERS,
    request::{METHODS, Sent, WAITS, escaped, paths},
    world::World,
};

/// A parser, or several that read the same kind of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parser {
    /// A query string: pairs, filters, ordering, pages, fields.
    Query,
    /// A body that says it is JSON.
    Body,
    /// A multipart form with a file.
    Form,
    /// A header that means something: tokens, cookies, languages, ranges, tags.
    Header,
    /// A text in a query or in the body of an order: links, ids, amounts, dates, limits, options.
    Text,
}

impl Parser {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Query, Self::Body, Self::Form, Self::Header, Self::Text];

    /// The name of its target and of the folder with its seeds.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Body => "body",
            Self::Form => "form",
            Self::Header => "header",
            Self::Text => "text",
        }
    }
}

const ORDERS: &str = "/api/marketplace-orders/";
const ATTACHMENT: &str = "/api/marketplace-orders/{uuid}/update_attachment/";

/// The fields of an order that hold a text that is read as something else, or that could be.
const FIELDS: [&[&str]; 16] = [
    &["offering"],
    &["project"],
    &["plan"],
    &["type"],
    &["start_date"],
    &["attributes", "name"],
    &["attributes", "description"],
    &["attributes", "end_date"],
    &["attributes", "start_time"],
    &["attributes", "size"],
    &["limits", "cpu"],
    &["limits"],
    &["callback_url"],
    &["request_comment"],
    &["slug"],
    &["accepting_terms_of_service"],
];

/// What a query cannot hold as it is.
const OUTSIDE: AsciiSet = CONTROLS.add(b' ').add(b'#').add(b'"').add(b'<').add(b'>');

/// Where bytes can go.
pub(super) struct Places {
    /// Lists and details that take a query.
    queries: Vec<String>,
    /// Their parameters.
    parameters: Vec<(String, String)>,
    /// What takes JSON.
    bodies: Vec<(Method, String)>,
}

impl Places {
    pub fn of(document: &Document) -> Self {
        let (mut queries, mut parameters, mut bodies) = (Vec::new(), Vec::new(), Vec::new());
        for (path, operations) in paths(document) {
            for (method, operation) in METHODS.iter().filter_map(|method| Some((*method, operations.get(method)?))) {
                let declared = operation["parameters"].as_array().into_iter().flatten();
                let of_query = declared.filter(|one| one["in"] == "query").filter_map(|one| one["name"].as_str());
                let names: Vec<&str> = of_query.collect();
                // It may be asked to wait for a minute, which is no fault.
                if method == "get" && !names.is_empty() && !names.contains(&WAITS) {
                    queries.push(path.clone());
                    parameters.extend(names.iter().map(|name| (path.clone(), (*name).to_owned())));
                }
                if !operation["requestBody"]["content"]["application/json"].is_null() {
                    let method = Method::from_bytes(method.to_ascii_uppercase().as_bytes()).unwrap_or_default();
                    bodies.push((method, path.clone()));
                }
            }
        }
        Self { queries, parameters, bodies }
    }

    /// A request with the bytes in it.
    pub fn request(&self, parser: Parser, world: &World, bytes: &[u8]) -> Sent {
        let (choice, rest) = bytes.split_at(bytes.len().min(2));
        let choice = choice.iter().fold(0, |choice, byte| choice * 256 + usize::from(*byte));
        match parser {
            Parser::Query => {
                let template = &self.queries[choice % self.queries.len()];
                let query = percent_encode(rest, &OUTSIDE);
                asked(world, Method::GET, template, &format!("?{query}"))
            }
            Parser::Body => {
                let (method, template) = &self.bodies[choice % self.bodies.len()];
                with_body(asked(world, method.clone(), template, ""), "application/json", rest.to_vec())
            }
            Parser::Form => {
                let sent = asked(world, Method::POST, ATTACHMENT, "");
                with_body(sent, "multipart/form-data; boundary=cut", rest.to_vec())
            }
            Parser::Header => {
                let mut sent = asked(world, Method::POST, ORDERS, "");
                sent.headers.push((HEADERS[choice % HEADERS.len()], rest.to_vec()));
                with_body(sent, "application/json", world.order.to_string().into_bytes())
            }
            Parser::Text => self.with_text(world, choice, &String::from_utf8_lossy(rest)),
        }
    }

    fn with_text(&self, world: &World, choice: usize, text: &str) -> Sent {
        let (place, of_parameters) = (choice / 2, choice % 2 == 1);
        if of_parameters {
            let (template, name) = &self.parameters[place % self.parameters.len()];
            return asked(world, Method::GET, template, &format!("?{name}={}", escaped(text)));
        }
        let mut body = world.order.clone();
        let field = FIELDS[place % FIELDS.len()].iter().fold(&mut body, |at, name| &mut at[*name]);
        *field = json!(text);
        with_body(asked(world, Method::POST, ORDERS, ""), "application/json", body.to_string().into_bytes())
    }
}

/// A request of somebody who may do everything, about the first of what there is.
fn asked(world: &World, method: Method, template: &str, query: &str) -> Sent {
    let ids = world.ids(template);
    let part = |part: &str| if part.starts_with('{') { ids.first().copied().unwrap_or("1") } else { part }.to_owned();
    let path: Vec<String> = template.split('/').map(part).collect();
    let target = format!("{}{query}", path.join("/"));
    Sent { method, template: template.to_owned(), who: "staff", target, headers: Vec::new(), body: Vec::new() }
}

fn with_body(mut sent: Sent, media_type: &str, body: Vec<u8>) -> Sent {
    sent.headers.push(("content-type", media_type.as_bytes().to_vec()));
    Sent { body, ..sent }
}
