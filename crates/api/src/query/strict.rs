//! Misspelt filters, when the operator wants them told (ours: Waldur ignores them).

use mercat_domain::invalid::FieldErrors;

use super::{Query, filter::FILTERS};

/// Parameters of order routes that are no filters.
const OTHERS: [&str; 7] = ["allowed_customer_uuid", "field", "format", "o", "page", "page_size", "x-auth-token"];

/// Refuses parameters that no order route knows, with the nearest name that one does.
///
/// # Errors
/// By parameter.
pub(crate) fn refuse_unknown(query: &Query) -> Result<(), FieldErrors> {
    let mut errors = FieldErrors::new();
    for (name, _) in query.pairs().filter(|(name, _)| !known().any(|known| known == *name)) {
        if !errors.iter().any(|(field, _)| field == name) {
            errors.push(name, format!("Unknown filter. Did you mean \"{}\"?", nearest(name)));
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

fn known() -> impl Iterator<Item = &'static str> {
    FILTERS.iter().map(|filter| filter.name).chain(OTHERS)
}

fn nearest(name: &str) -> &'static str {
    known().min_by_key(|known| distance(name, known)).unwrap_or_default()
}

/// Levenshtein's distance: how many letters have to be changed, added or left out.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.chars().enumerate() {
        let mut diagonal = i;
        row[0] = i + 1;
        for (j, right) in b.iter().enumerate() {
            let change = diagonal + usize::from(left != *right);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_suggested() {
        let cases = [
            ("state=done&field=uuid&page=2&x-auth-token=t", None),
            ("sate=done", Some("sate: Unknown filter. Did you mean \"state\"?")),
            ("states=a&states=b", Some("states: Unknown filter. Did you mean \"state\"?")),
            ("oferingUuid=1", Some("oferingUuid: Unknown filter. Did you mean \"offering_uuid\"?")),
        ];
        for (text, expected) in cases {
            let answer = refuse_unknown(&Query::parse(text)).err().map(|errors| errors.to_string());
            assert_eq!(answer.as_deref(), expected, "{text}");
        }
    }
}
