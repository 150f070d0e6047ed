//! Signing in by another service.

use std::sync::Arc;

use axum::body::Body;
use futures_util::{FutureExt as _, future::BoxFuture};
use http::{Method, header};
use mercat_app::structure::Vouched;
use mercat_console::{Elsewhere, Surroundings};
use mercat_testkit::{Reply, TestApp, both};

use crate::support::{around, html};

/// A service that vouches for whomever the code names.
struct Service {
    makes_accounts: bool,
}

impl Elsewhere for Service {
    fn title(&self) -> &str {
        "Campus <login>"
    }

    fn makes_accounts(&self) -> bool {
        self.makes_accounts
    }

    fn begin(&self) -> BoxFuture<'_, Result<(String, String), String>> {
        async { Ok(("https://login.example.org/?state=s".to_owned(), "what=is kept".to_owned())) }.boxed()
    }

    fn finish(&self, kept: String, state: String, code: String) -> BoxFuture<'_, Result<Vouched, String>> {
        async move {
            if kept != "what=is kept" || state != "s" {
                return Err("not begun here".to_owned());
            }
            let text = str::to_owned;
            Ok(Vouched {
                username: code,
                email: text("e@example.org"),
                first_name: text("Eve"),
                last_name: text("<b>"),
            })
        }
        .boxed()
    }
}

async fn open(app: &TestApp, makes_accounts: bool, path: &str, cookie: &str) -> Reply {
    let around = Surroundings { elsewhere: Some(Arc::new(Service { makes_accounts })), ..around(Vec::new()) };
    let request = app.request("", Method::GET, path).header(header::COOKIE, cookie).body(Body::empty()).unwrap();
    app.send_to(mercat_console::router(app.app.clone(), around), request).await
}

fn cookies(reply: &Reply) -> Vec<String> {
    reply.headers.get_all(header::SET_COOKIE).iter().map(|value| value.to_str().unwrap().to_owned()).collect()
}

/// Goes there and comes back as somebody.
async fn came_back(app: &TestApp, makes_accounts: bool, name: &str) -> Reply {
    let sent = open(app, makes_accounts, "/login/elsewhere/?next=%2Forders%2F", "").await.expect(303);
    assert_eq!(sent.header("location"), "https://login.example.org/?state=s");
    let kept = cookies(&sent).remove(0);
    assert!(kept.contains("; Path=/login/elsewhere/; Max-Age=600; HttpOnly; SameSite=Lax"), "{kept}");
    let kept = kept.split(';').next().unwrap().to_owned();
    open(app, makes_accounts, &format!("/login/elsewhere/back/?state=s&code={name}"), &kept).await
}

async fn account(app: &TestApp, name: &str) -> serde_json::Value {
    app.get("staff", &format!("/api/users/?username={name}")).await.expect(200).json()
}

both! {
    async fn whoever_it_vouches_for_gets_an_account(app: TestApp) {
        let page = html(&open(&app, true, "/login/?next=%2Forders%2F", "").await.expect(200));
        assert!(page.contains("href=\"/login/elsewhere/?next=%2Forders%2F\">Sign in by Campus &#60;login&#62;"), "{page}");
        let back = came_back(&app, true, "eve").await.expect(303);
        assert_eq!(back.header("location"), "/orders/");
        let session = cookies(&back).into_iter().find(|cookie| cookie.starts_with("mercat_session=")).unwrap();
        assert!(cookies(&back).iter().any(|cookie| cookie.starts_with("mercat_elsewhere=;") && cookie.contains("Max-Age=0")));
        open(&app, true, "/", session.split(';').next().unwrap()).await.expect(200);
        let eve = account(&app, "eve").await;
        assert_eq!((eve[0]["full_name"].as_str(), eve[0]["is_staff"].as_bool()), (Some("Eve <b>"), Some(false)));
        came_back(&app, true, "eve").await.expect(303);
        assert_eq!(account(&app, "eve").await.as_array().unwrap().len(), 1, "the same account");
    }

    async fn nobody_becomes_somebody_else_by_a_name(app: TestApp) {
        for name in ["staff", "own"] {
            let refused = came_back(&app, true, name).await.expect(403);
            assert!(html(&refused).contains("one of the same name has a password of its own"));
            assert!(cookies(&refused).iter().all(|cookie| !cookie.starts_with("mercat_session=")));
        }
        came_back(&app, false, "eve").await.expect(403);
        came_back(&app, true, "%00").await.expect(403);
        came_back(&app, true, "").await.expect(403);
        came_back(&app, true, &"x".repeat(200)).await.expect(403);
        assert_eq!(account(&app, "eve").await.as_array().unwrap().len(), 0);
        // Staff open an account to it, and close it again.
        let path = format!("/admin/people/{}/", app.world.users["own"]);
        let mut staff = crate::support::Browser::of(&app, "staff").await;
        let open_to = [("username", "own"), ("is_active", "1"), ("registration_method", "oidc")];
        staff.fill(&path, "save", "", &open_to).await.expect(303);
        came_back(&app, false, "own").await.expect(303);
        staff.fill(&path, "save", "", &[("username", "own"), ("registration_method", "oidc")]).await.expect(303);
        came_back(&app, false, "own").await.expect(403);
    }

    async fn what_was_not_begun_here_signs_in_nobody(app: TestApp) {
        for (query, cookie) in [("", ""), ("?state=s&code=own", ""), ("?state=s&code=own", "mercat_elsewhere=%%"), ("?state=t&code=own", "mercat_elsewhere=a2VwdD13aGF0JTNEaXMra2VwdA")] {
            let refused = open(&app, true, &format!("/login/elsewhere/back/{query}"), cookie).await.expect(401);
            assert!(html(&refused).contains("You are not signed in"));
        }
        // Without another service there is nothing.
        for path in ["/login/elsewhere/", "/login/elsewhere/back/?state=s&code=own"] {
            crate::support::open(&app, path).await.expect(404);
        }
    }
}
