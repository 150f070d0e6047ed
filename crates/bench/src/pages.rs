//! Pages of the console, from the request to the last byte.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use mercat_domain::id::OrderId;
use mercat_store::{
    Db,
    entity::{customer, order},
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};

use crate::{Set, figures::Figures, server::Server};

const TIMES: usize = 100;
/// What a first screen may take, so that nobody waits.
pub const LIMIT: Duration = Duration::from_millis(20);

/// Those whose pages are fetched: the set's name of each, and of the organisation that is theirs.
const VIEWERS: [(&str, Option<&str>); 3] =
    [("customer", Some("Organization 20")), ("provider", Some("Organization 5")), ("staff", None)];

/// Fetches each page again and again.
///
/// # Errors
/// A page could not be fetched.
pub async fn measure(program: &Path, set: &Set) -> anyhow::Result<Vec<Figures>> {
    let db = Db::connect(&set.url, 1).await?;
    let server = Server::start(program, &set.url, &set.folder)?;
    let mut all = Vec::new();
    for (viewer, organisation) in VIEWERS {
        let token = format!("bench-{viewer}");
        let (session, newest) = (sign_in(&server, &token)?, newest(&server, &token)?);
        let mut rows = vec![("the ids of a page, by the database alone".to_owned(), alone(&db, organisation).await?)];
        for (what, path) in [
            ("inbox", "/".to_owned()),
            ("list of orders", "/orders/?q=".to_owned()),
            ("list of orders, page 100", "/orders/?q=&page=100".to_owned()),
            ("page of an order", format!("/orders/{newest}/")),
        ] {
            rows.push((what.to_owned(), tokio::task::block_in_place(|| times(&server, &session, &path))?));
        }
        all.push(Figures { title: format!("{:?}, {} orders, {viewer}", set.backend, set.orders), rows });
    }
    Ok(all)
}

/// The database alone: the ids of the newest page of what an organisation ordered and sold, or of all orders.
async fn alone(db: &Db, organisation: Option<&str>) -> anyhow::Result<Vec<Duration>> {
    let mut newest = order::Entity::find()
        .select_only()
        .column(order::Column::Id)
        .order_by_desc(order::Column::Created)
        .order_by_desc(order::Column::Id)
        .limit(50);
    if let Some(name) = organisation {
        let named = customer::Entity::find().filter(customer::Column::Name.eq(name));
        let id = named.one(db.read()).await?.context("the organisation is in the set")?.id;
        let column = if name.ends_with("20") { order::Column::CustomerId } else { order::Column::ProviderId };
        newest = newest.filter(column.eq(id));
    }
    let mut times = Vec::new();
    for _ in 0..TIMES {
        let begun = Instant::now();
        let ids: Vec<OrderId> = newest.clone().into_tuple().all(db.read()).await?;
        anyhow::ensure!(ids.len() == 50, "a page has fifty orders");
        times.push(begun.elapsed());
    }
    Ok(times)
}

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder().max_redirects(0).http_status_as_error(false).build().into()
}

/// The cookie of a session.
fn sign_in(server: &Server, token: &str) -> anyhow::Result<String> {
    let answer = agent().post(format!("http://{}/login/", server.address)).send_form([("token", token)])?;
    let cookie = answer.headers().get("set-cookie").context("a session")?.to_str()?;
    Ok(cookie.split(';').next().unwrap_or_default().to_owned())
}

/// The newest order that somebody sees.
fn newest(server: &Server, token: &str) -> anyhow::Result<String> {
    let url = format!("http://{}/api/marketplace-orders/?o=-created&page_size=1&field=uuid", server.address);
    let mut answer = agent().get(url).header("Authorization", format!("Token {token}")).call()?;
    let orders: serde_json::Value = serde_json::from_str(&answer.body_mut().read_to_string()?)?;
    Ok(orders.pointer("/0/uuid").and_then(serde_json::Value::as_str).context("an order")?.to_owned())
}

fn times(server: &Server, session: &str, path: &str) -> anyhow::Result<Vec<Duration>> {
    let (client, mut times) = (agent(), Vec::new());
    let once = || -> anyhow::Result<Duration> {
        let begun = Instant::now();
        let call = client.get(format!("http://{}{path}", server.address)).header("cookie", session);
        let mut answer = call.call()?;
        anyhow::ensure!(answer.status() == 200, "{path} gave {}", answer.status());
        answer.body_mut().read_to_string()?;
        Ok(begun.elapsed())
    };
    // The first connects to the database.
    once()?;
    for _ in 0..TIMES {
        times.push(once()?);
    }
    Ok(times)
}
