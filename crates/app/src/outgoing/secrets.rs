//! Secrets that the service has to know again: derived from its own key, so that the database holds none.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use mercat_domain::id::{DecisionLinkId, HookId};
use sha2::Sha256;

use crate::SecretKey;

/// The keyed hash of some words under the service's key; what they are for stands first.
fn derived(key: SecretKey, words: &[&[u8]]) -> Vec<u8> {
    mac(&key.0, words)
}

fn mac(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    // HMAC takes keys of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return Vec::new() };
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().to_vec()
}

/// The secret of a hook, as its owner keeps it (Standard Webhooks: `whsec_` and 32 bytes in base64).
pub(crate) fn webhook_secret(key: SecretKey, hook: HookId, version: i64) -> String {
    format!("whsec_{}", STANDARD.encode(webhook_key(key, hook, version)))
}

fn webhook_key(key: SecretKey, hook: HookId, version: i64) -> Vec<u8> {
    derived(key, &[b"webhook", hook.uuid().as_bytes(), &version.to_be_bytes()])
}

/// The signatures of a message, one for each version of the secret that counts, with blanks between them.
pub(super) fn signatures(
    key: SecretKey,
    hook: HookId,
    versions: &[i64],
    id: &str,
    timestamp: i64,
    body: &[u8],
) -> String {
    let sign = |version: &i64| {
        let head = format!("{id}.{timestamp}.");
        let signed = mac(&webhook_key(key, hook, *version), &[head.as_bytes(), body]);
        format!("v1,{}", STANDARD.encode(signed))
    };
    versions.iter().map(sign).collect::<Vec<_>>().join(" ")
}

/// What tells one installation from another; it shows nothing of the key.
pub(crate) fn installation(key: SecretKey) -> String {
    hex(derived(key, &[b"installation"]).get(..8).unwrap_or_default())
}

/// What stands in a link that decides once: its id and a keyed hash of it.
#[must_use]
pub fn link_token(key: SecretKey, id: DecisionLinkId) -> String {
    format!("{id}{}", hex(&derived(key, &[b"decision", id.uuid().as_bytes()])))
}

/// The link that a token is for; `None` when the token is not one of ours.
#[must_use]
pub fn link_token_id(key: SecretKey, token: &str) -> Option<DecisionLinkId> {
    let id: DecisionLinkId = token.get(..32)?.parse().ok()?;
    let same = link_token(key, id);
    // Every byte is looked at, so that the time tells nothing.
    let differs =
        same.bytes().zip(token.bytes()).fold(same.len() ^ token.len(), |sum, (a, b)| sum | usize::from(a ^ b));
    (differs == 0).then_some(id)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_known_again_and_no_other() {
        let (key, id) = (SecretKey([7; 32]), DecisionLinkId(uuid::Uuid::from_u128(5)));
        let token = link_token(key, id);
        assert_eq!(link_token_id(key, &token), Some(id));
        assert_eq!(link_token_id(SecretKey([8; 32]), &token), None);
        for wrong in ["", "0", &token[..95], &format!("{token}0"), &token.replace('5', "6")] {
            assert_eq!(link_token_id(key, wrong), None, "{wrong}");
        }
    }

    /// The example of the Standard Webhooks specification's form: an own computation from the published parts.
    #[test]
    fn signatures_cover_id_time_and_body() {
        let (key, hook) = (SecretKey([7; 32]), HookId(uuid::Uuid::from_u128(5)));
        let sign = |id, time, body: &[u8]| signatures(key, hook, &[1], id, time, body);
        let signed = sign("msg_1", 10, b"{}");
        assert!(signed.starts_with("v1,") && !signed.contains(' '));
        for other in [sign("msg_2", 10, b"{}"), sign("msg_1", 11, b"{}"), sign("msg_1", 10, b"{ }")] {
            assert_ne!(signed, other);
        }
        assert_eq!(signatures(key, hook, &[1, 2], "a", 1, b"").split(' ').count(), 2);
    }
}
