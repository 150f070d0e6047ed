//! Terms of service of offerings, and who has agreed to them.

use axum::{http::StatusCode, response::Response};
use mercat_app::{
    catalogue::{self, ConsentView, Consents, Terms, TermsView, filters},
    collection,
    entity::{offering_terms, terms_consent},
    list::{Filter, Key},
};
use mercat_domain::time::format;
use serde_json::{Value, json};

use super::plan_models::{
    OFFERING_TERMS_OF_SERVICE, OFFERING_TERMS_OF_SERVICE_CREATE, USER_OFFERING_CONSENT, USER_OFFERING_CONSENT_CREATE,
};
use crate::{
    answer,
    body::Call,
    error::ApiError,
    link::{OFFERINGS, USERS},
    origin::Origin,
    rest::{
        By, Exposed, Extent, Gives, Model, Op, Out, Param, PathId, SortKey, Wanted, changes, deletes, input, param,
        reads, shown, url,
    },
};

/// Terms of service.
pub(crate) struct ShownTerms;

impl Exposed for ShownTerms {
    type Data = Terms;
    const NAME: &'static str = "marketplace-offering-terms-of-service";
    const KIND: &'static str = "OfferingTermsOfService";
    const MODEL: &'static Model = &OFFERING_TERMS_OF_SERVICE;
    const PARAMS: &'static [Param<offering_terms::Entity>] = &[
        param("is_active", By::Is(offering_terms::Column::IsActive)),
        param("offering", By::Link(OFFERINGS, |id| Filter::equals(offering_terms::Column::OfferingId, id))),
        param("offering_uuid", By::Id(offering_terms::Column::OfferingId)),
        param("requires_reconsent", By::Is(offering_terms::Column::RequiresReconsent)),
        param("version", By::Equals(offering_terms::Column::Version)),
    ];
    const SORTS: &'static [SortKey] = &[
        SortKey { name: "created", key: |down| Key::column(offering_terms::Column::Created, down) },
        SortKey { name: "modified", key: |down| Key::column(offering_terms::Column::Modified, down) },
        SortKey { name: "version", key: |down| Key::column(offering_terms::Column::Version, down) },
    ];
    const USUALLY: &'static str = "created";

    fn write(view: &TermsView, out: &mut Out<'_>) {
        let row = &view.row;
        out.row(row);
        out.with("modified", || format(row.modified.unwrap_or(row.created)));
        out.put("offering_name", &view.offering.name).put("offering_uuid", row.offering_id);
        let consent = view.consent.as_ref();
        out.put("has_user_consent", consent.is_some_and(|consent| consent.revoked.is_none()));
        out.with("user_consent", || {
            consent.map(|consent| {
                json!({
                    "uuid": consent.id.simple().to_string(),
                    "version": consent.version,
                    "agreement_date": format(consent.agreed),
                    "is_revoked": consent.revoked.is_some(),
                })
            })
        });
    }
}

async fn create_terms(origin: Origin, mut call: Call) -> Result<Response, ApiError> {
    let input = input(&mut call, &OFFERING_TERMS_OF_SERVICE_CREATE, Extent::Whole).await;
    let mut tx = call.begin().await?;
    let id = collection::create::<Terms, ApiError>(&mut tx, input).await?;
    let view = tx.shown::<Terms>(id).await?;
    let wanted = Wanted::all(&OFFERING_TERMS_OF_SERVICE_CREATE);
    let mut out = Out::new(&wanted, &origin);
    out.row(&view.row);
    let mut body = out.done();
    body["uuid"] = json!(id.simple().to_string());
    let answer = answer::json(StatusCode::CREATED, &body)?;
    answer::finish(tx, answer).await
}

/// Consents.
pub(crate) struct ShownConsents;

