//! The file of an order (spec 10.15, 10.16).

use axum::{
    extract::{Request, State},
    http::StatusCode,
    response::Response,
};
use mercat_app::{
    App, AppError, Begun,
    orders::{self, Target},
};
use mercat_domain::{id::MediaId, permission::Actor};

use super::OrderTarget;
use crate::{
    answer,
    body::{Call, Caller, KEY, Received, receive},
    error::ApiError,
    link::{Link, To},
    origin::Origin,
    query::UuidPath,
    state::Api,
    wire::{OrderAttachment, OrderAttachmentRequest, OrderAttachmentRequestForm, OrderAttachmentRequestMultipart},
};

/// Attach a file to an order
///
/// Puts a PDF, such as a purchase order, in the place of the present one; without a file the present one goes.
#[utoipa::path(
    post, path = "/api/marketplace-orders/{uuid}/update_attachment/", params(UuidPath),
    operation_id = "marketplace_orders_update_attachment", tag = "marketplace-orders",
    request_body(content(
        (OrderAttachmentRequest = "application/json"),
        (OrderAttachmentRequestForm = "application/x-www-form-urlencoded"),
        (OrderAttachmentRequestMultipart = "multipart/form-data"),
    )),
    responses((status = 200, body = OrderAttachment<'static>))
)]
pub(crate) async fn update_attachment(
    State(api): State<Api>,
    caller: Caller,
    OrderTarget(target): OrderTarget,
    origin: Origin,
    request: Request,
) -> Result<Response, ApiError> {
    // Nobody uploads megabytes to be refused, unless the request may have been answered before.
    if !request.headers().contains_key(KEY) {
        check_allowed(&api.app, &caller.0.actor, &target).await?;
    }
    let received = receive(request, &api, caller).await?;
    let stored = received.attachment.as_ref().ok().and_then(|new| new.as_ref()).map(|new| new.file.id);
    let answer = attach(&target, &origin, received).await;
    // After a failure of the database nobody knows whether the row was committed; then the sweep decides.
    if let (Err(error), Some(id)) = (&answer, stored)
        && !matches!(error, ApiError::App(AppError::Store(_)))
    {
        api.app.files.delete(id).await;
    }
    answer
}

/// Asks the rules in a transaction that ends here, so that no upload is waited for within one.
async fn check_allowed(app: &App, actor: &Actor, target: &Target) -> Result<(), AppError> {
    match app.begin(actor.clone(), None).await? {
        Begun::Fresh(tx) => orders::attachment_allowed(&tx, target).await,
        Begun::Replayed(_) => Ok(()),
    }
}

async fn attach(target: &Target, origin: &Origin, received: Received) -> Result<Response, ApiError> {
    let content = received.content();
    let mut tx = received.start.begin(&content).await?;
    let new = match received.attachment {
        Ok(new) => new,
        Err(wrong) => {
            orders::attachment_allowed(&tx, target).await?;
            return Err(wrong);
        }
    };
    let id: Option<MediaId> = orders::attach(&mut tx, target, new).await?;
    let body = OrderAttachment { attachment: id.map(|id| Link(origin, To::Media(id))) };
    answer::finish(tx, answer::json(StatusCode::OK, &body)?).await
}

/// Remove the file of an order
///
/// Removes the file of an order that nobody has begun to fulfil.
#[utoipa::path(
    post, path = "/api/marketplace-orders/{uuid}/delete_attachment/", params(UuidPath),
    operation_id = "marketplace_orders_delete_attachment", tag = "marketplace-orders",
    responses(
        (status = 204, description = "Done; the answer is empty."),
        (status = 404, description = "No such order; the answer is empty if it is there and has no file."),
    )
)]
pub(crate) async fn delete_attachment(OrderTarget(target): OrderTarget, call: Call) -> Result<Response, ApiError> {
    let mut tx = call.begin().await?;
    orders::detach(&mut tx, &target).await?;
    answer::finish(tx, answer::empty(StatusCode::NO_CONTENT)).await
}
