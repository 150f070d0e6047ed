//! A new offering with its components and plans, and what it must have before it can be ordered.

use mercat_domain::{
    id::OfferingId,
    invalid::{FieldErrors, Invalid},
    offering::check_components,
};
use mercat_store::entity::{component, offering, plan};
use serde_json::Value;

use super::{components, offerings::parts_of};
use crate::{
    AppError, Tx,
    admin::rows,
    collection::{Input, merged, text},
};

/// The parts of a new offering that are rows of their own.
pub(super) struct Parts {
    components: Vec<Input>,
    plans: Vec<Input>,
    limits: Input,
}

impl Parts {
    /// Takes the parts out of the input.
    ///
    /// # Errors
    /// Components that contradict themselves or each other.
    pub fn take(input: &mut Input) -> Result<Self, AppError> {
        let parts = Self {
            components: objects(input.remove("components")),
            plans: objects(input.remove("plans")),
            limits: input.remove("limits").and_then(|limits| limits.as_object().cloned()).unwrap_or_default(),
        };
        let definitions: Vec<_> = parts.components.iter().map(components::definition).collect();
        let mut errors = FieldErrors::new();
        if let Err(wrong) = check_components(&definitions) {
            errors.nest("components", wrong);
        }
        for kind in parts.limits.keys().filter(|kind| definitions.iter().all(|known| known.kind != **kind)) {
            errors.push("limits", format!("There is no component {kind}."));
        }
        errors.into_result()?;
        Ok(parts)
    }

    /// Adds the parts to their offering.
    pub async fn store(self, tx: &Tx, id: OfferingId) -> Result<(), AppError> {
        for mut input in self.components {
            if let Some(Value::Object(bounds)) = self.limits.get(&text(&input, "kind")) {
                for (column, name) in
                    [("min_value", "min"), ("max_value", "max"), ("max_available_limit", "max_available_limit")]
                {
                    input.extend(bounds.get(name).map(|value| (column.to_owned(), value.clone())));
                }
            }
            let row: component::Model = components::row(tx, id, input)?;
            mercat_store::insert(&tx.db, row).await?;
        }
        for input in self.plans {
            let row: plan::Model = merged(&rows::plan(tx.now, id, &text(&input, "name")), input)?;
            super::plans::insert(tx, row).await?;
        }
        Ok(())
    }
}

fn objects(value: Option<Value>) -> Vec<Input> {
    let items = value.and_then(|value| value.as_array().cloned()).unwrap_or_default();
    items.into_iter().filter_map(|item| item.as_object().cloned()).collect()
}

/// An offering that can be ordered is paid by plans, if it is paid for at all.
pub(super) async fn check_complete(tx: &Tx, row: &offering::Model) -> Result<(), AppError> {
    let (plans, _) = parts_of(tx, row.parent_id.unwrap_or(row.id)).await?;
    if row.billable && plans == 0 {
        return Err(Invalid::plain("Offering is billable but does not have any plans.").into());
    }
    Ok(())
}
