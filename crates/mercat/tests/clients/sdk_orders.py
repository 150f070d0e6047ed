"""Runs all 18 operations on orders with the unmodified Python client, first its sync functions, then its asyncio ones.

The environment is described in world.py. The script ends with 0 when every answer was as documented.
"""

import asyncio
import datetime
import os
import re
import sys
import traceback
import uuid

import world
from waldur_api_client import models
from waldur_api_client.client import AuthenticatedClient
from waldur_api_client.errors import UnexpectedStatus
from waldur_api_client.models import OrderState
from waldur_api_client.types import Unset
from waldur_api_client.utils import parse_link_header
from world import expect, expect_equal

# The status with which each operation succeeds.
SUCCESS = {
    "list": 200, "count": 200, "create": 201, "retrieve": 200, "destroy": 204, "unlink": 204,
    "approve_by_consumer": 200, "approve_by_provider": 200, "reject_by_consumer": 200, "reject_by_provider": 200,
    "cancel": 202, "set_state_executing": 200, "set_state_done": 200, "set_state_erred": 200,
    "set_backend_id": 200, "update_attachment": 200, "delete_attachment": 204, "offering_retrieve": 200,
}  # fmt: skip

# The client takes any body for these; the documentation says there is none.
EMPTY = {
    "destroy", "unlink", "reject_by_consumer", "reject_by_provider", "cancel",
    "set_state_executing", "set_state_done", "set_state_erred", "delete_attachment", "count",
}  # fmt: skip


class Sync:
    """Calls the sync functions of the client."""

    name = "sync"

    async def detailed(self, name, *path, **arguments):
        return world.operation(name).sync_detailed(*path, **arguments)

    async def parsed(self, name, *path, **arguments):
        return world.operation(name).sync(*path, **arguments)

    async def every_page(self, **arguments):
        return world.operation("list").sync_all(**arguments)


class Asyncio:
    """Calls the asyncio functions of the client."""

    name = "asyncio"

    async def detailed(self, name, *path, **arguments):
        return await world.operation(name).asyncio_detailed(*path, **arguments)

    async def parsed(self, name, *path, **arguments):
        return await world.operation(name).asyncio(*path, **arguments)

    async def every_page(self, **arguments):
        return await world.operation("list").asyncio_all(**arguments)


class Story:
    """The calls of one kind of function, as four people."""

    def __init__(self, calls):
        self.calls = calls
        self.people = {role: world.client(role) for role in ("staff", "consumer", "manager", "provider")}
        self.succeeded = set()

    async def succeeds(self, role, name, order=None, **arguments):
        """Runs an operation, checks its status and body, and returns the whole response."""
        path = () if order is None else (order.uuid,)
        response = await self.calls.detailed(name, *path, client=self.people[role], **arguments)
        expect_equal(response.status_code, SUCCESS[name], f"{name} by {role}")
        if name in EMPTY:
            expect_equal(response.content, b"", f"the body of {name}")
        self.succeeded.add(name)
        return response

    async def refused(self, status, role, name, order, **arguments):
        """Runs an operation that must fail with this status. The client returns some and raises the others."""
        try:
            response = await self.calls.detailed(name, order.uuid, client=self.people[role], **arguments)
            found = response.status_code
        except UnexpectedStatus as refusal:
            found = refusal.status_code
        expect_equal(found, status, f"{name} by {role} on an order in state {world.state_or_gone(order)}")

    async def create(self, role, kind="slurm"):
        """Orders, checks the answer, and returns the order."""
        body = world.order_request(kind, self.calls.name)
        response = await self.succeeds(role, "create", body=body)
        check_new_order(response, body)
        return response.parsed

    async def see(self, order, role="consumer"):
        """The order as it is now."""
        return (await self.succeeds(role, "retrieve", order)).parsed

    async def becomes(self, order, state):
        """Checks the state of the order and returns the order."""
        found = await self.see(order)
        expect_equal(found.state, state, "the state of the order")
        return found


def check_new_order(response, body):
    order = response.parsed
    expect(isinstance(order, models.OrderDetails), f"create returned {type(order)}")
    expect(isinstance(order.uuid, uuid.UUID), f"uuid is {order.uuid!r}")
    expect_equal(order.type_, models.RequestTypes.CREATE, "type")
    for name in ("created", "modified"):
        moment = getattr(order, name)
        expect(isinstance(moment, datetime.datetime) and moment.tzinfo, f"{name} is {moment!r}")
    expect(re.fullmatch(r"\d+\.\d{10}", order.cost or ""), f"cost is {order.cost!r}")
    expect(order.url.endswith(f"/api/marketplace-orders/{order.uuid.hex}/"), f"url is {order.url!r}")
    expect_equal(response.headers.get("location"), order.url, "header Location")
    expect_equal(order.attributes["name"], body.attributes["name"], "attributes.name")
    wanted = {} if isinstance(body.limits, Unset) else body.limits.to_dict()
    expect_equal(order.limits.to_dict(), wanted, "limits")
    expect(all(type(amount) is int for amount in order.limits.to_dict().values()), f"limits are {order.limits}")
    expect(order.completed_at is None, f"completed_at is {order.completed_at!r}")


