//! Letters to a mail server in all its moods.

use std::{
    net::{SocketAddr, TcpListener},
    time::Duration,
};

use mercat_mail::{MailError, Mailer, Smtp, Template, Tls, Transport};

use crate::{
    samples::{FROM, mail, order},
    server::{HANG, Server},
};

fn mailer(address: SocketAddr, tls: Tls, login: Option<(&str, &str)>) -> Mailer {
    let smtp = Smtp {
        host: "127.0.0.1".into(),
        port: address.port(),
        tls,
        username: login.map(|(username, _)| username.into()),
        password: login.map(|(_, password)| password.into()),
    };
    Mailer::new(FROM, Transport::Smtp(smtp)).unwrap()
}

async fn send_with(mailer: &Mailer) -> Result<(), MailError> {
    mailer.send(mail(order(Template::ReminderOfPendingOrder))).await
}

async fn send(server: &Server) -> Result<(), MailError> {
    send_with(&mailer(server.address, Tls::None, None)).await
}

#[tokio::test]
async fn a_letter_is_taken() {
    let server = Server::start(&[]).await;
    send(&server).await.unwrap();
    assert!(server.heard("EHLO market.example"), "{:?}", server.lines());
    assert!(server.heard("MAIL FROM:<noreply@market.example>"));
    assert!(server.heard("RCPT TO:<ada@uni.example>"));
    assert!(server.heard("To: \"Ada Lovelace\" <ada@uni.example>"), "{:?}", server.lines());
    assert!(server.heard("Message-ID: <01935b7e-order-12@market.example>"));
    assert!(server.heard("QUIT"));
}

#[tokio::test]
async fn a_refused_letter_is_permanent() {
    let server = Server::start(&[("RCPT", "550 no such user here")]).await;
    let error = send(&server).await.unwrap_err();
    assert_eq!(error, MailError::Permanent("the mail server: permanent error (550): no such user here".into()));
    assert!(!server.heard("DATA"));
    let server = Server::start(&[("DATA", "554 no such letters here")]).await;
    assert!(send(&server).await.unwrap_err().is_permanent());
}

#[tokio::test]
async fn a_busy_server_is_transient() {
    let moods: [&[_]; 4] = [
        &[("hello", "421 too busy")],
        &[("RCPT", "450 mailbox busy")],
        &[("DATA", "451 disk full")],
        &[("MAIL", "452 out of space")],
    ];
    for mood in moods {
        let error = send(&Server::start(mood).await).await.unwrap_err();
        assert!(matches!(error, MailError::Transient(_)), "{mood:?}: {error:?}");
    }
}

#[tokio::test]
async fn a_server_that_refuses_us_is_transient() {
    let login = Some(("mercat", "wrong"));
    let server = Server::start(&[("AUTH", "535 wrong password")]).await;
    let error = send_with(&mailer(server.address, Tls::None, login)).await.unwrap_err();
    assert!(!error.is_permanent() && error.to_string().contains("wrong password"), "{error:?}");
    let moods: [&[_]; 4] = [
        &[("hello", "554 not to you")],
        &[("EHLO", "550 not to you")],
        &[("MAIL", "530 log in first")],
        &[("EHLO", "250 no login here")],
    ];
    for mood in moods {
        let server = Server::start(mood).await;
        let error = send_with(&mailer(server.address, Tls::None, login)).await.unwrap_err();
        assert!(matches!(error, MailError::Transient(_)), "{mood:?}: {error:?}");
    }
}

#[tokio::test]
async fn a_server_that_hangs_is_transient() {
    for stage in ["hello", "EHLO", "MAIL", "RCPT", "DATA"] {
        let mood = Box::leak(Box::new([(stage, HANG)]));
        let server = Server::start(mood).await;
        let hasty = mailer(server.address, Tls::None, None).with_timeout(Duration::from_millis(150));
        let error = send_with(&hasty).await.unwrap_err();
        assert!(matches!(error, MailError::Transient(_)), "{stage}: {error:?}");
    }
}

#[tokio::test]
async fn a_letter_that_was_taken_stays_sent_without_a_goodbye() {
    let server = Server::start(&[("QUIT", HANG)]).await;
    let hasty = mailer(server.address, Tls::None, None).with_timeout(Duration::from_secs(5));
    send_with(&hasty).await.unwrap();
}

#[tokio::test]
async fn nobody_there_is_transient() {
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mailer = mailer(address, Tls::None, None);
    let error = send_with(&mailer).await.unwrap_err();
    assert!(matches!(&error, MailError::Transient(reason) if reason.contains("refused")), "{error:?}");
    assert!(matches!(mailer.check().await, Err(MailError::Transient(_))));
}

#[tokio::test]
async fn without_tls_nothing_is_said_that_needs_it() {
    let login = Some(("mercat", "secret"));
    let server = Server::start(&[]).await;
    let error = send_with(&mailer(server.address, Tls::StartTls, login)).await.unwrap_err();
    assert!(!error.is_permanent(), "{error:?}");
    let hasty = mailer(server.address, Tls::Tls, login).with_timeout(Duration::from_millis(300));
    assert!(!send_with(&hasty).await.unwrap_err().is_permanent());
    assert!(!server.heard("AUTH") && !server.heard("MAIL"), "{:?}", server.lines());
}

#[tokio::test]
async fn the_check_logs_in_and_sends_nothing() {
    let server = Server::start(&[]).await;
    mailer(server.address, Tls::None, Some(("mercat", "secret"))).check().await.unwrap();
    assert!(server.heard("AUTH PLAIN") && server.heard("NOOP") && !server.heard("MAIL"), "{:?}", server.lines());

    let server = Server::start(&[("AUTH", "535 wrong password")]).await;
    let error = mailer(server.address, Tls::None, Some(("mercat", "wrong"))).check().await.unwrap_err();
    assert!(error.to_string().contains("wrong password"), "{error:?}");
}
