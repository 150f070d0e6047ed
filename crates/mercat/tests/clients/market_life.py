"""Steps 7 to 10: a resource is ordered, changed in every way, and terminated."""

from datetime import date
from decimal import Decimal

from check import expect, expect_equal, expect_fields
from market_setup import PLUGIN_OPTIONS, TODAY, exact, moment, years_later

PENDING = ["Pending order for resource already exists."]
NEEDED = ["This field is required."]


def seen(m, who="manager"):
    """The resource as the consumer sees it."""
    return m.ask(who, "marketplace_resources_retrieve", m.resource)


def provided(m, action, /, **body):
    """What the provider does to the resource."""
    return m.ask("provider", f"marketplace_provider_resources_{action}", m.resource, body=body or None)


def order_is(m, order, state):
    """Checks the state of an order and returns the order."""
    found = m.ask("owner", "marketplace_orders_retrieve", order)
    expect_equal(found["state"], state, f"the state of the {found['type']} order")
    return found


def fulfil(m, order, approved=False):
    """Both sides approve, the provider reports that it is done; `approved` when the consumer has already."""
    if not approved:
        order_is(m, order, "pending-consumer")
        m.answers(403, "manager", "marketplace_orders_approve_by_consumer", order)
        m.ask("owner", "marketplace_orders_approve_by_consumer", order)
    order_is(m, order, "pending-provider")
    m.answers(403, "owner", "marketplace_orders_approve_by_provider", order, body={})
    m.ask("provider", "marketplace_orders_approve_by_provider", order, body={})
    order_is(m, order, "executing")
    m.ask("provider", "marketplace_orders_set_state_done", order)
    done = order_is(m, order, "done")
    expect(done["completed_at"], "completed_at is missing")
    return done


def change(m, name, cost, body, more=()):
    """A manager asks for a change; it is checked, a second one refused, and then fulfilled."""
    operation = f"marketplace_resources_{name}"
    m.answers(403, "member", operation, m.resource, body=body)
    order = m.ask("manager", operation, m.resource, body=body)["order_uuid"]
    expect_equal(seen(m)["order_in_progress"]["uuid"], order, "order_in_progress")
    expect_equal(m.answers(400, "manager", operation, m.resource, body=body), PENDING, f"a second {name}")
    expect_equal(m.answers(400, "owner", "marketplace_resources_terminate", m.resource, body={}), PENDING, "an end")
    done = fulfil(m, order)
    kind = "Terminate" if name == "terminate" else "Update"
    expect_fields(done, {"type": kind, "cost": cost, "marketplace_resource_uuid": m.resource, **dict(more)}, name)
    found = seen(m)
    state = "Terminated" if name == "terminate" else "OK"
    expect_fields(found, {"state": state, "order_in_progress": None}, f"the resource after {name}")
    return found, done


def periods(m):
    """The plan periods of the resource by the name of the plan: those that are open, and those that have ended."""
    found = m.ask("manager", "marketplace_resources_plan_periods_list", m.resource)
    expect(all(moment(each["start"]) for each in found), "a plan period has no start")
    return [[each["plan_name"] for each in found if bool(each["end"]) == ended] for ended in (False, True)]


def resource_is_ordered(m):
    attributes = {
        "name": f"spectra-{m.label}", "description": "For spectra", "team": "physics", "size": "S",
        "contact": "a@example.org", "end_date": years_later(1).isoformat(),
    }  # fmt: skip
    body = {
        "offering": m.offering["url"], "plan": m.plans["small"]["url"], "project": m.project["url"],
        "attributes": attributes, "limits": {"cpu": 4, "licences": 2}, "accepting_terms_of_service": True,
    }  # fmt: skip
    wrong = {"size": NEEDED}
    without = {name: value for name, value in attributes.items() if name != "size"}
    found = m.answers(400, "manager", "marketplace_orders_create", body={**body, "attributes": without})
    expect_equal(found, wrong, "an order without the size")
    m.answers(400, "manager", "marketplace_orders_create", body={**body, "limits": {"cpu": 65, "licences": 2}})
    order = m.ask("manager", "marketplace_orders_create", body=body)
    # 5 a month, 4 cores for 2.5, and 2 licences for 10 in 12 months.
    wanted = {"state": "pending-consumer", "type": "Create", "cost": "255.0000000000", "attributes": attributes}
    own = {"limits": body["limits"], "plan_name": "small", "created_by_username": m.people["manager"].username}
    expect_fields(order, {**wanted, **own, "offering_uuid": m.offering_uuid}, "the order")
    m.order, m.resource = order["uuid"], order["marketplace_resource_uuid"]
    waiting = m.ask("owner", "marketplace_orders_list", can_approve_as_consumer=True)
    expect_equal([each["uuid"] for each in waiting], [m.order], "what waits for the owner")
    m.answers(403, "manager", "marketplace_orders_approve_by_consumer", m.order)
    m.ask("owner", "marketplace_orders_approve_by_consumer", m.order)
    waiting = m.ask("provider", "marketplace_orders_list", can_approve_as_provider=True)
    expect_equal([each["uuid"] for each in waiting], [m.order], "what waits for the provider")
    m.ask("provider", "marketplace_orders_approve_by_provider", m.order, body={})
    expect_equal(seen(m)["state"], "Creating", "the state of the resource before it is done")
    expect(provided(m, "set_backend_id", backend_id=f"slurm-{m.label}")["status"], "set_backend_id says nothing")
    m.ask("provider", "marketplace_orders_set_state_done", m.order)
    order_is(m, m.order, "done")
    return "ordered, approved by both, done"


