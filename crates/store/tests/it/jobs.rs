//! Work that comes again has one row, and is due at the earlier of two times.

use chrono::TimeDelta;
use mercat_store::{
    entity::job,
    job::{insert_once, of_subject},
};
use mercat_testkit::both;
use uuid::Uuid;

both! {
    async fn of_two_times_the_earlier_counts(app: TestApp) {
        let (now, subject) = (app.app.now(), Uuid::from_u128(7));
        let db = app.app.db.write().await.unwrap();
        for (hours, due) in [(3, 3), (5, 3), (2, 2), (4, 2)] {
            let at = now + TimeDelta::hours(hours);
            let job = job::Model {
                id: subject.into(),
                kind: "digest".to_owned(),
                subject,
                created: now,
                due: at,
                attempts: 0,
                last_error: None,
            };
            insert_once(&db, job, at).await.unwrap();
            let rows = of_subject(&db, subject).await.unwrap();
            let dues: Vec<_> = rows.iter().map(|row| row.due).collect();
            assert_eq!(dues, [now + TimeDelta::hours(due)], "after {hours}");
        }
    }
}
