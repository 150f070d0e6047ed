//! Values that strangers chose to break out of their place.

use mercat_mail::{Content, HookEvent, OrderNotice, Template};

use crate::samples::{digest, disabled, event, mail, notice, order, sent};

const MARKUP: &str = r#"<script>alert(1)</script>"><img src=x onerror='a'>&amp;"#;
const BREAKS: &str = "vm\r\nBcc: evil@evil.example\r\n\r\n<b>body</b>\u{2028}x\u{85}y\0z";
const TURNS: &str = "\u{202e}lanoitan\u{2066}\u{200f}x\u{feff}";

fn hostile_notice(template: Template, text: &str) -> OrderNotice {
    let mut n = notice(template);
    for place in [
        &mut n.to_name,
        &mut n.username,
        &mut n.order_slug,
        &mut n.order_type,
        &mut n.resource_name,
        &mut n.offering_name,
        &mut n.provider_name,
        &mut n.project_name,
        &mut n.customer_name,
        &mut n.state,
        &mut n.at,
        &mut n.links.order,
    ] {
        text.clone_into(place);
    }
    for place in
        [&mut n.created_by_name, &mut n.cost, &mut n.plan_name, &mut n.comment, &mut n.reason, &mut n.links.decide]
    {
        *place = Some(text.to_owned());
    }
    n
}

/// The letters with this text in every place that a stranger can reach.
fn letters(text: &str) -> Vec<Content> {
    let hostile = |template| hostile_notice(template, text);
    let context = vec![(text.to_owned(), text.to_owned())];
    let mut hook = disabled();
    for place in [&mut hook.to_name, &mut hook.name, &mut hook.destination, &mut hook.reason, &mut hook.since] {
        text.clone_into(place);
    }
    let event = HookEvent { event_type: text.into(), message: text.into(), created: text.into(), context };
    let mut letters: Vec<_> = Template::ALL.map(|template| Content::Order(Box::new(hostile(template)))).into();
    letters.extend([digest(Template::ALL.map(hostile).into()), Content::HookEvent(event), Content::HookDisabled(hook)]);
    letters
}

#[test]
fn nothing_becomes_markup() {
    for letter in letters(MARKUP) {
        let html = letter.render().unwrap().html;
        for bad in ["<script", "<img", "onerror='a'", "&amp;\""] {
            assert!(!html.contains(bad), "{bad} in {html}");
        }
        assert!(html.contains("&#60;script&#62;"), "{html}");
        assert!(!html.contains("href=\"&"), "what is no link is not linked: {html}");
    }
}

#[tokio::test]
async fn nothing_becomes_a_header() {
    for letter in letters(BREAKS) {
        let subject = letter.render().unwrap().subject;
        assert!(!subject.contains(['\r', '\n', '\0', '\u{2028}', '\u{85}']), "{subject:?}");
        let raw = sent(mail(letter)).await;
        let (head, _) = raw.split_once("\r\n\r\n").unwrap();
        let names: Vec<_> = head
            .split("\r\n")
            .filter(|line| !line.starts_with([' ', '\t']))
            .map(|line| line.split_once(':').unwrap().0)
            .collect();
        let expected =
            ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"];
        assert_eq!(names, expected, "{head}");
    }
}

#[test]
fn a_name_is_one_line_of_the_text() {
    for letter in letters(BREAKS) {
        let text = letter.render().unwrap().text;
        assert!(text.lines().all(|line| !line.starts_with("Bcc:")), "{text}");
    }
}

#[test]
fn nothing_turns_the_direction_or_hides() {
    for letter in letters(TURNS) {
        let words = letter.render().unwrap();
        for part in [words.subject, words.text, words.html] {
            assert!(!part.contains(['\u{202e}', '\u{2066}', '\u{200f}', '\u{feff}']), "{part:?}");
        }
    }
}

#[tokio::test]
async fn endless_names_are_cut() {
    for letter in letters(&"a😀".repeat(5_000)) {
        let words = letter.render().unwrap();
        assert!(words.subject.chars().count() <= 180, "{}", words.subject);
        assert!(words.text.len() < 100_000, "{}", words.text.len());
        let raw = sent(mail(letter)).await;
        assert!(raw.split("\r\n").all(|line| line.len() <= 998), "lines as long as RFC 5322 lets them be");
    }
}

#[test]
fn a_context_of_a_thousand_values() {
    let context = (0..1000).map(|i| (format!("key{i}"), "x".repeat(10_000))).collect();
    let words = Content::HookEvent(HookEvent { context, ..event() }).render().unwrap();
    assert!(words.text.len() < 200_000, "{}", words.text.len());
}

#[tokio::test]
async fn letters_of_other_scripts_arrive() {
    let mut other = notice(Template::ReminderOfPendingOrder);
    other.resource_name = "Größe שלום 资源".into();
    let words = Content::Order(Box::new(other)).render().unwrap();
    assert_eq!(words.subject, "Still waiting for your decision: Create Größe שלום 资源 (order alpha-12)");
    assert!(words.html.contains("<td dir=\"auto\" style=\"padding:4px 0\">Größe שלום 资源</td>"));
    assert!(sent(mail(order(Template::ReminderOfPendingOrder))).await.is_ascii());
}
