//! Canaries: the service is given secrets wherever it takes one, and makes some itself. Then they are looked for wherever it
//! leaves something.

use std::{path::Path, process::Command};

use mercat_store::ConnectionTrait as _;
use mercat_testkit::{Backend, TestApp};
use sea_orm::Statement;
use serde_json::{Value, json};

use crate::server::{MERCAT, Server, mercat, place};

/// A secret, with what it is.
struct Canary {
    what: &'static str,
    text: String,
    /// The service has to give it back or to use it, so that its database holds it.
    is_kept: bool,
}

/// The hunt: a server that logs all it can, what was planted, and what was answered.
struct Hunt {
    app: TestApp,
    server: Server,
    canaries: Vec<Canary>,
    answers: Vec<(String, String)>,
}

/// An answer, as text.
fn ask(server: &Server, method: &str, path: &str, head: &[(&str, &str)], body: &str) -> (u16, String, String) {
    let agent = ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0).build().new_agent();
    let mut request = ureq::http::Request::builder().method(method).uri(server.url(path));
    for (name, value) in head {
        request = request.header(*name, *value);
    }
    let mut answer = agent.run(request.body(body.to_owned()).unwrap()).unwrap();
    let cookies = answer.headers().get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
    let cookies = cookies.collect::<Vec<_>>().join("; ");
    (answer.status().as_u16(), answer.body_mut().read_to_string().unwrap(), cookies)
}

const JSON: (&str, &str) = ("Content-Type", "application/json");

impl Hunt {
    async fn start(backend: Backend) -> Self {
        let app = TestApp::new(backend).await;
        let mut hunt = Self { server: Server::start(&app), app, canaries: Vec::new(), answers: Vec::new() };
        let settings = ["mail password", "bucket key", "single sign-on secret"].map(|what| hunt.plant(what));
        let mut command = Command::new(MERCAT);
        command.args(["serve", "--listen", "127.0.0.1:0"]).args(place(&hunt.app)).env("MERCAT__LOG__FILTER", "trace");
        let names = ["MERCAT__MAIL__PASSWORD", "MERCAT__ATTACHMENTS__SECRET_KEY", "MERCAT__OIDC__CLIENT_SECRET"];
        command.envs(names.into_iter().zip(settings));
        command.envs([("MERCAT__MAIL__USERNAME", "mercat"), ("MERCAT__ATTACHMENTS__ACCESS_KEY", "mercat")]);
        hunt.server.stop();
        hunt.server = Server::run(&mut command);
        hunt
    }

    /// A new secret that somebody brings.
    fn plant(&mut self, what: &'static str) -> String {
        let text = format!("canary-{}-{:016x}", self.canaries.len(), rand::random::<u64>());
        self.canaries.push(Canary { what, text: text.clone(), is_kept: false });
        text
    }

    /// A secret that the service has made.
    fn made(&mut self, what: &'static str, text: &Value) -> String {
        let text = text.as_str().unwrap_or_else(|| panic!("no {what}")).to_owned();
        self.canaries.push(Canary { what, text: text.clone(), is_kept: false });
        text
    }

    /// Asks for something whose answer is told whoever planted, or is meant to show a secret.
    fn give(&self, token: &str, path: &str, body: &Value) -> (u16, Value) {
        let (token, key) = (format!("Token {token}"), format!("hunt-{}", rand::random::<u64>()));
        // Answers are kept under their keys.
        let mut head = vec![JSON, ("Idempotency-Key", key.as_str())];
        if token != "Token " {
            head.push(("Authorization", &token));
        }
        let (status, text, _) = ask(&self.server, "POST", path, &head, &body.to_string());
        (status, serde_json::from_str(&text).unwrap_or_default())
    }

    /// Asks for something whose answer must not hold a secret.
    fn see(&mut self, authorization: &str, method: &str, path: &str, body: &str) -> u16 {
        let head = [JSON, ("Authorization", authorization)];
        let head = if authorization.is_empty() { &head[..1] } else { &head };
        let (status, text, _) = ask(&self.server, method, path, head, body);
        self.answers.push((format!("{method} {path}"), text));
        status
    }

