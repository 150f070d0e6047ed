//! What each letter says, as reviewed files.

use mercat_mail::{Content, Template};

use crate::samples::{digest, disabled, event, notice, order};

fn assert_words(name: &str, content: &Content) {
    let words = content.render().unwrap();
    insta::assert_snapshot!(format!("{name}.txt"), format!("Subject: {}\n\n{}", words.subject, words.text));
    insta::assert_snapshot!(format!("{name}.html"), words.html);
}

#[test]
fn letters_about_an_order() {
    for template in Template::ALL {
        let name = serde_json::to_value(template).unwrap();
        assert_words(name.as_str().unwrap(), &order(template));
    }
}

#[test]
fn an_order_with_little_to_say() {
    let mut little = notice(Template::NotifyConsumerAboutPendingOrder);
    (little.to_name, little.provider_name) = (String::new(), String::new());
    (little.created_by_name, little.cost, little.plan_name, little.comment) = (None, None, None, None);
    little.links.decide = None;
    assert_words("little_to_say", &Content::Order(Box::new(little)));
}

#[test]
fn a_digest() {
    let entries = [
        Template::NotifyConsumerAboutPendingOrder,
        Template::ReminderOfPendingOrder,
        Template::NotificationToUserThatOrderBeenRejected,
        Template::MarketplaceResourceUpdateSucceeded,
    ];
    assert_words("digest", &digest(entries.map(notice).into()));
}

#[test]
fn a_long_digest_is_cut() {
    let words = digest(vec![notice(Template::ReminderOfPendingOrder); 120]).render().unwrap();
    assert_eq!(words.subject, "120 orders wait for you: vm-1, vm-1, vm-1, …");
    assert_eq!(words.text.matches("* Still waiting").count(), 50);
    assert!(words.text.contains("\n70 more are not shown here.\n"), "{}", words.text);
}

#[test]
fn the_subject_of_a_digest_counts() {
    let subject =
        |templates: &[Template]| digest(templates.iter().copied().map(notice).collect()).render().unwrap().subject;
    let (asks, tells) = (Template::ReminderOfPendingOrder, Template::MarketplaceResourceUpdateSucceeded);
    assert_eq!(subject(&[asks]), "1 order waits for you: vm-1");
    assert_eq!(subject(&[tells]), "1 notice about orders: vm-1");
    assert_eq!(subject(&[tells, tells]), "2 notices about orders: vm-1, vm-1");
    assert_eq!(subject(&[asks, asks, tells]), "2 orders wait for you, 1 other notice: vm-1, vm-1, vm-1");
}

#[test]
fn letters_about_hooks() {
    assert_words("hook_event", &Content::HookEvent(event()));
    assert_words("hook_disabled", &Content::HookDisabled(disabled()));
}

#[test]
fn only_letters_that_ask_lead_to_a_decision() {
    for template in Template::ALL {
        let words = order(template).render().unwrap();
        assert_eq!(words.text.contains("/decide/"), template.asks(), "{template:?}");
        assert_eq!(words.html.contains("/decide/"), template.asks(), "{template:?}");
    }
}

#[test]
fn letters_are_stored_and_read_again() {
    let letters = [
        order(Template::ReminderOfPendingOrder),
        digest(vec![notice(Template::NotifyProviderAboutPendingOrder)]),
        Content::HookEvent(event()),
        Content::HookDisabled(disabled()),
    ];
    for letter in letters {
        let stored = serde_json::to_string(&letter).unwrap();
        assert_eq!(serde_json::from_str::<Content>(&stored).unwrap(), letter, "{stored}");
    }
    let stored = serde_json::to_value(order(Template::ReminderOfPendingOrder)).unwrap();
    assert_eq!((&stored["kind"], &stored["template"]), (&"order".into(), &"reminder_of_pending_order".into()));
}
