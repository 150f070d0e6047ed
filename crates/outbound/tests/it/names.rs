//! Names that resolve to where nobody may call.

use std::net::IpAddr;

use mercat_outbound::{CallError, Client, Policy};

use crate::{
    hostile::ADDRESSES,
    support::{Data, NameServer, Receiver, Trap, call, client_asking, lines, policy},
};

/// Stands for a public address in these tests: a receiver of ours listens there.
const GOOD: &str = "127.0.0.2";
const GOOD_RANGE: &[&str] = &["127.0.0.2/32"];

fn ip(address: &str) -> Data {
    Data::Ip(address.parse().unwrap())
}

async fn assert_refused(client: &Client, url: String) {
    let error = client.post(call(&url)).await.expect_err(&url);
    assert!(matches!(error, CallError::Refused(_)), "{url}: {error:?}");
}

#[tokio::test]
async fn a_name_may_not_resolve_to_any_special_address() {
    let trap = Trap::set();
    let bad: Vec<_> = lines(ADDRESSES);
    let labels: Vec<_> = (0..bad.len()).map(|i| (format!("alone{i}.example"), format!("mixed{i}.example"))).collect();
    let zone = bad.iter().zip(&labels).flat_map(|(address, (alone, mixed))| {
        [
            (alone.as_str(), vec![vec![ip(address)]]),
            (mixed.as_str(), vec![vec![ip(GOOD), ip("2606:4700::1111"), ip(address), ip(GOOD)]]),
        ]
    });
    let names = NameServer::start(zone).await;
    let client = client_asking(&names, GOOD_RANGE);
    for (alone, mixed) in &labels {
        assert_refused(&client, format!("http://{alone}:{}/", trap.port)).await;
        assert_refused(&client, format!("http://{mixed}:{}/", trap.port)).await;
        assert_eq!(names.asked(alone), 2, "{alone} was asked for once of each kind");
    }
    trap.assert_untouched();
}

#[tokio::test]
async fn the_reason_names_the_kind_and_not_the_address() {
    let names = NameServer::start([("inside.example", vec![vec![ip("10.1.2.3")]])]).await;
    let error = client_asking(&names, &[]).post(call("https://inside.example/")).await.unwrap_err();
    assert_eq!(error.to_string(), "refused: inside.example resolves to a private address");
}

#[tokio::test]
async fn chains_of_names_are_followed_to_the_address() {
    let trap = Trap::set();
    let chain = vec![Data::Cname("second.example"), Data::Cname("third.example"), ip("127.0.0.1")];
    let names = NameServer::start([
        ("whole.example", vec![chain]),
        ("first.example", vec![vec![Data::Cname("second.example")]]),
        ("second.example", vec![vec![Data::Cname("third.example")]]),
        ("third.example", vec![vec![ip("127.0.0.1"), ip("::1")]]),
        ("home.example", vec![vec![Data::Cname("localhost")]]),
        ("round.example", vec![vec![Data::Cname("around.example")]]),
        ("around.example", vec![vec![Data::Cname("round.example")]]),
    ])
    .await;
    let client = client_asking(&names, GOOD_RANGE);
    assert_refused(&client, format!("http://whole.example:{}/", trap.port)).await;
    assert_refused(&client, format!("http://first.example:{}/", trap.port)).await;
    for name in ["home.example", "round.example"] {
        let error = client.post(call(format!("http://{name}:{}/", trap.port))).await.unwrap_err();
        assert!(!matches!(error, CallError::Broken(_)), "{name}: {error:?}");
    }
    trap.assert_untouched();
}

#[tokio::test]
async fn a_name_cannot_change_its_mind() {
    let good = Receiver::content("127.0.0.2:0").await;
    let trap = Trap::on(good.port());
    let rounds = vec![vec![ip(GOOD)], vec![ip("127.0.0.1"), ip("::1")]];
    let names = NameServer::start([("turn.example", rounds)]).await;
    let client = client_asking(&names, GOOD_RANGE);
    let url = format!("http://turn.example:{}/", good.port());

    assert_eq!(client.post(call(&url)).await.unwrap().status, 200);
    assert_eq!(names.asked("turn.example"), 2, "one look-up of each kind for one connection");
    assert_refused(&client, url).await;
    assert_eq!(good.requests().len(), 1);
    trap.assert_untouched();
}

#[tokio::test]
async fn a_name_inside_an_allowed_range_is_called() {
    let good = Receiver::content("127.0.0.2:0").await;
    let names = NameServer::start([
        ("hooks.corp.internal", vec![vec![ip(GOOD)]]),
        ("receiver", vec![vec![ip(GOOD)]]),
        ("chain.example", vec![vec![Data::Cname("receiver"), ip(GOOD)]]),
    ])
    .await;
    let client = client_asking(&names, GOOD_RANGE);
    for name in ["hooks.corp.internal", "receiver", "receiver.", "chain.example"] {
        let answer = client.post(call(format!("http://{name}:{}/", good.port()))).await;
        assert_eq!(answer.map(|answer| answer.status), Ok(200), "{name}");
    }
}

#[tokio::test]
async fn localhost_is_never_asked_for() {
    let v4 = Receiver::content("127.0.0.1:0").await;
    let names = NameServer::start([("localhost", vec![vec![ip("203.0.113.1")]])]).await;
    let client = client_asking(&names, &["127.0.0.0/8", "::1/128"]);
    let answer = client.post(call(format!("http://localhost:{}/", v4.port()))).await;
    assert_eq!(answer.map(|answer| answer.status), Ok(200));
    assert!(!names.asked_anything());
}

#[tokio::test]
async fn an_unknown_name_is_not_found() {
    let names = NameServer::start([("empty.example", vec![vec![]])]).await;
    let client = client_asking(&names, &[]);
    for url in ["https://missing.example/", "https://empty.example/"] {
        assert_eq!(client.post(call(url)).await, Err(CallError::NotFound), "{url}");
    }
}

#[tokio::test]
async fn a_silent_name_server_is_a_time_out() {
    let names = NameServer::start([]).await;
    let connect_timeout = std::time::Duration::from_millis(200);
    let policy = Policy { name_servers: vec![names.address()], connect_timeout, ..policy(&[]) };
    let answer = Client::new(policy).unwrap().post(call("https://silent.example/")).await;
    assert_eq!(answer, Err(CallError::TimedOut));
}

#[test]
fn the_data_are_addresses() {
    let addresses = lines(ADDRESSES);
    assert!(addresses.len() > 70);
    assert!(addresses.iter().all(|address| address.parse::<IpAddr>().is_ok()));
}
