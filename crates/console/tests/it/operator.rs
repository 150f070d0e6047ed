//! What operators look after.

use mercat_app::jobs;
use mercat_testkit::both;
use serde_json::json;

use crate::support::{Browser, html, told};

both! {
    async fn only_operators_see_these_pages(app: TestApp) {
        let (organisation, project, person) = (app.world.consumer, app.world.project, app.world.users["mgr"]);
        for path in [
            "/admin/organisations/", "/admin/organisations/new/", "/admin/projects/", "/admin/people/", "/admin/people/new/", "/admin/roles/",
            "/admin/tokens/", "/admin/jobs/", "/admin/messages/", "/admin/webhooks/", "/admin/health/",
            &format!("/admin/organisations/{organisation}/"), &format!("/admin/projects/{project}/"), &format!("/admin/people/{person}/"),
        ] {
            for (who, status) in [("staff", 200), ("support", 200), ("own", 404), ("vown", 404), ("user", 404)] {
                Browser::of(&app, who).await.open(path).await.expect(status);
            }
            Browser::new(&app).open(path).await.expect(303);
        }
        // Support sees, and changes nothing.
        let page = html(&Browser::of(&app, "support").await.open("/admin/organisations/new/").await.expect(200));
        assert!(page.contains("disabled") && page.contains("only staff may change it"), "{page}");
        for (path, fields) in [
            ("/admin/organisations/new/", &[("do", "make"), ("name", "Mine")][..]),
            ("/admin/people/new/", &[("do", "make"), ("username", "mine")]),
            (&format!("/admin/people/{person}/"), &[("do", "password"), ("new_password", "long enough")]),
            (&format!("/admin/organisations/{organisation}/"), &[("do", "add-member"), ("user", "user"), ("role", "CUSTOMER.OWNER")]),
        ] {
            let reply = Browser::of(&app, "support").await.send(path, fields).await;
            assert!([400, 403].contains(&reply.status.as_u16()), "{path}: {}", reply.status);
            Browser::of(&app, "own").await.send(path, fields).await.expect(404);
        }
        assert!(!html(&Browser::of(&app, "own").await.open("/").await).contains("/admin/"));
    }

    async fn an_organisation_with_a_project_and_people(app: TestApp) {
        let mut staff = Browser::of(&app, "staff").await;
        let wrong = staff.fill("/admin/organisations/new/", "make", "", &[("name", ""), ("email", "a@b.example")]).await.expect(400);
        assert!(told(&wrong, "name").contains("This field is required.") && html(&wrong).contains("a@b.example"), "what was typed stays");
        let made = staff.fill("/admin/organisations/new/", "make", "", &[("name", "Uni <1>"), ("abbreviation", "U1")]).await.expect(303);
        let organisation = made.header("location").to_owned();
        let made = staff.fill(&organisation, "add-project", "", &[("name", "Bees"), ("end_date", "2030-01-31")]).await.expect(303);
        let project = made.header("location").to_owned();
        assert!(html(&staff.open(&organisation).await).contains("Bees"));
        let roles = html(&staff.open(&project).await);
        let (before, _) = roles.split_once("\">PROJECT.MANAGER").expect("the role is offered");
        let role = before.rsplit_once("value=\"").unwrap().1.to_owned();
        let wrong = staff.fill(&project, "add-member", "", &[("user", "nobody"), ("role", &role)]).await.expect(400);
        assert!(told(&wrong, "user").contains("There is no such active user.") && html(&wrong).contains("value=\"nobody\""), "{}", html(&wrong));
        let wrong = staff.fill(&project, "add-member", "", &[("user", "user"), ("role", &role), ("expiration_time", "2001-01-01")]).await.expect(400);
        assert!(told(&wrong, "expiration_time").contains("greater than the current time"), "{}", html(&wrong));
        staff.fill(&project, "add-member", "", &[("user", "user"), ("role", &role), ("expiration_time", "2029-01-01")]).await.expect(303);
        let page = staff.open(&project).await.expect(200);
        let text = html(&page);
        let (before, _) = text.split_once("aria-label=\"Take away: user").expect("the member has a button");
        let held = before.rsplit_once("name=\"id\" value=\"").unwrap().1.split('"').next().unwrap().to_owned();
        assert!(html(&staff.open(&format!("/admin/people/{}/", app.world.users["user"])).await).contains("PROJECT.MANAGER"));
        staff.fill(&project, "remove-member", &held, &[]).await.expect(303);
        assert!(!html(&staff.open(&project).await).contains("Take away: user"));
        staff.fill(&organisation, "save", "", &[("name", "Uni 2"), ("blocked", "1")]).await.expect(303);
        for path in ["organisations/?q=uni", "organisations/", "projects/", "people/", "people/?q=user%20test"] {
            let page = html(&staff.open(&format!("/admin/{path}")).await);
            assert!(["Uni 2", "Bees", "USER Test"].iter().any(|name| page.contains(name)), "{path}: {page}");
        }
        let kept = staff.fill(&organisation, "remove", "", &[]).await.expect(409);
        assert!(html(&kept).contains("with existing projects"), "{}", html(&kept));
        assert_eq!(staff.fill(&project, "remove", "", &[]).await.expect(303).header("location"), "/admin/projects/?done=1");
        staff.open(&project).await.expect(404);
    }

    async fn accounts(app: TestApp) {
        let mut staff = Browser::of(&app, "staff").await;
        let taken = staff.fill("/admin/people/new/", "make", "", &[("username", "own"), ("new_password", "right horse")]).await.expect(400);
        assert!(!told(&taken, "username").is_empty() && !html(&taken).contains("right horse"), "{}", html(&taken));
        let short = staff.fill("/admin/people/new/", "make", "", &[("username", "eve"), ("new_password", "short")]).await.expect(400);
        assert!(told(&short, "new_password").contains("too short"));
        let made = staff.fill("/admin/people/new/", "make", "", &[("username", "eve"), ("first_name", "Eve"), ("is_active", "1"), ("new_password", "right horse")]).await.expect(303);
        let page = made.header("location").to_owned();
        let mut eve = Browser::new(&app);
        eve.send("/login/", &[("username", "eve"), ("password", "right horse")]).await.expect(303);
        eve.open("/").await.expect(200);
        staff.fill(&page, "password", "", &[("new_password", "other horse")]).await.expect(303);
        eve.open("/").await.expect(303);
        staff.fill(&page, "save", "", &[("username", "eve"), ("first_name", "Eve"), ("registration_method", "default")]).await.expect(303);
        assert!(html(&staff.open(&page).await).contains("switched off"));
        Browser::new(&app).send("/login/", &[("username", "eve"), ("password", "other horse")]).await.expect(401);
    }

    async fn roles_are_switched(app: TestApp) {
        let mut staff = Browser::of(&app, "staff").await;
        let path = "/admin/roles/";
        let page = html(&staff.open(&format!("{path}?q=PROJECT.MANAGER")).await);
        let (before, _) = page.split_once("aria-label=\"Give to nobody new: PROJECT.MANAGER").unwrap();
        let id = before.rsplit_once("name=\"id\" value=\"").unwrap().1.split('"').next().unwrap().to_owned();
        staff.fill(path, "disable", &id, &[]).await.expect(303);
        assert!(html(&staff.open(path).await).contains("Give again: PROJECT.MANAGER"));
        let none = staff.send(path, &[("do", "explode"), ("id", &id)]).await.expect(400);
        assert!(html(&none).contains("no button of this page"), "{}", html(&none));
        Browser::of(&app, "support").await.send(path, &[("do", "enable"), ("id", &id)]).await.expect(403);
        staff.fill(path, "enable", &id, &[]).await.expect(303);
    }
    async fn jobs_messages_and_webhooks(app: TestApp) {
        jobs::ensure_standing(&app.app).await.unwrap();
        let mut staff = Browser::of(&app, "staff").await;
        let page = html(&staff.open("/admin/jobs/").await.expect(200));
        let (before, _) = page.split_once("aria-label=\"Do it now: next prices").expect("it waits for the next month");
        let id = before.rsplit_once("name=\"id\" value=\"").unwrap().1.split('"').next().unwrap().to_owned();
        Browser::of(&app, "support").await.send("/admin/jobs/", &[("do", "run"), ("id", &id)]).await.expect(403);
        staff.fill("/admin/jobs/", "run", &id, &[]).await.expect(303);
        assert!(!html(&staff.open("/admin/jobs/").await).contains("Do it now: next prices"), "it is due");
        assert!(html(&staff.open("/admin/jobs/?which=failing").await).contains("Nothing waits"));

        let body = json!({ "destination_url": "https://example.org/?a&b", "event_types": ["order.*"] });
        app.post_json("own", "/api/webhooks/", body).await.expect(201);
        let page = html(&staff.open("/admin/webhooks/").await.expect(200));
        assert!(page.contains("https://example.org/?a&#38;b"), "{page}");
        let (before, _) = page.split_once("aria-label=\"Switch off: https").unwrap();
        let id = before.rsplit_once("name=\"id\" value=\"").unwrap().1.split('"').next().unwrap().to_owned();
        staff.fill("/admin/webhooks/", "off", &id, &[]).await.expect(303);
        assert!(html(&staff.open("/admin/webhooks/").await).contains("Switch on: https"));

        let offered = app.offering("Marketplace.Slurm").await;
        app.order("mgr", &offered).await;
        let page = html(&staff.open("/admin/messages/?state=pending").await.expect(200));
        assert!(page.contains("its order") && page.contains("mail"), "{page}");
        assert!(html(&staff.open("/admin/messages/?state=dead").await).contains("No message is like this"));
        let health = html(&staff.open("/admin/health/").await.expect(200));
        assert!(health.contains("server.strict") && health.contains("Jobs that are late"), "{health}");
    }
}
