"""Steps 1 to 6: people, roles, organisations, projects, and an offering that can be ordered."""

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

from check import expect, expect_equal, expect_fields
from market import Person

TODAY = datetime.now(timezone.utc).date()
NAMES = {
    "owner": ("Olga", "Owner"), "manager": ("Marc", "Manager"), "member": ("Mia", "Member"),
    "provider": ("Nora", "North"),
}  # fmt: skip


def years_later(years):
    """The same day in another year."""
    day = min(TODAY.day, 28) if TODAY.month == 2 else TODAY.day
    return date(TODAY.year + years, TODAY.month, day)


def moment(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def in_days(days):
    """A moment without fractions, as the client package writes it."""
    return (datetime.now(timezone.utc).replace(microsecond=0) + timedelta(days)).isoformat()


def exact(prices):
    """Prices or quotas by component, comparable whatever their number of zeros."""
    return {name: Decimal(str(value)) for name, value in prices.items()}


def staff_signs_in(m):
    staff = m.people["staff"]
    wrong = {"username": staff.username, "password": "wrong"}
    m.answers(401, None, "api_auth_password", body=wrong)
    m.answers(401, None, "users_me_retrieve")
    by_command = staff.token
    m.sign_in("staff")
    expect(staff.token != by_command, "signing in makes a token of its own")
    for staff.token in (staff.token, by_command):
        me = m.ask("staff", "users_me_retrieve")
        expect_fields(me, {"username": staff.username, "is_staff": True, "is_active": True}, "the staff user")
    return "signed in by password; a wrong one is refused"


def people_are_made(m):
    for role, (first, last) in NAMES.items():
        person = m.people[role] = Person(f"{m.label}.{role}", f"{m.label}-{role}-Secret-1")
        body = {
            "username": person.username, "email": f"{person.username}@example.org", "first_name": first,
            "last_name": last, "native_name": f"{first} native", "organization": "Uni", "job_title": "Chemist",
            "phone_number": "+372 1", "description": "made by a script", "preferred_language": "et",
        }  # fmt: skip
        made = m.ask("staff", "users_create", body=body)
        expect_fields(made, body, f"the new user {role}")
        expect_fields(made, {"full_name": f"{first} {last}", "is_active": True, "is_staff": False}, role)
        person.uuid, person.url = made["uuid"], made["url"]
        m.answers(401, None, "api_auth_password", body={"username": person.username, "password": person.password})
        m.ask("staff", "users_change_password", person.uuid, body={"new_password": person.password})
        m.sign_in(role)
        expect_equal(m.ask(role, "users_me_retrieve")["uuid"], person.uuid, f"who {role} is")
    m.answers(403, "owner", "users_create", body={"username": f"{m.label}.x", "email": "x@example.org"})

    manager = m.people["manager"].uuid
    for who, first in (("manager", "Marcus"), ("staff", "Marc")):
        changed = m.ask(who, "users_partial_update", manager, body={"first_name": first})
        expect_fields(changed, {"first_name": first, "full_name": f"{first} Manager"}, "the manager")
    member = m.people["member"]
    changed = m.ask("staff", "users_partial_update", member.uuid, body={"is_active": False})
    expect_equal(changed["is_active"], False, "is_active")
    m.answers(401, "member", "users_me_retrieve")
    m.answers(401, None, "api_auth_password", body={"username": member.username, "password": member.password})
    m.ask("staff", "users_partial_update", member.uuid, body={"is_active": True})
    m.sign_in("member")
    m.ask("member", "users_me_retrieve")
    return f"{len(NAMES)} people made, named, locked out and let in"


def roles_are_known(m):
    m.roles = {role["name"]: role for role in m.ask(None, "roles_list", page_size=100)}
    shipped = {
        "CUSTOMER.OWNER": "customer", "PROJECT.MANAGER": "project", "PROJECT.ADMIN": "project",
        "PROJECT.MEMBER": "project", "OFFERING.MANAGER": "offering",
    }  # fmt: skip
    for name, kind in shipped.items():
        expect(name in m.roles, f"there is no role {name}")
        expect_fields(m.roles[name], {"content_type": kind, "is_system_role": True}, name)
    expect("ORDER.APPROVE" in m.roles["CUSTOMER.OWNER"]["permissions"], "owners cannot approve")
    expect("ORDER.APPROVE" not in m.roles["PROJECT.MANAGER"]["permissions"], "project managers approve by default")

    m.reviewer = f"PROJECT.REVIEWER.{m.label.upper()}"
    body = {"name": m.reviewer, "description": "Sees it.", "content_type": "project", "permissions": ["PROJECT.LIST"]}
    m.answers(403, "owner", "roles_create", body=body)
    made = m.ask("staff", "roles_create", body=body)
    expect_fields(made, {**body, "is_system_role": False, "is_active": True, "users_count": 0}, m.reviewer)
    for operation, active in (("roles_enable", True), ("roles_disable", False)):
        m.ask("staff", operation, made["uuid"])
        expect_equal(m.ask("staff", "roles_retrieve", made["uuid"])["is_active"], active, f"is_active by {operation}")
    m.roles[m.reviewer] = made
    m.ask("staff", "roles_enable", m.roles["PROJECT.MEMBER"]["uuid"])
    return f"{len(m.roles)} roles, one of them made here"


def organisations_are_made(m):
    body = {
        "name": f"University {m.label}", "slug": f"university-{m.label}", "native_name": "Ülikool",
        "abbreviation": "UT", "description": "Teaches.", "contact_details": "Room 1", "agreement_number": "A-17",
        "email": "office@example.org", "phone_number": "+372 2", "registration_code": f"reg-{m.label}",
        "homepage": "https://example.org/uni", "domain": "example.org", "vat_code": "EE100", "postal": "50090",
        "address": "Street 18", "bank_name": "Bank", "bank_account": "EE38", "country": "EE", "latitude": 58.4,
        "longitude": 26.7, "default_tax_percent": "22.00", "sponsor_number": 5, "max_service_accounts": 7,
        "grace_period_days": 14, "backend_id": f"uni-{m.label}", "display_billing_info_in_projects": False,
        "notification_emails": "a@example.org",
    }  # fmt: skip
    m.answers(403, "owner", "customers_create", body=body)
    m.consumer = m.ask("staff", "customers_create", body=body)
    expect_fields(m.consumer, body, "the new organisation")
    expect_fields(m.consumer, {"projects_count": 0, "is_service_provider": False, "organization_groups": []}, "it")
    m.provider = m.ask("staff", "customers_create", body={"name": f"Centre {m.label}", "email": "hpc@example.org"})

    group = m.ask("staff", "organization_groups_create", body={"name": f"Universities {m.label}"})
    body = {"organization_groups": [group["url"]]}
    m.ask("staff", "customers_update_organization_groups", m.consumer["uuid"], body=body)
    groups = m.ask("staff", "customers_retrieve", m.consumer["uuid"])["organization_groups"]
    expect_equal([each["uuid"] for each in groups], [group["uuid"]], "the groups of the organisation")
    expect_equal(m.ask("staff", "organization_groups_retrieve", group["uuid"])["customers_count"], 1, "customers_count")

    owner = {"role": m.roles["CUSTOMER.OWNER"]["uuid"], "user": m.people["owner"].uuid}
    answer = m.ask("staff", "customers_add_user", m.consumer["uuid"], body=owner)
    expect_equal(answer["expiration_time"], None, "the end of a role without one")
    provider = {"role": "CUSTOMER.OWNER", "user": m.people["provider"].uuid}
    m.ask("staff", "customers_add_user", m.provider["uuid"], body=provider)
    m.answers(400, "staff", "customers_add_user", m.provider["uuid"], body=provider)
    for who, own in (("owner", m.consumer), ("provider", m.provider)):
        expect_equal([each["uuid"] for each in m.ask(who, "customers_list")], [own["uuid"]], f"what {who} sees")
    changed = m.ask("owner", "customers_partial_update", m.consumer["uuid"], body={"phone_number": "+372 3"})
    expect_equal(changed["phone_number"], "+372 3", "phone_number")
    return "two organisations, a group and their owners"


def roles_end(m):
    """A role with an end: given, seen, moved and taken away again."""
    first, second = in_days(30), in_days(60)
    body = {"role": "CUSTOMER.OWNER", "user": m.people["member"].uuid, "expiration_time": first}

    def members():
        return {each["user_uuid"]: each for each in m.ask("owner", "customers_list_users_list", m.consumer["uuid"])}

    for operation, end in (("customers_add_user", first), ("customers_update_user", second)):
        answer = m.ask("owner", operation, m.consumer["uuid"], body={**body, "expiration_time": end})
        expect_equal(moment(answer["expiration_time"]), moment(end), f"the end by {operation}")
        expect_equal(set(members()), {m.people["owner"].uuid, m.people["member"].uuid}, "who has a role")
        held = members()[m.people["member"].uuid]
        role = {"role_name": "CUSTOMER.OWNER", "role_uuid": m.roles["CUSTOMER.OWNER"]["uuid"]}
        person = {"user_full_name": "Mia Member", "user_username": m.people["member"].username}
        expect_fields(held, {**role, **person, "created_by_uuid": m.people["owner"].uuid}, "the role")
        expect_equal(moment(held["expiration_time"]), moment(end), "the end in the list")
    m.ask("owner", "customers_delete_user", m.consumer["uuid"], body={**body, "expiration_time": second})
    expect_equal(set(members()), {m.people["owner"].uuid}, "who has a role afterwards")
    expect_equal(m.ask("member", "customers_list"), [], "what the member sees afterwards")
    return "a role with an end given, moved and taken away"


def projects_are_made(m):
    body = {
        "name": f"Spectra {m.label}", "customer": m.consumer["url"], "description": "Measures.",
        "start_date": (TODAY - timedelta(1)).isoformat(), "end_date": years_later(5).isoformat(),
        "oecd_fos_2007_code": "1.4", "is_industry": True,
    }  # fmt: skip
    m.project = m.ask("owner", "projects_create", body=body)
    own = {"customer_uuid": m.consumer["uuid"], "customer_name": m.consumer["name"], "is_removed": False}
    expect_fields(m.project, {**body, **own, "resources_count": 0}, "the new project")
    project = m.project["uuid"]
    m.answers(404, "provider", "projects_retrieve", project)

    reviewer = {"role": m.reviewer, "user": m.people["member"].uuid}
    m.answers(400, "owner", "projects_add_user", project, body=reviewer)
    m.ask("staff", "roles_enable", m.roles[m.reviewer]["uuid"])
    m.ask("owner", "projects_add_user", project, body=reviewer)
    m.ask("owner", "projects_delete_user", project, body=reviewer)
    manager = {"role": "PROJECT.MANAGER", "user": m.people["manager"].uuid}
    member = {"role": m.roles["PROJECT.MEMBER"]["uuid"], "user": m.people["member"].uuid}
    for body in (manager, member):
        m.ask("owner", "projects_add_user", project, body=body)
    team = {each["user_uuid"]: each["role_name"] for each in m.ask("owner", "projects_list_users_list", project)}
    expect_equal(team, {manager["user"]: "PROJECT.MANAGER", member["user"]: "PROJECT.MEMBER"}, "the team")
    expect_equal([each["uuid"] for each in m.ask("member", "projects_list")], [project], "what the member sees")

    body = {"description": "Measures again.", "end_date": years_later(6).isoformat()}
    expect_fields(m.ask("owner", "projects_partial_update", project, body=body), body, "the changed project")
    m.answers(403, "member", "projects_partial_update", project, body=body)
    m.answers(403, "member", "projects_create", body={"name": "Mine", "customer": m.consumer["url"]})
    return "a project with a team"


def a_project_comes_back(m):
    """Deleted projects stay and can be recovered."""

    def listed(**query):
        return {each["uuid"]: each for each in m.ask("owner", "projects_list", **query)}

    made = m.ask("owner", "projects_create", body={"name": f"Second {m.label}", "customer": m.consumer["url"]})
    m.ask("owner", "projects_destroy", made["uuid"])
    expect_equal(set(listed()), {m.project["uuid"]}, "the projects without the deleted one")
    gone = listed(include_terminated=True).get(made["uuid"])
    expect(gone and gone["is_removed"], f"the deleted project is listed as {gone!r:.200}")
    back = m.ask("owner", "projects_recover", made["uuid"], body={"restore_team_members": False})
    expect_fields(back, {"uuid": made["uuid"], "name": made["name"], "is_removed": False}, "the recovered project")
    expect_equal(set(listed()), {m.project["uuid"], made["uuid"]}, "the projects with the recovered one")
    return "a project deleted and recovered"


def catalogue_is_made(m):
    body = {"customer": m.provider["url"], "description": "Computes.", "enable_notifications": False}
    made = m.ask("staff", "marketplace_service_providers_create", body=body)
    expect_fields(made, {**body, "customer_uuid": m.provider["uuid"], "offering_count": 0}, "the service provider")
    found = m.ask("provider", "customers_retrieve", m.provider["uuid"])
    expect_fields(found, {"is_service_provider": True, "service_provider_uuid": made["uuid"]}, "the provider")
    body = {"title": f"Computing {m.label}", "description": "Machines"}
    group = m.ask("staff", "marketplace_category_groups_create", body=body)
    expect_fields(group, body, "the category group")
    body = {"title": f"Clusters {m.label}", "description": "Batch", "group": group["url"]}
    m.answers(403, "provider", "marketplace_categories_create", body=body)
    m.category = m.ask("staff", "marketplace_categories_create", body=body)
    expect_fields(m.category, {**body, "offering_count": 0}, "the category")
    return "a service provider and a category"


COMPONENTS = [
    {"type": "cpu", "name": "Cores", "billing_type": "limit", "measured_unit": "core", "min_value": 1, "max_value": 64},
    {"type": "storage", "name": "Storage", "billing_type": "usage", "measured_unit": "TB"},
    {"type": "licences", "name": "Licences", "billing_type": "one", "measured_unit": "seat", "is_prepaid": True},
    {"type": "support", "name": "Support", "billing_type": "fixed", "measured_unit": "hour"},
    {"type": "move", "name": "Move", "billing_type": "few", "measured_unit": "move"},
]
# The unit price is that of what a plan includes: the price of support times its amount.
PLANS = {
    "small": ("5", {"cpu": "2.5", "storage": "0.1", "licences": "10", "support": "2.5", "move": "3"}, {"support": 2}),
    "big": ("10", {"cpu": "4", "storage": "0.05", "licences": "8", "support": "10", "move": "7"}, {"support": 1}),
}
OPTIONS = {
    "order": ["team", "size"],
    "options": {
        "team": {"type": "string", "label": "Team", "help_text": "Who computes"},
        "size": {"type": "select_string", "label": "Size", "choices": ["S", "L"], "required": True},
    },
}
RESOURCE_OPTIONS = {"order": ["contact"], "options": {"contact": {"type": "string", "label": "Contact"}}}
PLUGIN_OPTIONS = {
    "service_provider_can_create_offering_user": True, "supports_pausing": True, "supports_downscaling": True,
}  # fmt: skip


def offering_is_drafted(m):
    plans = [{"name": name, "unit": "month", "unit_price": unit} for name, (unit, _, _) in PLANS.items()]
    body = {
        "name": f"Cluster {m.label}", "customer": m.provider["url"], "category": m.category["url"],
        "type": "Marketplace.Slurm", "description": "Fast", "shared": True, "billable": True,
        "components": COMPONENTS, "plans": plans,
    }  # fmt: skip
    m.answers(403, "manager", "marketplace_provider_offerings_create", body={**body, "customer": m.consumer["url"]})
    made = m.ask("provider", "marketplace_provider_offerings_create", body=body)
    m.offering_uuid = made["uuid"]
    wanted = {name: body[name] for name in ("name", "type", "description", "shared", "billable")}
    own = {"customer_uuid": m.provider["uuid"], "category_uuid": m.category["uuid"]}
    expect_fields(made, {**wanted, **own, "state": "Draft"}, "the new offering")
    found = {each["type"]: each for each in made["components"]}
    expect_equal(set(found), {each["type"] for each in COMPONENTS}, "the components")
    for component in COMPONENTS:
        expect_fields(found[component["type"]], component, f"component {component['type']}")
    m.provider_plans = {plan["name"]: plan["uuid"] for plan in made["plans"]}
    expect_equal(set(m.provider_plans), set(PLANS), "the plans")
    return "an offering in draft"


def offering_is_written(m):
    def do(action, /, **body):
        return m.ask("provider", f"marketplace_provider_offerings_{action}", m.offering_uuid, body=body)

    overview = {
        "name": f"Big cluster {m.label}", "description": "Faster", "full_description": "<p>All of it</p>",
        "getting_started": "Log in.", "access_url": "https://hpc.example.org/",
        "privacy_policy_link": "https://hpc.example.org/privacy",
    }  # fmt: skip
    do("update_overview", **overview)
    do("update_options", options=OPTIONS)
    do("update_resource_options", resource_options=RESOURCE_OPTIONS)
    do("update_integration", plugin_options=PLUGIN_OPTIONS, backend_id=f"hpc-{m.label}")
    endpoint = do("add_endpoint", name="login", url="ssh://login.example.org")
    for name, (_, prices, quotas) in PLANS.items():
        uuid = m.provider_plans[name]
        m.ask("provider", "marketplace_plans_update_prices", uuid, body={"prices": prices})
        m.ask("provider", "marketplace_plans_update_quotas", uuid, body={"quotas": quotas})
        plan = m.ask("provider", "marketplace_plans_retrieve", uuid)
        expect_equal(exact(plan["prices"]), exact(prices), f"the prices of {name}")
        expect_equal(plan["quotas"]["support"], quotas["support"], f"the amount of support in {name}")
        expect_equal(Decimal(plan["unit_price"]), Decimal(PLANS[name][0]), f"unit_price of {name}")
        expect_equal(Decimal(str(plan["switch_price"])), Decimal(prices["move"]), f"switch_price of {name}")
    found = m.ask("provider", "marketplace_provider_offerings_retrieve", m.offering_uuid)
    expect_fields(found, {**overview, "state": "Draft", "backend_id": f"hpc-{m.label}"}, "the offering")
    for form, wanted in (("options", OPTIONS), ("resource_options", RESOURCE_OPTIONS)):
        expect_equal(found[form]["order"], wanted["order"], f"the order of {form}")
        for name, option in wanted["options"].items():
            expect_fields(found[form]["options"][name], option, f"option {name}")
    expect_fields(found["plugin_options"], PLUGIN_OPTIONS, "plugin_options")
    wanted = [{"uuid": endpoint["uuid"], "name": "login", "url": "ssh://login.example.org"}]
    expect_equal(found["endpoints"], wanted, "the endpoints")
    return "overview, forms, integration, endpoint and prices written"


def offering_is_opened(m):
    find = {"name_exact": f"Big cluster {m.label}"}
    expect_equal(m.ask("manager", "marketplace_public_offerings_list", **find), [], "the catalogue before")
    m.answers(404, "manager", "marketplace_provider_offerings_activate", m.offering_uuid)
    answer = m.ask("provider", "marketplace_provider_offerings_activate", m.offering_uuid)
    expect_equal(answer["state"], "Active", "the state in the answer")
    listed = m.ask("manager", "marketplace_public_offerings_list", **find)
    expect_equal([each["uuid"] for each in listed], [m.offering_uuid], "the catalogue")
    m.offering = m.ask("manager", "marketplace_public_offerings_retrieve", m.offering_uuid)
    expect_fields(m.offering, {"state": "Active", "customer_uuid": m.provider["uuid"], "order_count": 0}, "it")
    plans = m.ask("manager", "marketplace_public_offerings_plans_list", m.offering_uuid)
    m.plans = {plan["name"]: plan for plan in plans}
    for name, (unit, prices, _) in PLANS.items():
        plan, path = m.plans[name], f"/api/marketplace-public-offerings/{m.offering_uuid}/plans/"
        expect(plan["url"].endswith(f"{path}{plan['uuid']}/"), f"the address of plan {name} is {plan['url']}")
        expect_equal(plan["uuid"], m.provider_plans[name], f"uuid of plan {name}")
        expect_fields(plan, {"unit": "month", "is_active": True, "archived": False, "resources_count": 0}, name)
        expect_equal((Decimal(plan["unit_price"]), exact(plan["prices"])), (Decimal(unit), exact(prices)), "its prices")
    category = m.ask("manager", "marketplace_categories_retrieve", m.category["uuid"])
    expect_equal(category["offering_count"], 1, "offering_count of the category")
    return "the offering is open for orders"


STEPS = [
    (1, staff_signs_in), (2, people_are_made), (3, roles_are_known), (4, organisations_are_made), (4, roles_end),
    (5, projects_are_made), (5, a_project_comes_back), (6, catalogue_is_made), (6, offering_is_drafted),
    (6, offering_is_written), (6, offering_is_opened),
]  # fmt: skip
