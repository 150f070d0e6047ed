//! The switches of the rules that an operator can turn.

/// Which optional rules are in force (spec 7.6, 19).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuleSettings {
    /// Orders may ask for a later start; when off, the date is dropped silently.
    pub order_start_date: bool,
    /// Offerings with active terms need the user's consent.
    pub enforce_terms: bool,
    /// Orders of shared offerings must name a plan.
    pub plan_required: bool,
}

impl Default for RuleSettings {
    fn default() -> Self {
        Self { order_start_date: true, enforce_terms: false, plan_required: false }
    }
}
