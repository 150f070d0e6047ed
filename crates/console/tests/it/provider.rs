//! What providers look after.

use http::Method;
use mercat_testkit::{TestApp, both};

use crate::support::{Browser, html, told};

const LIST: &str = "/provider/offerings/";
const NEW: &str = "/provider/offerings/new/";

/// V offers things.
async fn provide(app: &TestApp) {
    let path = format!("/admin/organisations/{}/", app.world.provider);
    Browser::of(app, "staff").await.fill(&path, "provide", "", &[]).await.expect(303);
}

/// The id of the one component or plan that `part` says.
async fn part(app: &TestApp, offering: &str, part: &str) -> String {
    let path = format!("/api/marketplace-provider-offerings/{offering}/");
    app.get("vown", &path).await.expect(200).json()[part][0]["uuid"].as_str().unwrap().to_owned()
}

both! {
    async fn each_sees_what_is_theirs(app: TestApp) {
        let offered = app.offering("Marketplace.Slurm").await;
        let page = format!("{LIST}{}/", offered.id);
        for (who, sees) in [("vown", true), ("omgr", true), ("staff", true), ("support", true), ("own", false), ("user", false)] {
            let mut browser = Browser::of(&app, who).await;
            let list = html(&browser.open(LIST).await.expect(200));
            assert_eq!(list.contains(&page), sees, "{who}: {list}");
            browser.open(&page).await.expect(if sees { 200 } else { 404 });
            browser.send(&page, &[("do", "archive")]).await.expect(match who { "vown" | "staff" => 303, "omgr" | "support" => 403, _ => 404 });
            app.post("staff", &format!("/api/marketplace-provider-offerings/{}/draft/", offered.id)).await;
            app.post("staff", &format!("/api/marketplace-provider-offerings/{}/activate/", offered.id)).await;
        }
        let nothing = html(&Browser::of(&app, "vown").await.open("/provider/offerings/?state=Archived").await.expect(200));
        assert!(nothing.contains("Offerings come here when"), "{nothing}");
        Browser::new(&app).open(LIST).await.expect(303);
        for path in ["/provider/offerings/nonsense/", "/provider/offerings/00000000000000000000000000000001/"] {
            Browser::of(&app, "staff").await.open(path).await.expect(404);
        }
    }

    async fn from_a_draft_to_the_catalogue_and_out_of_it(app: TestApp) {
        provide(&app).await;
        let mut vown = Browser::of(&app, "vown").await;
        let (customer, category) = (app.world.provider.to_string(), app.world.category.to_string());
        let basics = [("name", "<Lab> hours"), ("customer_id", customer.as_str()), ("category_id", &category), ("offering_type", "Marketplace.Basic")];
        let made = vown.fill(NEW, "make", "", &basics).await.expect(303);
        let path = made.header("location").to_owned();
        let id = path.trim_start_matches(LIST).trim_end_matches('/').to_owned();
        let page = html(&vown.open(&path).await.expect(200));
        assert!(page.contains("&#60;Lab&#62; hours") && page.contains(">Draft<"), "{page}");

        let component = [("kind", "hours"), ("name", "Hours"), ("measured_unit", "h"), ("billing_type", "limit"), ("min_value", "1")];
        vown.fill(&path, "add-component", "", &component).await.expect(303);
        vown.fill(&path, "add-plan", "", &[("name", "Usual"), ("unit", "month")]).await.expect(303);
        let plan = part(&app, &id, "plans").await;
        let wrong = vown.fill(&path, "prices", &plan, &[("prices.hours", "-1")]).await.expect(400);
        assert!(told(&wrong, "prices.hours").contains("greater than or equal to 0"), "{}", html(&wrong));
        let wrong = vown.fill(&path, "prices", &plan, &[("prices.hours", "much")]).await.expect(400);
        assert!(told(&wrong, "prices.hours").contains("A valid number is required.") && html(&wrong).contains("value=\"much\""));
        vown.fill(&path, "prices", &plan, &[("prices.hours", "2.50")]).await.expect(303);
        let options = r#"{"order": ["why"], "options": {"why": {"label": "Why", "type": "string"}}}"#;
        vown.fill(&path, "options", "", &[("options", options)]).await.expect(303);
        let wrong = vown.fill(&path, "options", "", &[("options", r#"{"options": {"why": {"type": "riddle"}}}"#)]).await.expect(400);
        assert!(!told(&wrong, "options").is_empty() && html(&wrong).contains("riddle"), "{}", html(&wrong));
        let wrong = vown.fill(&path, "options", "", &[("options", "{")]).await.expect(400);
        assert!(told(&wrong, "options").contains("Value must be valid JSON."));

        vown.fill(&path, "activate", "", &[]).await.expect(303);
        let ordered = Browser::of(&app, "mgr").await.open(&format!("/catalogue/{id}/")).await.expect(200);
        assert!(html(&ordered).contains("option-why") && html(&ordered).contains("2.50"), "{}", html(&ordered));
        vown.fill(&path, "pause", "", &[("paused_reason", "Moving house")]).await.expect(303);
        assert!(html(&vown.open(&path).await).contains("Moving house"));
        vown.fill(&path, "unpause", "", &[]).await.expect(303);
        vown.fill(&path, "archive", "", &[]).await.expect(303);
        let shown = app.get("vown", &format!("/api/marketplace-provider-offerings/{id}/")).await.expect(200).json();
        assert_eq!((shown["state"].as_str(), shown["description"].as_str()), (Some("Archived"), Some("")));
        // What its state does not allow has no button, and does nothing.
        let late = vown.send(&path, &[("do", "unpause")]).await.expect(409);
        assert!(html(&late).contains("Nothing was done"), "{}", html(&late));
    }

    async fn components_and_plans_are_changed(app: TestApp) {
        let offered = app.offering("Marketplace.Slurm").await;
        let (path, id) = (format!("{LIST}{}/", offered.id), offered.id.to_string());
        let mut vown = Browser::of(&app, "vown").await;
        let cpu = part(&app, &id, "components").await;
        let fields = [("kind", "cpu"), ("name", "Cores"), ("billing_type", "limit"), ("min_value", "2")];
        vown.fill(&path, "change-component", &cpu, &fields).await.expect(303);
        assert!(html(&vown.open(&path).await).contains("Cores"));
        let wrong = vown.fill(&path, "change-component", &cpu, &[("kind", "c p u"), ("name", ""), ("billing_type", "limit"), ("min_value", "x")]).await.expect(400);
        assert!(told(&wrong, "name").contains("This field is required.") && told(&wrong, "min_value").contains("A valid integer"), "{}", html(&wrong));
        vown.fill(&path, "describe", "", &[("name", "Renamed"), ("category_id", &app.world.category.to_string())]).await.expect(303);
        assert!(html(&vown.open(&path).await).contains("Renamed"));
        let plan = offered.plan.to_string();
        vown.fill(&path, "archive-plan", &plan, &[]).await.expect(303);
        assert!(html(&vown.open(&path).await).contains("no longer sold"));
        // A second click of the same button does nothing more.
        let page = vown.open(&path).await.expect(200);
        let key = crate::support::key(&page, "add-plan", "");
        let twice = [("do", "add-plan"), ("id", ""), ("key", key.as_str()), ("name", "Once"), ("unit", "month")];
        vown.send(&path, &twice).await.expect(303);
        vown.send(&path, &twice).await.expect(303);
        assert_eq!(html(&vown.open(&path).await).matches("Prices of Once").count(), 1);
    }

    async fn orders_by_their_side(app: TestApp) {
        let offered = app.offering("Marketplace.Slurm").await;
        let order = app.order("mgr", &offered).await;
        for (who, side, sees) in [("vown", "provider", true), ("vown", "consumer", false), ("own", "provider", false), ("own", "consumer", true)] {
            let page = html(&Browser::of(&app, who).await.open(&format!("/orders/?q=side:{side}")).await.expect(200));
            assert_eq!(page.contains(&order), sees, "{who} {side}");
        }
        let wrong = html(&Browser::of(&app, "own").await.open("/orders/?q=side:dark").await);
        assert!(wrong.contains("is known for"), "{wrong}");
        let reply = app.send_to(crate::support::router(&app), app.request("", Method::GET, "/provider/").body(axum::body::Body::empty()).unwrap()).await;
        assert_eq!(reply.expect(308).header("location"), LIST);
    }
}
