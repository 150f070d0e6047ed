//! Against a provider of our own: what it should do, and what a bad one does.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::sync::{Arc, Mutex};

use axum::{
    Form, Json, Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use mercat_oidc::{Identity, OidcError, Pending, Provider, Settings};
use openidconnect::{
    JsonWebKeyId, PrivateSigningKey as _,
    core::{CoreEdDsaPrivateSigningKey, CoreJwsSigningAlgorithm},
};
use serde_json::{Value, json};

/// What the provider does at the next exchange.
#[derive(Default)]
struct Plan {
    issuer: String,
    nonce: String,
    challenge: String,
    /// Claims in place of the usual ones.
    claims: Value,
    key: Option<Vec<u8>>,
    signs_with: Option<Vec<u8>>,
    exchanges: u32,
}

type Shared = Arc<Mutex<Plan>>;

fn signing_key(seed: &[u8]) -> CoreEdDsaPrivateSigningKey {
    let head = [0x30, 0x2e, 0x02, 0x01, 0, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];
    let pem = format!(
        "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
        STANDARD.encode([&head[..], seed].concat())
    );
    CoreEdDsaPrivateSigningKey::from_ed25519_pem(&pem, Some(JsonWebKeyId::new("one".to_owned()))).unwrap()
}

async fn metadata(State(plan): State<Shared>) -> Json<Value> {
    let issuer = plan.lock().unwrap().issuer.clone();
    Json(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["EdDSA"],
    }))
}

async fn keys(State(plan): State<Shared>) -> Json<Value> {
    let seed = plan.lock().unwrap().key.clone().unwrap();
    Json(json!({ "keys": [signing_key(&seed).as_verification_key()] }))
}

async fn token(State(plan): State<Shared>, Form(asked): Form<Vec<(String, String)>>) -> Response {
    let mut plan = plan.lock().unwrap();
    plan.exchanges += 1;
    let of =
        |name: &str| asked.iter().find(|(known, _)| known == name).map(|(_, text)| text.as_str()).unwrap_or_default();
    let proof = openidconnect::PkceCodeVerifier::new(of("code_verifier").to_owned());
    let challenge = openidconnect::PkceCodeChallenge::from_code_verifier_sha256(&proof);
    if of("code") != "right" || challenge.as_str() != plan.challenge {
        return (StatusCode::BAD_REQUEST, Json(json!({ "error": "invalid_grant" }))).into_response();
    }
    #[expect(clippy::disallowed_methods, reason = "the library that is tried here looks at the clock of the machine")]
    let now = chrono::Utc::now().timestamp();
    let mut claims = json!({
        "iss": plan.issuer, "aud": "mercat", "sub": "1", "iat": now, "exp": now + 60, "nonce": plan.nonce,
        "preferred_username": "ada", "email": "ada@example.org", "given_name": "Ada", "family_name": "Stern",
    });
    for (name, value) in plan.claims.as_object().into_iter().flatten() {
        claims[name] = value.clone();
    }
    let seed = plan.signs_with.clone().or_else(|| plan.key.clone()).unwrap();
    let url = &base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let head = url.encode(json!({ "alg": "EdDSA", "kid": "one" }).to_string());
    let signed = format!("{head}.{}", url.encode(claims.to_string()));
    let signature = signing_key(&seed).sign(&CoreJwsSigningAlgorithm::EdDsa, signed.as_bytes()).unwrap();
    let token = format!("{signed}.{}", url.encode(signature));
    Json(json!({ "access_token": "x", "token_type": "bearer", "id_token": token })).into_response()
}

async fn start() -> (Shared, Provider) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = format!("http://{}", listener.local_addr().unwrap());
    let plan = Arc::new(Mutex::new(Plan { issuer: issuer.clone(), key: Some(vec![7; 32]), ..Plan::default() }));
    let routes = Router::new()
        .route("/.well-known/openid-configuration", get(metadata))
        .route("/keys", get(keys))
        .route("/token", post(token))
        .with_state(plan.clone());
    tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
    let provider = Provider::new(Settings {
        issuer,
        client_id: "mercat".to_owned(),
        client_secret: Some("secret".to_owned()),
        redirect_url: "https://market.example.org/back".to_owned(),
        username_claim: "preferred_username".to_owned(),
    });
    (plan, provider.unwrap())
}

