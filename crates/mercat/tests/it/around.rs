//! What stands around all answers of a server: compression for whoever takes it, and nothing sent that is there already.

use mercat_testkit::{Backend, TestApp};

use crate::server::Server;

/// An answer's status and headers.
fn head(server: &Server, path: &str, headers: &[(&str, &str)]) -> (u16, ureq::http::HeaderMap, usize) {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let mut request = agent.get(server.url(path)).header("Authorization", "Token token-staff");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut answer = request.call().unwrap();
    let size = answer.body_mut().read_to_vec().unwrap().len();
    (answer.status().as_u16(), answer.headers().clone(), size)
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_are_compressed_and_sent_once() {
    let app = TestApp::new(Backend::Sqlite).await;
    let offered = app.offering("Marketplace.Basic").await;
    let order = app.order("own", &offered).await;
    let list = "/api/marketplace-orders/";
    tokio::task::block_in_place(|| {
        let server = Server::start(&app);
        let (_, headers, whole) = head(&server, list, &[("accept-encoding", "identity")]);
        assert!(!headers.contains_key("content-encoding"));
        let (_, headers, packed) = head(&server, list, &[("accept-encoding", "gzip")]);
        assert_eq!(headers["content-encoding"], "gzip");
        assert!(packed < whole, "{packed} of {whole}");
        let vary: Vec<&str> = headers.get_all("vary").iter().map(|value| value.to_str().unwrap()).collect();
        assert!(vary.join(",").to_lowercase().contains("accept-encoding"), "{vary:?}");
        let tag = headers["etag"].to_str().unwrap().to_owned();
        let (status, headers, size) = head(&server, list, &[("accept-encoding", "gzip"), ("if-none-match", &tag)]);
        assert_eq!((status, size), (304, 0));
        assert_eq!(headers["x-result-count"], "1");
        assert!(!headers.contains_key("content-encoding"));
        // Pages are texts too; a short answer is sent as it is.
        let (_, headers, _) = head(&server, "/login/", &[("accept-encoding", "gzip")]);
        assert_eq!(headers["content-encoding"], "gzip");
        let short = format!("{list}{order}/?field=uuid");
        let (_, headers, _) = head(&server, &short, &[("accept-encoding", "gzip")]);
        assert!(!headers.contains_key("content-encoding"));
    });
}
