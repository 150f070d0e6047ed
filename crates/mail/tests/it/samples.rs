//! Letters to test with.

use chrono::DateTime;
use mercat_mail::{
    Content, Digest, DigestLinks, HookDisabled, HookEvent, Links, Mail, Mailer, OrderNotice, Outbox, Template,
    Transport,
};

pub const FROM: &str = "Mercat <noreply@market.example>";

pub fn notice(template: Template) -> OrderNotice {
    let (order_type, state, reason) = match template {
        Template::NotificationToUserThatOrderBeenRejected => ("Create", "rejected", Some("No budget left this year.")),
        Template::MarketplaceResourceUpdateSucceeded | Template::MarketplaceResourceUpdateLimitsSucceeded => {
            ("Update", "done", None)
        }
        Template::NotifyProviderAboutPendingOrder => ("Create", "pending-provider", None),
        _ => ("Create", "pending-consumer", None),
    };
    OrderNotice {
        template,
        to_name: "Ada Lovelace".into(),
        username: "ada".into(),
        order_slug: "alpha-12".into(),
        order_type: order_type.into(),
        resource_name: "vm-1".into(),
        offering_name: "Virtual machines".into(),
        provider_name: "Nordic Cloud".into(),
        project_name: "Alpha".into(),
        customer_name: "University of Tartu".into(),
        created_by_name: Some("Grace Hopper".into()),
        state: state.into(),
        cost: Some("12.50 EUR".into()),
        plan_name: Some("Small".into()),
        comment: Some("For the summer school.\nPlease before Monday.".into()),
        reason: reason.map(Into::into),
        at: "2026-11-25T19:02:01.123456Z".into(),
        links: Links {
            order: "https://market.example/orders/12/".into(),
            decide: Some("https://market.example/orders/12/decide/?as=consumer&from=mail".into()),
        },
    }
}

pub fn order(template: Template) -> Content {
    Content::Order(Box::new(notice(template)))
}

pub fn digest(entries: Vec<OrderNotice>) -> Content {
    let links = DigestLinks { orders: "https://market.example/orders/".into() };
    Content::Digest(Digest { to_name: "Ada Lovelace".into(), entries, links })
}

pub fn event() -> HookEvent {
    HookEvent {
        event_type: "marketplace_order_created".into(),
        message: "Marketplace order alpha-12 has been created.".into(),
        created: "2026-11-25T19:02:01Z".into(),
        context: vec![("order".into(), "alpha-12".into()), ("project_name".into(), "Alpha".into())],
    }
}

pub fn disabled() -> HookDisabled {
    HookDisabled {
        to_name: "Ada Lovelace".into(),
        name: "Orders to our billing".into(),
        destination: "https://billing.example/hooks/mercat?token=secret".into(),
        reason: "the receiver did not answer in time".into(),
        since: "2026-11-22T07:00:00Z".into(),
    }
}

pub fn mail(content: Content) -> Mail {
    Mail {
        id: "01935b7e-order-12".into(),
        at: DateTime::from_timestamp(1_795_633_321, 0).unwrap(),
        to: "ada@uni.example".into(),
        content,
    }
}

/// Sends into memory and returns the whole message.
pub async fn sent(mail: Mail) -> String {
    let outbox = Outbox::default();
    Mailer::new(FROM, Transport::Memory(outbox.clone())).unwrap().send(mail).await.unwrap();
    let mut sent = outbox.lock().unwrap();
    sent.remove(0).raw
}
