//! What happens without a request, in the process that serves or beside it: jobs that are due, one after the other;
//! events that become messages for hooks; and messages that leave, many at once.

mod feed;
mod jobs;
mod letter;
mod outbox;
mod places;
mod rest;
mod send;

use mercat_app::App;

pub use jobs::drain;
pub use outbox::deliver_due;
pub use send::Sender;

use outbox::Outbox;

/// Works until `stop` is done. The job in hand is finished or rolled back whole; messages on their way get a moment to
/// arrive, and what is then not on record is sent again later.
pub async fn run(app: App, sender: Sender, stop: impl Future<Output = ()>) {
    let mut outbox = Outbox::new(app.clone(), sender);
    let work = async {
        tokio::join!(jobs::work(&app), feed::fan_out(&app), feed::listen(&app), outbox.work());
    };
    tokio::select! {
        () = work => {}
        () = stop => {}
    }
    outbox.finish().await;
}
