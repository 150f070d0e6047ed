//! What the page does, for those who would rather write it: the same calls for a shell, for Python and for the command
//! line of Waldur.

use mercat_app::explain::Explanation;
use mercat_domain::{id::OrderId, order::Action};

/// The same calls in one language.
pub(super) struct Commands {
    pub id: &'static str,
    pub title: &'static str,
    pub text: String,
}

/// Reading the order, and what the reader may do about it now.
pub(super) fn of(url: &str, id: OrderId, explanation: &Explanation) -> [Commands; 3] {
    // A failure takes a reason as well.
    let takes_nothing = |action: &Action| *action != Action::SetStateErred;
    let allowed = explanation.actions.iter().filter(|possible| possible.allowed).map(|possible| possible.action);
    let actions: Vec<&str> = allowed.filter(takes_nothing).map(Action::as_str).collect();
    let path = format!("/api/marketplace-orders/{id}/");
    [
        Commands { id: "as-curl", title: "curl", text: curl(url, &path, &actions) },
        Commands { id: "as-python", title: "Python", text: python(url, id, &actions) },
        Commands { id: "as-cli", title: "Command line", text: cli(url, &path, id, &actions) },
    ]
}

fn curl(url: &str, path: &str, actions: &[&str]) -> String {
    let token = "-H \"Authorization: Token $TOKEN\"";
    let reads = ["", "explain/", "history/"].iter().map(|what| format!("curl {token} {url}{path}{what}"));
    let acts = actions.iter().map(|action| format!("curl -X POST {token} {url}{path}{action}/"));
    reads.chain(acts).collect::<Vec<_>>().join("\n")
}

fn python(url: &str, id: OrderId, actions: &[&str]) -> String {
    let names: Vec<String> =
        ["retrieve"].iter().chain(actions).map(|name| format!("marketplace_orders_{name}")).collect();
    let imports = names.join(", ");
    let acts = names.iter().skip(1).map(|name| format!("\n{name}.sync_detailed(\"{id}\", client=client)"));
    format!(
        "import os\nfrom waldur_api_client.client import AuthenticatedClient\n\
         from waldur_api_client.api.marketplace_orders import {imports}\n\n\
         client = AuthenticatedClient(base_url=\"{url}\", token=os.environ[\"TOKEN\"])\n\
         order = marketplace_orders_retrieve.sync(\"{id}\", client=client){}",
        acts.collect::<String>(),
    )
}

fn cli(url: &str, path: &str, id: OrderId, actions: &[&str]) -> String {
    let acts = actions.iter().map(|action| format!("\nwaldur-cli api POST {path}{action}/"));
    format!(
        "export WALDUR_API_URL={url} WALDUR_ACCESS_TOKEN=$TOKEN\nwaldur-cli marketplace order get {id}{}",
        acts.collect::<String>(),
    )
}
