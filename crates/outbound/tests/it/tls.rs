//! HTTPS: whom it trusts.

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    process::Command,
    sync::Arc,
    thread,
};

use mercat_outbound::{Answer, CallError};
use rustls::{
    ServerConfig, ServerConnection, Stream,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer},
};

use crate::support::{call, client_inside};

/// Good until 2126, for 127.0.0.1, signed by `authority.pem`; the authority's key is lost.
const CERTIFICATE: &[u8] = include_bytes!("data/receiver.crt.der");
const KEY: &[u8] = include_bytes!("data/receiver.key.der");
const AUTHORITY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/data/authority.pem");

/// Calls a receiver that speaks TLS once and answers 200.
async fn call_over_tls(host: &str) -> Result<Answer, CallError> {
    let key = PrivateKeyDer::try_from(KEY).unwrap().clone_key();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![CertificateDer::from(CERTIFICATE)], key)
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    // Nobody waits for this thread: it sits there for ever when the call is refused.
    thread::spawn(move || answer_once(&listener, config));
    client_inside().post(call(format!("https://{host}:{port}/"))).await
}

fn answer_once(listener: &TcpListener, config: ServerConfig) {
    let mut tcp = listener.accept().unwrap().0;
    let mut tls = ServerConnection::new(Arc::new(config)).unwrap();
    let mut stream = Stream::new(&mut tls, &mut tcp);
    // Who distrusts us hangs up here, and that is what one of the tests wants.
    let Ok(1..) = stream.read(&mut [0; 4096]) else { return };
    stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").unwrap();
}

#[tokio::test]
async fn an_unknown_authority_is_not_trusted() {
    let error = call_over_tls("127.0.0.1").await.unwrap_err();
    assert!(matches!(&error, CallError::Unreachable(cause) if cause.contains("certificate")), "{error:?}");
}

#[tokio::test]
#[ignore = "run by the test below, in a process whose system trusts the authority"]
async fn with_the_authority_trusted() {
    assert_eq!(call_over_tls("127.0.0.1").await.map(|answer| answer.status), Ok(200));
    let error = call_over_tls("[::ffff:127.0.0.1]").await.unwrap_err();
    assert!(matches!(&error, CallError::Unreachable(cause) if cause.contains("not valid for name")), "{error:?}");
}

#[test]
fn what_the_system_trusts_is_trusted() {
    let output = Command::new(std::env::current_exe().unwrap())
        .env("SSL_CERT_FILE", AUTHORITY)
        .args(["--exact", "tls::with_the_authority_trusted", "--ignored"])
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
}

#[tokio::test]
async fn a_receiver_that_speaks_no_tls_is_unreachable() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        let mut tcp = listener.accept().unwrap().0;
        tcp.read(&mut [0; 4096]).and_then(|_| tcp.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n")).unwrap();
    });
    let error = client_inside().post(call(format!("https://127.0.0.1:{port}/"))).await.unwrap_err();
    assert!(matches!(error, CallError::Unreachable(_)), "{error:?}");
}