def resource_is_seen(m):
    found = seen(m)
    wanted = {
        "state": "OK", "name": f"spectra-{m.label}", "plan_uuid": m.plans["small"]["uuid"], "plan_name": "small",
        "limits": {"cpu": 4, "licences": 2}, "order_in_progress": None, "offering_uuid": m.offering_uuid,
        "project_uuid": m.project["uuid"], "customer_uuid": m.consumer["uuid"], "options": {"contact": "a@example.org"},
        "end_date": years_later(1).isoformat(), "backend_id": f"slurm-{m.label}", "can_terminate": True,
        "description": "For spectra", "provider_uuid": m.provider["uuid"], "category_uuid": m.category["uuid"],
        "is_limit_based": True, "is_usage_based": True, "paused": False, "downscaled": False,
    }  # fmt: skip
    expect_fields(found, wanted, "the resource")
    expect_fields(found["creation_order"], {"uuid": m.order, "type": "Create", "state": "done"}, "creation_order")
    expect_equal(periods(m), [["small"], []], "the plan periods, open and ended")
    m.answers(404, "provider", "marketplace_resources_retrieve", m.resource)
    m.answers(404, "manager", "marketplace_provider_resources_retrieve", m.resource)
    expect_equal(seen(m, "member")["can_terminate"], False, "can_terminate of the member")
    expect_equal([each["uuid"] for each in m.ask("manager", "marketplace_resources_list")], [m.resource], "the list")
    for cpu in (5, 4):
        expect(provided(m, "set_limits", limits={"cpu": cpu, "licences": 2})["status"], "set_limits says nothing")
        expect_equal(seen(m)["limits"], {"cpu": cpu, "licences": 2}, "the limits by the provider")
    return "the resource is OK, with plan, limits and one plan period"


def plan_and_limits_change(m):
    big = m.plans["big"]
    # 10 a month, 4 cores for 4, and 7 for the move.
    more = {"old_plan_name": "small", "new_plan_name": "big", "new_plan_uuid": big["uuid"]}
    found, _ = change(m, "switch_plan", "33.0000000000", {"plan": big["url"]}, more)
    expect_fields(found, {"plan_uuid": big["uuid"], "limits": {"cpu": 4, "licences": 2}}, "the resource")
    expect_equal(periods(m), [["big"], ["small"]], "the plan periods, open and ended")

    limits = {"cpu": 6, "licences": 2}
    body = {"limits": found["limits"]}
    same = m.answers(400, "manager", "marketplace_resources_update_limits", m.resource, body=body)
    expect_equal(same, ["Impossible to create update orders with limits set to exactly the same."], "no change")
    found, done = change(m, "update_limits", "41.0000000000", {"limits": limits}, {"limits": limits})
    expect_equal(Decimal(str(done["old_cost_estimate"])), Decimal(26), "old_cost_estimate")
    expect_equal(found["limits"], limits, "the limits of the resource")

    big = m.provider_plans["big"]
    m.ask("provider", "marketplace_plans_update_prices", big, body={"prices": {"cpu": "5"}})
    plan = m.ask("provider", "marketplace_plans_retrieve", big)
    both = exact({"now": plan["prices"]["cpu"], "later": plan["future_prices"]["cpu"]})
    expect_equal(both, exact({"now": 4, "later": 5}), "the price of a plan in use")
    return "plan switched and limits raised, at exact costs"


