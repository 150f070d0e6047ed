//! New identifiers and secrets: the one place that draws random numbers.

use mercat_domain::time::Timestamp;
use rand::Rng as _;
use uuid::Uuid;

/// A new time-ordered UUID (version 7) of the moment `now`: rows made together stay together in every index.
#[must_use]
pub fn new<T: From<Uuid>>(now: Timestamp) -> T {
    let nanos = now.timestamp_subsec_nanos();
    let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
    Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, seconds, nanos)).into()
}

/// A new secret: 20 random bytes as 40 hexadecimal digits, the look of Waldur's tokens.
#[must_use]
pub fn secret() -> String {
    let mut bytes = [0_u8; 20];
    rand::rng().fill_bytes(&mut bytes);
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
