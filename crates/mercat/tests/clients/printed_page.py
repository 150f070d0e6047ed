"""Runs every HTTP call and every Python snippet of the API page exactly as printed.

Only placeholders are replaced: the host, the token, and the uuids by those of an order in a fitting state. Each call
runs twice, once with dashed uuids and once with plain hex ones. The addresses of the offering and the project stay as
printed, although they are not the ones that the server itself gives out. Each call must answer with the first status
that the page names for it; a second one is tried where the page names it.

Environment: that of world.py, and

    MERCAT_SHARED    the folder that holds seed/marketplace-orders-api.txt
"""

import contextlib
import io
import os
import re
import sys
import types
import uuid

import httpx
import page
import world
from waldur_api_client import models
from waldur_api_client.types import Unset
from world import expect, expect_equal

# The page prints 17 operations. Who runs each, on an order in which state, and in which state the order is afterwards.
SCENES = {
    "list": ("consumer", "slurm", "pending-provider", "pending-provider"),
    "retrieve": ("consumer", "slurm", "pending-provider", "pending-provider"),
    "create": ("consumer", "basic", "pending-provider", "pending-provider"),
    "unlink": ("staff", "slurm", "executing", "gone (404)"),
    "destroy": ("consumer", "slurm", "pending-provider", "gone (404)"),
    "approve_by_consumer": ("consumer", "slurm", "pending-consumer", "pending-provider"),
    "approve_by_provider": ("provider", "slurm", "pending-provider", "executing"),
    "cancel": ("consumer", "basic", "pending-provider", "canceled"),
    "reject_by_consumer": ("consumer", "slurm", "pending-consumer", "rejected"),
    "reject_by_provider": ("provider", "slurm", "pending-provider", "rejected"),
    "set_state_done": ("provider", "slurm", "executing", "done"),
    "set_state_erred": ("provider", "slurm", "executing", "erred"),
    "set_state_executing": ("provider", "slurm", "pending-provider", "executing"),
    "delete_attachment": ("consumer", "slurm", "attached", "pending-provider"),
    "set_backend_id": ("provider", "slurm", "pending-provider", "pending-provider"),
    "update_attachment": ("consumer", "slurm", "attached", "pending-provider"),
    "offering_retrieve": ("consumer", "slurm", "pending-provider", "pending-provider"),
}

# What the printed snippets use and no release of the client package has: it makes no `sync` for an operation without
# a body in its answer. Each name here fails in the package itself, before a request is sent.
WITHOUT_SYNC = {
    "unlink", "destroy", "cancel", "reject_by_consumer", "reject_by_provider", "set_state_done", "set_state_erred",
    "set_state_executing", "delete_attachment",
}  # fmt: skip

# Operations whose function takes a body in releases after the page's: a release that has the model wants the body.
NEW_BODIES = {
    "approve_by_provider": "OrderApproveByProviderRequest",
    "reject_by_consumer": "OrderErrorDetailsRequest",
    "reject_by_provider": "OrderProviderRejectionRequest",
}

FORMS = {"dashed": str, "hex": lambda value: value.hex}
VARIANTS = [(language, form) for language in ("http", "python") for form in FORMS]


def complete_package():
    """Adds to the loaded package, in memory, what the printed snippets expect of it."""
    added = set()
    for name in SCENES:
        module = world.operation(name)
        if not hasattr(module, "sync"):
            added.add(name)
            module.sync = lambda *path, run=module.sync_detailed, **arguments: run(*path, **arguments).parsed
    expect_equal(added, WITHOUT_SYNC, "the operations that have no `sync` in the client package")
    # Releases after the page's renamed one model and made three bodies obligatory.
    if not hasattr(models, "OrderSetStateErredRequest"):
        renamed = types.ModuleType("waldur_api_client.models.order_set_state_erred_request")
        renamed.OrderSetStateErredRequest = models.OrderErrorDetailsRequest
        sys.modules[renamed.__name__] = renamed
    for name, model in NEW_BODIES.items():
        if hasattr(models, model):
            module = world.operation(name)
            module.sync = with_body(module.sync, getattr(models, model))


def with_body(run, model):
    """The function `run` with an empty body when the caller gives none."""
    return lambda *path, **arguments: run(*path, **{"body": model(), **arguments})


def uuid_of(address):
    """The last uuid in an address."""
    found = re.findall(r"[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}", address)
    expect(found, f"no uuid in {address}")
    return uuid.UUID(found[-1])


def fill_in(text, role, order, form):
    """Replaces the placeholders of the page in one text."""
    text = text.replace(page.HOST, os.environ["WALDUR_BASE"]).replace(page.TOKEN, os.environ[f"{role.upper()}_TOKEN"])
    ids = {
        "/api/offering/": uuid_of(os.environ["OFFERING_BASIC"]),
        "/api/project/": uuid_of(os.environ["PROJECT"]),
    }
    for address, value in ids.items():
        text = text.replace(address + page.UUID.pattern, address + FORMS[form](value))
    text = page.UUID.sub(FORMS[form](order.uuid), text)
    for placeholder in ("api.example.com", page.TOKEN, page.UUID.pattern):
        expect(placeholder not in text, f"{placeholder} is left in: {text}")
    return text


