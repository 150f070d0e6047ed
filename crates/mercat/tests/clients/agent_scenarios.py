"""What is done with the agent: each scenario orders, changes and ends resources, and compares both sides."""

import time
import uuid
from decimal import Decimal

from agent_process import Agent
from agent_slurm import Cluster, write_settings
from check import expect, expect_equal

CPU, MORE_CPU = 4, 7

# What the agent says, once for each offering.
CONNECTED = "Started unified STOMP connection"

# How often both sides are killed in a phase, about.
KILLS = 4

# Who has used the cluster, if anybody asks.
USER = "lena"

# So much of a resource's usage may be lost when its parts are rounded.
ROUNDED = Decimal("0.05")

# All orders of a resource at the end of its life.
LIFE = [("Create", "done"), ("Terminate", "done"), ("Update", "done"), ("Update", "done")]


class Run:
    """One scenario with a cluster of its own and some resources."""

    def __init__(self, server, folder, count):
        self.server, self.folder, self.count = server, folder, count
        self.cluster = Cluster(folder)
        server.expect_unused()
        self.label = uuid.uuid4().hex[:8]
        self.resources = []

    def agent(self, mode):
        """Starts the agent."""
        # Each needs a file of its own: an offering that has events is skipped by the other modes.
        push = mode == "event_process"
        settings = self.folder / ("push.yaml" if push else "polling.yaml")
        write_settings(settings, self.server, self.cluster, push)
        return Agent(mode, self.folder, settings, self.cluster)

    def check(self):
        """Both sides agree."""
        self.cluster.agrees_with(self.server, self.resources)

    def check_end(self):
        """Nothing is left, and every order was carried out once."""
        for resource in self.resources:
            expect_equal(self.server.resource(resource)["state"], "Terminated", "the state of a resource")
            expect_equal(self.server.orders_of(resource), LIFE, f"the orders of {resource}")
        expect_equal(self.cluster.accounts(), {}, "the accounts at the end")

    # The phases: each makes one order for every resource, and each can be checked afterwards.

    def create(self):
        """Orders the resources, of all offerings in turn."""
        orders = []
        for number in range(self.count):
            offering = self.server.offerings[number % len(self.server.offerings)]
            order = self.server.create(offering, f"agent-{self.label}-{number}", CPU)
            self.resources.append(self.server.order(order)["marketplace_resource_uuid"])
            orders.append(order)
        return orders

    def update(self):
        """Orders higher limits."""
        return [self.server.change(each, "update_limits", {"limits": {"cpu": MORE_CPU}}) for each in self.resources]

    def switch(self):
        """Orders the other plan."""
        plans = [offering.plans[1] for offering in self.server.offerings]
        return [
            self.server.change(each, "switch_plan", {"plan": plans[number % len(plans)]})
            for number, each in enumerate(self.resources)
        ]

    def terminate(self):
        """Orders the end."""
        return [self.server.change(each, "terminate", {}) for each in self.resources]

    def phases(self):
        """The phases in order, each with what must be true afterwards."""
        yield "create", self.create, lambda: self.limits_are(CPU)
        yield "update", self.update, lambda: self.limits_are(MORE_CPU)
        yield "switch", self.switch, self.plans_are_switched
        yield "terminate", self.terminate, lambda: None

    def limits_are(self, cpu):
        for resource in self.resources:
            expect_equal(self.server.resource(resource)["limits"].get("cpu"), cpu, f"the limit of {resource}")

    def plans_are_switched(self):
        self.limits_are(MORE_CPU)
        for number, resource in enumerate(self.resources):
            plan = self.server.offerings[number % len(self.server.offerings)].plans[1].rstrip("/").rpartition("/")[2]
            found = self.server.resource(resource)["plan_uuid"]
            expect_equal(found.replace("-", ""), plan.replace("-", ""), f"the plan of {resource}")


def polling(server, folder, count):
    """The agent finds the orders by itself; in between it reports members and usage."""
    run = Run(server, folder, count)
    for name, order, holds in run.phases():
        orders = order()
        with run.agent("order_process") as agent:
            agent.until(server.all_done(orders), f"{name}: all orders done")
        holds()
        run.check()
        if name == "switch":
            synchronise(run)
    run.check_end()
    return f"{4 * count} orders done"


def synchronise(run):
    """The other two modes: both tell the server something about every resource."""
    server = run.server

    def synced(resource):
        return server.resource(resource).get("last_sync")

    before = {each: synced(each) for each in run.resources}
    with run.agent("membership_sync") as agent:
        agent.until(lambda: all(synced(each) != before[each] for each in run.resources), "last_sync of all resources")
    accounts = {each: server.resource(each)["backend_id"] for each in run.resources}
    run.cluster.add_user(USER)
    used = {each: run.cluster.use(accounts[each], USER, hours) for hours, each in enumerate(run.resources, 1)}

    def missing():
        # In the first hours of a month a part belongs to the month before, and each part is rounded.
        rows = {each: [row["usage"] for row in server.usages(each) if row["type"] == "cpu"] for each in used}
        return {each: rows[each] for each in used if abs(sum(map(Decimal, rows[each])) - used[each]) > ROUNDED}

    with run.agent("report") as agent:
        agent.until(lambda: not missing(), "the usage of all resources")
    run.check()


def push(server, folder, count):
    """The server tells the agent, which polls once at the start and then as good as never."""
    run = Run(server, folder, count)
    slowest = 0.0
    with run.agent("event_process") as agent:
        # What it does at the start must not be what carries out the orders. From here on it would look for orders that
        # have not been modified for half an hour, and for no others.
        agent.until(lambda: agent.log().count(CONNECTED) >= len(server.offerings), "connections for events")
        for name, order, holds in run.phases():
            orders = order()
            since = time.monotonic()
            agent.until(server.all_done(orders), f"{name}: all orders done by push")
            slowest = max(slowest, time.monotonic() - since)
            holds()
            run.check()
    run.check_end()
    return f"{4 * count} orders done by push, {count} at a time within {slowest:.1f} s"


def crash(server, folder, count):
    """The server, then the agent, are killed among their orders, and others go on."""
    expect(count >= 2, "a crash in the middle needs at least 2 resources")
    run = Run(server, folder, count)
    kills = 0
    for number, (name, order, holds) in enumerate(run.phases()):
        mode = "event_process" if number % 2 else "order_process"
        orders = order()
        for finished in range(0, count - 1, max(1, count // KILLS)):
            with run.agent(mode) as agent:
                agent.until(in_the_middle(server, orders, finished), f"{name}: one order begun")
                server.crash()
                agent.kill()
            kills += 1
        with run.agent(mode) as agent:
            agent.until(server.all_done(orders), f"{name}: all orders done after {kills} kills")
        holds()
        run.check()
    run.check_end()
    return f"{4 * count} orders done, both sides {kills} times killed"


def in_the_middle(server, orders, finished):
    """A condition: so many orders are done and another one has begun, or more than that are done."""

    def holds():
        states = server.states(orders)
        done = states.count("done")
        return done > finished or (done == finished and "executing" in states)

    return holds


SCENARIOS = {"polling": polling, "push": push, "crash": crash}
