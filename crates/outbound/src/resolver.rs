//! Looking up names, inside the connector: what is judged here is what is connected to.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use hickory_resolver::{
    TokioResolver,
    config::{ConnectionConfig, LookupIpStrategy, NameServerConfig, ResolverConfig, ResolverOpts},
    net::{NetError, runtime::TokioRuntimeProvider},
};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::{CallError, Policy, Refused, SetupError, address};

/// The longest wait for one name server, so that there is time to ask a second one.
const LONGEST_QUESTION: Duration = Duration::from_secs(2);

/// Which addresses a resolver lets through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Public ones and those that the operator allowed.
    Public,
    /// Only those that the operator allowed.
    OnlyAllowed,
}

/// A resolver that refuses names with forbidden addresses.
#[derive(Clone)]
pub(crate) struct GuardedResolver {
    names: TokioResolver,
    policy: Arc<Policy>,
    reach: Reach,
}

impl GuardedResolver {
    pub(crate) fn new(names: TokioResolver, policy: Arc<Policy>, reach: Reach) -> Self {
        Self { names, policy, reach }
    }

    async fn look_up(&self, name: &str) -> Result<Vec<SocketAddr>, CallError> {
        // The final dot keeps the system's search domains out: a stranger means the name that stands there.
        let full = format!("{}.", name.trim_end_matches('.'));
        let found = self.names.lookup_ip(full).await.map_err(|e| lookup_error(&e))?;
        let addresses: Vec<_> = found.iter().map(|ip| SocketAddr::new(ip, 0)).collect();
        if addresses.is_empty() {
            return Err(CallError::NotFound);
        }
        for address in &addresses {
            self.judge(name, *address)?;
        }
        Ok(addresses)
    }

    /// One forbidden address forbids the name: it has no business there, and the connector would try it sooner or later.
    fn judge(&self, name: &str, address: SocketAddr) -> Result<(), Refused> {
        if self.policy.allows(address.ip()) {
            return Ok(());
        }
        let reason = match address::not_public(address.ip()) {
            Some(kind) => format!("{name} resolves to {kind}"),
            None if self.reach == Reach::OnlyAllowed => format!("{name} may not be called on this port"),
            None => return Ok(()),
        };
        // The address is for the operator alone: a stranger shall not learn what the names inside resolve to.
        tracing::info!(host = name, address = %address.ip(), "refused a call: {reason}");
        Err(Refused(reason))
    }
}

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let this = self.clone();
        Box::pin(async move {
            let addresses: Addrs = Box::new(this.look_up(name.as_str()).await?.into_iter());
            Ok(addresses)
        })
    }
}

/// The name servers of the policy, or those of the system as they are now.
pub(crate) fn names(policy: &Policy) -> Result<TokioResolver, SetupError> {
    let set_up = |e: NetError| SetupError::Names(e.to_string());
    let mut builder = if policy.name_servers.is_empty() {
        TokioResolver::builder_tokio().map_err(set_up)?
    } else {
        let servers = policy.name_servers.iter().map(name_server).collect();
        let config = ResolverConfig::from_name_servers(servers);
        TokioResolver::builder_with_config(config, TokioRuntimeProvider::default())
            .with_options(ResolverOpts::default())
    };
    let options = builder.options_mut();
    // Both kinds always, so that a forbidden address cannot hide in the kind that was not asked for.
    options.ip_strategy = LookupIpStrategy::Ipv4AndIpv6;
    options.timeout = LONGEST_QUESTION.min(policy.connect_timeout);
    builder.build().map_err(set_up)
}

fn name_server(address: &SocketAddr) -> NameServerConfig {
    let connections = [ConnectionConfig::udp(), ConnectionConfig::tcp()].map(|mut connection| {
        connection.port = address.port();
        connection
    });
    NameServerConfig::new(address.ip(), true, connections.into())
}

fn lookup_error(error: &NetError) -> CallError {
    if error.is_nx_domain() || error.is_no_records_found() {
        return CallError::NotFound;
    }
    match error {
        NetError::Timeout => CallError::TimedOut,
        NetError::Proto(_) => CallError::NotFound,
        other => CallError::Unreachable(format!("the look-up of its name failed: {other}")),
    }
}