async def from_order_to_done(story):
    order = await story.create("manager")
    expect_equal(order.state, OrderState.PENDING_CONSUMER, "the state of a manager's order")
    await story.refused(403, "manager", "approve_by_consumer", order)
    approval = models.OrderApproveByProviderRequest()
    await story.refused(409, "provider", "approve_by_provider", order, body=approval)

    answer = (await story.succeeds("consumer", "approve_by_consumer", order)).parsed
    expect_equal(answer.detail, "Order is pending provider approval.", "the answer of approve_by_consumer")
    order = await story.becomes(order, OrderState.PENDING_PROVIDER)
    expect(isinstance(order.consumer_reviewed_at, datetime.datetime), "consumer_reviewed_at is missing")
    expect(order.consumer_reviewed_by_username, "consumer_reviewed_by_username is missing")

    answer = (await story.succeeds("provider", "approve_by_provider", order, body=approval)).parsed
    expect_equal(answer.detail, "Order has been approved and is being processed.", "approve_by_provider")
    order = await story.becomes(order, OrderState.EXECUTING)
    expect(isinstance(order.provider_reviewed_at, datetime.datetime), "provider_reviewed_at is missing")
    await story.refused(409, "consumer", "approve_by_consumer", order)
    await story.refused(409, "provider", "approve_by_provider", order, body=approval)

    await story.succeeds("provider", "set_state_done", order)
    order = await story.becomes(order, OrderState.DONE)
    expect(isinstance(order.completed_at, datetime.datetime), "completed_at is missing")
    await story.refused(409, "provider", "set_state_done", order)


async def backend_id(story):
    order = await story.create("consumer")
    expect_equal(order.state, OrderState.PENDING_PROVIDER, "the state of an owner's order")
    for wanted in ("Order backend_id has been changed.", "Order backend_id is not changed."):
        body = models.OrderBackendIDRequest(backend_id="external-1")
        answer = (await story.succeeds("provider", "set_backend_id", order, body=body)).parsed
        expect_equal(answer.status, wanted, "the answer of set_backend_id")
    expect_equal((await story.see(order)).backend_id, "external-1", "backend_id")


async def rejections(story):
    order = await story.create("manager")
    await story.succeeds("consumer", "reject_by_consumer", order, body=models.OrderErrorDetailsRequest())
    await story.becomes(order, OrderState.REJECTED)

    order = await story.create("consumer")
    refusal = models.OrderProviderRejectionRequest()
    await story.refused(403, "consumer", "reject_by_provider", order, body=refusal)
    await story.succeeds("provider", "reject_by_provider", order, body=refusal)
    order = await story.becomes(order, OrderState.REJECTED)
    expect(isinstance(order.completed_at, datetime.datetime), "completed_at is missing")


async def agent_states(story):
    order = await story.create("consumer")
    await story.succeeds("provider", "set_state_executing", order)
    await story.becomes(order, OrderState.EXECUTING)
    report = models.OrderErrorDetailsRequest(error_message="no space", error_traceback="line 1\nline 2")
    await story.succeeds("provider", "set_state_erred", order, body=report)
    order = await story.becomes(order, OrderState.ERRED)
    expect_equal(order.error_message, "no space", "the error")
    expect(not order.error_traceback, "the traceback is for staff and support only")
    expect_equal((await story.see(order, "staff")).error_traceback, "line 1\nline 2", "the traceback")
    await story.succeeds("provider", "set_state_executing", order)
    await story.becomes(order, OrderState.EXECUTING)
    await story.succeeds("provider", "set_state_done", order)
    await story.becomes(order, OrderState.DONE)


async def basic_orders(story):
    order = await story.create("consumer", "basic")
    report = models.OrderErrorDetailsRequest(error_message="", error_traceback="")
    await story.refused(405, "provider", "set_state_erred", order, body=report)
    await story.succeeds("provider", "approve_by_provider", order, body=models.OrderApproveByProviderRequest())
    world.wait_for_state(order, "done")

    order = await story.create("consumer", "basic")
    await story.succeeds("consumer", "cancel", order)
    await story.becomes(order, OrderState.CANCELED)
    await story.refused(409, "consumer", "cancel", order)
    await story.refused(405, "consumer", "cancel", await story.create("consumer"))