/// Begins, and lets the provider know what it was asked for.
async fn begun(plan: &Shared, provider: &Provider) -> (Pending, String) {
    let (url, pending) = provider.begin().await.unwrap();
    let of = |name: &str| {
        let (_, rest) = url.split_once(&format!("{name}=")).unwrap();
        rest.split('&').next().unwrap().to_owned()
    };
    assert_eq!((of("client_id").as_str(), of("response_type").as_str()), ("mercat", "code"));
    assert_eq!(of("code_challenge_method"), "S256");
    let mut plan = plan.lock().unwrap();
    (plan.nonce, plan.challenge) = (of("nonce"), of("code_challenge"));
    (pending, of("state"))
}

#[tokio::test]
async fn somebody_signs_in() {
    let (plan, provider) = start().await;
    let (pending, state) = begun(&plan, &provider).await;
    let identity = provider.finish(pending, &state, "right").await.unwrap();
    let text = |text: &str| text.to_owned();
    let ada = Identity {
        username: text("ada"),
        email: text("ada@example.org"),
        first_name: text("Ada"),
        last_name: text("Stern"),
    };
    assert_eq!(identity, ada);
    // A mail address that nobody checked is none.
    plan.lock().unwrap().claims = json!({ "email_verified": false, "family_name": null });
    let (pending, state) = begun(&plan, &provider).await;
    let identity = provider.finish(pending, &state, "right").await.unwrap();
    assert_eq!(identity, Identity { email: String::new(), last_name: String::new(), ..ada });
}

#[tokio::test]
async fn what_was_not_begun_here_is_not_even_asked() {
    let (plan, provider) = start().await;
    for (state, code) in [("", "right"), ("other", "right"), ("own", "")] {
        let (pending, own) = begun(&plan, &provider).await;
        let state = if state == "own" { &own } else { state };
        assert!(matches!(provider.finish(pending, state, code).await, Err(OidcError::Unexpected)), "{state} {code}");
    }
    assert_eq!(plan.lock().unwrap().exchanges, 0);
}

#[tokio::test]
async fn tokens_that_prove_nothing() {
    for claims in [
        json!({ "iss": "https://elsewhere.example.org" }),
        json!({ "aud": "another" }),
        json!({ "exp": 1 }),
        json!({ "nonce": "replayed" }),
        json!({ "preferred_username": "" }),
        json!({ "preferred_username": 7 }),
    ] {
        let (plan, provider) = start().await;
        plan.lock().unwrap().claims = claims.clone();
        let (pending, state) = begun(&plan, &provider).await;
        let outcome = provider.finish(pending, &state, "right").await;
        assert!(matches!(outcome, Err(OidcError::Provider(_) | OidcError::Refused(_))), "{claims}: {outcome:?}");
    }
    let (plan, provider) = start().await;
    plan.lock().unwrap().signs_with = Some(vec![8; 32]);
    let (pending, state) = begun(&plan, &provider).await;
    assert!(
        matches!(provider.finish(pending, &state, "right").await, Err(OidcError::Provider(_))),
        "signed by another"
    );
}

#[tokio::test]
async fn refused_codes_and_new_keys() {
    let (plan, provider) = start().await;
    let (pending, state) = begun(&plan, &provider).await;
    let refused = provider.finish(pending, &state, "wrong").await;
    assert!(matches!(refused, Err(OidcError::Refused(_))), "{refused:?}");
    // The provider has new keys: one comes in vain, the next does not.
    plan.lock().unwrap().key = Some(vec![9; 32]);
    let (pending, state) = begun(&plan, &provider).await;
    assert!(provider.finish(pending, &state, "right").await.is_err());
    let (pending, state) = begun(&plan, &provider).await;
    assert_eq!(provider.finish(pending, &state, "right").await.unwrap().username, "ada");
}

#[tokio::test]
async fn a_provider_that_is_away_is_said_to_be() {
    let settings = |issuer: &str| Settings {
        issuer: issuer.to_owned(),
        client_id: String::new(),
        client_secret: None,
        redirect_url: "https://market.example.org/back".to_owned(),
        username_claim: "sub".to_owned(),
    };
    assert!(matches!(Provider::new(settings("no address")), Err(OidcError::Settings(_))));
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let nobody = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let provider = Provider::new(settings(&nobody)).unwrap();
    assert!(matches!(provider.check().await, Err(OidcError::Provider(_))));
}