impl Exposed for ShownConsents {
    type Data = Consents;
    const NAME: &'static str = "marketplace-user-offering-consents";
    const KIND: &'static str = "UserOfferingConsent";
    const MODEL: &'static Model = &USER_OFFERING_CONSENT;
    const PARAMS: &'static [Param<terms_consent::Entity>] = &[
        param("has_consent", By::Bool(|wanted, _| Some(Filter::is_set(terms_consent::Column::Revoked, !wanted)))),
        param("offering", By::Link(OFFERINGS, |id| Filter::equals(terms_consent::Column::OfferingId, id))),
        param("offering_uuid", By::Id(terms_consent::Column::OfferingId)),
        param(
            "requires_reconsent",
            By::Bool(|wanted, _| {
                let outdated = filters::consents_outdated();
                Some(if wanted { outdated } else { outdated.negated() })
            }),
        ),
        param("user", By::Link(USERS, |id| Filter::equals(terms_consent::Column::UserId, id))),
        param("user_uuid", By::Id(terms_consent::Column::UserId)),
        param("version", By::Equals(terms_consent::Column::Version)),
    ];
    const SORTS: &'static [SortKey] = &[
        SortKey { name: "created", key: |down| Key::column(terms_consent::Column::Agreed, down) },
        SortKey { name: "agreement_date", key: |down| Key::column(terms_consent::Column::Agreed, down) },
        SortKey { name: "modified", key: |down| Key::column(terms_consent::Column::Modified, down) },
        SortKey { name: "revocation_date", key: |down| Key::column(terms_consent::Column::Revoked, down) },
    ];
    const USUALLY: &'static str = "created";

    fn write(view: &ConsentView, out: &mut Out<'_>) {
        let ConsentView { row, user, offering, requires_reconsent } = view;
        let origin = out.origin();
        out.row(row);
        out.with("modified", || format(row.modified.unwrap_or(row.agreed)));
        out.put("user_username", &user.username).put("user_full_name", &user.full_name);
        out.put("user_email", &user.email);
        out.put("offering_name", &offering.name).put("offering_slug", &offering.slug);
        out.with("offering_url", || url(origin, OFFERINGS[0], offering.id));
        out.put("has_consent", row.revoked.is_none()).put("requires_reconsent", requires_reconsent);
        out.put("collected_attributes", super::offering_actions::EXPOSED);
    }
}

async fn consent(mut call: Call) -> Result<Response, ApiError> {
    let input = input(&mut call, &USER_OFFERING_CONSENT_CREATE, Extent::Whole).await;
    let mut tx = call.begin().await?;
    let id = collection::create::<Consents, ApiError>(&mut tx, input).await?;
    let view = tx.shown::<Consents>(id).await?;
    let body: Value = json!({ "offering": view.offering.id, "uuid": id.simple().to_string() });
    let answer = answer::json(StatusCode::CREATED, &body)?;
    answer::finish(tx, answer).await
}

async fn revoke(PathId(id): PathId, origin: Origin, call: Call) -> Result<Response, ApiError> {
    let mut tx = call.begin().await?;
    let done = catalogue::revoke(&mut tx, id).await;
    done.map_err(|error| ApiError::from(error).about(ShownConsents::KIND))?;
    shown::<ShownConsents>(tx, StatusCode::OK, id, &origin).await
}

pub(super) fn operations() -> Vec<Op> {
    let (terms, consents) = (ShownTerms::NAME, ShownConsents::NAME);
    let mut ops = reads::<ShownTerms>();
    ops.extend(changes::<ShownTerms>());
    ops.push(deletes::<ShownTerms>());
    ops.extend(reads::<ShownConsents>());
    ops.extend(changes::<ShownConsents>());
    ops.push(deletes::<ShownConsents>());
    ops.extend([
        Op::post(terms, "", create_terms)
            .suffix("_create")
            .takes(&OFFERING_TERMS_OF_SERVICE_CREATE)
            .gives(201, Gives::One(&OFFERING_TERMS_OF_SERVICE_CREATE)),
        Op::post(consents, "", consent)
            .suffix("_create")
            .takes(&USER_OFFERING_CONSENT_CREATE)
            .gives(201, Gives::One(&USER_OFFERING_CONSENT_CREATE)),
        Op::post(consents, "{uuid}/revoke/", revoke).gives(200, Gives::One(&USER_OFFERING_CONSENT)),
    ]);
    ops
}
