//! What the demo prints: the address, who is who, and what to try.

use std::{net::SocketAddr, path::Path};

use mercat_app::{
    App, auth,
    orders::{self, OrderFilter, Stretch},
};
use mercat_domain::id::{OfferingId, PlanId, ProjectId};

use super::{people::PEOPLE, tokens::Tokens};
use crate::output::line;

/// All that is needed to print the way in.
pub struct Guide {
    tokens: Tokens,
    orders: u64,
    mail: String,
    offering: OfferingId,
    plan: PlanId,
    project: ProjectId,
}

impl Guide {
    /// Looks up what the printed lines name.
    pub async fn new(app: &App, tokens: Tokens, mail: &Path) -> anyhow::Result<Self> {
        let staff = auth::actor_named(app, "ada").await?;
        let sample = Self::sample(app, &staff).await?;
        Ok(Self {
            tokens,
            orders: orders::count(app, &staff, &[]).await?,
            mail: mail.display().to_string(),
            offering: sample.0,
            plan: sample.1,
            project: sample.2,
        })
    }

    /// Offering, plan and project of Marc's latest cluster order: what he will order again.
    async fn sample(
        app: &App,
        staff: &mercat_domain::permission::Actor,
    ) -> anyhow::Result<(OfferingId, PlanId, ProjectId)> {
        let filters = [OrderFilter::OfferingSlug(vec!["aurora-hpc".to_owned()]), OrderFilter::Text("polishing".into())];
        let found = orders::list(app, staff, Stretch::new(&filters, &[], 0, 1)).await?.pop();
        let row = found.ok_or_else(|| anyhow::anyhow!("the demo's data is damaged; start again with --reset"))?.row;
        let plan =
            row.plan_id.ok_or_else(|| anyhow::anyhow!("the demo's data is damaged; start again with --reset"))?;
        Ok((row.offering_id, plan, row.project_id))
    }

    /// Prints the table of people and the first walk.
    pub fn print(&self, address: SocketAddr) {
        let base = format!("http://{address}");
        line(&format!("\nMercat is running at {base}/ with {} orders. Stop it with Ctrl-C.", self.orders));
        line(&format!("Open {base}/ in a browser, and be any of these people with one click."));
        line(&format!("API documentation: {base}/docs/   health: {base}/health/ready   metrics: {base}/metrics"));
        line(&format!(
            "Mail is written into {}/, and callbacks and webhooks may go to this machine, http://127.0.0.1:PORT/.\n",
            self.mail
        ));
        line(&format!("{:<8} {:<42} {}", "person", "token", "role"));
        for (name, token) in &self.tokens {
            let role = PEOPLE.iter().find(|person| person.name == name).map_or("", |person| person.part);
            line(&format!("{name:<8} {token:<42} {role}"));
        }
        self.walk(&base);
    }

    fn token(&self, name: &str) -> &str {
        self.tokens.iter().find(|(known, _)| known == name).map_or("", |(_, token)| token)
    }

    fn walk(&self, base: &str) {
        let api = format!("{base}/api");
        let post = |who: &str, path: &str| {
            format!("curl -s -X POST -H 'Authorization: Token {}' {api}/{path}", self.token(who))
        };
        line("\nFirst, what waits for Lena's approval:");
        line(&format!(
            "  curl -s -H 'Authorization: Token {}' '{api}/marketplace-orders/?can_approve_as_consumer=true&field=uuid&field=state&field=resource_name'",
            self.token("lena")
        ));
        line("\nMarc orders cluster time (paste all of it; it keeps the order's uuid):");
        line(&format!(
            "  ORDER=$({} -H 'Content-Type: application/json' -d '{{\"offering\": \"{api}/marketplace-public-offerings/{offering}/\", \"plan\": \"{api}/marketplace-public-offerings/{offering}/plans/{plan}/\", \"project\": \"{api}/projects/{project}/\", \"attributes\": {{\"name\": \"first walk\"}}, \"limits\": {{\"cpu\": 10, \"gpu\": 5, \"storage\": 1}}}}' | sed 's/.*\"uuid\":\"\\([0-9a-f]*\\)\".*/\\1/'); echo $ORDER",
            post("marc", "marketplace-orders/"),
            offering = self.offering,
            plan = self.plan,
            project = self.project,
        ));
        line("\nLena approves for the university, Nora for the provider, and the agent reports that it is done:");
        let steps = [("lena", "approve_by_consumer"), ("nora", "approve_by_provider"), ("nora", "set_state_done")];
        for (who, action) in steps {
            line(&format!("  {}", post(who, &format!("marketplace-orders/$ORDER/{action}/"))));
        }
        line(&format!(
            "  curl -s -H 'Authorization: Token {}' \"{api}/marketplace-orders/$ORDER/?field=state&field=cost&field=resource_name\"",
            self.token("marc")
        ));
        line("\nMarc gives it up again; the new order waits for the same approvals:");
        line(&format!(
            "  RESOURCE=$(curl -s -H 'Authorization: Token {}' \"{api}/marketplace-orders/$ORDER/?field=marketplace_resource_uuid\" | sed 's/[^0-9a-f]*marketplace_resource_uuid\":\"\\([0-9a-f]*\\).*/\\1/')",
            self.token("marc")
        ));
        line(&format!(
            "  ORDER=$({} | sed 's/.*\"order_uuid\":\"\\([0-9a-f]*\\)\".*/\\1/'); echo $ORDER",
            post("marc", "marketplace-resources/$RESOURCE/terminate/")
        ));
        for (who, action) in steps {
            line(&format!("  {}", post(who, &format!("marketplace-orders/$ORDER/{action}/"))));
        }
        line("");
    }
}
