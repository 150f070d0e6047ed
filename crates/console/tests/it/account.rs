//! One's own account, and tokens.

use mercat_testkit::both;

use crate::support::{Browser, html, told};

const PLACE: &str = "/account/";

both! {
    async fn a_token_is_shown_once(app: TestApp) {
        let mut own = Browser::of(&app, "own").await;
        for (typed, field, message) in [
            ([("name", ""), ("days", "1")], "name", "This field is required."),
            ([("name", "x"), ("days", "soon")], "days", "A valid integer is required."),
            ([("name", "x"), ("days", "0")], "days", "between 1 and 3650"),
        ] {
            let wrong = own.fill(PLACE, "make-token", "", &typed).await.expect(400);
            assert!(told(&wrong, field).contains(message), "{typed:?}: {}", html(&wrong));
        }
        let page = own.open(PLACE).await.expect(200);
        let key = crate::support::key(&page, "make-token", "");
        let fields = [("do", "make-token"), ("id", ""), ("key", key.as_str()), ("name", "my <script>"), ("days", "")];
        let made = html(&own.send(PLACE, &fields).await.expect(200));
        let (_, rest) = made.split_once("<pre id=\"secret\">").unwrap();
        let secret = rest.split('<').next().unwrap();
        let me = app.get_as(&format!("Token {secret}"), "/api/users/me/").await.expect(200);
        assert_eq!(me.json()["username"], "own");
        let again = html(&own.send(PLACE, &fields).await.expect(200));
        assert!(again.contains("was sent before") && !again.contains(secret), "{again}");
        let page = html(&own.open(PLACE).await.expect(200));
        assert!(page.contains("my &#60;script&#62;") && page.contains("never") && page.contains("this one") && !page.contains(secret));

        // Operators see it and may end it; others do not.
        let (before, _) = page.split_once("aria-label=\"End: my ").unwrap();
        let id = before.rsplit_once("name=\"id\" value=\"").unwrap().1.split('"').next().unwrap().to_owned();
        assert!(html(&Browser::of(&app, "support").await.open("/admin/tokens/?q=script").await.expect(200)).contains("my &#60;script&#62;"));
        Browser::of(&app, "support").await.send("/admin/tokens/", &[("do", "end"), ("id", &id)]).await.expect(403);
        Browser::of(&app, "mgr").await.send(PLACE, &[("do", "end"), ("id", &id)]).await.expect(404);
        app.get_as(&format!("Token {secret}"), "/api/users/me/").await.expect(200);
        own.fill(PLACE, "end", &id, &[]).await.expect(303);
        app.get_as(&format!("Token {secret}"), "/api/users/me/").await.expect(401);
    }

    async fn a_new_password_ends_other_sessions(app: TestApp) {
        let (mut here, mut there) = (Browser::of(&app, "own").await, Browser::of(&app, "own").await);
        let short = here.fill(PLACE, "password", "", &[("new_password", "short")]).await.expect(400);
        assert!(told(&short, "new_password").contains("too short"), "{}", html(&short));
        here.fill(PLACE, "password", "", &[("new_password", "battery staple")]).await.expect(303);
        here.open(PLACE).await.expect(200);
        there.open(PLACE).await.expect(303);
        Browser::new(&app).send("/login/", &[("username", "own"), ("password", "battery staple")]).await.expect(303);
    }
}
