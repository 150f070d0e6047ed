//! Noting what happens to other objects than orders.

use mercat_domain::id::{CustomerId, ProjectId};
use mercat_store::event::NewEvent;
use serde_json::Value;

use crate::Tx;

/// What happened to an object.
pub(crate) struct Note {
    /// What happened, with the kind of object before it, for instance `user_role.granted`.
    pub kind: &'static str,
    /// The project that it concerns.
    pub project: Option<ProjectId>,
    /// The consumer organisation.
    pub customer: Option<CustomerId>,
    /// The provider organisation.
    pub provider: Option<CustomerId>,
    /// The object and what changed, with upstream's names under `log`.
    pub changes: Value,
    /// A sentence for people.
    pub message: String,
}

/// Notes it in the log, in the commit of the change.
pub(crate) fn note(tx: &mut Tx, note: Note) {
    let event = NewEvent {
        order: None,
        version: 0,
        action: note.kind.to_owned(),
        actor: tx.actor().map(|actor| actor.id),
        at: tx.now(),
        from: None,
        to: None,
        project: note.project,
        customer: note.customer,
        provider: note.provider,
        changes: note.changes,
        message: note.message,
    };
    tx.log(event);
}
