"""Drives a server with the real waldur-site-agent and a cluster of slurm-emulator, and compares both sides.

    python agent.py polling|push|crash [number of resources, 3 unless given]

Every resource gets four orders: Create, Update of the limits, Update to another plan, Terminate. The last line is
`agent: <scenario> ok …`; anything else ends with status 1, the reason and what the agent complained about.

In `crash` the server is killed too: a line `crash` on the output asks for it, and a line on the input says that it is
back at the same address.

The interpreter must be that of a virtual environment with `xtask/requirements-agent.txt`: the agent and the emulator
are programs beside it.

Environment (all of it is required):

    MERCAT_BASE       address of the server without /api, for instance http://127.0.0.1:8080
    PROVIDER_TOKEN    an owner of the organisation that has the offerings
    CONSUMER_TOKEN    an owner of the organisation that has the project
    AGENT_PROJECT     uuid of the project
    AGENT_OFFERINGS   uuids, separated by commas, of shared Marketplace.Slurm offerings with two plans and a limit
                      component `cpu` that can be from 4 to 7. They may have no open orders and no living resources,
                      and the approval of their provider must start an order

and, if wanted, AGENT_FOLDER for a folder in which everything is left: settings, logs and the cluster. It must be empty.
AGENT_STOMP is where events are pushed from, such as 127.0.0.1:15674/ws, if that is not the server itself.
"""

import os
import shutil
import sys
import tempfile
import traceback
from pathlib import Path

from agent_process import complaints
from agent_scenarios import SCENARIOS
from agent_server import Server
from check import expect, limit_time

REQUIRED = "MERCAT_BASE PROVIDER_TOKEN CONSUMER_TOKEN AGENT_PROJECT AGENT_OFFERINGS".split()

# Lines of each log that are shown after a failure.
SHOWN = 30


def arguments():
    """The scenario and the number, or a message about how to call this."""
    missing = [name for name in REQUIRED if not os.environ.get(name)]
    if missing:
        sys.exit(f"missing in the environment: {', '.join(missing)}")
    name, number = [*sys.argv[1:], "3"][:2] if len(sys.argv) in (2, 3) else ("", "")
    if name not in SCENARIOS or not number.isdecimal() or number == "0":
        sys.exit(f"usage: {sys.argv[0]} {'|'.join(SCENARIOS)} [number of resources]")
    return name, int(number)


def folder():
    """An empty folder for the run; others may not read it, because the settings hold a token."""
    given = os.environ.get("AGENT_FOLDER")
    if not given:
        return Path(tempfile.mkdtemp(prefix="mercat-agent-"))
    path = Path(given).resolve()
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    expect(not any(path.iterdir()), f"AGENT_FOLDER is not empty: {path}")
    return path


def explain(place):
    """Shows what the agent complained about, or else the end of its last log."""
    logs = sorted(place.glob("*.log"))
    for log in logs:
        for line in complaints(log.read_text(errors="replace"))[-SHOWN:]:
            print(f"{log.name}: {line:.2000}", file=sys.stderr)
    if logs:
        print("\n".join(logs[-1].read_text(errors="replace").splitlines()[-SHOWN:]), file=sys.stderr)
    print(f"everything is in {place}", file=sys.stderr)


def main():
    name, count = arguments()
    limit_time()
    place = folder()
    try:
        result = SCENARIOS[name](Server(), place, count)
    except AssertionError as failure:
        explain(place)
        sys.exit(f"agent: {name} failed: {failure}")
    except BaseException as failure:
        explain(place)
        traceback.print_exc()
        sys.exit(f"agent: {name} failed: {failure}")
    if not os.environ.get("AGENT_FOLDER"):
        shutil.rmtree(place)
    print(f"agent: {name} ok, {result}")


if __name__ == "__main__":
    main()
