"""The walk through a whole marketplace, from an empty database to a terminated resource: people, calls, routes.

The steps are in market_setup.py and market_life.py. They say which operation of the client package is called, by whom
and with what; `sdk_market.py` and `http_market.py` say how it is sent.

Environment (all of it is required):

    WALDUR_BASE      address of the server without /api, for instance http://127.0.0.1:8080
    STAFF_USER       the name of a staff user
    STAFF_PASSWORD   the password
    STAFF_TOKEN      a token of the same user, from `mercat token create`
"""

import os
import re
import sys
import traceback
from dataclasses import dataclass
from typing import Any

from check import expect, expect_equal, limit_time

REQUIRED = "WALDUR_BASE STAFF_USER STAFF_PASSWORD STAFF_TOKEN".split()

COLLECTIONS = """
    api_auth users roles customers organization_groups projects marketplace_service_providers
    marketplace_category_groups marketplace_categories marketplace_provider_offerings marketplace_public_offerings
    marketplace_plans marketplace_orders marketplace_resources marketplace_provider_resources
    marketplace_component_usages marketplace_offering_users
""".split()

# What does not follow from the name.
SPECIAL = {
    "api_auth_password": ("POST", "/api-auth/password/", 200),
    "users_me_retrieve": ("GET", "/api/users/me/", 200),
    "marketplace_component_usages_set_usage": ("POST", "/api/marketplace-component-usages/set_usage/", 201),
}

PLAIN = {
    "create": ("POST", 201), "list": ("GET", 200), "retrieve": ("GET", 200), "partial_update": ("PATCH", 200),
    "destroy": ("DELETE", 204),
}  # fmt: skip

DASHED = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@dataclass
class Answer:
    """A status and a body, whoever received it."""

    status: int
    data: Any


@dataclass
class Person:
    """Somebody who calls."""

    username: str
    password: str
    token: str = ""
    uuid: str = ""
    url: str = ""


def collection_of(operation):
    """The part of the API that an operation of the client package belongs to."""
    return max((name for name in COLLECTIONS if operation.startswith(f"{name}_")), key=len)


def route(operation, path):
    """Method, path and status of success of an operation of the client package."""
    if operation in SPECIAL:
        return SPECIAL[operation]
    collection = collection_of(operation)
    verb = operation.removeprefix(f"{collection}_")
    base = f"/api/{collection.replace('_', '-')}/" + "".join(f"{uuid}/" for uuid in path)
    if verb in PLAIN:
        method, status = PLAIN[verb]
        return method, base, status
    for ending in ("_list", "_retrieve"):
        if verb.endswith(ending):
            return "GET", f"{base}{verb.removesuffix(ending)}/", 200
    return "POST", f"{base}{verb}/", 201 if verb.startswith("add_") else 200


def tidy(value):
    """The same value with uuids in one form: the client package writes them with dashes, the server without."""
    if isinstance(value, dict):
        return {name: tidy(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [tidy(inner) for inner in value]
    return value.replace("-", "") if isinstance(value, str) and DASHED.fullmatch(value) else value


class Market:
    """Who takes part, what exists so far, and how calls are made."""

    def __init__(self, calls):
        self.calls = calls
        self.label = calls.name
        staff = Person(os.environ["STAFF_USER"], os.environ["STAFF_PASSWORD"], os.environ["STAFF_TOKEN"])
        self.people = {"staff": staff}

    def call(self, who, operation, *path, body=None, **query):
        """Makes a call as somebody, or as nobody."""
        token = who and self.people[who].token
        return self.calls.call(token, operation, path, body, query)

    def ask(self, who, operation, *path, body=None, **query):
        """Makes a call that must succeed, and returns what it answers."""
        return self.answers(route(operation, path)[2], who, operation, *path, body=body, **query)

    def answers(self, status, who, operation, *path, body=None, **query):
        """Makes a call that must be answered with this status, and returns the body."""
        answer = self.call(who, operation, *path, body=body, **query)
        expect_equal(answer.status, status, f"the status of {operation} by {who}, with body {answer.data!r:.500}")
        return answer.data

    def sign_in(self, role):
        """Signs somebody in by name and password; later calls carry that token."""
        person = self.people[role]
        body = {"username": person.username, "password": person.password}
        person.token = self.ask(None, "api_auth_password", body=body)["token"]
        expect(len(person.token) >= 20, f"the token of {role} is {person.token!r}")


def walk(calls, steps):
    """Makes all steps, or ends the script at the first wrong value."""
    limit_time()
    if missing := [name for name in REQUIRED if not os.environ.get(name)]:
        sys.exit(f"missing in the environment: {', '.join(missing)}")
    market = Market(calls)
    for number, step in steps:
        try:
            told = step(market)
        except Exception as failure:
            # Also what the client raises when it cannot read an answer: the trace is then the way to the field.
            traceback.print_exc()
            sys.exit(f"{calls.name}, step {number}, {step.__name__}: {type(failure).__name__}: {failure}")
        print(f"ok {number} {told}", flush=True)
    print(f"{calls.name}: from nothing to a terminated resource")
