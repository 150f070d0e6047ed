//! Filters, one case a row.

use mercat_domain::{
    id::UserId,
    order::OrderType,
    permission::{Grant, GrantedScopes, Permissions, Scope},
};
use uuid::Uuid;

use super::*;

const HEX: &str = "a1b2c3d4e5f67890abcdef1234567890";

fn actor(is_staff: bool, is_support: bool) -> Actor {
    let id = Uuid::nil();
    let grant = |scope, names: &[&str]| Grant {
        scope,
        role: "ROLE".to_owned(),
        permissions: Permissions::from_names(names.iter().copied()),
    };
    Actor {
        id: UserId(id),
        username: "u".to_owned(),
        full_name: "U".to_owned(),
        is_staff,
        is_support,
        grants: vec![
            grant(Scope::Project(id.into()), &["ORDER.APPROVE"]),
            grant(Scope::Customer(id.into()), &["ORDER.LIST"]),
        ],
    }
}

fn read(text: &str) -> Result<Vec<OrderFilter>, String> {
    filters(&Query::parse(text), &actor(false, false)).map_err(|errors| errors.to_string())
}

#[test]
fn values() {
    let id: Uuid = HEX.parse().unwrap();
    let time = moment::parse("2025-11-23").unwrap();
    let cases = [
        ("", vec![]),
        ("nonsense=1", vec![]),
        ("category_uuid=", vec![]),
        (&format!("category_uuid={HEX}"), vec![OrderFilter::Category(id.into())]),
        ("category_uuid=a1b2c3d4-e5f6-7890-abcd-ef1234567890", vec![OrderFilter::Category(id.into())]),
        (&format!("provider_uuid=zzz&provider_uuid={HEX}"), vec![OrderFilter::Provider(id.into())]),
        ("created=2025-11-23", vec![OrderFilter::CreatedFrom(time)]),
        ("created_before=2025-11-23", vec![OrderFilter::CreatedTo(time)]),
        ("modified_before=2025-11-23", vec![OrderFilter::ModifiedTo(time)]),
        ("state=done&state=erred", vec![OrderFilter::State(vec![OrderState::Done, OrderState::Erred])]),
        ("type=Create", vec![OrderFilter::Type(vec![OrderType::Create])]),
        ("offering_type=", vec![OrderFilter::OfferingType(vec![String::new()])]),
        ("offering_slug=a,b", vec![OrderFilter::OfferingSlug(vec!["a".into(), "b".into()])]),
        ("resource_name=x", vec![OrderFilter::ResourceName("x".into())]),
        (
            &format!("offering=http://h/api/marketplace-provider-offerings/{HEX}/"),
            vec![OrderFilter::Offering(id.into())],
        ),
        (&format!("offering=/api/marketplace-public-offerings/{HEX}/"), vec![OrderFilter::Offering(id.into())]),
        (&format!("offering=/api/projects/{HEX}/"), vec![OrderFilter::Nothing]),
        ("offering=/api/marketplace-public-offerings/zzz/", vec![OrderFilter::Nothing]),
        ("offering=http://[", vec![OrderFilter::Nothing]),
        (&format!("resource=/api/marketplace-resources/{HEX}/"), vec![OrderFilter::Resource(id.into())]),
    ];
    for (text, expected) in cases {
        assert_eq!(read(text), Ok(expected), "{text}");
    }
}

#[test]
fn messages() {
    let cases = [
        ("category_uuid=zzz", "category_uuid: Enter a valid UUID."),
        ("modified=soon", "modified: Enter a valid date/time."),
        ("state=foo", "state: Select a valid choice. foo is not one of the available choices."),
        ("state=", "state: Select a valid choice.  is not one of the available choices."),
        ("state=done&state=", "state: Select a valid choice.  is not one of the available choices."),
        ("state=done,erred", "state: Select a valid choice. done,erred is not one of the available choices."),
        ("query=a%00", "query: Null characters are not allowed."),
        ("offering_slug=a,%00", "offering_slug: Null characters are not allowed."),
        ("offering_type=%00", "offering_type: Null characters are not allowed."),
        ("type=create", "type: Select a valid choice. create is not one of the available choices."),
        (
            "type=x&created=y",
            "created: Enter a valid date/time.; type: Select a valid choice. x is not one of the available choices.",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(read(text), Err(expected.to_owned()), "{text}");
    }
}

#[test]
fn approvals() {
    let waiting = OrderFilter::State(vec![OrderState::PendingConsumer]);
    let own = GrantedScopes { projects: vec![Uuid::nil().into()], ..GrantedScopes::default() };
    let narrowed = vec![waiting.clone(), OrderFilter::ConsumedWithin(own)];
    let cases = [
        ("true", false, false, narrowed.clone()),
        ("2", false, false, narrowed.clone()),
        ("True", false, true, narrowed),
        ("True", true, false, vec![waiting.clone()]),
        ("false", false, false, vec![waiting.clone()]),
        ("3", false, false, vec![waiting]),
        ("yes", false, false, vec![]),
        ("", false, false, vec![]),
    ];
    for (value, staff, support, expected) in cases {
        let query = Query::parse(&format!("can_approve_as_consumer={value}"));
        assert_eq!(filters(&query, &actor(staff, support)), Ok(expected), "{value} {staff} {support}");
    }
}

#[test]
fn every_name_of_the_enumerations_is_known() {
    let sorted = |mut names: Vec<&'static str>| {
        names.sort_unstable();
        names
    };
    assert_eq!(sorted(OrderState::ALL.iter().map(|s| s.as_str()).collect()), STATES);
    assert_eq!(sorted(OrderType::ALL.iter().map(|t| t.as_str()).collect()), TYPES);
}
