//! The rules once more, as short as they can be said: what the description of behaviour says about states and rights,
//! without looking at how the service does it.

use super::op::{Act, Kind, Op, Who};

/// States of orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    PendingConsumer,
    PendingProvider,
    PendingProject,
    Executing,
    Done,
    Erred,
    Canceled,
    Rejected,
    /// The row is deleted.
    Gone,
}

use State::{Canceled, Done, Erred, Executing, Gone, PendingConsumer, PendingProject, PendingProvider, Rejected};

impl State {
    /// As the interface writes it; `None` for an order that is gone.
    pub const fn name(self) -> Option<&'static str> {
        Some(match self {
            PendingConsumer => "pending-consumer",
            PendingProvider => "pending-provider",
            PendingProject => "pending-project",
            Executing => "executing",
            Done => "done",
            Erred => "erred",
            Canceled => "canceled",
            Rejected => "rejected",
            Gone => return None,
        })
    }

    /// A resource has one of these at most.
    const fn is_open(self) -> bool {
        matches!(self, PendingConsumer | PendingProvider | Executing)
    }
}

/// What an order is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Want {
    Create,
    /// So many cpus.
    Grow(i64),
    /// The plan of this number.
    Switch(usize),
    Terminate,
}

#[derive(Debug, Clone, Copy)]
pub struct Order {
    pub state: State,
    pub resource: usize,
    kind: Kind,
    want: Want,
    by: Who,
    /// It began to be executed, and nobody has looked at it since.
    is_new: bool,
}

/// A resource: its state as the interface writes it, its limit and the number of its plan.
#[derive(Debug, Clone, Copy)]
pub struct Resource {
    pub state: &'static str,
    pub cpu: i64,
    pub plan: usize,
}

/// By how many hours the clock may be wrong; sequences begin at noon.
const WRONG: i8 = 3;

/// What there is in a sequence.
#[derive(Debug, Default)]
pub struct Model {
    pub orders: Vec<Order>,
    pub resources: Vec<Resource>,
    blocked: bool,
    over: bool,
    ahead: bool,
    /// By how much the clock is wrong.
    hours: i8,
}

impl Model {
    /// The status with which the step is answered, and what it changes.
    pub fn step(&mut self, op: Op) -> u16 {
        match op {
            Op::Create(who, kind) => self.create(who, kind),
            Op::Act(who, order, act) => self.act(who, order, act),
            Op::Terminate(who, order) => self.change(who, order, Want::Terminate),
            Op::Grow(who, order) => {
                let more = self.resources[self.orders[order].resource].cpu + 1;
                self.change(who, order, Want::Grow(more))
            }
            Op::Switch(who, order) => {
                let other = 1 - self.resources[self.orders[order].resource].plan;
                self.change(who, order, Want::Switch(other))
            }
            Op::Work => {
                self.work();
                200
            }
            Op::Day => {
                self.ahead = false;
                self.work();
                200
            }
            Op::Clock(ahead) => {
                self.hours += if ahead { 1 } else { -1 };
                200
            }
            Op::Block(blocked) => {
                self.blocked = blocked;
                200
            }
            Op::Over(over) => {
                self.over = over;
                200
            }
            Op::Ahead(ahead) => {
                self.ahead = ahead;
                200
            }
        }
    }

    /// The type of an order's offering, and the plan that its resource has.
    pub fn kind_and_plan(&self, order: usize) -> (Kind, usize) {
        let order = self.orders[order];
        (order.kind, self.resources[order.resource].plan)
    }

    /// Whether the step can be compared: what a day brings to a project that is over is another story, and so are a clock
    /// that shows another day than it is, and two orders for one resource of which one waits for the project to begin: that
    /// one goes on when the other has ended, some minutes later.
    pub fn is_told(&self, op: Op) -> bool {
        match op {
            Op::Day => !self.over,
            Op::Clock(ahead) => {
                if ahead {
                    self.hours < WRONG
                } else {
                    self.hours > -WRONG
                }
            }
            Op::Terminate(_, order) | Op::Grow(_, order) | Op::Switch(_, order) => {
                let resource = self.orders[order].resource;
                !self.orders.iter().any(|order| order.resource == resource && order.state == PendingProject)
            }
            _ => true,
        }
    }

    fn create(&mut self, who: Who, kind: Kind) -> u16 {
        // The project is a field: nobody names one that they do not see.
        if matches!(who, Who::Vown | Who::User) || self.blocked || self.over {
            return 400;
        }
        self.resources.push(Resource { state: "Creating", cpu: 1, plan: 0 });
        self.submit(who, kind, Want::Create, self.resources.len() - 1);
        201
    }

    /// An order about a resource that is there.
    fn change(&mut self, who: Who, order: usize, want: Want) -> u16 {
        let Order { resource, kind, .. } = self.orders[order];
        let state = self.resources[resource].state;
        if who == Who::User || (who == Who::Vown && want != Want::Terminate) {
            return 404;
        }
        if matches!(who, Who::Mem | Who::Support) {
            return 403;
        }
        let fits = state == "OK" || (state == "Erred" && want == Want::Terminate);
        if !fits {
            return 409;
        }
        let is_taken = self.orders.iter().any(|order| order.resource == resource && order.state.is_open());
        if self.blocked || (self.over && want != Want::Terminate) || is_taken {
            return 400;
        }
        self.submit(who, kind, want, resource);
        200
    }

    fn submit(&mut self, who: Who, kind: Kind, want: Want, resource: usize) {
        let skips = matches!(who, Who::Staff | Who::Own) || (who == Who::Vown && want == Want::Terminate);
        let state = if skips { self.after_consumer(kind) } else { PendingConsumer };
        let is_new = state == Executing;
        self.orders.push(Order { state, resource, kind, want, by: who, is_new });
    }

