//! The search text that is an order's UUID (spec 11.1).

use mercat_app::{
    App, AppError,
    orders::{self, OrderFilter},
};
use mercat_domain::{id::OrderId, permission::Actor};

/// Replaces a search text that is the UUID of an order in the set by exactly that order.
pub(crate) async fn pin_down(app: &App, actor: &Actor, filters: &mut [OrderFilter]) -> Result<(), AppError> {
    let text = filters.iter().position(|filter| wanted(filter).is_some());
    let Some((at, id)) = text.and_then(|at| Some((at, wanted(&filters[at])?))) else { return Ok(()) };
    let mut with_id = filters.to_vec();
    with_id[at] = OrderFilter::Id(id);
    if orders::count(app, actor, &with_id).await? > 0 {
        filters[at] = OrderFilter::Id(id);
    }
    Ok(())
}

fn wanted(filter: &OrderFilter) -> Option<OrderId> {
    match filter {
        OrderFilter::Text(text) => text.trim().parse().ok(),
        _ => None,
    }
}