    /// Passwords, right and wrong ones, with the tokens that they open.
    fn passwords(&mut self) -> String {
        let person = self.app.world.users["mgr"];
        let first = self.plant("password that staff set");
        let set =
            self.give("token-staff", &format!("/api/users/{person}/password/"), &json!({ "new_password": first }));
        assert_eq!(set.0, 200, "{}", set.1);
        let (status, answer) = self.give("", "/api-auth/password/", &json!({ "username": "mgr", "password": first }));
        assert_eq!(status, 200, "{answer}");
        let token = self.made("token by a password", &answer["token"]);
        let second = self.plant("password that somebody chose");
        let path = format!("/api/users/{person}/change_password/");
        assert_eq!(self.give(&token, &path, &json!({ "new_password": second })).0, 200);
        let wrong = self.plant("password that is wrong");
        for body in [
            json!({ "username": "mgr", "password": wrong }).to_string(),
            json!({ "username": "mgr", "password": [wrong] }).to_string(),
            json!({ "username": wrong, "password": "x" }).to_string(),
            format!(r#"{{"username": "mgr", "password": "{wrong}""#),
        ] {
            assert!(self.see("", "POST", "/api-auth/password/", &body) < 500);
        }
        let weak = json!({ "new_password": [self.plant("password in a list")] }).to_string();
        assert_eq!(self.see(&format!("Token {token}"), "POST", &path, &weak), 400);
        let form = format!("username=mgr&password={second}&next=%2F");
        let (status, page, cookie) = ask(
            &self.server,
            "POST",
            "/login/",
            &[("Content-Type", "application/x-www-form-urlencoded"), ("Origin", &self.server.base.clone())],
            &form,
        );
        assert_eq!(status, 303, "{page}");
        let secret = cookie.split(['=', ';']).nth(1).unwrap_or_default();
        self.made("cookie", &json!(secret));
        self.answers.push(("sign-in page".to_owned(), page));
        token
    }

    /// Tokens, right and wrong ones.
    fn tokens(&mut self, token: &str) -> String {
        let person = self.app.world.users["mgr"];
        let (status, answer) = self.give(token, &format!("/api/users/{person}/refresh_token/"), &json!({}));
        assert!(status < 300, "{status}");
        let fresh = self.made("token that replaced another", &answer["token"]);
        let wrong = self.plant("token that nobody has");
        for authorization in [format!("Token {wrong}"), format!("Bearer {wrong}"), format!("Basic {wrong}"), wrong] {
            assert_eq!(self.see(&authorization, "GET", "/api/marketplace-orders/", ""), 401, "{authorization}");
        }
        fresh
    }

    /// What the service signs with, and what an offering is operated with.
    async fn others(&mut self, token: &str) -> [String; 2] {
        let hook = json!({ "destination_url": "https://receiver.example/hook" });
        let (status, answer) = self.give(token, "/api/webhooks/", &hook);
        assert_eq!(status, 201, "{answer}");
        self.made("secret of a webhook", &answer["secret"]);
        let path = format!("/api/webhooks/{}/rotate_secret/", answer["uuid"].as_str().unwrap());
        let (status, answer) = self.give(token, &path, &json!({}));
        assert!(status < 300, "{answer}");
        self.made("new secret of a webhook", &answer["secret"]);
        let offered = self.app.offering("Marketplace.Slurm").await;
        let secret = self.plant("secret option of an offering");
        self.canaries.last_mut().unwrap().is_kept = true;
        let path = format!("/api/marketplace-provider-offerings/{}/update_integration/", offered.id);
        let options = json!({ "secret_options": { "password": secret } });
        assert!(self.give("token-vown", &path, &options).0 < 300);
        let order = self.app.order_body(&offered);
        let mut credentials = order.clone();
        let secret = self.plant("credentials in a callback address");
        credentials["callback_url"] = json!(format!("https://user:{secret}@receiver.example/"));
        let (status, answer) = self.give(token, "/api/marketplace-orders/", &credentials);
        assert_eq!(status, 400, "{answer}");
        let cloud = self.app.tenants().await;
        let mut tenant = self.app.order_body(&cloud);
        for name in ["user_username", "user_password"] {
            tenant["attributes"][name] = json!(self.plant(name));
            self.canaries.last_mut().unwrap().is_kept = true;
        }
        let (status, answer) = self.give(token, "/api/marketplace-orders/", &tenant);
        assert_eq!(status, 201, "{answer}");
        let (status, other) = self.give(token, "/api/marketplace-orders/", &order);
        assert_eq!(status, 201, "{other}");
        [answer, other].map(|order| order["uuid"].as_str().unwrap().to_owned())
    }

    /// Everything that everybody can read.
    fn read_all(&mut self, token: &str, orders: &[String]) {
        let lists = [
            "orders",
            "resources",
            "provider-resources",
            "public-offerings",
            "provider-offerings",
            "service-providers",
        ];
        let mut paths: Vec<String> = lists.iter().map(|list| format!("/api/marketplace-{list}/")).collect();
        let others = [
            "event-feed",
            "events",
            "webhooks",
            "hooks",
            "deliveries",
            "users",
            "users/me",
            "projects",
            "customers",
            "configuration",
            "event-subscriptions",
            "notification-preferences",
        ];
        paths.extend(others.map(|path| format!("/api/{path}/")));
        for order in orders {
            let of = ["history/", "explain/", "offering/", "resource/", ""];
            paths.extend(of.map(|of| format!("/api/marketplace-orders/{order}/{of}")));
        }
        paths.extend(["/metrics", "/health/ready"].map(str::to_owned));
        for path in paths {
            // Staff may operate offerings, and so see what they are operated with.
            let operates = path.ends_with("provider-offerings/");
            let staff = (!operates).then_some("token-staff");
            for token in staff.into_iter().chain(["token-support", "token-own", "token-mem", token]) {
                let status = self.see(&format!("Token {token}"), "GET", &path, "");
                assert!(status < 500, "{path}: {status}");
            }
        }
    }

    /// The whole database, as text.
    async fn database(&self) -> String {
        if self.app.backend == Backend::Sqlite {
            return String::new();
        }
        let statement = Statement::from_string(
            sea_orm::DbBackend::Postgres,
            "SELECT set_config('xmlbinary', 'hex', true), database_to_xml(true, false, '')::text",
        );
        let row = self.app.app.db.read().query_one_raw(statement).await.unwrap().unwrap();
        row.try_get_by_index(1).unwrap()
    }
}

/// A text as hexadecimal digits, in small letters and in large ones.
fn hex(text: &str) -> [String; 2] {
    let small: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
    [small.to_uppercase(), small]
}

/// Every file below a folder, but the key: as text, whatever it holds.
fn files(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if !path.ends_with("secret.key") {
            let content = std::fs::read(&path).unwrap();
            found.push((path.display().to_string(), String::from_utf8_lossy(&content).into_owned()));
        }
    }
}

