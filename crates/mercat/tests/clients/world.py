"""What both client scripts share: the environment, the people, and orders in a wanted state.

Environment (all of it is required):

    WALDUR_BASE      address of the server without /api, for instance http://127.0.0.1:8080
    STAFF_TOKEN      a staff user
    CONSUMER_TOKEN   an owner of the organisation that has the project
    MANAGER_TOKEN    a manager of the project; his orders wait for the approval of the owner
    PROVIDER_TOKEN   an owner of the organisation that has both offerings, without a role on the consumer's side
    OFFERING_SLURM   URL of a shared Marketplace.Slurm offering with a limit component `cpu`
    PLAN_SLURM       URL of one of its plans
    OFFERING_BASIC   URL of a shared Marketplace.Basic offering that can be ordered without limits
    PLAN_BASIC       URL of one of its plans
    PROJECT          URL of the project

A worker must run beside the server: an approved Basic order becomes done by itself.
"""

import io
import itertools
import os
import sys
import time
from importlib import import_module

from check import expect, expect_equal, limit_time
from waldur_api_client import models
from waldur_api_client.client import AuthenticatedClient
from waldur_api_client.errors import UnexpectedStatus
from waldur_api_client.types import File

REQUIRED = (
    "WALDUR_BASE STAFF_TOKEN CONSUMER_TOKEN MANAGER_TOKEN PROVIDER_TOKEN "
    "OFFERING_SLURM PLAN_SLURM OFFERING_BASIC PLAN_BASIC PROJECT"
).split()

PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"

# Seconds.
BACKGROUND_WORK = 30

numbers = itertools.count(1)


def start():
    """Stops with a clear message when the environment is not complete."""
    missing = [name for name in REQUIRED if not os.environ.get(name)]
    if missing:
        sys.exit(f"missing in the environment: {', '.join(missing)}")
    limit_time()


def client(role):
    """A client of the package with the token of `role`: staff, consumer, manager or provider."""
    return AuthenticatedClient(base_url=os.environ["WALDUR_BASE"], token=os.environ[f"{role.upper()}_TOKEN"])


def operation(name):
    """The module of one operation, for instance `approve_by_consumer`."""
    return import_module(f"waldur_api_client.api.marketplace_orders.marketplace_orders_{name}")


def pdf():
    """A small file as the package wants it for an upload."""
    return File(payload=io.BytesIO(PDF), file_name="purchase order.pdf", mime_type="application/pdf")


def order_request(kind, label):
    """The body of a new order. `kind` is `slurm` or `basic`."""
    attributes = models.GenericOrderAttributes()
    attributes["name"] = f"{label}-{next(numbers)}"
    body = models.OrderCreateRequest(
        offering=os.environ[f"OFFERING_{kind.upper()}"],
        plan=os.environ[f"PLAN_{kind.upper()}"],
        project=os.environ["PROJECT"],
        attributes=attributes,
        accepting_terms_of_service=True,
    )
    if kind == "slurm":
        body.limits = models.OrderCreateRequestLimits()
        body.limits["cpu"] = 4
    return body


def do(role, name, order, **arguments):
    """Runs one operation on an order, for setting a scene."""
    return operation(name).sync_detailed(order.uuid, client=client(role), **arguments).parsed


def state(order, role="staff"):
    """The state of the order now, as a word."""
    return operation("retrieve").sync(order.uuid, client=client(role)).state.value


def state_or_gone(order):
    """For messages: the state of the order, or that it cannot be read."""
    try:
        return state(order)
    except UnexpectedStatus as refusal:
        return f"gone ({refusal.status_code})"


def order_in(wanted, kind="slurm", label="scene"):
    """A new order in one of the states that the scenes need."""
    creator = "manager" if wanted == "pending-consumer" else "consumer"
    order = operation("create").sync(client=client(creator), body=order_request(kind, label))
    if wanted == "executing":
        do("provider", "approve_by_provider", order, body=models.OrderApproveByProviderRequest())
    if wanted == "attached":
        do("consumer", "update_attachment", order, body=models.OrderAttachmentRequestMultipart(attachment=pdf()))
        wanted = "pending-provider"
    expect_equal(state(order), wanted, "the state of a new order")
    return order


def wait_for_state(order, wanted):
    """Asks until the order has the state, or ends the script after `BACKGROUND_WORK` seconds."""
    deadline = time.monotonic() + BACKGROUND_WORK
    while (found := state(order)) != wanted:
        expect(time.monotonic() < deadline, f"the order is {found} after {BACKGROUND_WORK} s, wanted {wanted}")
        time.sleep(0.1)
