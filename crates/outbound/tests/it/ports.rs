//! Ports where no HTTP is spoken: only within ranges that the operator allowed.

use mercat_outbound::{CallError, Client, Policy, check_url};

use crate::support::{Data, NameServer, call, policy};

#[test]
fn a_written_address_in_an_allowed_range_may_use_any_port() {
    let inside = policy(&["10.0.0.0/8"]);
    assert_eq!(check_url("http://10.0.0.1:5432/", &inside), Ok(()));
    assert!(check_url("http://10.0.0.1:0/", &inside).is_err());
    assert!(check_url("http://1.1.1.1:5432/", &inside).is_err());
    assert!(check_url("http://192.168.0.1:8080/", &inside).is_err());
}

#[tokio::test]
async fn a_name_on_such_a_port_must_resolve_into_an_allowed_range() {
    let names = NameServer::start([("public.example", vec![vec![Data::Ip("1.1.1.1".parse().unwrap())]])]).await;
    let policy = Policy { name_servers: vec![names.address()], ..policy(&["127.0.0.0/8"]) };
    assert_eq!(check_url("http://public.example:25/", &policy), Ok(()), "only the look-up can tell");
    let error = Client::new(policy).unwrap().post(call("http://public.example:25/")).await.unwrap_err();
    assert!(matches!(error, CallError::Refused(_)), "{error:?}");
    assert_eq!(error.to_string(), "refused: public.example may not be called on this port");
}
