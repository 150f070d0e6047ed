//! Pictures: type by content, sizes, served safely, replaced and taken away.

use http::{Method, header};
use mercat_testkit::{Reply, TestApp, both};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n0000";
const GIF: &[u8] = b"GIF89a0000";

async fn upload(app: &TestApp, who: &str, method: Method, path: &str, field: &str, content: &[u8]) -> Reply {
    let start = format!(
        "--x\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"../a b.png\"\r\n\
         Content-Type: image/png\r\n\r\n"
    );
    let body = [start.as_bytes(), content, b"\r\n--x--\r\n"].concat();
    let request = app.request(who, method, path).header(header::CONTENT_TYPE, "multipart/form-data; boundary=x");
    app.send(request.body(body.into()).unwrap()).await
}

async fn count(app: &TestApp) -> u64 {
    use sea_orm::{EntityTrait as _, PaginatorTrait as _};
    mercat_store::entity::media::Entity::find().count(app.app.db.read()).await.unwrap()
}

async fn an_organisation(app: &TestApp) {
    let path = format!("/api/customers/{}/", app.world.consumer);
    upload(app, "mgr", Method::PATCH, &path, "image", PNG).await.expect(403);
    assert_eq!(count(app).await, 0, "nothing is stored for those who may not");
    for wrong in [&b"<script>alert(1)</script>"[..], b"%PDF-1.4", b"<?xml version='1.0'?><svg/>", b"MZ"] {
        let refused = upload(app, "own", Method::PATCH, &path, "image", wrong).await.expect(400).json();
        assert!(refused["image"][0].as_str().unwrap().starts_with("Upload a valid image."), "{refused}");
    }
    let empty = upload(app, "own", Method::PATCH, &path, "image", b"").await.expect(400).json();
    assert_eq!(empty["image"][0], "The submitted file is empty.");
    let shown = upload(app, "own", Method::PATCH, &path, "image", PNG).await.expect(200).json();
    let at = shown["image"].as_str().unwrap().strip_prefix("http://mercat.test").unwrap().to_owned();
    let served = app.get("own", &at).await.expect(200);
    assert_eq!((served.header("content-type"), served.bytes.as_slice()), ("image/png", PNG));
    assert_eq!(served.header("x-content-type-options"), "nosniff");
    assert!(served.header("content-disposition").starts_with("attachment; filename*=UTF-8''a%20b.png"));
    assert_eq!(app.get("", &at).await.status, 401);
    // Another picture takes its place.
    upload(app, "own", Method::PATCH, &path, "image", GIF).await.expect(200);
    assert_eq!(app.get("own", &at).await.status, 404);
    assert_eq!(count(app).await, 1);
    // And none.
    let none = app.json_request("own", Method::PATCH, &path, serde_json::json!({"image": null})).await.expect(200);
    assert_eq!(none.json()["image"], serde_json::Value::Null);
    assert_eq!(count(app).await, 0);
    let text = app.json_request("own", Method::PATCH, &path, serde_json::json!({"image": "upload:image"})).await;
    assert!(text.expect(400).json()["image"][0].as_str().unwrap().contains("not a file"));
    let large = vec![0_u8; 3 * 1024 * 1024];
    upload(app, "own", Method::PATCH, &path, "image", &large).await.expect(413);
}

async fn an_offering(app: &TestApp) {
    let offered = app.offering("Marketplace.Basic").await;
    let at = |action: &str| format!("/api/marketplace-provider-offerings/{}/{action}", offered.id);
    for (column, update, delete) in
        [("image", "update_image/", "delete_image/"), ("thumbnail", "update_thumbnail/", "delete_thumbnail/")]
    {
        upload(app, "own", Method::POST, &at(update), column, PNG).await.expect(404);
        upload(app, "vown", Method::POST, &at(update), column, PNG).await.expect(200);
        assert!(app.get("vown", &at("")).await.json()[column].is_string());
        app.post("vown", &at(delete)).await.expect(204);
        assert!(app.get("vown", &at("")).await.json()[column].is_null());
        let missing = app.post_json("vown", &at(update), serde_json::json!({})).await.expect(400).json();
        assert_eq!(missing[column][0], "This field is required.");
    }
    assert_eq!(count(app).await, 0);
}

async fn exhibits(app: &TestApp) {
    let offered = app.offering("Marketplace.Basic").await;
    let link = format!("/api/marketplace-provider-offerings/{}/", offered.id);
    let form = |name: &str, content: &[u8]| {
        let part = |field: &str, value: &str| {
            format!("--x\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n")
        };
        let start = format!(
            "{}{}--x\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"a.bin\"\r\n\r\n",
            part("name", "One"),
            part("offering", &link)
        );
        [start.as_bytes(), content, b"\r\n--x--\r\n"].concat()
    };
    let send = |who: &'static str, path: &'static str, body: Vec<u8>| async move {
        let request = app.request(who, Method::POST, path);
        let request = request.header(header::CONTENT_TYPE, "multipart/form-data; boundary=x");
        app.send(request.body(body.into()).unwrap()).await
    };
    let cases = [
        ("/api/marketplace-screenshots/", "image", PNG, &b"%PDF-1.4"[..], "screenshots"),
        ("/api/marketplace-offering-files/", "file", b"%PDF-1.4", b"MZ\x90", "files"),
    ];
    for (path, field, good, bad, shown) in cases {
        assert_ne!(send("own", path, form(field, good)).await.status, 201);
        send("vown", path, form(field, bad)).await.expect(400);
        let made = send("vown", path, form(field, good)).await.expect(201).json();
        let detail = format!("{path}{}/", made["uuid"].as_str().unwrap());
        assert_eq!(app.get("own", &detail).await.expect(200).json()["name"], "One");
        let offering = app.get("own", &format!("/api/marketplace-public-offerings/{}/", offered.id)).await.json();
        assert_eq!(offering[shown].as_array().unwrap().len(), 1);
        app.call("own", Method::DELETE, &detail).await.expect(403);
        app.call("vown", Method::DELETE, &detail).await.expect(204);
        assert_eq!(count(app).await, 0, "the file goes with its row");
    }
}

both! {
    async fn screenshots_and_documents_come_and_go(app: TestApp) {
        exhibits(&app).await;
    }

    async fn pictures_are_told_by_their_content(app: TestApp) {
        an_organisation(&app).await;
    }

    async fn pictures_of_offerings_come_and_go(app: TestApp) {
        an_offering(&app).await;
    }
}
