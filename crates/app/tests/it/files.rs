//! Attachments: a row always has its file, and a file without a row goes.

use chrono::TimeDelta;
use futures_util::{StreamExt as _, stream};
use mercat_app::{AppError, files::Files, jobs};
use mercat_testkit::both;

const PDF: &[u8] = b"%PDF-1.4 a purchase order";

fn content(
    parts: &[&'static [u8]],
) -> impl futures_util::Stream<Item = Result<bytes::Bytes, AppError>> + Unpin + use<> {
    stream::iter(parts.iter().map(|part| Ok(bytes::Bytes::from_static(part))).collect::<Vec<_>>()).boxed()
}

async fn stored(files: &Files) -> usize {
    let far = chrono::DateTime::from_timestamp(4_000_000_000, 0).unwrap();
    files.older_than(far).await.unwrap().len()
}

both! {
    async fn a_file_that_is_too_large_leaves_nothing(app: TestApp) {
        let error = app.app.files.store(content(&[PDF, PDF]), 30, app.app.now()).await.unwrap_err();
        assert!(matches!(error, AppError::TooLarge(30)), "{error:?}");
        assert_eq!(stored(&app.app.files).await, 0);
    }

    async fn an_upload_that_breaks_off_leaves_nothing(app: TestApp) {
        let broken = stream::iter([Ok(bytes::Bytes::from_static(PDF)), Err(AppError::BrokenUpload("gone".into()))]).boxed();
        app.app.files.store(broken, 1000, app.app.now()).await.unwrap_err();
        assert_eq!(stored(&app.app.files).await, 0);
    }

    async fn replacing_and_deleting_removes_the_old_file(app: TestApp) {
        let offered = app.offering("Marketplace.Slurm").await;
        let order = app.order("mgr", &offered).await;
        let path = format!("/api/marketplace-orders/{order}/update_attachment/");
        for _ in 0..2 {
            assert_eq!(app.upload("mgr", &path, "po.pdf", PDF).await.status, 200);
            assert_eq!(stored(&app.app.files).await, 1);
        }
        let path = format!("/api/marketplace-orders/{order}/delete_attachment/");
        assert_eq!(app.post("mgr", &path).await.status, 204);
        assert_eq!(stored(&app.app.files).await, 0);
        assert_eq!(app.post("mgr", &path).await.expect(404).bytes, b"");
    }

    async fn a_crash_between_file_and_row_is_swept_and_what_is_referenced_stays(app: TestApp) {
        let offered = app.offering("Marketplace.Slurm").await;
        let order = app.order("mgr", &offered).await;
        let path = format!("/api/marketplace-orders/{order}/update_attachment/");
        let url = app.upload("mgr", &path, "po.pdf", PDF).await.expect(200).text("attachment");
        // What a crash leaves: a file whose row was never committed.
        app.app.files.store(content(&[PDF]), 1000, app.app.now()).await.unwrap();
        assert_eq!(stored(&app.app.files).await, 2);
        jobs::ensure_standing(&app.app).await.unwrap();
        // Files are dated by the machine's clock; the held clock passes it by far.
        let ahead = chrono::DateTime::from_timestamp(4_000_000_000, 0).unwrap() - app.app.now();
        app.clock.advance(ahead);
        jobs::run_next(&app.app).await.unwrap();
        assert_eq!(stored(&app.app.files).await, 1);
        app.clock.advance(-ahead + TimeDelta::seconds(1));
        let (_, media) = url.split_once("/media/").unwrap();
        assert_eq!(app.get("mgr", &format!("/media/{media}")).await.expect(200).bytes, PDF);
        assert_eq!(app.get("user", &format!("/media/{media}")).await.status, 404);
    }
}
