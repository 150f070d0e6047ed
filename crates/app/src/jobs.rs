//! Work that happens without a request: claimed, done and removed in one transaction.

use chrono::TimeDelta;
use mercat_domain::{
    id::OrderId,
    time::{Timestamp, start_of_next_month, start_of_tomorrow},
};
use mercat_store::{delivery as deliveries, entity::job, idempotency, job as jobs, media, order, people};
use uuid::Uuid;

use crate::{App, AppError, Tx, catalogue, endings, notices, orders, outgoing, structure};

/// Answers are kept under their idempotency keys for this long.
const KEEP_ANSWERS: TimeDelta = TimeDelta::hours(24);
/// Messages that left or were given up are on record for this long.
const KEEP_DELIVERIES: TimeDelta = TimeDelta::days(90);
/// A file without a row may belong to an upload that is not finished; after this long it does not.
const UPLOAD_GRACE: TimeDelta = TimeDelta::hours(1);
/// How often old answers and stray files are looked for.
const SWEEP_EVERY: TimeDelta = TimeDelta::hours(1);
/// How often lists of orders get further marks while they have too few.
const DIVIDE_EVERY: TimeDelta = TimeDelta::seconds(1);
/// The longest pause between tries of a failing job.
const LONGEST_PAUSE: i64 = 600;

/// The kinds of jobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobKind {
    /// Process an executing order; the subject is the order.
    Process,
    /// Start an order whose day has come; the subject is the order.
    Start,
    /// Give up an order that executes for too long; the subject is the order.
    Expire,
    /// End a role whose time is over; the subject is the assignment.
    EndRole,
    /// Let the prices of the next month count, on its first day; the subject is nobody.
    NextPrices,
    /// Let the next prices of one plan count; the subject is the plan.
    Reprice,
    /// Send somebody's daily mail; the subject is the person.
    Digest,
    /// Remind those who can approve an order; the subject is the order.
    Remind,
    /// End what has reached its last day, every day; the subject is nobody.
    Endings,
    /// Order the end of a resource whose last day has come; the subject is the resource.
    EndResource,
    /// Remove old answers, dead tokens and stray files, and mark long lists, every hour; the subject is nobody.
    Sweep,
}

impl JobKind {
    const ALL: [Self; 11] = [
        Self::Process,
        Self::Start,
        Self::Expire,
        Self::EndRole,
        Self::NextPrices,
        Self::Reprice,
        Self::Digest,
        Self::Remind,
        Self::Endings,
        Self::EndResource,
        Self::Sweep,
    ];

    /// The stored name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Process => "process_order",
            Self::Start => "start_order",
            Self::Expire => "expire_order",
            Self::EndRole => "end_role",
            Self::NextPrices => "next_prices",
            Self::Reprice => "reprice_plan",
            Self::Digest => "digest",
            Self::Remind => "remind",
            Self::Endings => "endings",
            Self::EndResource => "end_resource",
            Self::Sweep => "sweep",
        }
    }
}

/// What a turn of the worker came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// A job was done or put off; there may be more.
    Worked,
    /// Nothing is due; the next job is due then.
    Idle(Option<Timestamp>),
}

/// Does the job that is due first. A job that fails is put off for longer each time and never lost.
///
/// # Errors
/// The database failed.
pub async fn run_next(app: &App) -> Result<Turn, AppError> {
    // Looked up outside a write transaction: an idle worker must not hold the one writer of SQLite.
    let next = jobs::next_due(app.db.read()).await?;
    if next.is_none_or(|due| due > app.now()) {
        return Ok(Turn::Idle(next));
    }
    let mut tx = app.begin_own().await?;
    let Some(job) = jobs::claim(&tx.db, tx.now).await? else { return Ok(Turn::Idle(None)) };
    match work(&mut tx, &job).await {
        Ok(Next::Done) => {
            jobs::delete(&tx.db, job.id).await?;
            tx.commit().await?;
        }
        Ok(Next::At(due)) => {
            jobs::repeat(&tx.db, &job, due).await?;
            tx.commit().await?;
            if job.kind == JobKind::Sweep.as_str() {
                // Walking the file store takes its time: not within a transaction.
                sweep_files(app).await?;
            }
        }
        Err(error) => {
            drop(tx);
            put_off(app, &job, &error).await?;
        }
    }
    Ok(Turn::Worked)
}

/// What becomes of a job that was done.
enum Next {
    Done,
    /// It comes again then.
    At(Timestamp),
}

