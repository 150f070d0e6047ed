//! What is wrong with the bodies of actions (spec 10.13 to 10.16).

use http::{Method, header};
use mercat_domain::order::{OrderState, ResourceState};
use mercat_testkit::{Reply, TestApp, both};
use serde_json::{Value, json};

use crate::support::{Ask as _, assert_reply, at, detail, field};

const PDF: &[u8] = b"%PDF-1.4\nan order";

async fn executing(app: &TestApp) -> String {
    let offered = app.offering("Marketplace.Slurm").await;
    app.order_in("mgr", &offered, OrderState::Executing).await
}

async fn set_state_erred(app: &TestApp) {
    let order = executing(app).await;
    let path = at(&order, "set_state_erred");
    for name in ["error_message", "error_traceback"] {
        for (value, message) in [
            (json!([]), "Not a valid string."),
            (json!(true), "Not a valid string."),
            (Value::Null, "This field may not be null."),
        ] {
            let mut body = json!({"error_message": "", "error_traceback": ""});
            body[name] = value;
            assert_reply(
                &app.post_json("vown", &path, body.clone()).await,
                400,
                &field(name, message),
                &body.to_string(),
            );
        }
    }
    assert_eq!(app.state(&order).await, "executing");
    for body in [json!({}), json!({"error_message": "m"}), json!({"error_message": "", "error_traceback": 5})] {
        let order = executing(app).await;
        assert_reply(
            &app.post_json("vown", &at(&order, "set_state_erred"), body.clone()).await,
            200,
            &Value::Null,
            &body.to_string(),
        );
        assert_eq!(app.state(&order).await, "erred");
    }
    let order = executing(app).await;
    assert_reply(&app.act("vown", &order, "set_state_erred").await, 200, &Value::Null, "no body at all");
    let seen = app.get("staff", &at(&order, "")).await.json();
    assert_eq!([&seen["error_message"], &seen["error_traceback"]], ["", ""]);
}

/// The texts are kept in every state; only an executing order moves (spec 10.18).
async fn set_state_erred_in_every_state(app: &TestApp) {
    let offered = app.offering("Marketplace.Slurm").await;
    for state in OrderState::ALL {
        let order = app.order_in("mgr", &offered, *state).await;
        let body = json!({"error_message": "m", "error_traceback": "t"});
        assert_reply(
            &app.post_json("vown", &at(&order, "set_state_erred"), body).await,
            200,
            &Value::Null,
            state.as_str(),
        );
        let after = if *state == OrderState::Executing { "erred" } else { state.as_str() };
        assert_eq!(app.state(&order).await, after);
        assert_eq!(app.order_field(&order, "error_message").await, "m", "{state}");
    }
    let order = app.order_in("own", &offered, OrderState::PendingProvider).await;
    app.act("vown", &order, "reject_by_provider").await.expect(200);
    app.act("vown", &order, "set_state_erred").await.expect(200);
    assert_eq!(app.resource_row(&order).await.state, ResourceState::Terminated, "what is gone stays gone");
}

async fn set_backend_id(app: &TestApp) {
    let order = executing(app).await;
    let path = at(&order, "set_backend_id");
    let long = "x".repeat(256);
    let cases = [
        (json!({}), "This field is required."),
        (json!({"backend_id": null}), "This field may not be null."),
        (json!({"backend_id": ""}), "This field may not be blank."),
        (json!({"backend_id": " \t"}), "This field may not be blank."),
        (json!({"backend_id": long}), "Ensure this field has no more than 255 characters."),
        (json!({"backend_id": {}}), "Not a valid string."),
        (json!({"backend_id": true}), "Not a valid string."),
    ];
    for (body, message) in cases {
        let about = body.to_string();
        assert_reply(&app.post_json("vown", &path, body).await, 400, &field("backend_id", message), &about);
    }
    assert_reply(&app.post("vown", &path).await, 400, &field("backend_id", "This field is required."), "no body");
    app.post_json("vown", &path, json!({"backend_id": "y".repeat(255)})).await.expect(200);
    app.post_json("vown", &path, json!({"backend_id": 17})).await.expect(200);
    assert_eq!(app.order_field(&order, "backend_id").await, "17");
}

async fn send(app: &TestApp, path: &str, kind: &str, body: Vec<u8>) -> Reply {
    let request = app.request("mgr", Method::POST, path).header(header::CONTENT_TYPE, kind);
    app.send(request.body(body.into()).unwrap()).await
}

fn part(disposition: &str, content: &[u8]) -> Vec<u8> {
    let head = format!("--cut\r\nContent-Disposition: form-data; name=\"attachment\"{disposition}\r\n\r\n");
    [head.as_bytes(), content, b"\r\n--cut--\r\n"].concat()
}

