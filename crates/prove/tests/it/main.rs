//! Each campaign on each database; `cargo xtask prove` says how much.

mod guess {
    use mercat_prove::guess;
    use mercat_testkit::Backend;

    #[tokio::test]
    async fn the_time_of_a_refusal_tells_nothing_on_sqlite() {
        guess::run(Backend::Sqlite).await.conclude(&[]);
    }

    #[tokio::test]
    async fn the_time_of_a_refusal_tells_nothing_on_postgres() {
        guess::run(Backend::Postgres).await.conclude(&[]);
    }
}

mod input {
    use mercat_prove::input;
    use mercat_testkit::{Backend, campaign::Amount};

    async fn check(backend: Backend) {
        input::run(backend, Amount::asked(5_000)).await.conclude(&[("done", 6), ("refused", 3)]);
    }

    #[tokio::test]
    async fn no_input_is_a_fault_of_ours_on_sqlite() {
        check(Backend::Sqlite).await;
    }

    #[tokio::test]
    async fn no_input_is_a_fault_of_ours_on_postgres() {
        check(Backend::Postgres).await;
    }
}

mod model {
    use mercat_prove::model;
    use mercat_testkit::{Backend, campaign::Amount};

    async fn check(backend: Backend) {
        model::run(backend, Amount::asked(300)).await.conclude(&[("done", 1), ("refused", 1)]);
    }

    #[tokio::test]
    async fn sequences_go_as_the_model_says_on_sqlite() {
        check(Backend::Sqlite).await;
    }

    #[tokio::test]
    async fn sequences_go_as_the_model_says_on_postgres() {
        check(Backend::Postgres).await;
    }
}

mod parsers {
    use mercat_prove::parsers;
    use mercat_testkit::{Backend, campaign::Amount};

    async fn check(backend: Backend) {
        parsers::run(backend, Amount::asked(2_500)).await.conclude(&[("done", 8), ("refused", 3)]);
    }

    #[tokio::test]
    async fn no_bytes_are_a_fault_of_ours_on_sqlite() {
        check(Backend::Sqlite).await;
    }

    #[tokio::test]
    async fn no_bytes_are_a_fault_of_ours_on_postgres() {
        check(Backend::Postgres).await;
    }
}

mod race {
    use mercat_prove::race;
    use mercat_testkit::{Backend, campaign::Amount};

    async fn check(backend: Backend) {
        race::run(backend, Amount::asked(1_000)).await.conclude(&[("won", 2), ("refused", 1)]);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn of_many_decisions_each_happens_once_on_sqlite() {
        check(Backend::Sqlite).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn of_many_decisions_each_happens_once_on_postgres() {
        check(Backend::Postgres).await;
    }
}

mod revoke {
    use mercat_prove::revoke;
    use mercat_testkit::{Backend, campaign::Amount};

    async fn check(backend: Backend) {
        revoke::run(backend, Amount::asked(200)).await.conclude(&[("granted before", 10), ("refused", 10)]);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_right_that_was_taken_is_gone_on_sqlite() {
        check(Backend::Sqlite).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_right_that_was_taken_is_gone_on_postgres() {
        check(Backend::Postgres).await;
    }
}

mod uploads {
    use mercat_prove::uploads;
    use mercat_testkit::Backend;

    async fn check(backend: Backend) {
        let report = uploads::run(backend).await;
        report.conclude(&[("kept", 5), ("refused", 5)]);
        assert!(report.cases >= 200, "{report}");
    }

    #[tokio::test]
    async fn hostile_files_do_nothing_on_sqlite() {
        check(Backend::Sqlite).await;
    }

    #[tokio::test]
    async fn hostile_files_do_nothing_on_postgres() {
        check(Backend::Postgres).await;
    }
}
