//! What is offered, as the interface shows it: categories, providers, offerings, plans, terms of service.

mod categories;
mod exhibits;
mod models;
mod offering_actions;
mod offering_models;
mod offering_params;
mod offerings;
mod plan_models;
mod plans;
mod plugins;
mod providers;
mod terms;

pub(crate) use offerings::shown_offering;

use crate::rest::Op;

/// Every operation of this part.
pub(crate) fn operations() -> Vec<Op> {
    let parts = [
        categories::operations(),
        exhibits::operations(),
        offering_actions::operations(),
        offerings::operations(),
        plans::operations(),
        plugins::operations(),
        providers::operations(),
        terms::operations(),
    ];
    parts.into_iter().flatten().collect()
}
