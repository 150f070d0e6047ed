"""From an empty database to a terminated resource by the unmodified Python client alone.

The environment is described in market.py. The script ends with 0 when every value was right.
"""

import json
import os
import typing
from importlib import import_module

import httpx
import market_life
import market_setup
from check import expect, expect_equal
from market import Answer, collection_of, tidy, walk
from waldur_api_client.client import AuthenticatedClient, Client
from waldur_api_client.errors import UnexpectedStatus

# Seconds for one answer.
PATIENCE = 30


class Listed(list):
    """A list where the client package expects an object: it has no type for a field of any type."""

    def to_dict(self):
        return list(self)


class Sdk:
    """Calls the sync functions of the client package."""

    name = "sdk"

    def __init__(self):
        self.clients = {}

    def client(self, token):
        """One client for each token, as a program has it."""
        if token not in self.clients:
            common = {"base_url": os.environ["WALDUR_BASE"], "timeout": httpx.Timeout(PATIENCE)}
            self.clients[token] = AuthenticatedClient(token=token, **common) if token else Client(**common)
        return self.clients[token]

    def call(self, token, operation, path, body, query):
        """Runs one operation and gives back what the package made of the answer."""
        module = import_module(f"waldur_api_client.api.{collection_of(operation)}.{operation}")
        if body is not None:
            query["body"] = request(module, body)
        try:
            response = module.sync_detailed(*path, client=self.client(token), **query)
        except UnexpectedStatus as refusal:
            return Answer(refusal.status_code, loads(refusal.content))
        return Answer(int(response.status_code), read(response))


def request(module, body):
    """The body as the package's own model; nothing may get lost in it and nothing may be unknown to it."""
    model = typing.get_type_hints(module.sync_detailed)["body"]
    # The first of several is the one for JSON.
    model = (typing.get_args(model) or (model,))[0]
    if isinstance(body.get("permissions"), list):
        made = model.from_dict({**body, "permissions": {}})
        made.permissions = Listed(body["permissions"])
    else:
        made = model.from_dict(body)
    expect_equal(made.additional_properties, {}, f"fields that {model.__name__} does not know")
    expect_equal(lean(made.to_dict()), lean(body), f"{model.__name__} as it is sent")
    return made


def lean(value):
    """The same value without empty lists, which the package adds inside of some models."""
    if isinstance(value, dict):
        return {name: lean(inner) for name, inner in value.items() if inner != []}
    return [lean(inner) for inner in value] if isinstance(value, list) else tidy(value)


def read(response):
    """The model, or the list of models, as plain values; the body itself where the package makes nothing of it."""
    parsed = response.parsed
    if parsed is None:
        return loads(response.content)
    return tidy([each.to_dict() for each in parsed] if isinstance(parsed, list) else parsed.to_dict())


def loads(content):
    return tidy(json.loads(content)) if content else None


def nothing_is_there(m):
    """The database is empty but for the staff user and the roles."""
    for operation in ("customers_list", "projects_list", "marketplace_provider_offerings_list"):
        expect_equal(m.ask("staff", operation), [], operation)
    users = m.ask("staff", "users_list")
    expect([user["username"] for user in users] == [m.people["staff"].username], f"there are {len(users)} users")
    return "the database is empty"


if __name__ == "__main__":
    walk(Sdk(), [(0, nothing_is_there), *market_setup.STEPS, *market_life.STEPS])
