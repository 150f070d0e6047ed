//! Mail: who gets it, how they want it, and what becomes of it when it cannot leave.

use chrono::TimeDelta;
use mercat_app::{
    admin,
    decide::{self, Standing},
    list::Filter,
    outgoing::EmailHooks,
};
use mercat_domain::{
    delivery::{DeliveryKind, DeliveryState, MailMode},
    id::DeliveryId,
    permission::Scope,
};
use mercat_mail::{Mailer, Smtp, Tls, Transport};
use mercat_store::{delivery::Message, entity::delivery, people};
use mercat_testkit::{TestApp, both};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpListener,
};

use crate::support::{Post, act, all, hook, to_its_end, tries};

async fn wants(app: &TestApp, who: &str, mode: MailMode) {
    let tx = app.app.db.write().await.unwrap();
    people::set_mail_mode(&tx, app.world.users[who], mode, app.app.now()).await.unwrap();
    tx.commit().await.unwrap();
}

/// The token of the link in a mail, if there is one.
fn token(text: &str) -> Option<String> {
    let (_, rest) = text.split_once("/decide/")?;
    Some(rest.split('/').next()?.to_owned())
}

/// A mail server that answers the recipient's line so; each connection in turn.
async fn server(answers: &'static [&'static str]) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        for answer in answers.iter().chain(std::iter::repeat(&"250 ok")) {
            let (stream, _) = listener.accept().await.unwrap();
            let (read, mut write) = stream.into_split();
            let mut lines = BufReader::new(read).lines();
            write.write_all(b"220 test\r\n").await.unwrap();
            let mut in_data = false;
            while let Ok(Some(line)) = lines.next_line().await {
                let reply = match line.split(' ').next().unwrap() {
                    "." => "250 taken",
                    _ if in_data => continue,
                    "RCPT" => answer,
                    "DATA" => "354 go on",
                    "QUIT" => "221 bye",
                    _ => "250 ok",
                };
                in_data = line == "DATA";
                write.write_all(format!("{reply}\r\n").as_bytes()).await.unwrap();
            }
        }
    });
    port
}

fn by_server(port: u16) -> Post {
    let smtp = Smtp { host: "127.0.0.1".to_owned(), port, tls: Tls::None, username: None, password: None };
    let mut post = Post::new();
    post.sender.mailer = Mailer::new("mercat@example.org", Transport::Smtp(smtp)).unwrap();
    post
}

/// K's owner alone can approve, so there is one mail.
async fn one_mail(app: &TestApp) -> delivery::Model {
    let offered = app.offering("Marketplace.Basic").await;
    app.order("mem", &offered).await;
    let mut rows = mails(app).await;
    assert_eq!(rows.len(), 1);
    rows.remove(0)
}

async fn mails(app: &TestApp) -> Vec<delivery::Model> {
    all(app, &[Filter::equals(delivery::Column::Kind, "mail")]).await
}

/// Queues a mail that says this.
async fn queue(app: &TestApp, id: DeliveryId, payload: Value) {
    let message = Message {
        id,
        kind: DeliveryKind::Mail,
        lane: id.to_string(),
        target: "mail".to_owned(),
        order: None,
        hook: None,
        event: None,
        payload,
    };
    let tx = app.app.db.write().await.unwrap();
    mercat_store::delivery::insert(&tx, vec![message], app.app.now()).await.unwrap();
    tx.commit().await.unwrap();
}

/// Two more owners of K.
async fn more_owners(app: &TestApp) {
    let tx = app.app.begin_own().await.unwrap();
    for who in ["adm", "user"] {
        admin::grant(&tx, app.world.users[who], "CUSTOMER.OWNER", Scope::Customer(app.world.consumer)).await.unwrap();
    }
    tx.commit().await.unwrap();
}