const MULTIPART: &str = "multipart/form-data; boundary=cut";
const NO_FILE: &str = "The submitted data was not a file. Check the encoding type on the form.";

async fn update_attachment(app: &TestApp) {
    let order = app.order("mgr", &app.offering("Marketplace.Slurm").await).await;
    let path = at(&order, "update_attachment");
    let long_name = format!("{}.pdf", "n".repeat(97));
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        (MULTIPART, part("", b"text"), NO_FILE),
        ("application/json", br#"{"attachment": "text"}"#.to_vec(), NO_FILE),
        ("application/json", br#"{"attachment": 5}"#.to_vec(), NO_FILE),
        ("application/x-www-form-urlencoded", b"attachment=text".to_vec(), NO_FILE),
        (MULTIPART, part("; filename=\"a.pdf\"", b""), "The submitted file is empty."),
        (
            MULTIPART,
            part("; filename=\"a.pdf\"", b"text"),
            "File type 'text/plain' is not allowed. Allowed types are: 'application/pdf'.",
        ),
    ];
    for (kind, body, message) in cases {
        assert_reply(&send(app, &path, kind, body).await, 400, &field("attachment", message), message);
    }
    let message = "Ensure this filename has at most 100 characters (it has 101).";
    let reply = send(app, &path, MULTIPART, part(&format!("; filename=\"{long_name}\""), PDF)).await;
    assert_reply(&reply, 400, &field("attachment", message), "101 characters");
    let large = [PDF, &vec![b' '; 11 * 1024 * 1024]].concat();
    let reply = send(app, &path, MULTIPART, part("; filename=\"a.pdf\"", &large)).await;
    assert!(matches!(reply.status.as_u16(), 400 | 413), "{}", reply.status);
    assert!(reply.json()["attachment"][0].is_string(), "{}", reply.json());
    assert_eq!(app.order_field(&order, "attachment").await, Value::Null, "nothing was kept");
    let broken = send(app, &path, MULTIPART, b"--cut\r\nContent-Dispo".to_vec()).await;
    let told = broken.json()["detail"].as_str().is_some_and(|text| text.starts_with("Multipart form parse error - "));
    assert!(broken.status == 400 && told, "{} {}", broken.status, broken.json());
}

async fn clearing_an_attachment(app: &TestApp) {
    let order = app.order("mgr", &app.offering("Marketplace.Slurm").await).await;
    let path = at(&order, "update_attachment");
    let bodies: [(&str, &[u8]); 4] = [
        ("application/json", b"{\"attachment\": null}"),
        ("application/json", b"{}"),
        ("application/x-www-form-urlencoded", b""),
        (MULTIPART, b"--cut--\r\n"),
    ];
    for (kind, body) in bodies {
        let url = app.upload("mgr", &path, "po.pdf", PDF).await.expect(200).text("attachment");
        assert!(url.starts_with("http://mercat.test/media/"), "{url}");
        assert_reply(&send(app, &path, kind, body.to_vec()).await, 200, &json!({"attachment": null}), kind);
        assert_eq!(app.order_field(&order, "attachment").await, Value::Null, "{kind}");
        let (_, media) = url.split_once("http://mercat.test").unwrap();
        assert_eq!(app.get("mgr", media).await.status, 404, "the old file is gone");
    }
    app.upload("mgr", &path, "po.pdf", PDF).await.expect(200);
    assert_reply(&app.post("mgr", &path).await, 200, &json!({"attachment": null}), "no body");
}

async fn who_may_attach(app: &TestApp) {
    let order = app.order("mgr", &app.offering("Marketplace.Slurm").await).await;
    let path = at(&order, "update_attachment");
    for who in ["own", "mgr", "adm", "vown", "support", "staff"] {
        let url = app.upload(who, &path, "po.pdf", PDF).await.expect(200).text("attachment");
        let (_, media) = url.split_once("http://mercat.test").unwrap();
        for reader in ["own", "vown", "support"] {
            assert_eq!(app.get(reader, media).await.expect(200).bytes, PDF, "{reader}");
        }
        assert_eq!(app.get("user", media).await.status, 404);
        assert_eq!(app.get("", media).await.status, 401);
    }
    for who in ["user", "mem", "omgr"] {
        assert_reply(&app.upload(who, &path, "po.pdf", PDF).await, 404, &detail(crate::support::NO_ORDER), who);
    }
}

both! {
    async fn bodies_of_reports(app: TestApp) {
        set_state_erred(&app).await;
        set_state_erred_in_every_state(&app).await;
        set_backend_id(&app).await;
    }

    async fn bodies_of_attachments(app: TestApp) {
        update_attachment(&app).await;
        clearing_an_attachment(&app).await;
        who_may_attach(&app).await;
    }
}