def run_http(words):
    """Sends one printed call: `Name:value` is a header, `name=value` a field of a JSON body."""
    program, method, address, *items = words
    expect_equal(program, "http", "the program of a printed call")
    headers, body = {}, {}
    for item in items:
        name, separator, value = re.match(r"([\w-]+)(:|=)(.*)", item).groups()
        (headers if separator == ":" else body)[name] = value
    accept = "application/json, */*;q=0.5" if body else "*/*"
    return httpx.request(method, address, headers={"Accept": accept, **headers}, json=body or None, timeout=60)


@contextlib.contextmanager
def recorded():
    """Collects the answers that the client package receives."""
    answers, send = [], httpx.Client.send

    def recording(self, *arguments, **options):
        answers.append(send(self, *arguments, **options))
        return answers[-1]

    httpx.Client.send = recording
    try:
        yield answers
    finally:
        httpx.Client.send = send


def run_python(source):
    """Runs one snippet and returns the single answer it received and what it printed."""
    output, names = io.StringIO(), {"__name__": "printed"}
    with recorded() as answers, contextlib.redirect_stdout(output):
        exec(compile(source, "the printed snippet", "exec"), names)
    expect_equal(len(answers), 1, "the number of requests of a snippet")
    expect(output.getvalue(), "the snippet printed nothing")
    return answers[0], names["response"]


def check_answer(name, order, answer):
    """What the answer must hold beyond its status."""
    if name == "list":
        # The oldest orders come first, so the new one may be on another page.
        found = [item["uuid"] for item in answer.json()]
        expect(0 < len(found) <= int(answer.headers["x-result-count"]), f"{len(found)} orders in the list")
    elif name in ("retrieve", "create"):
        expect_equal(answer.json()["offering_uuid"], order.offering_uuid.hex, "offering_uuid")
        expect_equal(answer.json()["project_uuid"], order.project_uuid.hex, "project_uuid")
        expect_equal(answer.json()["state"], "pending-provider", "state")
    elif name == "offering_retrieve":
        expect_equal(answer.json()["uuid"], order.offering_uuid.hex, "uuid")
    elif name.startswith("approve"):
        expect_equal(list(answer.json()), ["detail"], "the keys of the answer")
    elif name == "set_backend_id":
        expect_equal(list(answer.json()), ["status"], "the keys of the answer")
    elif name == "update_attachment":
        expect_equal(answer.json(), {"attachment": None}, "a call without a file")
    else:
        expect_equal(answer.content, b"", "the body of the answer")


def check_order(name, order, wanted):
    """The order after the call."""
    expect_equal(world.state_or_gone(order), wanted, "the state of the order afterwards")
    if name in ("delete_attachment", "update_attachment", "set_backend_id"):
        now = world.operation("retrieve").sync(order.uuid, client=world.client("consumer"))
        if name == "set_backend_id":
            expect_equal(now.backend_id, "ext-a1b2c3d4", "backend_id")
        else:
            expect_equal(now.attachment, None, "attachment")


def play(printed, language, form):
    """Prepares an order, runs one printed call, and checks the answer and the order."""
    role, kind, before, after = SCENES[printed.name]
    order = world.order_in(before, kind, "printed")
    if language == "http":
        answer = run_http([fill_in(word, role, order, form) for word in printed.http])
    else:
        answer, parsed = run_python(fill_in(printed.python, role, order, form))
        expect(not isinstance(parsed, Unset), "the snippet got no value")
    expect_equal(answer.status_code, printed.statuses[0], f"the status, with body {answer.text[:300]!r}")
    check_answer(printed.name, order, answer)
    check_order(printed.name, order, after)


def play_refusal(printed):
    """The second status of the page: somebody who is not staff runs the call."""
    order = world.order_in("pending-provider", "slurm", "printed")
    answer = run_http([fill_in(word, "consumer", order, "dashed") for word in printed.http])
    expect_equal(answer.status_code, printed.statuses[1], "the status for somebody without the right")
    expect_equal(world.state_or_gone(order), "pending-provider", "the state of the order afterwards")


def main():
    world.start()
    shared = os.environ.get("MERCAT_SHARED") or sys.exit("missing in the environment: MERCAT_SHARED")
    operations = page.read(shared)
    expect_equal(sorted(printed.name for printed in operations), sorted(SCENES), "the operations of the page")
    complete_package()
    failures = []
    for printed in operations:
        plays = [(f"{language}, {form} uuids", play, (printed, language, form)) for language, form in VARIANTS]
        if printed.statuses[1:]:
            plays.append(("http, refused", play_refusal, (printed,)))
        for what, run, arguments in plays:
            try:
                run(*arguments)
                print(f"{printed.name}, {what}: ok")
            except Exception as failure:
                failures.append(f"{printed.name}, {what}: {type(failure).__name__}: {failure}")
    if failures:
        sys.exit("\n".join(failures))
    print(f"{len(operations)} operations of the page ran as printed")


if __name__ == "__main__":
    main()
