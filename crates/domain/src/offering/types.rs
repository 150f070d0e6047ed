//! The table of offering types (spec 2, 9.2, 15.2).

use serde_json::Value;

/// When an order of the type waits for the provider's approval (spec 9.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProviderReview {
    /// Always.
    Always,
    /// Never.
    Never,
    /// Unless the offering's scripts approve themselves, which is the default.
    UnlessScriptAutoApproved,
    /// Unless an option or the reviewer's roles at the provider say otherwise.
    RemoteRules,
}

/// Who fulfils an order of the type (spec 15.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Processor {
    /// The service itself, at once.
    AtOnce,
    /// A site agent, which reports when it is ready.
    Agent,
    /// A person, through a helpdesk issue.
    Issue,
    /// Nobody: the order fails.
    None,
}

/// What an offering must have before it can be ordered (spec 7.7 rule g).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prerequisite {
    /// Nothing.
    None,
    /// A script for the order's type among the secret options.
    Script,
    /// A backend scope.
    Scope,
}

/// What an offering type means for its orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OfferingTypeRules {
    /// The wire name; empty in the row of unknown types.
    pub name: &'static str,
    /// Whether the provider has to approve.
    pub provider_review: ProviderReview,
    /// Whether orders can be canceled.
    pub can_terminate: bool,
    /// Whether orders may carry limits.
    pub limits_updatable: bool,
    /// Whether the provider may call `set_state_executing`.
    pub set_executing: bool,
    /// Whether the provider may call `set_state_done`.
    pub set_done: bool,
    /// Whether the provider may call `set_state_erred`.
    pub set_erred: bool,
    /// Who fulfils the orders.
    pub processor: Processor,
    /// Whether an order that executes for too long is given up.
    ///
    /// Not where a person or an agent decides.
    pub interruptible: bool,
    /// What an offering must have.
    pub prerequisite: Prerequisite,
    /// Attributes that are shown only in the answer to the creation (spec 12).
    pub secret_attributes: &'static [&'static str],
}

/// The row of every type that is not listed: no processor, no review.
const OTHER: OfferingTypeRules = OfferingTypeRules {
    name: "",
    provider_review: ProviderReview::Never,
    can_terminate: false,
    limits_updatable: false,
    set_executing: false,
    set_done: false,
    set_erred: false,
    processor: Processor::None,
    interruptible: true,
    prerequisite: Prerequisite::None,
    secret_attributes: &[],
};

/// The known offering types.
pub const OFFERING_TYPES: &[OfferingTypeRules] = &[
    OfferingTypeRules {
        name: "Marketplace.Basic",
        provider_review: ProviderReview::Always,
        can_terminate: true,
        limits_updatable: true,
        set_done: true,
        processor: Processor::AtOnce,
        interruptible: false,
        ..OTHER
    },
    OfferingTypeRules {
        name: "Support.OfferingTemplate",
        can_terminate: true,
        limits_updatable: true,
        set_done: true,
        processor: Processor::Issue,
        interruptible: false,
        ..OTHER
    },
    OfferingTypeRules {
        name: "Marketplace.Slurm",
        provider_review: ProviderReview::Always,
        limits_updatable: true,
        set_executing: true,
        set_done: true,
        set_erred: true,
        processor: Processor::Agent,
        interruptible: false,
        ..OTHER
    },
    OfferingTypeRules {
        name: "Marketplace.Script",
        provider_review: ProviderReview::UnlessScriptAutoApproved,
        limits_updatable: true,
        prerequisite: Prerequisite::Script,
        ..OTHER
    },
    OfferingTypeRules {
        name: "Waldur.RemoteOffering",
        provider_review: ProviderReview::RemoteRules,
        limits_updatable: true,
        ..OTHER
    },
    OfferingTypeRules {
        name: "OpenStack.Tenant",
        limits_updatable: true,
        prerequisite: Prerequisite::Scope,
        secret_attributes: &["user_username", "user_password"],
        ..OTHER
    },
    OfferingTypeRules { name: "OpenStack.Instance", prerequisite: Prerequisite::Scope, ..OTHER },
    OfferingTypeRules { name: "OpenStack.Volume", prerequisite: Prerequisite::Scope, ..OTHER },
    OfferingTypeRules { name: "VMware.VirtualMachine", limits_updatable: true, ..OTHER },
    OfferingTypeRules { name: "Marketplace.Booking", ..OTHER },
    OfferingTypeRules { name: "Marketplace.Rancher", ..OTHER },
    OfferingTypeRules { name: "SlurmInvoices.SlurmPackage", ..OTHER },
    OfferingTypeRules { name: "Azure.VirtualMachine", ..OTHER },
    OfferingTypeRules { name: "Azure.SQLServer", ..OTHER },
];

impl OfferingTypeRules {
    /// Whether an attribute is shown after the creation too.
    #[must_use]
    pub fn shows(&self, attribute: &str) -> bool {
        !self.secret_attributes.contains(&attribute)
    }

    /// The attributes that are shown after the creation too; an empty object when they are no object.
    #[must_use]
    pub fn shown(&self, attributes: &Value) -> Value {
        let all = attributes.as_object().into_iter().flatten();
        Value::Object(
            all.filter(|(name, _)| self.shows(name)).map(|(name, value)| (name.clone(), value.clone())).collect(),
        )
    }
}

/// The rules of a type; an unknown type has no processor and needs no review.
#[must_use]
pub fn rules_of(offering_type: &str) -> &'static OfferingTypeRules {
    OFFERING_TYPES.iter().find(|rules| rules.name == offering_type).unwrap_or(&OTHER)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn secret_attributes_are_left_out() {
        let attributes = json!({ "name": "n", "user_username": "u", "user_password": "p" });
        assert_eq!(rules_of("OpenStack.Tenant").shown(&attributes), json!({ "name": "n" }));
        assert_eq!(rules_of("Marketplace.Basic").shown(&attributes), attributes);
        assert_eq!(rules_of("Marketplace.Basic").shown(&json!(null)), json!({}));
    }
}
