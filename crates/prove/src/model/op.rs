//! What can be asked for in a sequence.

use std::fmt;

use rand::{RngExt as _, rngs::StdRng, seq::IndexedRandom as _};

/// Who asks; the names of the people of the tests' world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    Staff,
    Support,
    /// Owner of the consumer.
    Own,
    /// Manager of the project.
    Mgr,
    /// Member of the project.
    Mem,
    /// Owner of the provider.
    Vown,
    /// Nobody in particular.
    User,
}

impl Who {
    const ALL: [Self; 7] = [Self::Staff, Self::Support, Self::Own, Self::Mgr, Self::Mem, Self::Vown, Self::User];

    /// The name under which the person signs in.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Staff => "staff",
            Self::Support => "support",
            Self::Own => "own",
            Self::Mgr => "mgr",
            Self::Mem => "mem",
            Self::Vown => "vown",
            Self::User => "user",
        }
    }
}

/// Types of offerings that differ in who fulfils their orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The service itself, at once.
    Basic,
    /// An agent.
    Slurm,
    /// A person.
    Support,
}

impl Kind {
    pub const ALL: [Self; 3] = [Self::Basic, Self::Slurm, Self::Support];

    /// The offering's type.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Basic => "Marketplace.Basic",
            Self::Slurm => "Marketplace.Slurm",
            Self::Support => "Support.OfferingTemplate",
        }
    }
}

/// What is done to one order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    ApproveByConsumer,
    ApproveByProvider,
    RejectByConsumer,
    RejectByProvider,
    Cancel,
    Destroy,
    Unlink,
    SetStateExecuting,
    SetStateDone,
    SetStateErred,
    SetBackendId,
}

impl Act {
    const ALL: [Self; 11] = [
        Self::ApproveByConsumer,
        Self::ApproveByProvider,
        Self::RejectByConsumer,
        Self::RejectByProvider,
        Self::Cancel,
        Self::Destroy,
        Self::Unlink,
        Self::SetStateExecuting,
        Self::SetStateDone,
        Self::SetStateErred,
        Self::SetBackendId,
    ];

    /// The end of its path.
    pub const fn path(self) -> &'static str {
        match self {
            Self::ApproveByConsumer => "approve_by_consumer/",
            Self::ApproveByProvider => "approve_by_provider/",
            Self::RejectByConsumer => "reject_by_consumer/",
            Self::RejectByProvider => "reject_by_provider/",
            Self::Cancel => "cancel/",
            Self::Destroy => "",
            Self::Unlink => "unlink/",
            Self::SetStateExecuting => "set_state_executing/",
            Self::SetStateDone => "set_state_done/",
            Self::SetStateErred => "set_state_erred/",
            Self::SetBackendId => "set_backend_id/",
        }
    }
}

/// A step of a sequence. Orders and resources are named by their number within it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    Create(Who, Kind),
    Act(Who, usize, Act),
    /// An order for the end of the order's resource; the provider has an address of its own.
    Terminate(Who, usize),
    /// An order for one more cpu.
    Grow(Who, usize),
    /// An order for the other plan.
    Switch(Who, usize),
    /// Everything that is due is done.
    Work,
    /// A day goes by.
    Day,
    /// The clock is set an hour ahead, or back.
    Clock(bool),
    /// The consumer is blocked, or is not any more.
    Block(bool),
    /// The project ended yesterday, or does not end.
    Over(bool),
    /// The project begins tomorrow, or has begun.
    Ahead(bool),
}

impl Op {
    /// A step that is not too unlikely to do something in a sequence that has so many orders.
    pub fn any(chance: &mut StdRng, orders: usize) -> Self {
        let who = *Who::ALL.choose(chance).unwrap_or(&Who::Staff);
        let dice = chance.random_range(0..100);
        if orders == 0 || dice < 12 {
            let creators = [Who::Staff, Who::Own, Who::Mgr, Who::Mem, who];
            let creator = *creators.choose(chance).unwrap_or(&who);
            return Self::Create(creator, *Kind::ALL.choose(chance).unwrap_or(&Kind::Basic));
        }
        let order = chance.random_range(0..orders);
        let able = [Who::Staff, Who::Own, Who::Vown, who];
        let able = *able.choose(chance).unwrap_or(&who);
        match dice {
            12..65 => Self::Act(able, order, *Act::ALL.choose(chance).unwrap_or(&Act::Cancel)),
            65..71 => Self::Terminate(able, order),
            71..76 => Self::Grow(able, order),
            76..80 => Self::Switch(able, order),
            80..88 => Self::Work,
            88..91 => Self::Clock(chance.random()),
            91..93 => Self::Day,
            93..95 => Self::Block(chance.random()),
            95..97 => Self::Over(chance.random()),
            _ => Self::Ahead(chance.random()),
        }
    }
}

impl Op {
    /// The order that it is about.
    pub const fn order(self) -> Option<usize> {
        match self {
            Self::Act(_, order, _) | Self::Terminate(_, order) | Self::Grow(_, order) | Self::Switch(_, order) => {
                Some(order)
            }
            _ => None,
        }
    }
}

impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let post = |f: &mut fmt::Formatter<'_>, who: Who, path: String, body: &str| {
            let body = if body.is_empty() { String::new() } else { format!(" --json '{body}'") };
            let method = if body.is_empty() { " -X POST" } else { "" };
            write!(f, "curl{method} -H 'Authorization: Token token-{}' $SERVER/api/{path}{body}", who.name())
        };
        let of = |order: usize| format!("$ORDER_{order}");
        match *self {
            Self::Create(who, kind) => post(
                f,
                who,
                "marketplace-orders/".to_owned(),
                &format!(
                    r#"{{"offering": "{}", "project": "P", "plan": "Standard", "limits": {{"cpu": 1}}}}"#,
                    kind.name()
                ),
            ),
            Self::Act(who, order, Act::Destroy) => write!(
                f,
                "curl -X DELETE -H 'Authorization: Token token-{}' $SERVER/api/marketplace-orders/{}/",
                who.name(),
                of(order)
            ),
            Self::Act(who, order, act) => {
                let body = if act == Act::SetBackendId { r#"{"backend_id": "NEW"}"# } else { "" };
                post(f, who, format!("marketplace-orders/{}/{}", of(order), act.path()), body)
            }
            Self::Terminate(who, order) => {
                post(f, who, format!("{}-resources/$RESOURCE_OF_{order}/terminate/", side(who)), "{}")
            }
            Self::Grow(who, order) => post(
                f,
                who,
                format!("marketplace-resources/$RESOURCE_OF_{order}/update_limits/"),
                r#"{"limits": {"cpu": MORE}}"#,
            ),
            Self::Switch(who, order) => {
                post(f, who, format!("marketplace-resources/$RESOURCE_OF_{order}/switch_plan/"), r#"{"plan": "OTHER"}"#)
            }
            Self::Work => f.write_str("# what is due is done"),
            Self::Day => f.write_str("# a day goes by"),
            Self::Clock(ahead) => write!(f, "# the clock is set an hour {}", if ahead { "ahead" } else { "back" }),
            Self::Block(blocked) => write!(f, "# K.blocked = {blocked}"),
            Self::Over(over) => write!(f, "# P.end_date = {}", if over { "yesterday" } else { "none" }),
            Self::Ahead(ahead) => write!(f, "# P.start_date = {}", if ahead { "tomorrow" } else { "none" }),
        }
    }
}

/// Which of the two addresses of resources somebody uses.
pub const fn side(who: Who) -> &'static str {
    match who {
        Who::Vown => "marketplace-provider",
        _ => "marketplace",
    }
}