def options_change(m):
    update = "marketplace_resources_update_options"
    m.answers(403, "manager", update, m.resource, body={"options": {"contact": "b"}})
    answer = m.ask("owner", update, m.resource, body={"options": {"contact": "b"}})
    expect_equal(answer, {"status": "Resource options are submitted"}, "the answer of update_options")
    expect_equal(seen(m)["options"], {"contact": "b"}, "the options")
    options = {**PLUGIN_OPTIONS, "create_orders_on_resource_option_change": True}
    integration = "marketplace_provider_offerings_update_integration"
    m.ask("provider", integration, m.offering_uuid, body={"plugin_options": options})
    order = m.answers(201, "owner", update, m.resource, body={"options": {"contact": "c"}})["order_uuid"]
    expect_equal(seen(m)["options"], {"contact": "b"}, "the options before the order is done")
    fulfil(m, order, approved=True)
    expect_equal(seen(m)["options"], {"contact": "c"}, "the options afterwards")
    return "options changed, at once and by an order"


def provider_reports(m):
    provided(m, "set_as_erred", error_message="disk broken", error_traceback="line 1")
    expect_fields(seen(m), {"state": "Erred", "error_message": "disk broken"}, "the resource")
    switch = {"plan": m.plans["small"]["url"]}
    answer = m.answers(409, "manager", "marketplace_resources_switch_plan", m.resource, body=switch)
    expect_equal(answer["detail"], "Valid states for operation: OK.", "a change of an erred resource")
    provided(m, "set_as_ok")
    expect_fields(seen(m), {"state": "OK", "error_message": ""}, "the resource")
    for flag in ("paused", "downscaled"):
        operation = f"marketplace_provider_resources_set_{flag}"
        m.answers(403, "provider", operation, m.resource, body={flag: True})
        for value in (True, False):
            expect(m.ask("staff", operation, m.resource, body={flag: value})["status"], f"set_{flag} says nothing")
            expect_equal(seen(m)[flag], value, flag)
    # It may be missing before the first report; null would break the client package.
    before = provided(m, "retrieve").get("last_sync")
    provided(m, "refresh_last_sync")
    after = moment(provided(m, "retrieve")["last_sync"])
    expect(before is None or after > moment(before), "last_sync has not moved")
    end = date(TODAY.year + 2, 1, 15).isoformat()
    provided(m, "set_end_date_by_provider", end_date=end)
    expect_equal(seen(m)["end_date"], end, "end_date by the provider")
    return "erred, OK, paused, downscaled, synchronised, end date set"


def resource_is_renewed(m):
    # 2 licences for 8 in 3 months.
    found, done = change(m, "renew", "48.0000000000", {"extension_months": 3})
    end = date(TODAY.year + 2, 4, 15).isoformat()
    expect_equal(found["end_date"], end, "end_date after the renewal")
    wanted = {"action": "renew", "extension_months": 3, "new_end_date": end}
    expect_fields(done["attributes"], wanted, "the attributes of the renewal")
    return "renewed for three months"


def usage_is_reported(m):
    report = "marketplace_component_usages_set_usage"

    def body(amount, kind="storage"):
        usage = {"type": kind, "amount": amount, "description": "by a script"}
        return {"resource": m.resource, "usages": [usage]}

    m.answers(403, "manager", report, body=body("1.00"))
    m.answers(400, "provider", report, body=body("1.00", "unknown"))
    for amount in ("12.00", "20.00"):
        m.ask("provider", report, body=body(amount))
        for who in ("provider", "manager"):
            rows = m.ask(who, "marketplace_component_usages_list", resource_uuid=m.resource)
            expect_equal([Decimal(str(row["usage"])) for row in rows], [Decimal(amount)], f"the usage for {who}")
            wanted = {"type": "storage", "name": "Storage", "measured_unit": "TB", "description": "by a script"}
            expect_fields(rows[0], {**wanted, "resource_uuid": m.resource}, "the usage")
            expect_equal(date.fromisoformat(rows[0]["billing_period"]).day, 1, "the day of billing_period")
    expect_equal(exact(seen(m)["current_usages"]).get("storage"), Decimal(20), "current_usages")
    found = m.ask("manager", "marketplace_resources_plan_periods_list", m.resource)
    used = [(part["type"], Decimal(part["usage"])) for each in found if not each["end"] for part in each["components"]]
    expect_equal(used, [("storage", Decimal(20))], "the usage of the open plan period")
    return "usage reported and corrected"


