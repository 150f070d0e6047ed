"""The server as the consumer and the provider of a marketplace see it: orders, resources, and waiting for both."""

import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass

from check import expect

# Seconds for one answer.
PATIENCE = 30

# Seconds until the agent must have done what it is there for. Its own tick is a minute.
DEADLINE = 100

# Seconds between two looks.
LOOK = 0.05

TERMINAL = {"done", "erred", "canceled", "rejected"}


@dataclass(frozen=True)
class Offering:
    """An offering with the addresses of two of its plans and the types of its components."""

    uuid: str
    url: str
    plans: tuple[str, str]
    components: tuple[str, ...]


class Server:
    """What the scenarios ask of the server; `who` is `consumer` or `provider`."""

    def __init__(self):
        self.base = os.environ["MERCAT_BASE"].rstrip("/")
        self.tokens = {who: os.environ[f"{who.upper()}_TOKEN"] for who in ("consumer", "provider")}
        self.project = f"{self.base}/api/projects/{os.environ['AGENT_PROJECT']}/"
        uuids = os.environ["AGENT_OFFERINGS"].split(",")
        self.offerings = [self.offering(uuid.strip().replace("-", "")) for uuid in uuids]

    def call(self, who, method, path, body=None):
        """Makes one call and gives the body of the answer; anything but success ends the script."""
        headers = {"Authorization": f"Token {self.tokens[who]}", "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.base}/api/{path}", data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                content = answer.read()
        except urllib.error.HTTPError as refusal:
            raise AssertionError(f"{method} {path} by the {who}: {refusal.code} {refusal.read()!r:.500}") from None
        return json.loads(content) if content else None

    def crash(self):
        """Has whoever started this script kill the server and start it again at the same address."""
        print("crash", flush=True)
        expect(sys.stdin.readline(), "nobody starts the server again")

    def expect_unused(self):
        """Ends the script when an offering has open orders or resources: the agent would take them for its own."""
        for offering in self.offerings:
            states = {
                "orders": "state=pending-provider&state=executing",
                "provider-resources": "state=Creating&state=OK&state=Erred&state=Updating&state=Terminating",
            }
            for kind, filters in states.items():
                path = f"marketplace-{kind}/?offering_uuid={offering.uuid}&{filters}&field=uuid"
                found = self.call("provider", "GET", path)
                expect(not found, f"the offering {offering.uuid} is in use: {len(found)} {kind} with {filters}")

    def offering(self, uuid):
        """Reads an offering; plans can only be switched when there are two."""
        found = self.call("consumer", "GET", f"marketplace-public-offerings/{uuid}/")
        plans = [plan["url"] for plan in found["plans"]]
        expect(len(plans) >= 2, f"the offering {uuid} needs two plans, it has {len(plans)}")
        components = tuple(component["type"] for component in found["components"])
        expect("cpu" in components, f"the offering {uuid} has no component cpu but {components}")
        return Offering(uuid, found["url"], (plans[0], plans[1]), components)

    # Orders, each with its uuid as the result.

    def create(self, offering, name, cpu):
        """Orders a new resource."""
        body = {
            "offering": offering.url, "plan": offering.plans[0], "project": self.project, "attributes": {"name": name},
            "limits": {"cpu": cpu}, "accepting_terms_of_service": True,
        }  # fmt: skip
        return self.approved(self.call("consumer", "POST", "marketplace-orders/", body)["uuid"])

    def change(self, resource, action, body):
        """Orders a change or the end of a resource."""
        answer = self.call("consumer", "POST", f"marketplace-resources/{resource}/{action}/", body)
        return self.approved(answer["order_uuid"])

    def approved(self, order):
        """Approves for the consumer if somebody must; for the provider it is the agent that approves."""
        if self.order(order)["state"] == "pending-consumer":
            self.call("consumer", "POST", f"marketplace-orders/{order}/approve_by_consumer/")
        return order

    # What has become of them.

    def order(self, uuid):
        """An order as the consumer sees it."""
        return self.call("consumer", "GET", f"marketplace-orders/{uuid}/")

    def orders_of(self, resource):
        """All orders of a resource, each as type and state."""
        found = self.call("consumer", "GET", f"marketplace-orders/?resource_uuid={resource}&page_size=100")
        return sorted((order["type"], order["state"]) for order in found)

    def resource(self, uuid):
        """A resource as the provider sees it."""
        return self.call("provider", "GET", f"marketplace-provider-resources/{uuid}/")

    def usages(self, resource):
        """What was reported as used by a resource."""
        return self.call("provider", "GET", f"marketplace-component-usages/?resource_uuid={resource}&page_size=100")

    def states(self, orders):
        """The states of orders; one that cannot become done any more ends the script."""
        fields = "&field=".join(["uuid", "type", "state", "error_message", "error_traceback"])
        # One question for all: the agent has the same processors.
        everything = self.call("consumer", "GET", f"marketplace-orders/?page_size=300&field={fields}")
        known = {order["uuid"]: order for order in everything}
        found = []
        for uuid in orders:
            order = known[uuid]
            state = order["state"]
            reason = f"{order.get('error_message')}\n{order.get('error_traceback')}"
            expect(state not in TERMINAL - {"done"}, f"the {order['type']} order {uuid} is {state}: {reason}")
            found.append(state)
        return found

    def all_done(self, orders):
        """A condition: all the orders are done."""
        return lambda: set(self.states(orders)) == {"done"}


def wait(condition, what, alive=lambda: None):
    """Looks until the condition holds; `alive` may end the script earlier."""
    deadline = time.monotonic() + DEADLINE
    while not condition():
        alive()
        expect(time.monotonic() < deadline, f"not within {DEADLINE} s: {what}")
        time.sleep(LOOK)
