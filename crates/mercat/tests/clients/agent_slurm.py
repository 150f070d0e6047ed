"""A cluster of slurm-emulator for one run: the agent's settings for it, and what the agent has made there.

The emulator is a set of commands over one JSON file. An empty one holds the cluster `default` with the account `root`,
which is all that the agent needs: it makes an account for the customer below `root`, one for the project below that,
and one for each resource below that.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from check import expect, expect_equal

# The commands of the emulator and the agent lie beside the interpreter that has them.
BIN = Path(sys.executable).parent

# Minutes of CPU time in one unit of the component: limits of 4 become `cpu=240`.
FACTOR = 60

# Hours of CPU time in an hour of one of the emulator's nodes.
CORES = 64

# The accounts of resources begin with this. Those of customers and projects must not.
ALLOCATION = "a_"


class Cluster:
    """The emulator's files in a folder."""

    def __init__(self, folder):
        self.folder = Path(folder)
        # Without these all runs of a machine share two files in /tmp.
        self.environment = {
            "SLURM_EMULATOR_STATE_FILE": str(self.folder / "slurm.json"),
            "SLURM_EMULATOR_TIME_FILE": str(self.folder / "slurm-time.json"),
            # Its clock stands at 1 January 2024 otherwise, and the agent asks for the usage of this month.
            "SLURM_EMULATOR_TIME_FOLLOW_WALL": "1",
        }

    def settings(self):
        """The `backend_settings` of the agent."""
        return {
            # Where `sacctmgr` is; not from PATH, on which a real one may lie.
            "slurm_bin_path": str(BIN), "default_account": "root", "customer_prefix": "c_", "project_prefix": "p_",
            "allocation_prefix": ALLOCATION, "qos_default": "normal", "qos_downscaled": "limited",
            # Home directories are real ones of this machine.
            "qos_paused": "paused", "enable_user_homedir_account_creation": False,
            "check_backend_id_uniqueness": True,
        }  # fmt: skip

    def components(self, offering):
        """The `backend_components` of the agent for an offering."""
        cpu = {"limit": 10, "measured_unit": "k-Hours", "unit_factor": FACTOR, "accounting_type": "limit"}
        # The agent adds those of the server that are not in its file, and fails on the billing types `one` and `few`,
        # which it does not know. Where they stand here it leaves them alone.
        other = {"measured_unit": "N", "unit_factor": 1, "accounting_type": "usage"}
        found = {name: {**other, "label": name} for name in offering.components if name != "cpu"}
        return {**found, "cpu": {**cpu, "label": "CPU"}}

    def ask(self, *words):
        """The rows that `sacctmgr` gives."""
        command = [str(BIN / "sacctmgr"), "--parsable2", "--noheader", *words]
        done = subprocess.run(command, env=os.environ | self.environment, capture_output=True, text=True, timeout=30)
        expect(done.returncode == 0, f"{' '.join(command)}: {done.stdout}{done.stderr}")
        return [line.split("|") for line in done.stdout.splitlines() if line]

    def add_user(self, user):
        """Adds somebody who can use the accounts.

        Without another default account he would get the first that he uses. An account that is somebody's default
        cannot be removed, as on a real cluster, and the Terminate order would end as erred.
        """
        self.ask("--immediate", "add", "user", user, "account=root", "defaultaccount=root")

    def use(self, account, user, hours):
        """Lets a user have had a node for some hours; gives how many units of the component that is."""
        # There is no command for usage but in the emulator's own console.
        words = f"usage_inject {user} {hours} {account}\nexit\n"
        environment = os.environ | self.environment
        console = [str(BIN / "slurm-emulator")]
        done = subprocess.run(console, input=words, env=environment, capture_output=True, text=True, timeout=30)
        expect(f"usage for {account}: {hours:.1f}Nh" in done.stdout, f"usage_inject: {done.stdout}{done.stderr}")
        return hours * CORES * 60 // FACTOR

    def accounts(self):
        """The CPU minutes of the accounts of resources by their names; None without a limit."""
        names = [row[0] for row in self.ask("list", "account") if row[0].startswith(ALLOCATION)]
        expect_equal(sorted(names), sorted(set(names)), "the accounts")
        limits = {}
        # An account has a row of its own, without a user, and one for each of its users.
        for account, user, minutes in self.ask("show", "association", "format=account,user,grptresmins"):
            if account in names and not user:
                expect(account not in limits, f"the account {account} has two rows")
                limits[account] = cpu_minutes(minutes)
        expect_equal(sorted(limits), sorted(names), "the accounts with an association")
        return limits

    def agrees_with(self, server, resources):
        """Checks that every living resource has one account with its limits, and that there are no others."""
        wanted = {}
        for uuid in resources:
            found = server.resource(uuid)
            if found["state"] == "Terminated":
                continue
            expect_equal(found["state"], "OK", f"the state of {found['name']}")
            account = found["backend_id"]
            expect(account, f"{found['name']} has no backend_id")
            expect(account not in wanted, f"two resources have the account {account}")
            wanted[account] = found["limits"]["cpu"] * FACTOR
        expect_equal(self.accounts(), wanted, "the accounts of the cluster against the resources of the server")


def cpu_minutes(text):
    """The number in `cpu=240,mem=…`."""
    parts = dict(part.split("=", 1) for part in text.split(",") if part)
    return int(parts["cpu"]) if "cpu" in parts else None


def write_settings(path, server, cluster, push):
    """Writes the agent's file: YAML, of which JSON is a part."""
    stomp = os.environ.get("AGENT_STOMP") or server.base.partition("://")[2] + "/rmqws-stomp"
    address, _, path_there = stomp.partition("/")
    host, _, port = address.partition(":")
    events = {
        # Both are needed on one port: the defaults are 443 with TLS.
        "stomp_enabled": push, "stomp_ws_host": host, "stomp_ws_port": int(port or 80),
        "stomp_ws_path": f"/{path_there}", "websocket_use_tls": False,
    }  # fmt: skip
    # The agent strips the letters of "/api" from the end one by one: a name such as `http://waldur-api` would lose
    # some of its own. A port ends in a digit and is safe.
    common = {
        "waldur_api_url": f"{server.base}/api/", "waldur_api_token": server.tokens["provider"], **events,
        "backend_type": "slurm", "order_processing_backend": "slurm", "membership_sync_backend": "slurm",
        "reporting_backend": "slurm", "backend_settings": cluster.settings(),
    }  # fmt: skip
    offerings = [
        {
            "name": f"SLURM {number}", "waldur_offering_uuid": offering.uuid, **common,
            "backend_components": cluster.components(offering),
        }  # fmt: skip
        for number, offering in enumerate(server.offerings)
    ]
    Path(path).write_text(json.dumps({"timezone": "UTC", "offerings": offerings}, indent=2))
