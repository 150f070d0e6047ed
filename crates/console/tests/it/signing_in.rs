//! Signing in and out.

use chrono::TimeDelta;
use http::header;
use mercat_testkit::{TestApp, both};

use crate::support::{Browser, field, html};

const WRONG: &str = "The user name or the password is wrong.";

async fn set_password(app: &TestApp, who: &str, password: &str) {
    let path = format!("/api/users/{}/password/", app.world.users[who]);
    app.post_json("staff", &path, serde_json::json!({ "new_password": password })).await.expect(200);
}

both! {
    async fn what_is_sent_without_a_session_is_kept(app: TestApp) {
        let offered = app.offering("Marketplace.Slurm").await;
        let order = app.order("mgr", &offered).await;
        let path = format!("/orders/{order}/");
        let mut browser = Browser::of(&app, "own").await;
        let page = browser.open(&path).await.expect(200);
        let seen = crate::support::seen(&page, &path);
        let mut lost = Browser::new(&app);
        let asked = lost.send(&path, &[("seen", &seen), ("action", "approve_by_consumer"), ("reason", "<why> & so")]).await.expect(401);
        assert!(html(&asked).contains("What you sent is kept"), "{}", html(&asked));
        assert_eq!(crate::support::standing(&app, &order).await.0, "pending-consumer");
        let unescape = |text: String| text.replace("&#34;", "\"").replace("&#60;", "<").replace("&#62;", ">").replace("&#39;", "'").replace("&#38;", "&");
        let kept = unescape(field(&asked, "kept"));
        assert_eq!(field(&asked, "next"), path);
        let wrong = lost.send("/login/", &[("token", "nonsense"), ("next", &path), ("kept", &kept)]).await.expect(401);
        assert_eq!(unescape(field(&wrong, "kept")), kept, "a wrong token loses nothing");
        let offer = lost.send("/login/", &[("token", "token-own"), ("next", &path), ("kept", &kept)]).await.expect(200);
        let shown = html(&offer);
        assert!(shown.contains("You are signed in again") && shown.contains("&#60;why&#62; &#38; so"), "{shown}");
        assert_eq!(crate::support::standing(&app, &order).await.0, "pending-consumer", "only its button sends it");
        assert_eq!(unescape(field(&offer, "seen")), seen);
        lost.send(&path, &[("seen", &seen), ("action", "approve_by_consumer"), ("reason", "<why> & so")]).await.expect(303);
        assert_eq!(crate::support::standing(&app, &order).await.0, "pending-provider");
        let evil = lost.send("/login/", &[("token", "token-own"), ("next", "//evil.example/"), ("kept", &kept)]).await.expect(200);
        assert!(!html(&evil).contains("evil.example"), "it goes nowhere else");
    }

    async fn passwords_are_not_kept(app: TestApp) {
        let mut lost = Browser::new(&app);
        let fields = [("do", "password"), ("new_password", "very secret words"), ("note", "ü".repeat(5_000).leak())];
        let asked = lost.send("/account/", &fields).await.expect(401);
        assert!(!html(&asked).contains("secret words"));
        let kept = field(&asked, "kept").replace("&#38;", "&");
        assert!(kept.contains("new_password=&"), "all but the password is kept, however long");
        let offer = lost.send("/login/", &[("token", "token-own"), ("next", "/account/"), ("kept", &kept)]).await;
        let page = html(&offer.expect(200));
        assert!(page.contains("Passwords are not kept") && !page.contains("Send it now"));
    }

    async fn a_character_that_no_database_takes_is_refused(app: TestApp) {
        let mut browser = Browser::of(&app, "own").await;
        for path in ["/login/", "/account/", "/orders/bulk/"] {
            let reply = browser.send(path, &[("username", "a\0b"), ("password", "x"), ("name", "\0")]).await.expect(400);
            assert!(html(&reply).contains("the character NUL"), "{path}: {}", html(&reply));
        }
        for path in ["/orders/?q=%00", "/catalogue/?q=%00", "/resources/?q=%00", "/admin/?q=%00", "/?done=%00"] {
            let status = browser.open(path).await.status;
            assert!(status.as_u16() < 500, "{path} gave {status}");
        }
    }

    async fn nobody_sees_anything_before(app: TestApp) {
        let mut browser = Browser::new(&app);
        for (path, next) in [("/", "%2F"), ("/?done=1", "%2F%3Fdone%3D1"), ("/orders/1/", "%2Forders%2F1%2F")] {
            let reply = browser.open(path).await.expect(303);
            assert_eq!(reply.header("location"), format!("/login/?next={next}"));
        }
        let page = html(&browser.open("/login/?next=%2Forders%2F1%2F").await.expect(200));
        assert!(page.contains(r#"name="next" value="/orders/1/""#), "{page}");
        insta::assert_snapshot!("sign_in", page);
    }

    async fn a_password_opens_the_pages(app: TestApp) {
        set_password(&app, "own", "right horse").await;
        let mut browser = Browser::new(&app);
        for (name, password) in [("own", "wrong"), ("nobody", "right horse"), ("own", ""), ("", "")] {
            let reply = browser.send("/login/", &[("username", name), ("password", password)]).await.expect(401);
            let page = html(&reply);
            assert!(page.contains(WRONG) && page.contains(&format!("name=\"username\" value=\"{name}\"")), "{page}");
            assert!(!page.contains("right horse") && browser.cookie.is_empty());
        }
        let entered = [("username", " own "), ("password", "right horse"), ("next", "/orders/1/")];
        let reply = browser.send("/login/", &entered).await.expect(303);
        assert_eq!(reply.header("location"), "/orders/1/");
        browser.open("/").await.expect(200);
        let first = browser.cookie.clone();
        browser.send("/login/", &entered).await.expect(303);
        assert_ne!(first, browser.cookie, "each sign-in has a cookie of its own");
        let mut thief = Browser::new(&app);
        thief.cookie = first;
        thief.open("/").await.expect(303);
        // Signing out ends it for all who have the cookie.
        thief.cookie = browser.cookie.clone();
        thief.open("/").await.expect(200);
        browser.send("/logout/", &[]).await.expect(303);
        assert!(browser.cookie.is_empty());
        thief.open("/").await.expect(303);
    }

    async fn other_ways_in(app: TestApp) {
        let mut browser = Browser::new(&app);
        let page = html(&browser.send("/login/", &[("token", "nonsense")]).await.expect(401));
        assert!(page.contains("This token is not known") && !page.contains("nonsense"), "{page}");
        browser.send("/login/", &[("token", " token-own ")]).await.expect(303);
        assert!(!browser.cookie.contains("token-own"), "the browser keeps a token of its own");
        assert!(html(&browser.open("/").await.expect(200)).contains("Sign out"));
        // People of the demo, and no others.
        let mut browser = Browser::new(&app);
        browser.send("/login/", &[("as", "own")]).await.expect(401);
        browser.send("/login/", &[("as", "staff")]).await.expect(303);
        browser.open("/").await.expect(200);
    }

    async fn nobody_is_led_to_another_site(app: TestApp) {
        let mut browser = Browser::new(&app);
        for next in ["https://evil.example/", "//evil.example/", "/\\evil.example", "evil", "", "/\r\nX: y", "/\t/evil"] {
            let reply = browser.send("/login/", &[("token", "token-own"), ("next", next)]).await.expect(303);
            assert_eq!(reply.header("location"), "/", "{next:?}");
        }
    }

    async fn a_session_ends_when_it_is_not_used(app: TestApp) {
        let mut browser = Browser::of(&app, "own").await;
        app.clock.advance(TimeDelta::hours(11));
        browser.open("/").await.expect(200);
        app.clock.advance(TimeDelta::hours(11));
        browser.open("/").await.expect(200);
        app.clock.advance(TimeDelta::hours(13));
        browser.open("/").await.expect(303);
    }

    async fn passwords_cannot_be_guessed_for_long(app: TestApp) {
        set_password(&app, "own", "right horse").await;
        let mut browser = Browser::new(&app);
        for _ in 0..10 {
            browser.send("/login/", &[("username", "own"), ("password", "wrong")]).await.expect(401);
        }
        let right = [("username", "own"), ("password", "right horse")];
        let page = html(&browser.send("/login/", &right).await.expect(429));
        assert!(page.contains("Try again in 6 seconds."), "{page}");
        let body = serde_json::json!({"username": "own", "password": "right horse"});
        let reply = app.post_json("", "/api-auth/password/", body).await.expect(429);
        assert_eq!(reply.header("retry-after"), "6");
        app.clock.advance(TimeDelta::seconds(6));
        browser.send("/login/", &right).await.expect(303);
    }

    async fn other_sites_sign_nobody_in(app: TestApp) {
        let request = crate::support::form(&app, "/login/", "token=token-own");
        let (mut parts, body) = request.into_parts();
        parts.headers.insert(header::ORIGIN, "https://evil.example".parse().unwrap());
        let reply = crate::support::send(&app, http::Request::from_parts(parts, body)).await.expect(403);
        assert!(reply.headers.get(header::SET_COOKIE).is_none());
    }
}
