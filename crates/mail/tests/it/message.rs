//! The form of a message.

use mercat_mail::{MailError, Mailer, Outbox, Smtp, Template, Tls, Transport};

use crate::samples::{FROM, mail, order, sent};

#[tokio::test]
async fn the_head() {
    let raw = sent(mail(order(Template::ReminderOfPendingOrder))).await;
    let (head, body) = raw.split_once("\r\n\r\n").unwrap();
    let boundary = head.split("boundary=\"").nth(1).unwrap().trim_end_matches('"').to_owned();
    let head = head.replace("\r\n", "\n").replace(&boundary, "BOUNDARY");
    insta::assert_snapshot!(head, @r#"
    From: Mercat <noreply@market.example>
    To: "Ada Lovelace" <ada@uni.example>
    Subject: Still waiting for your decision: Create vm-1 (order alpha-12)
    Date: Wed, 25 Nov 2026 19:02:01 +0000
    Message-ID: <01935b7e-order-12@market.example>
    Auto-Submitted: auto-generated
    MIME-Version: 1.0
    Content-Type: multipart/alternative;
     boundary="BOUNDARY"
    "#);
    let parts: Vec<_> = body.split(&format!("--{boundary}")).collect();
    assert_eq!(parts.len(), 4, "before, text, HTML, after");
    assert!(parts[1].starts_with("\r\nContent-Type: text/plain; charset=utf-8\r\n"), "{}", parts[1]);
    assert!(parts[2].starts_with("\r\nContent-Type: text/html; charset=utf-8\r\n"), "{}", parts[2]);
}

#[tokio::test]
async fn a_repetition_is_recognised() {
    let id = |raw: String| raw.lines().find(|line| line.starts_with("Message-ID:")).unwrap().to_owned();
    let first = id(sent(mail(order(Template::ReminderOfPendingOrder))).await);
    assert_eq!(first, "Message-ID: <01935b7e-order-12@market.example>");
    assert_eq!(first, id(sent(mail(order(Template::ReminderOfPendingOrder))).await));
}

#[tokio::test]
async fn bad_addresses_are_permanent() {
    let mailer = Mailer::new(FROM, Transport::Memory(Outbox::default())).unwrap();
    let long = format!("{}@uni.example", "a".repeat(10_000));
    for to in ["", "ada", "@uni.example", "ada@", "a b@uni.example", "ada@uni.example\r\nBcc: e@evil.example", &long] {
        let mut mail = mail(order(Template::ReminderOfPendingOrder));
        to.clone_into(&mut mail.to);
        let error = mailer.send(mail).await.unwrap_err();
        assert!(error.is_permanent() && error.to_string().len() < 2000, "{to:?}: {error:?}");
    }
}

#[tokio::test]
async fn bad_ids_are_permanent() {
    let mailer = Mailer::new(FROM, Transport::Memory(Outbox::default())).unwrap();
    for id in ["", "..", "../x", "a/b", "a\\b", "a b", "a\r\nb", "a>b", ".a", &"a".repeat(201)] {
        let mut mail = mail(order(Template::ReminderOfPendingOrder));
        id.clone_into(&mut mail.id);
        let error = mailer.send(mail).await.unwrap_err();
        assert!(error.is_permanent(), "{id:?}: {error:?}");
    }
}

#[test]
fn the_sender_must_be_an_address() {
    for from in ["", "Mercat", "Mercat <>", "a@b\r\nBcc: c@d.example"] {
        let error = Mailer::new(from, Transport::Off).unwrap_err();
        assert!(matches!(error, MailError::Permanent(_)), "{from:?}: {error:?}");
    }
    Mailer::new("noreply@market.example", Transport::Off).unwrap();
}

#[tokio::test]
async fn off_sends_nothing_and_is_content() {
    let mailer = Mailer::new(FROM, Transport::Off).unwrap();
    mailer.send(mail(order(Template::ReminderOfPendingOrder))).await.unwrap();
    mailer.check().await.unwrap();
}

#[test]
fn the_password_is_never_shown() {
    let smtp = Smtp {
        host: "smtp.example".into(),
        port: 465,
        tls: Tls::Tls,
        username: Some("mercat".into()),
        password: Some("hunter2".into()),
    };
    let transport = Transport::Smtp(smtp);
    let mailer = Mailer::new(FROM, transport.clone()).unwrap();
    for shown in [format!("{transport:?}"), format!("{mailer:#?}")] {
        assert!(shown.contains("smtp.example") && !shown.contains("hunter2"), "{shown}");
    }
}
