//! Offering states, types and the flags of a type that concern orders (spec 2).

use crate::names::names;

names! {
    /// State of an offering.
    OfferingState {
        /// Being prepared.
        Draft = "Draft",
        /// Can be ordered.
        Active = "Active",
        /// Not for new orders; changes of resources go on.
        Paused = "Paused",
        /// No longer offered.
        Archived = "Archived",
        /// Temporarily out of service.
        Unavailable = "Unavailable",
    }
}

names! {
    /// How a component is charged.
    BillingType {
        /// A monthly lump per plan.
        Fixed = "fixed",
        /// Metered.
        Usage = "usage",
        /// A quantity that the user chooses.
        Limit = "limit",
        /// Once, at creation.
        One = "one",
        /// Once, at a plan switch.
        Few = "few",
    }
}

names! {
    /// The period that a component's `limit_amount` counts over.
    LimitPeriod {
        /// Calendar month.
        Month = "month",
        /// Calendar quarter.
        Quarterly = "quarterly",
        /// Calendar year.
        Annual = "annual",
        /// Ever.
        Total = "total",
    }
}

names! {
    /// The period that a plan's prices are for.
    PlanUnit {
        /// Month.
        Month = "month",
        /// Quarter.
        Quarter = "quarter",
        /// Half a month.
        HalfMonth = "half_month",
        /// Day.
        Day = "day",
        /// Hour.
        Hour = "hour",
        /// Piece.
        Quantity = "quantity",
    }
}