def accounts_are_made(m):
    member, users = m.people["member"], "marketplace_offering_users"
    offering = m.ask("provider", "marketplace_provider_offerings_retrieve", m.offering_uuid)["url"]
    find = {"user_uuid": member.uuid, "offering_uuid": [m.offering_uuid]}
    expect_equal(m.ask("provider", f"{users}_list", **find), [], "the accounts before")
    m.answers(400, "manager", f"{users}_create", body={"user": member.url, "offering": offering})
    made = m.ask("provider", f"{users}_create", body={"user": member.url, "offering": offering})
    expect_fields(made, {"user_uuid": member.uuid, "offering_uuid": m.offering_uuid, "state": "Requested", "user_username": member.username}, "the account")
    m.ask("provider", f"{users}_begin_creating", made["uuid"])
    expect_equal(m.ask("provider", f"{users}_retrieve", made["uuid"])["state"], "Creating", "its state")
    m.answers(409, "provider", f"{users}_begin_creating", made["uuid"])
    m.ask("provider", f"{users}_partial_update", made["uuid"], body={"username": f"mia_{m.label}"})
    wanted = {"uuid": made["uuid"], "state": "OK", "username": f"mia_{m.label}"}
    for who in ("provider", "member"):
        [found] = m.ask(who, f"{users}_list", **find)
        expect_fields(found, wanted, f"the account for {who}")
    team = {each["uuid"]: each for each in provided(m, "team_list")}
    expect_equal(set(team), {member.uuid, m.people["manager"].uuid}, "the team")
    wanted = {"role": "PROJECT.MEMBER", "offering_user_username": f"mia_{m.label}", "offering_user_state": "OK"}
    expect_fields(team[member.uuid], {**wanted, "username": member.username}, "the member in the team")
    wanted = {"role": "PROJECT.MANAGER", "offering_user_username": None, "offering_user_state": None}
    expect_fields(team[m.people["manager"].uuid], wanted, "the manager in the team")
    return "an account made, and seen in the team"


def deletion_is_refused(m):
    """What is in use stays; nothing of it is written after a refusal."""
    for who, operation, uuid in (
        ("staff", "marketplace_categories_destroy", m.category["uuid"]),
        ("staff", "customers_destroy", m.consumer["uuid"]),
        ("owner", "projects_destroy", m.project["uuid"]),
    ):
        answer = m.answers(409, who, operation, uuid)
        expect(answer["detail"].startswith("Cannot delete"), f"{operation} says {answer}")
        m.ask(who, operation.replace("destroy", "retrieve"), uuid)
    return "what is in use cannot be deleted"


def resource_is_terminated(m):
    found, _ = change(m, "terminate", None, {"attributes": {}})
    expect_equal(found["can_terminate"], False, "can_terminate")
    opened, ended = periods(m)
    expect_equal((opened, sorted(ended)), ([], ["big", "small"]), "the plan periods, open and ended")
    answer = m.answers(409, "manager", "marketplace_resources_terminate", m.resource, body={})
    expect_equal(answer["detail"], "Valid states for operation: OK, Erred.", "an end after the end")
    orders = m.ask("owner", "marketplace_orders_list", resource_uuid=m.resource)
    kinds = sorted(order["type"] for order in orders)
    expect_equal(kinds, ["Create", "Terminate", "Update", "Update", "Update", "Update"], "the orders of the resource")
    expect_equal({order["state"] for order in orders}, {"done"}, "their states")
    m.answers(409, "staff", "customers_destroy", m.consumer["uuid"])
    return "terminated"


def project_is_closed(m):
    m.answers(403, "manager", "projects_destroy", m.project["uuid"])
    m.ask("owner", "projects_destroy", m.project["uuid"])
    expect_equal(m.ask("manager", "projects_list"), [], "the projects of the manager")
    return "the project is closed"


STEPS = [
    (7, resource_is_ordered), (7, resource_is_seen), (8, plan_and_limits_change), (8, options_change),
    (8, provider_reports), (8, resource_is_renewed), (8, usage_is_reported), (8, accounts_are_made),
    (9, deletion_is_refused), (9, resource_is_terminated), (10, project_is_closed),
]  # fmt: skip
