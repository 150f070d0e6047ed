//! What an open page hears, and the script that listens.

use axum::body::Body;
use futures_util::StreamExt as _;
use http::Method;
use mercat_testkit::{TestApp, both};
use tower::ServiceExt as _;

use crate::support::{Browser, html, open, router};

/// A stream that a page listens to.
async fn listen(app: &TestApp, cookie: &str, query: &str) -> axum::body::BodyDataStream {
    let request = app.request("", Method::GET, &format!("/live/{query}")).header("cookie", cookie);
    let response = router(app).oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    response.into_body().into_data_stream()
}

async fn next(stream: &mut axum::body::BodyDataStream) -> String {
    String::from_utf8(stream.next().await.expect("more").unwrap().to_vec()).unwrap()
}

both! {
    async fn an_open_page_hears_of_orders_that_its_reader_sees(app: TestApp) {
        let offered = app.offering("Marketplace.Slurm").await;
        let mut browser = Browser::of(&app, "own").await;
        let page = html(&browser.open("/orders/").await.expect(200));
        let (_, rest) = page.split_once("data-seq=\"").unwrap();
        let seq = rest.split('"').next().unwrap().to_owned();
        // Between the page and its stream: it is not missed.
        let order = app.order("mgr", &offered).await;
        let mut stream = listen(&app, &browser.cookie, &format!("?after={seq}")).await;
        let heard = next(&mut stream).await;
        assert!(heard.contains("event: order") && heard.contains(&format!("data: {order}")), "{heard}");
        let stranger = Browser::of(&app, "user").await;
        let mut silent = listen(&app, &stranger.cookie, &format!("?after={seq}")).await;
        let other = Browser::of(&app, "own").await;
        let unlike = format!("?after={seq}&order=00000000000000000000000000000001");
        let mut about_another = listen(&app, &other.cookie, &unlike).await;

        app.post("own", &format!("/api/marketplace-orders/{order}/approve_by_consumer/")).await.expect(200);
        let heard = next(&mut stream).await;
        assert!(heard.contains(&format!("data: {order}")), "{heard}");
        // The process ends: streams end too, and whoever saw nothing was sent nothing.
        app.app.end_streams();
        assert!(silent.next().await.is_none() && about_another.next().await.is_none());
    }

    async fn who_knows_no_place_in_the_log_looks_again(app: TestApp) {
        let browser = Browser::of(&app, "own").await;
        for query in ["", "?after=nonsense", "?after=999999", "?after=-1", "?after=%ff&order=%ff"] {
            let mut stream = listen(&app, &browser.cookie, query).await;
            assert!(next(&mut stream).await.contains("data: any"), "{query}");
        }
    }

    async fn strangers_hear_nothing(app: TestApp) {
        open(&app, "/live/").await.expect(401);
        let mut browser = Browser::of(&app, "own").await;
        let cookie = browser.cookie.clone();
        browser.send("/logout/", &[]).await.expect(303);
        browser.cookie = cookie;
        browser.open("/live/").await.expect(401);
    }

    async fn the_script_is_small_and_may_be_kept(app: TestApp) {
        let page = Browser::of(&app, "own").await.open("/").await.expect(200);
        let page = String::from_utf8(page.bytes).unwrap();
        let (_, rest) = page.split_once("<script src=\"").unwrap();
        let script = open(&app, rest.split('"').next().unwrap()).await.expect(200);
        assert_eq!(script.header("content-type"), "text/javascript; charset=utf-8");
        assert_eq!(script.header("cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(script.header("x-content-type-options"), "nosniff");
        assert!(script.bytes.len() < 10_000, "{} bytes", script.bytes.len());
        assert!(!html(&open(&app, "/login/").await.expect(200)).contains("<script"), "it is of no use before signing in");
    }
}
