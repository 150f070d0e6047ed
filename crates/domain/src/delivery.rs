//! Messages that leave the process: what kinds there are, and when a failed one is tried again.

use chrono::TimeDelta;

use crate::names::names;

names! {
    /// What a message is.
    DeliveryKind {
        /// A call without a body to an order's `callback_url` (spec 15.7).
        Callback = "callback",
        /// An event in Waldur's form to a web hook.
        WebHook = "hook",
        /// A signed event (Standard Webhooks).
        Signed = "webhook",
        /// A mail.
        Mail = "mail",
    }
}

names! {
    /// How far a message is.
    DeliveryState {
        /// It waits for its turn or for the next try.
        Pending = "pending",
        /// The receiver has it.
        Delivered = "delivered",
        /// It was given up.
        Dead = "dead",
    }
}

names! {
    /// Who wants to be told.
    HookKind {
        /// A web address, in Waldur's form.
        Web = "webhook",
        /// A mail address, in Waldur's form.
        Email = "email",
        /// A web address, with signatures.
        Signed = "signed",
    }
}

names! {
    /// How somebody wants mail.
    MailMode {
        /// Each as it comes.
        Each = "each",
        /// All of a day in one.
        Daily = "daily",
        /// None.
        Off = "none",
    }
}

/// Seconds between the tries: 5 s to 10 h, about 28 hours in all.
const PAUSES: [i64; 8] = [5, 60, 300, 1800, 7200, 18_000, 36_000, 36_000];
/// A mail is tried so often, every 10 h in the end: it outlasts an outage of the mail server of two weeks.
const TRIES_OF_MAIL: i64 = 40;

/// The longest time between two tries: what a receiver may ask for by `Retry-After`.
pub const LONGEST_WAIT: TimeDelta = TimeDelta::hours(24);

/// What came of a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The receiver has it.
    Delivered,
    /// Try again after so long.
    Again(TimeDelta),
    /// Give it up.
    Dead,
}

/// What comes next after a try that failed.
///
/// Mail goes through one server of the operator's, so it is kept for longer than what strangers are to take.
/// `tries` counts the failed one; `jitter` is between 0 and 1 and stretches the pause by up to a fifth, so that what
/// failed together is not tried together; `asked` is what the receiver asked for.
#[must_use]
pub fn after_failure(kind: DeliveryKind, tries: i64, jitter: f64, asked: Option<TimeDelta>) -> Verdict {
    let goes_on = kind == DeliveryKind::Mail && tries < TRIES_OF_MAIL;
    let pause = usize::try_from(tries - 1).ok().and_then(|index| PAUSES.get(index));
    let pause = pause.or_else(|| PAUSES.last().filter(|_| goes_on));
    let Some(pause) = pause.copied().and_then(TimeDelta::try_seconds) else { return Verdict::Dead };
    let stretch = pause.num_milliseconds() / 5;
    // A fifth of ten hours in milliseconds is exact in a float.
    #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "at most seven million")]
    let extra = TimeDelta::milliseconds((stretch as f64 * jitter.clamp(0.0, 1.0)) as i64);
    Verdict::Again((pause + extra).max(asked.unwrap_or_default().min(LONGEST_WAIT)))
}

/// An endpoint that has failed for this long without a single success is switched off.
pub const DISABLE_AFTER: TimeDelta = TimeDelta::days(5);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_outlasts_what_others_are_given_up_after() {
        let after = |kind, tries| after_failure(kind, tries, 0.0, None);
        for kind in [DeliveryKind::Callback, DeliveryKind::WebHook, DeliveryKind::Signed, DeliveryKind::Mail] {
            assert_eq!(after(kind, 1), Verdict::Again(TimeDelta::seconds(5)));
            assert_eq!(after(kind, 8), Verdict::Again(TimeDelta::hours(10)));
            let is_mail = kind == DeliveryKind::Mail;
            assert_eq!(after(kind, 9) != Verdict::Dead, is_mail);
            assert_eq!(after(kind, TRIES_OF_MAIL), Verdict::Dead);
        }
        assert_eq!(after(DeliveryKind::Mail, TRIES_OF_MAIL - 1), Verdict::Again(TimeDelta::hours(10)));
    }

    #[test]
    fn a_receiver_is_left_alone_as_it_asks_but_for_a_day_at_most() {
        for (asked, pause) in [(0, 5), (4, 5), (6, 6), (86_400, 86_400), (86_401, 86_400), (4_000_000_000, 86_400)] {
            let verdict = after_failure(DeliveryKind::Signed, 1, 0.0, Some(TimeDelta::seconds(asked)));
            assert_eq!(verdict, Verdict::Again(TimeDelta::seconds(pause)), "{asked}");
        }
    }
}