async fn work(tx: &mut Tx, job: &job::Model) -> Result<Next, AppError> {
    let order = OrderId::from(job.subject);
    match JobKind::ALL.into_iter().find(|kind| kind.as_str() == job.kind) {
        Some(JobKind::Process) => orders::process(tx, order).await?,
        Some(JobKind::Start) => orders::start(tx, order).await?,
        Some(JobKind::Expire) => orders::expire(tx, order).await?,
        Some(JobKind::EndRole) => structure::end_expired(tx, job.subject).await?,
        Some(JobKind::Reprice) => catalogue::take_next_prices(tx, job.subject.into()).await?,
        Some(JobKind::Digest) => notices::digest(tx, job.subject.into()).await?,
        Some(JobKind::Remind) => notices::remind(tx, order).await?,
        Some(JobKind::EndResource) => endings::end_resource(tx, job.subject.into()).await?,
        Some(JobKind::Endings) => {
            for resource in endings::due(tx).await? {
                tx.schedule(JobKind::EndResource, resource.uuid(), tx.now).await?;
            }
            return Ok(Next::At(start_of_tomorrow(tx.now)));
        }
        Some(JobKind::NextPrices) => {
            for plan in catalogue::plans_with_next_prices(tx).await? {
                tx.schedule(JobKind::Reprice, plan.uuid(), tx.now).await?;
            }
            return Ok(Next::At(start_of_next_month(tx.now)));
        }
        Some(JobKind::Sweep) => {
            idempotency::forget_before(&tx.db, tx.now - KEEP_ANSWERS).await?;
            people::forget_dead_tokens(&tx.db, tx.now).await?;
            deliveries::forget_before(&tx.db, tx.now - KEEP_DELIVERIES).await?;
            notices::forget_dead_links(tx).await?;
            // One at a time: other changes wait for it.
            let again = if order::divide_marks(&tx.db).await? { DIVIDE_EVERY } else { SWEEP_EVERY };
            return Ok(Next::At(tx.now + again));
        }
        None => return Err(AppError::Internal(format!("unknown kind of job: {}", job.kind))),
    }
    Ok(Next::Done)
}

async fn put_off(app: &App, job: &job::Model, error: &AppError) -> Result<(), AppError> {
    if let AppError::Invalid(reason) = error {
        // Something else has to happen first, for instance the end of another order.
        let reason = format!("{reason}");
        tracing::info!(job.uuid = %job.id, job.kind, subject = %job.subject, %reason, "a job is put off");
    } else {
        tracing::error!(job.uuid = %job.id, job.kind, subject = %job.subject, attempts = job.attempts, %error, "a job failed");
    }
    let pause = 2_i64.saturating_pow(u32::try_from(job.attempts).unwrap_or(u32::MAX)).min(LONGEST_PAUSE);
    let tx = app.begin_own().await?;
    jobs::put_off(&tx.db, job, tx.now + TimeDelta::seconds(pause), &error.to_string()).await?;
    tx.commit().await
}

/// Makes sure that the jobs that come again and again are in the queue: their rows have fixed ids, so that servers that
/// start together make one of each. What was due while no worker ran is done as soon as one does, once.
///
/// Also to be called when the clock was set back: what was put off by the wrong time would else wait for it to come
/// again. What waits for a day of its own waits for that day.
///
/// # Errors
/// The database failed.
pub async fn ensure_standing(app: &App) -> Result<(), AppError> {
    let tx = app.begin_own().await?;
    let (month, day) = (start_of_next_month(tx.now), start_of_tomorrow(tx.now));
    let standing = [
        (JobKind::Sweep, tx.now, tx.now + SWEEP_EVERY),
        (JobKind::NextPrices, month, month),
        (JobKind::Endings, tx.now, day),
    ];
    for (number, (kind, due, latest)) in (0..).zip(standing) {
        let job = job::Model {
            id: Uuid::from_u128(number).into(),
            kind: kind.as_str().to_owned(),
            subject: Uuid::nil(),
            created: tx.now,
            due,
            attempts: 0,
            last_error: None,
        };
        jobs::insert_once(&tx.db, job, latest).await?;
    }
    jobs::pull_in(&tx.db, tx.now, tx.now + TimeDelta::seconds(LONGEST_PAUSE)).await?;
    outgoing::pull_in(&tx).await?;
    tx.commit().await
}

/// How many jobs should have been done more than a minute ago.
///
/// # Errors
/// The database failed.
pub async fn overdue(app: &App) -> Result<u64, AppError> {
    Ok(jobs::due_before(app.db.read(), app.now() - TimeDelta::minutes(1)).await?)
}

/// Removes files that no row names.
async fn sweep_files(app: &App) -> Result<(), AppError> {
    for id in app.files.older_than(app.now() - UPLOAD_GRACE).await? {
        if media::find(app.db.read(), id).await?.is_none() {
            app.files.delete(id).await;
        }
    }
    Ok(())
}
