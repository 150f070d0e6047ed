//! The event log: in Waldur's shape, as a feed to follow, and as the history of an order.

mod feed;
mod orders;
mod waldur;

pub(crate) use feed::STREAM;

use crate::rest::Op;

/// Every operation of this part.
pub(crate) fn operations() -> Vec<Op> {
    [waldur::operations(), feed::operations(), orders::operations()].into_iter().flatten().collect()
}
