//! Spec 7.7: slugs of orders.

use mercat_domain::slug::{PREFIX_LENGTH, is_slug, next_slug, order_slug_prefix, slugify};
use proptest::prelude::*;

use crate::fixture::{day, today};

#[test]
fn slugify_keeps_letters_and_digits() {
    for (text, slug) in [
        ("Hello, World!", "hello-world"),
        ("  a  b__c--d  ", "a-b__c-d"),
        ("Tartu Ülikool", "tartu-ulikool"),
        ("Žofín Łódź", "zofin-lodz"),
        ("-_x_-", "x"),
        ("日本", ""),
        ("a\tb\nc", "a-b-c"),
        ("a - b", "a-b"),
        ("", ""),
    ] {
        assert_eq!(slugify(text), slug, "{text:?}");
    }
}

#[test]
fn slugs_of_long_names_are_as_long_as_may_be_written() {
    let cut = [("x".repeat(51), 50), ("x".repeat(50), 50), (format!("{} y", "x".repeat(49)), 49), (String::new(), 0)];
    for (name, length) in cut {
        let slug = slugify(&name);
        assert_eq!(slug.len(), length, "{name}");
        assert!(slug.is_empty() || is_slug(&slug), "{slug}");
    }
}

#[test]
fn prefixes_are_cut_to_ten_characters_without_a_hyphen_at_the_end() {
    for (customer, offering, prefix) in [
        ("kumquat", "vine", "kumquat-vi"),
        ("ab", "cd", "ab-cd-2025"),
        ("abcdefghi", "vine", "abcdefghi"),
        ("abcdefghij", "vine", "abcdefghij"),
        ("", "", "2025-11-24"),
        ("日本", "x", "x-2025-11"),
    ] {
        assert_eq!(order_slug_prefix(customer, offering, today()), prefix);
    }
}

#[test]
fn numbers_go_on_from_the_highest() {
    let next = |existing: &[&str]| next_slug("abc", existing.iter().copied());
    assert_eq!(next(&[]), "abc-1");
    assert_eq!(next(&["abc-1", "abc-10", "abc-9"]), "abc-11");
    assert_eq!(next(&["abcd-7", "abc", "abc-", "abc-x", "abc-1-2", "ab-9", "abc-+8"]), "abc-1");
    assert_eq!(next(&["abc-99999999999999999999999999", "abc-18446744073709551615"]), "abc-1", "written by hand");
    assert_eq!(next(&["abc-999999999999999999"]), "abc-1000000000000000000");
}

#[test]
fn what_a_slug_is() {
    assert!(["a", "A-b_9", "-", "_"].iter().all(|text| is_slug(text)));
    assert!(["", " ", "a b", "ä", "a.b", "a/b", "a\n"].iter().all(|text| !is_slug(text)));
}

proptest! {
    #[test]
    fn generated_slugs_are_slugs_and_differ(
        customer in "\\PC{0,20}", offering in "\\PC{0,20}", days in 0_u64..40_000, count in 1_usize..12
    ) {
        let prefix = order_slug_prefix(&customer, &offering, day("1990-01-01") + chrono::Days::new(days));
        prop_assert!(prefix.len() <= PREFIX_LENGTH && !prefix.ends_with('-') && is_slug(&prefix), "{}", prefix);
        let mut slugs: Vec<String> = Vec::new();
        for _ in 0..count {
            let slug = next_slug(&prefix, slugs.iter().map(String::as_str));
            prop_assert!(is_slug(&slug) && slug.len() <= 50 && !slugs.contains(&slug), "{}", slug);
            slugs.push(slug);
        }
    }

    #[test]
    fn slugify_is_its_own_fixed_point(text in "\\PC{0,40}") {
        let slug = slugify(&text);
        prop_assert!(slug.is_empty() || is_slug(&slug));
        prop_assert_eq!(slugify(&slug), slug);
    }
}
