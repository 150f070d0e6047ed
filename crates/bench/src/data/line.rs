//! What the peer's report says about order number `r`: everything follows from the number.

use md5::{Digest as _, Md5};
use mercat_domain::order::{OrderState, OrderType, ResourceState};

/// How many there are of what all orders share.
pub const CUSTOMERS: usize = 50;
pub const PROVIDERS: usize = 20;
pub const PROJECTS: usize = 500;
pub const OFFERINGS: usize = 200;
pub const USERS: usize = 2_000;

/// An order and its resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub r: usize,
    pub state: OrderState,
    pub order_type: OrderType,
    pub name: String,
}

impl Line {
    /// The order of that number.
    pub fn of(r: usize) -> Self {
        let (state, order_type) = shares(r);
        let name = hex(&format!("resource{r}"));
        Self { r, state, order_type, name: format!("{}-{r}", name.get(..8).unwrap_or_default()) }
    }

    /// The place of its project among all.
    pub const fn project(&self) -> usize {
        self.r % PROJECTS
    }

    /// The place of its offering among all.
    pub const fn offering(&self) -> usize {
        (self.r / PROJECTS + 37 * self.r) % OFFERINGS
    }

    /// The place of whoever made it among all people.
    pub const fn creator(&self) -> usize {
        10 + 13 * self.r % 1_990
    }

    /// The state of its resource, which the report leaves open: what the order would have left it in.
    pub const fn resource_state(&self) -> ResourceState {
        match (self.state, self.order_type) {
            (OrderState::Erred, _) => ResourceState::Erred,
            (OrderState::Done, OrderType::Terminate) => ResourceState::Terminated,
            (OrderState::Rejected | OrderState::Canceled, OrderType::Create) => ResourceState::Terminated,
            (OrderState::Done | OrderState::Rejected | OrderState::Canceled, _) => ResourceState::Ok,
            (_, OrderType::Create) => ResourceState::Creating,
            (_, OrderType::Terminate) => ResourceState::Terminating,
            (_, _) => ResourceState::Updating,
        }
    }
}

/// The organisation that a project belongs to.
pub const fn customer_of(project: usize) -> usize {
    if project < 10 { 20 } else { 21 + project % 29 }
}

fn hex(text: &str) -> String {
    Md5::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn shares(r: usize) -> (OrderState, OrderType) {
    let digest = hex(&r.to_string());
    let part = |range: std::ops::Range<usize>| {
        digest.get(range).and_then(|digits| u32::from_str_radix(digits, 16).ok()).unwrap_or_default() % 100
    };
    let state = match part(0..6) {
        0..70 => OrderState::Done,
        70..80 => OrderState::Executing,
        80..90 => OrderState::PendingProvider,
        90..95 => OrderState::PendingConsumer,
        95..97 => OrderState::Erred,
        97..99 => OrderState::Rejected,
        _ => OrderState::Canceled,
    };
    let order_type = match part(6..12) {
        0..90 => OrderType::Create,
        90..97 => OrderType::Update,
        _ => OrderType::Terminate,
    };
    (state, order_type)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundred_thousand_are_as_the_report_counts_them() {
        let lines: Vec<Line> = (0..100_000).map(Line::of).collect();
        let count = |wanted: &dyn Fn(&Line) -> bool| lines.iter().filter(|line| wanted(line)).count();
        for (state, number) in [
            (OrderState::Done, 69_946),
            (OrderState::Executing, 10_049),
            (OrderState::PendingProvider, 10_082),
            (OrderState::PendingConsumer, 4_924),
            (OrderState::Erred, 2_004),
            (OrderState::Rejected, 2_020),
            (OrderState::Canceled, 975),
        ] {
            assert_eq!(count(&|line| line.state == state), number, "{state:?}");
        }
        for (order_type, number) in
            [(OrderType::Create, 90_012), (OrderType::Update, 6_965), (OrderType::Terminate, 3_023)]
        {
            assert_eq!(count(&|line| line.order_type == order_type), number, "{order_type:?}");
        }
        assert_eq!(count(&|line| customer_of(line.project()) == 20), 2_000);
        assert_eq!(count(&|line| line.offering() / 10 == 5), 5_000);
        assert_eq!(count(&|line| line.offering() == 50 && line.state == OrderState::PendingProvider), 42);
    }
}