both! {
    async fn those_who_can_decide_are_asked_with_a_link_each(app: TestApp) {
        let (post, offered) = (Post::new(), app.offering("Marketplace.Basic").await);
        more_owners(&app).await;
        let order = app.order("mem", &offered).await;
        post.deliver(&app).await;
        assert_eq!(post.recipients(), ["adm@example.org", "own@example.org", "user@example.org"]);
        let mut tokens: Vec<_> = post.sent().iter().map(|sent| token(&sent.rendered.text).unwrap()).collect();
        for (sent, token) in post.sent().iter().zip(&tokens) {
            let found = decide::look(&app.app, token).await.unwrap();
            assert_eq!((found.standing, found.order.row.id.to_string()), (Standing::Open, order.clone()));
            assert_eq!(sent.to, format!("{}@example.org", found.actor.username), "the link is its reader's own");
            assert!(sent.rendered.html.contains(&format!("/decide/{token}/")));
        }
        tokens.dedup();
        assert_eq!(tokens.len(), 3);
        post.mail.lock().unwrap().clear();
        to_its_end(&app, &order).await;
        post.deliver(&app).await;
        assert_eq!(post.recipients(), ["vown@example.org"], "then the provider");
    }

    async fn only_letters_that_ask_have_a_link(app: TestApp) {
        let (post, offered) = (Post::new(), app.offering("Marketplace.Basic").await);
        let order = app.order("mem", &offered).await;
        act(&app, "own", &order, "reject_by_consumer").await;
        post.deliver(&app).await;
        let sent = post.sent();
        let told: Vec<_> = sent.iter().filter(|sent| sent.to == "mem@example.org").collect();
        assert_eq!(told.len(), 1, "the creator is told");
        assert!(token(&told[0].rendered.text).is_none() && !told[0].rendered.html.contains("/decide/"));
    }

    async fn people_get_the_mail_that_they_want(app: TestApp) {
        let (post, offered) = (Post::new(), app.offering("Marketplace.Basic").await);
        more_owners(&app).await;
        wants(&app, "own", MailMode::Off).await;
        wants(&app, "adm", MailMode::Daily).await;
        app.order("mem", &offered).await;
        app.order("mem", &offered).await;
        post.deliver(&app).await;
        assert_eq!(post.recipients(), ["user@example.org", "user@example.org"]);
        post.mail.lock().unwrap().clear();
        // It is Monday noon.
        app.pass(TimeDelta::hours(18) - TimeDelta::seconds(1)).await;
        post.deliver(&app).await;
        assert!(post.recipients().is_empty());
        app.pass(TimeDelta::seconds(1)).await;
        post.deliver(&app).await;
        assert_eq!(post.recipients(), ["adm@example.org"], "at 6:00 UTC, in one");
        let digest = post.sent().remove(0);
        assert!(digest.rendered.subject.starts_with("2 orders wait for you"), "{}", digest.rendered.subject);
        assert_eq!(digest.rendered.text.matches("/decide/").count(), 2);
        let link = token(&digest.rendered.text).unwrap();
        assert_eq!(decide::look(&app.app, &link).await.unwrap().standing, Standing::Open);
        post.mail.lock().unwrap().clear();
        app.pass(TimeDelta::days(1)).await;
        post.deliver(&app).await;
        assert!(!post.sent().iter().any(|sent| sent.rendered.subject.starts_with("0 ")), "no empty digest");
    }

    async fn a_hook_may_send_mail(app: TestApp) {
        let (post, offered) = (Post::new(), app.offering("Marketplace.Basic").await);
        hook::<EmailHooks>(&app, "own", "own@example.org").await;
        wants(&app, "own", MailMode::Off).await;
        let order = app.order("mem", &offered).await;
        to_its_end(&app, &order).await;
        post.deliver(&app).await;
        let own: Vec<_> = post.sent().into_iter().filter(|sent| sent.to == "own@example.org").collect();
        assert!(!own.is_empty());
        assert!(own.iter().all(|sent| sent.rendered.subject.contains("[marketplace_")), "{own:?}");
    }

    async fn what_the_server_will_never_take_is_dead(app: TestApp) {
        let post = by_server(server(&["550 no such user"]).await);
        let row = one_mail(&app).await;
        post.deliver(&app).await;
        let after = mails(&app).await.remove(0);
        assert_eq!((after.state, after.attempts), (DeliveryState::Dead, 1));
        assert!(tries(&app, &row).await[0].error.as_ref().unwrap().contains("no such user"));
    }

    async fn what_the_server_cannot_take_now_is_tried_again(app: TestApp) {
        let post = by_server(server(&["451 try again later"]).await);
        one_mail(&app).await;
        post.deliver(&app).await;
        let after = mails(&app).await.remove(0);
        assert_eq!((after.state, after.attempts), (DeliveryState::Pending, 1));
        app.clock.advance(TimeDelta::seconds(6));
        post.deliver(&app).await;
        assert_eq!(mails(&app).await.remove(0).state, DeliveryState::Delivered);
    }

    async fn a_payload_that_cannot_be_read_is_dead_with_the_reason(app: TestApp) {
        let post = Post::new();
        for (payload, why) in [
            (json!({}), "template"),
            (json!({"template": "digest", "to": "a@example.org"}), "to_name"),
            (json!({"template": "hook_disabled", "to": "a@example.org", "disabled": 1}), "invalid type"),
            (json!({"template": "x", "to": "a@example.org", "notice": {"links": []}}), "Links"),
            (json!("nonsense"), "template"),
        ] {
            let id = mercat_app::ids::new(app.app.now());
            queue(&app, id, payload).await;
            post.deliver(&app).await;
            let after = all(&app, &[Filter::equals(delivery::Column::Id, id)]).await.remove(0);
            assert_eq!(after.state, DeliveryState::Dead);
            let error = after.last_error.unwrap();
            assert!(error.contains("cannot be written") && error.contains(why), "{error}");
        }
    }
}