    fn after_consumer(&self, kind: Kind) -> State {
        if self.ahead { PendingProject } else { after_project(kind) }
    }

    fn act(&mut self, who: Who, at: usize, act: Act) -> u16 {
        let order = self.orders[at];
        if act == Act::Unlink && who != Who::Staff {
            return 403;
        }
        if matches!(who, Who::Mem | Who::User) || order.state == Gone {
            return 404;
        }
        let (consumer, provider) = (matches!(who, Who::Staff | Who::Own), matches!(who, Who::Staff | Who::Vown));
        let may = match act {
            Act::ApproveByConsumer => consumer,
            Act::RejectByConsumer => consumer || who == order.by,
            Act::Cancel | Act::Destroy => consumer || who == Who::Mgr,
            Act::Unlink => true,
            _ => provider,
        };
        if !may {
            return 403;
        }
        let pending = matches!(order.state, PendingConsumer | PendingProvider);
        let late = |fits: bool| if fits { None } else { Some(409) };
        let blocked = self.blocked.then_some(400);
        let over = self.over.then_some(400);
        let unsupported = |fits: bool| if fits { None } else { Some(405) };
        let skips =
            matches!(order.by, Who::Staff | Who::Own) || (order.by == Who::Vown && order.want == Want::Terminate);
        let refused = match act {
            Act::ApproveByConsumer => blocked.or(over).or(late(order.state == PendingConsumer)),
            Act::RejectByConsumer => blocked.or(late(order.state == PendingConsumer)).or(skips.then_some(400)),
            Act::ApproveByProvider | Act::RejectByProvider => blocked.or(late(order.state == PendingProvider)),
            Act::Cancel => late(pending || order.state == Executing).or(unsupported(order.kind != Kind::Slurm)),
            Act::Destroy => late(pending).or(blocked),
            Act::SetStateExecuting => late(pending || order.state == Erred).or(unsupported(order.kind == Kind::Slurm)),
            Act::SetStateDone => late(order.state == Executing),
            Act::SetStateErred => unsupported(order.kind == Kind::Slurm),
            Act::SetBackendId => blocked,
            Act::Unlink => None,
        };
        if let Some(status) = refused {
            return status;
        }
        match act {
            Act::ApproveByConsumer => self.go(at, self.after_consumer(order.kind)),
            Act::ApproveByProvider => self.go(at, Executing),
            Act::RejectByConsumer | Act::RejectByProvider => self.end(at, Rejected),
            Act::Cancel => self.end(at, Canceled),
            Act::Destroy => {
                if order.want == Want::Create {
                    self.settle(order.resource, "Terminated");
                }
                self.orders[at].state = Gone;
            }
            Act::Unlink => self.orders[at].state = Gone,
            Act::SetStateExecuting => {
                let others = self.orders.iter().enumerate();
                let mut others = others.filter(|(other, row)| *other != at && row.resource == order.resource);
                if others.any(|(_, row)| row.state.is_open()) {
                    return 400;
                }
                self.orders[at].state = Executing;
            }
            Act::SetStateDone => self.end(at, Done),
            Act::SetStateErred => {
                let state = if order.state == Executing { Erred } else { order.state };
                self.orders[at].state = state;
                self.settle(order.resource, if order.want == Want::Terminate { "OK" } else { "Erred" });
            }
            Act::SetBackendId => {}
        }
        match act {
            Act::Cancel => 202,
            Act::Destroy | Act::Unlink => 204,
            _ => 200,
        }
    }

    fn go(&mut self, at: usize, state: State) {
        self.orders[at].state = state;
        self.orders[at].is_new = state == Executing;
    }

    /// Ends an order, with what that means for its resource.
    fn end(&mut self, at: usize, state: State) {
        let Order { resource, want, .. } = self.orders[at];
        self.orders[at].state = state;
        let ended = match (state, want) {
            (Done, Want::Terminate) => "Terminated",
            (Done, _) => "OK",
            (_, Want::Create) => "Terminated",
            _ => "OK",
        };
        if (state, want) == (Done, Want::Create) {
            // It comes back by the order that was meant to make it.
            self.resources[resource].state = "OK";
            return;
        }
        self.settle(resource, ended);
        match want {
            Want::Grow(cpu) if state == Done => self.resources[resource].cpu = cpu,
            Want::Switch(plan) if state == Done => self.resources[resource].plan = plan,
            _ => {}
        }
    }

    /// What is terminated stays so.
    fn settle(&mut self, resource: usize, state: &'static str) {
        if self.resources[resource].state != "Terminated" {
            self.resources[resource].state = state;
        }
    }

    /// What waited for the project begins, and orders that began to be executed are looked at.
    fn work(&mut self) {
        for at in 0..self.orders.len() {
            if !self.ahead && self.orders[at].state == PendingProject {
                self.go(at, after_project(self.orders[at].kind));
            }
        }
        for at in 0..self.orders.len() {
            let Order { state, is_new, kind, want, resource, .. } = self.orders[at];
            if state != Executing || !is_new {
                continue;
            }
            self.orders[at].is_new = false;
            match (kind, want) {
                (Kind::Basic, _) => self.end(at, Done),
                (_, Want::Create) => {}
                (_, Want::Terminate) => self.resources[resource].state = "Terminating",
                (_, Want::Grow(_) | Want::Switch(_)) => self.resources[resource].state = "Updating",
            }
        }
    }
}

/// What comes when the project has begun: the provider reviews what it fulfils itself.
const fn after_project(kind: Kind) -> State {
    match kind {
        Kind::Support => Executing,
        Kind::Basic | Kind::Slurm => PendingProvider,
    }
}
