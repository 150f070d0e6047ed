//! RabbitMQ, in builds that have it: the feature `amqp`.

#[cfg(not(feature = "amqp"))]
mod absent {
    use std::time::Duration;

    use mercat_app::App;

    /// There is none.
    #[derive(Debug)]
    pub enum Broker {}

    impl Broker {
        pub fn new(_: &str, _: Duration) -> anyhow::Result<Self> {
            anyhow::bail!("this mercat was built without RabbitMQ; build it with `--features amqp`, or leave it empty")
        }

        pub fn virtual_host(&self) -> &str {
            match *self {}
        }

        pub async fn publish(self, _: App, _: impl Future<Output = ()>) {
            match self {}
        }

        #[expect(clippy::unused_async, reason = "the same call as where there is a broker")]
        pub async fn check(&self) -> anyhow::Result<()> {
            match *self {}
        }
    }
}

#[cfg(feature = "amqp")]
mod present {
    use std::time::Duration;

    use mercat_amqp::Settings;
    use mercat_app::App;

    /// Where it is.
    #[derive(Debug)]
    pub struct Broker(Settings);

    impl Broker {
        /// Without showing the address when it is wrong.
        pub fn new(url: &str, keep: Duration) -> anyhow::Result<Self> {
            Ok(Self(Settings::new(url, keep)?))
        }

        /// Where the agents' queues are.
        pub fn virtual_host(&self) -> &str {
            self.0.virtual_host()
        }

        /// Publishes what agents are told until `stop` is done.
        pub async fn publish(self, app: App, stop: impl Future<Output = ()>) {
            mercat_amqp::run(app, self.0, stop).await;
        }

        /// Whether it lets us in.
        pub async fn check(&self) -> anyhow::Result<()> {
            Ok(mercat_amqp::check(&self.0).await?)
        }
    }
}

#[cfg(not(feature = "amqp"))]
pub use absent::Broker;
#[cfg(feature = "amqp")]
pub use present::Broker;
