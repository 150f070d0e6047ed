//! Guessing names: how long a refusal takes does not tell whether somebody has that name.

use std::time::{Duration, Instant};

use mercat_testkit::{Backend, TestApp, campaign::Report};
use serde_json::json;

/// So many names that are there, and as many that are not.
const NAMES: usize = 15;
/// Hashing takes so much of the time that both are the same but for noise; without it one would be a hundred times as quick.
const MOST: f64 = 2.0;

/// Tries a wrong password for names that are there and for names that are not, in turn.
pub async fn run(backend: Backend) -> Report {
    let app = TestApp::new(backend).await;
    let mut times = [Vec::new(), Vec::new()];
    for n in 0..NAMES {
        let person = app.person(&format!("known-{n}")).await;
        let password = json!({ "new_password": "a password of theirs" });
        app.post_json("staff", &format!("/api/users/{person}/password/"), password).await.expect(200);
        for (names, times) in ["known", "other"].iter().zip(&mut times) {
            let body = json!({ "username": format!("{names}-{n}"), "password": "a wrong password" });
            let begun = Instant::now();
            app.post_json("", "/api-auth/password/", body).await.expect(401);
            times.push(begun.elapsed());
        }
    }
    let [known, unknown] = times.map(|mut times| {
        times.sort_unstable();
        times.get(NAMES / 2).map_or(0.0, Duration::as_secs_f64)
    });
    let mut report = Report::default();
    let ratio = known / unknown;
    let is_same = (1.0 / MOST..MOST).contains(&ratio);
    report.note("the middle ones", if is_same { Ok(()) } else { Err(format!("{known} s and {unknown} s")) });
    report
}
