//! Signed webhooks, checked as a receiver would: with the headers, the body and the secret, and nothing of ours.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::TimeDelta;
use hmac::{Hmac, KeyInit as _, Mac as _};
use mercat_app::outgoing::{SignedHooks, fan_out, first_secret, rotate, test_event};
use mercat_domain::id::HookId;
use mercat_testkit::{TestApp, both};
use serde_json::json;
use sha2::Sha256;

use crate::support::{Post, Receiver, Seen, begin, body, hook, hook_row, messages, whole_life};

/// The signature that the specification (Standard Webhooks) asks for.
fn signature(secret: &str, seen: &Seen) -> String {
    let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
    mac.update(format!("{}.{}.", seen.header("webhook-id"), seen.header("webhook-timestamp")).as_bytes());
    mac.update(&seen.body);
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

async fn secret(app: &TestApp, hook: HookId) -> String {
    let tx = begin(app, "own").await;
    first_secret(&tx, hook.0).await.unwrap()
}

async fn rotated(app: &TestApp, hook: HookId) -> String {
    let mut tx = begin(app, "own").await;
    let secret = rotate(&mut tx, hook.0).await.unwrap();
    tx.commit().await.unwrap();
    secret
}

async fn tested(app: &TestApp, post: &Post, receiver: &Receiver, hook: HookId) -> Seen {
    let mut tx = begin(app, "own").await;
    test_event(&mut tx, hook.0).await.unwrap();
    tx.commit().await.unwrap();
    post.deliver(app).await;
    receiver.seen().pop().unwrap()
}

both! {
    async fn an_event_becomes_a_message_once(app: TestApp) {
        let hook = hook::<SignedHooks>(&app, "own", "https://example.org/").await;
        let offered = app.offering("Marketplace.Basic").await;
        for orders in [1, 2] {
            app.order("own", &offered).await;
            for _ in 0..2 {
                while fan_out(&app.app).await.unwrap() {}
                assert_eq!(messages(&app, hook).await.len(), orders);
            }
        }
    }

    async fn every_event_is_signed(app: TestApp) {
        let (post, receiver) = (Post::new(), Receiver::answering(200).await);
        let hook = hook::<SignedHooks>(&app, "own", &receiver.url).await;
        let secret = secret(&app, hook).await;
        let offered = app.offering("Marketplace.Basic").await;
        let order = whole_life(&app, &offered).await;
        post.deliver(&app).await;
        let (seen, rows) = (receiver.seen(), messages(&app, hook).await);
        let types: Vec<_> = seen.iter().map(|request| body(request)["type"].clone()).collect();
        let life = ["order.submit", "order.approve_by_consumer", "order.approve_by_provider", "order.complete"];
        assert_eq!(types, life.map(|name| json!(name)), "in order");
        for (request, row) in seen.iter().zip(&rows) {
            assert_eq!(request.header("webhook-id"), format!("msg_{}", row.id));
            assert_eq!(request.header("webhook-timestamp"), app.app.now().timestamp().to_string());
            assert_eq!(request.header("webhook-signature"), signature(&secret, request));
            assert_eq!(body(request)["data"]["order_uuid"], json!(order));
        }
    }

    async fn after_a_rotation_both_secrets_hold_for_a_day(app: TestApp) {
        let (post, receiver) = (Post::new(), Receiver::answering(200).await);
        let hook = hook::<SignedHooks>(&app, "own", &receiver.url).await;
        let old = secret(&app, hook).await;
        let new = rotated(&app, hook).await;
        assert_ne!(old, new);
        let seen = tested(&app, &post, &receiver, hook).await;
        let both = format!("{} {}", signature(&new, &seen), signature(&old, &seen));
        assert_eq!(seen.header("webhook-signature"), both);
        app.clock.advance(TimeDelta::hours(24));
        let seen = tested(&app, &post, &receiver, hook).await;
        assert_eq!(seen.header("webhook-signature"), signature(&new, &seen));
    }

    async fn rotations_within_a_day_keep_all_secrets_of_that_day(app: TestApp) {
        let (post, receiver) = (Post::new(), Receiver::answering(200).await);
        let hook = hook::<SignedHooks>(&app, "own", &receiver.url).await;
        let mut secrets = vec![secret(&app, hook).await];
        for _ in 0..6 {
            secrets.insert(0, rotated(&app, hook).await);
        }
        let seen = tested(&app, &post, &receiver, hook).await;
        let newest: Vec<_> = secrets[..5].iter().map(|secret| signature(secret, &seen)).collect();
        assert_eq!(seen.header("webhook-signature"), newest.join(" "), "five at most");
        app.clock.advance(TimeDelta::hours(24));
        rotated(&app, hook).await;
        let seen = tested(&app, &post, &receiver, hook).await;
        assert_eq!(seen.header("webhook-signature").split(' ').count(), 2);
    }

    async fn a_test_event_reaches_a_hook_that_is_off(app: TestApp) {
        let (post, receiver) = (Post::new(), Receiver::answering_first(&[410]).await);
        let hook = hook::<SignedHooks>(&app, "own", &receiver.url).await;
        let offered = app.offering("Marketplace.Basic").await;
        whole_life(&app, &offered).await;
        post.deliver(&app).await;
        assert!(!hook_row(&app, hook).await.is_active);
        let seen = tested(&app, &post, &receiver, hook).await;
        assert_eq!(body(&seen)["type"], "test");
    }
}
