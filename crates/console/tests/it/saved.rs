//! Searches that people keep.

use mercat_testkit::both;

use crate::support::{Browser, field, html, told};

const PLACE: &str = "/orders/saved/";

both! {
    async fn kept_found_again_and_removed(app: TestApp) {
        let mut own = Browser::of(&app, "own").await;
        let list = html(&own.open("/orders/?q=is%3Aopen+%3C1%3E&sort=-cost").await.expect(200));
        let (before, _) = list.split_once("\">Keep this search").unwrap();
        let keep = before.rsplit_once("href=\"").unwrap().1.replace("&#38;", "&");
        let page = own.open(&keep).await.expect(200);
        assert!(html(&page).contains("is:open &#60;1&#62;"), "{}", html(&page));
        let query = field(&page, "query").replace("&#38;", "&");
        let wrong = own.fill(PLACE, "keep", "", &[("name", ""), ("query", &query)]).await.expect(400);
        assert!(told(&wrong, "name").contains("This field is required.") && html(&wrong).contains("sort=-cost"));
        let kept = own.fill(PLACE, "keep", "", &[("name", "Dear <b>"), ("query", &query)]).await.expect(303);
        assert_eq!(kept.header("location"), format!("/orders/?{query}"));
        let list = html(&own.open(kept.header("location")).await.expect(200));
        assert!(list.contains("aria-current=\"page\"><bdi>Dear &#60;b&#62;"), "{list}");
        // The same name again replaces it; another person has none of it.
        own.fill(PLACE, "keep", "", &[("name", "Dear <b>"), ("query", "q=is%3Adone")]).await.expect(303);
        let page = own.open(PLACE).await.expect(200);
        assert!(html(&page).contains("is:done") && !html(&page).contains("sort=-cost"));
        assert!(!html(&Browser::of(&app, "mgr").await.open(PLACE).await.expect(200)).contains("Dear"));
        let (before, _) = html(&page).split_once("aria-label=\"Remove: Dear").map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
        let id = before.rsplit_once("name=\"id\" value=\"").unwrap().1.split('"').next().unwrap().to_owned();
        Browser::of(&app, "mgr").await.send(PLACE, &[("do", "forget"), ("id", &id)]).await.expect(404);
        own.fill(PLACE, "forget", &id, &[]).await.expect(303);
        assert!(!html(&own.open(PLACE).await.expect(200)).contains("Dear"));
    }

    async fn the_list_begins_with_it(app: TestApp) {
        let mut own = Browser::of(&app, "own").await;
        own.fill(PLACE, "keep", "", &[("name", "A"), ("query", "q=is%3Aopen"), ("is_start", "1")]).await.expect(303);
        assert_eq!(own.open("/orders/").await.expect(303).header("location"), "/orders/?q=is%3Aopen");
        own.open("/orders/?q=").await.expect(200);
        own.fill(PLACE, "keep", "", &[("name", "B"), ("query", "q=is%3Adone"), ("is_start", "1")]).await.expect(303);
        assert_eq!(own.open("/orders/").await.expect(303).header("location"), "/orders/?q=is%3Adone", "one at a time");
        Browser::of(&app, "mgr").await.open("/orders/").await.expect(200);
        // What somebody makes of the address leads nowhere else.
        own.fill(PLACE, "keep", "", &[("name", "B"), ("query", "q=1#\r\nx: y"), ("is_start", "1")]).await.expect(303);
        let led = own.open("/orders/").await.expect(303);
        assert!(led.header("location").starts_with('/') && !led.header("location").starts_with("//"));
    }

    async fn shared_with_those_of_an_organisation(app: TestApp) {
        let consumer = app.world.consumer.to_string();
        let mut own = Browser::of(&app, "own").await;
        own.fill(PLACE, "keep", "", &[("name", "Ours"), ("query", "q=is%3Aopen"), ("shared_with", &consumer)]).await.expect(303);
        for (who, sees) in [("mgr", true), ("mem", true), ("vown", false), ("user", false), ("staff", false)] {
            let list = html(&Browser::of(&app, who).await.open("/orders/?q=").await.expect(200));
            assert_eq!(list.contains("<bdi>Ours</bdi>"), sees, "{who}");
        }
        let page = html(&Browser::of(&app, "mgr").await.open(PLACE).await.expect(200));
        assert!(page.contains("Ours") && !page.contains("Remove: Ours"), "{page}");
        let foreign = Browser::of(&app, "vown").await.send(PLACE, &[("do", "keep"), ("name", "X"), ("query", "q="), ("shared_with", &consumer)]).await.expect(400);
        assert!(told(&foreign, "shared_with").contains("is not a valid choice"), "{}", html(&foreign));
    }
}
