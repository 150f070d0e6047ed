//! Requests without a socket, and their answers.

use axum::body::Body;
use http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::{Offered, TestApp, contract};

/// An answer, read to its end.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub bytes: Vec<u8>,
}

impl Reply {
    /// The body as JSON; `Value::Null` when it is empty.
    #[must_use]
    pub fn json(&self) -> Value {
        if self.bytes.is_empty() {
            return Value::Null;
        }
        let text = String::from_utf8_lossy(&self.bytes);
        serde_json::from_slice(&self.bytes).unwrap_or_else(|e| panic!("{} with no JSON ({e}): {text}", self.status))
    }

    /// A header's text; empty when it is missing.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Stops the test unless the status is this one.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", String::from_utf8_lossy(&self.bytes));
        self
    }

    /// A text field of the JSON body.
    #[must_use]
    pub fn text(&self, field: &str) -> String {
        self.json()[field].as_str().unwrap_or_else(|| panic!("no text {field} in {}", self.json())).to_owned()
    }
}

impl TestApp {
    /// Sends any request.
    ///
    /// Every answer is checked against the contract; see [`contract`].
    pub async fn send(&self, request: Request<Body>) -> Reply {
        let (method, target) = (request.method().clone(), request.uri().to_string());
        let reply = reply(self.router.clone(), request).await;
        contract::check(&method, &target, &reply);
        reply
    }

    /// Sends a request whose answer is not read to its end, for instance a stream.
    pub async fn raw(&self, request: Request<Body>) -> axum::response::Response {
        self.router.clone().oneshot(request).await.unwrap()
    }

    /// Sends any request to another process.
    pub async fn send_to(&self, router: axum::Router, request: Request<Body>) -> Reply {
        reply(router, request).await
    }

    /// GET as a person; `""` is nobody.
    pub async fn get(&self, who: &str, path: &str) -> Reply {
        self.send(self.request(who, Method::GET, path).body(Body::empty()).unwrap()).await
    }

    /// POST without a body as a person.
    pub async fn post(&self, who: &str, path: &str) -> Reply {
        self.send(self.request(who, Method::POST, path).body(Body::empty()).unwrap()).await
    }

    /// POST with a JSON body as a person.
    pub async fn post_json(&self, who: &str, path: &str, body: Value) -> Reply {
        self.json_request(who, Method::POST, path, body).await
    }

    /// Any method with a JSON body.
    pub async fn json_request(&self, who: &str, method: Method, path: &str, body: Value) -> Reply {
        let request = self.request(who, method, path).header(header::CONTENT_TYPE, "application/json");
        self.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    /// Any method without a body.
    pub async fn call(&self, who: &str, method: Method, path: &str) -> Reply {
        self.send(self.request(who, method, path).body(Body::empty()).unwrap()).await
    }

    /// POST of one file as multipart.
    pub async fn upload(&self, who: &str, path: &str, name: &str, content: &[u8]) -> Reply {
        let mut body = format!(
            "--cut\r\nContent-Disposition: form-data; name=\"attachment\"; filename=\"{name}\"\r\n\
             Content-Type: application/pdf\r\n\r\n"
        )
        .into_bytes();
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n--cut--\r\n");
        let request = self.request(who, Method::POST, path);
        let request = request.header(header::CONTENT_TYPE, "multipart/form-data; boundary=cut");
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    /// A request as a person, to be completed.
    pub fn request(&self, who: &str, method: Method, path: &str) -> http::request::Builder {
        let request = Request::builder().method(method).uri(path).header(header::HOST, "mercat.test");
        if who.is_empty() { request } else { request.header(header::AUTHORIZATION, format!("Token token-{who}")) }
    }

    /// GET with this `Authorization` header.
    pub async fn get_as(&self, authorization: &str, path: &str) -> Reply {
        let request = self.request("", Method::GET, path).header(header::AUTHORIZATION, authorization);
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// POST without a body, with this `Authorization` header.
    pub async fn post_as(&self, authorization: &str, path: &str) -> Reply {
        let request = self.request("", Method::POST, path).header(header::AUTHORIZATION, authorization);
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// The body of an order for an offering in P, named `it`, with its plan and one `cpu`.
    #[must_use]
    pub fn order_body(&self, offered: &Offered) -> Value {
        json!({
            "offering": offered.path(),
            "project": format!("/api/projects/{}/", self.world.project),
            "plan": offered.plan_path(),
            "attributes": {"name": "it"},
            "limits": {"cpu": 1},
        })
    }

    /// Orders an offering as a person and returns the order's uuid.
    pub async fn order(&self, who: &str, offered: &Offered) -> String {
        let reply = self.post_json(who, "/api/marketplace-orders/", self.order_body(offered)).await;
        reply.expect(201).text("uuid")
    }

    /// One field of an order, as staff sees it.
    pub async fn order_field(&self, order: &str, field: &str) -> Value {
        let reply = self.get("staff", &format!("/api/marketplace-orders/{order}/")).await.expect(200);
        reply.json()[field].clone()
    }
}

/// Sends a request to a router.
pub async fn reply(router: axum::Router, request: Request<Body>) -> Reply {
    let response = router.oneshot(request).await.unwrap();
    let (head, body) = response.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes().to_vec();
    Reply { status: head.status, headers: head.headers, bytes }
}