async fn hunt(backend: Backend) {
    let mut hunt = Hunt::start(backend).await;
    let token = hunt.passwords();
    let token = hunt.tokens(&token);
    let orders = hunt.others(&token).await;
    hunt.read_all(&token, &orders);
    let place = place(&hunt.app);
    let arguments: Vec<&str> = ["doctor"].into_iter().chain(place.iter().map(String::as_str)).collect();
    let (_, out, err) = mercat(&arguments, "");
    let key = std::fs::read_to_string(hunt.app.folder().join("secret.key")).unwrap();
    hunt.made("secret key", &json!(key.trim()));
    let mut databases = vec![("database".to_owned(), hunt.database().await)];
    let mut left = vec![("doctor".to_owned(), out + &err)];
    // A crash leaves its files as they are.
    hunt.server.kill();
    files(hunt.app.folder(), &mut databases);
    let log = hunt.server.log();
    assert!(log.contains("TRACE") && log.contains("/api-auth/password/"), "it logs what it can");
    assert!(log.contains("a token was made") && log.contains("sign-in refused: wrong name or password"), "{log}");
    left.push(("log".to_owned(), log));
    left.append(&mut hunt.answers);
    // The database writes bytes, such as answers that were kept, as digits.
    let is_found = |canary: &Canary, (_, text): &&(String, String)| {
        text.contains(&canary.text) || hex(&canary.text).iter().any(|digits| text.contains(digits))
    };
    if backend == Backend::Postgres {
        let kept = hex("created_by_username");
        assert!(kept.iter().any(|digits| databases[0].1.contains(digits)), "the hunt sees answers that were kept");
    }
    let mut found = Vec::new();
    for canary in &hunt.canaries {
        let places = left.iter().chain(databases.iter().filter(|_| !canary.is_kept));
        found.extend(
            places.filter(|place| is_found(canary, place)).map(|(place, _)| format!("{} in {place}", canary.what)),
        );
    }
    assert!(found.is_empty(), "{found:#?}");
    let kept = hunt.canaries.iter().filter(|canary| canary.is_kept);
    let seen = |canary: &Canary| databases.iter().any(|place| is_found(canary, &place));
    assert!(kept.into_iter().all(seen), "what the database holds is found there: the hunt can see");
    assert!(hunt.canaries.len() > 12, "{} canaries", hunt.canaries.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn canaries_are_nowhere_on_sqlite() {
    hunt(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn canaries_are_nowhere_on_postgres() {
    hunt(Backend::Postgres).await;
}