async def attachments(story):
    order = await story.create("consumer")
    await story.refused(404, "consumer", "delete_attachment", order)
    upload = models.OrderAttachmentRequestMultipart(attachment=world.pdf())
    answer = (await story.succeeds("consumer", "update_attachment", order, body=upload)).parsed
    expect(re.match(r"https?://", answer.attachment or ""), f"attachment is {answer.attachment!r}")
    expect_equal((await story.see(order)).attachment, answer.attachment, "the attachment of the order")
    download = story.people["consumer"].get_httpx_client().get(answer.attachment)
    expect_equal((download.status_code, download.content), (200, world.PDF), "the downloaded attachment")
    await story.succeeds("consumer", "delete_attachment", order)
    expect_equal((await story.see(order)).attachment, None, "the attachment after its removal")


async def removals(story):
    order = await story.create("consumer")
    await story.succeeds("consumer", "destroy", order)
    await story.refused(404, "consumer", "retrieve", order)

    order = await story.create("consumer")
    for role in ("consumer", "provider"):
        await story.refused(403, role, "unlink", order)
    await story.succeeds("staff", "unlink", order)
    await story.refused(404, "staff", "retrieve", order)


async def offering(story):
    order = await story.create("manager")
    found = (await story.succeeds("manager", "offering_retrieve", order)).parsed
    expect(isinstance(found, models.PublicOfferingDetails), f"offering_retrieve returned {type(found)}")
    expect_equal(found.uuid, order.offering_uuid, "the uuid of the offering")
    expect_equal(found.name, order.offering_name, "the name of the offering")
    expect("cpu" in [component.type_ for component in found.components], "the component cpu is missing")
    expect(order.plan_uuid in [plan.uuid for plan in found.plans], "the plan of the order is missing")


async def lists(story):
    mine = [await story.create("manager") for _ in range(3)]
    fields = [models.OrderDetailsFieldEnum.UUID, models.OrderDetailsFieldEnum.STATE]
    newest = [models.OrderDetailsOEnum.VALUE_2]
    page = await story.succeeds("manager", "list", o=newest, page_size=2, field=fields)
    expect_equal([order.uuid for order in page.parsed], [order.uuid for order in mine[:0:-1]], "the newest two orders")
    expect(isinstance(page.parsed[0].created, Unset), "a field came that was not asked for")
    links = parse_link_header(page.headers.get("link", ""))
    expect("page=2" in links.get("next", ""), f"header Link is {page.headers.get('link')!r}")

    states = [OrderState.PENDING_CONSUMER, OrderState.PENDING_PROVIDER]
    every = await story.calls.every_page(client=story.people["consumer"], state=states)
    expect({order.uuid for order in mine} <= {order.uuid for order in every}, "an order is missing in the list")
    expect({order.state for order in every} <= set(states), "the filter by state let other states through")
    count = (await story.succeeds("consumer", "count", state=states)).parsed
    expect_equal(count, len(every), "the count of the orders")
    expect_equal(await story.calls.parsed("count", client=story.people["consumer"], state=states), count, "count")

    waiting = await story.calls.every_page(client=story.people["consumer"], can_approve_as_consumer=True)
    expect({order.uuid for order in mine} <= {order.uuid for order in waiting}, "can_approve_as_consumer")
    nothing = await story.calls.every_page(client=story.people["provider"], can_approve_as_consumer=True)
    expect_equal(nothing, [], "what the provider can approve as a consumer")


async def strangers(story):
    order = await story.create("consumer")
    for token in ("0" * 40, "nonsense"):
        story.people["stranger"] = AuthenticatedClient(base_url=os.environ["WALDUR_BASE"], token=token)
        await story.refused(401, "stranger", "retrieve", order)


SCENES = (
    from_order_to_done, backend_id, rejections, agent_states, basic_orders, attachments, removals, offering, lists,
    strangers,
)  # fmt: skip


async def tell(calls):
    """Plays all scenes with one kind of function."""
    story = Story(calls)
    for scene in SCENES:
        try:
            await scene(story)
        except Exception as failure:
            # Also what the client raises when it cannot read an answer: the trace is then the way to the field.
            traceback.print_exc()
            sys.exit(f"{calls.name}, {scene.__name__}: {type(failure).__name__}: {failure}")
        print(f"{calls.name}: {scene.__name__} ok")
    expect_equal(story.succeeded, set(SUCCESS), "the operations that were run")
    print(f"{calls.name}: {len(story.succeeded)} operations ok")


if __name__ == "__main__":
    world.start()
    asyncio.run(tell(Sync()))
    asyncio.run(tell(Asyncio()))
