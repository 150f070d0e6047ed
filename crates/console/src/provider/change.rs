//! What the forms and buttons of an offering's page do.

use mercat_app::{
    AppError, Tx,
    catalogue::{self, OfferingColumns, Plans},
    collection::{self, Input},
};
use mercat_domain::{offering::OfferingAction, permission::Permission};
use serde_json::Value;
use uuid::Uuid;

use super::plans::{AMOUNT, PRICE};
use crate::board::{Sent, no_button};

type Changed = Result<Input, AppError>;

/// Does what was sent.
pub(super) async fn act(tx: &mut Tx, id: Uuid, sent: Sent<'_>) -> Result<(), AppError> {
    let Sent { does, id: part, input, .. } = sent;
    // An id that is none is that of nothing.
    let plan = Uuid::try_parse(part).unwrap_or_default();
    if let Some(action) = OfferingAction::ALL.iter().find(|action| action.as_str() == does) {
        return catalogue::act(tx, id, *action, input).await.map(drop);
    }
    match does {
        "describe" => columns(tx, id, Permission::OfferingUpdate, input).await,
        "options" | "resource_options" => columns(tx, id, Permission::OfferingUpdateOptions, input).await,
        "add-component" => catalogue::add_component(tx, id, input).await,
        "change-component" => catalogue::change_component(tx, id, input.map(|input| with("uuid", part, input))).await,
        "remove-component" => catalogue::remove_component(tx, id, Ok(with("uuid", part, Input::new()))).await,
        "add-plan" => {
            let input = input.map(|input| with("offering_id", &id.simple().to_string(), input));
            collection::create::<Plans, AppError>(tx, input).await.map(drop)
        }
        "prices" => set_prices(tx, plan, input).await,
        "archive-plan" => catalogue::archive(tx, plan).await,
        _ => Err(no_button()),
    }
}

async fn columns(tx: &mut Tx, id: Uuid, permission: Permission, input: Changed) -> Result<(), AppError> {
    catalogue::set_columns(tx, id, OfferingColumns { permission, joined: &[] }, input).await
}

fn with(column: &str, value: &str, mut input: Input) -> Input {
    input.insert(column.to_owned(), Value::String(value.to_owned()));
    input
}

/// Prices and included amounts stand in one form.
async fn set_prices(tx: &mut Tx, plan: Uuid, input: Changed) -> Result<(), AppError> {
    let part = |name: &str, prefix: &str| {
        let input = input.as_ref().ok()?;
        let of = input.iter().filter_map(|(key, value)| Some((key.strip_prefix(prefix)?.to_owned(), value.clone())));
        Some([(name.to_owned(), Value::Object(of.collect()))].into_iter().collect::<Input>())
    };
    let (prices, quotas) = (part("prices", PRICE), part("quotas", AMOUNT));
    let (Some(prices), Some(quotas)) = (prices, quotas) else {
        return catalogue::set_prices(tx, plan, input).await;
    };
    catalogue::set_prices::<AppError>(tx, plan, Ok(prices)).await?;
    catalogue::set_quotas::<AppError>(tx, plan, Ok(quotas)).await
}
