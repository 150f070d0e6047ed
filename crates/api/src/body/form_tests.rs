//! Bodies in their three forms.

use axum::response::IntoResponse as _;
use http_body_util::BodyExt as _;
use serde_json::json;

use super::*;

async fn read(media: Option<&str>, content: &str) -> Result<Form, (u16, String)> {
    let mut request = Request::builder();
    if let Some(media) = media {
        request = request.header(header::CONTENT_TYPE, media);
    }
    let (parts, ()) = request.body(()).unwrap().into_parts();
    match Form::read(&parts, Bytes::copy_from_slice(content.as_bytes())).await {
        Ok(form) => Ok(form),
        Err(error) => {
            let response = error.into_response();
            let status = response.status().as_u16();
            let body = response.into_body().collect().await.unwrap().to_bytes();
            Err((status, String::from_utf8(body.to_vec()).unwrap()))
        }
    }
}

#[tokio::test]
async fn refused_bodies() {
    let json = Some("application/json");
    let cases = [
        (json, "[]", 400, r#"{"non_field_errors":["Invalid data. Expected a dictionary, but got list."]}"#),
        (json, "\"x\"", 400, r#"{"non_field_errors":["Invalid data. Expected a dictionary, but got str."]}"#),
        (json, "1.5", 400, r#"{"non_field_errors":["Invalid data. Expected a dictionary, but got float."]}"#),
        (json, "null", 400, r#"{"non_field_errors":["No data provided"]}"#),
        (Some("text/plain"), "x", 415, r#"{"detail":"Unsupported media type \"text/plain\" in request."}"#),
        (None, "x", 415, r#"{"detail":"Unsupported media type \"\" in request."}"#),
        (
            json,
            "{\"offering\": ",
            400,
            r#"{"detail":"JSON parse error - EOF while parsing a value at line 1 column 13"}"#,
        ),
    ];
    for (media, content, status, body) in cases {
        assert_eq!(read(media, content).await, Err((status, body.to_owned())), "{content}");
    }
    let (status, _) = read(Some("multipart/form-data"), "x").await.unwrap_err();
    assert_eq!(status, 400);
    let (status, _) = read(json, &"[".repeat(100_000)).await.unwrap_err();
    assert_eq!(status, 400);
}

#[tokio::test]
async fn accepted_bodies() {
    let multipart = "--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n1\r\n\
                     --b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f.pdf\"\r\n\r\nfile\r\n--b--\r\n";
    let cases = [
        (None, "", None),
        (Some("text/plain"), "", None),
        (Some("application/json; charset=utf-8"), r#"{"x": 1}"#, Some(json!(1))),
        (Some("APPLICATION/JSON"), r#"{"x": null}"#, Some(Value::Null)),
        (Some("application/x-www-form-urlencoded"), "x=a+b&x=c", Some(json!("c"))),
        (Some("application/x-www-form-urlencoded"), "x=", Some(Value::Null)),
        (Some("multipart/form-data; boundary=b"), multipart, Some(json!("1"))),
    ];
    for (media, content, expected) in cases {
        let form = read(media, content).await.unwrap();
        assert_eq!(form.get("x"), expected.as_ref(), "{content}");
        assert_eq!(form.get("f"), None);
    }
}
