"""The real agent as a child process, one mode at a time."""

import os
import signal
import subprocess
import time

from agent_server import wait
from agent_slurm import BIN
from check import expect

MODES = ("order_process", "membership_sync", "report", "event_process")

# Seconds that a stopped agent has to end by itself.
GRACE = 15

# The longest period, so that nothing happens by polling; only whole numbers are taken.
NEVER = "100000"

# The agent's loop ticks once a minute whatever the periods are, and works at once when it starts. A scenario therefore
# starts it anew for each of its phases instead of waiting for ticks.
SHORT = {
    "WALDUR_SITE_AGENT_ORDER_PROCESS_PERIOD_MINUTES": "0.01",
    # Version 1.0.7 reads these as integers: 0.5 ends it with a ValueError in every mode.
    "WALDUR_SITE_AGENT_MEMBERSHIP_SYNC_PERIOD_MINUTES": "1",
    "WALDUR_SITE_AGENT_REPORT_PERIOD_MINUTES": "1",
}
LONG = {
    **dict.fromkeys(SHORT, NEVER),
    "WALDUR_SITE_AGENT_RECONCILIATION_PERIOD_MINUTES": NEVER,
}


class Agent:
    """A running agent; leaving the `with` block stops it."""

    def __init__(self, mode, folder, settings, cluster):
        assert mode in MODES
        self.mode = mode
        number = len(list(folder.glob("*.log"))) + 1
        self.log_file = folder / f"{number:02}-{mode}.log"
        # Its log may hold the token in a traceback, so that the folder is private (see `mkdtemp`).
        periods = LONG if mode == "event_process" else SHORT
        here = {"no_proxy": "*", "HOME": str(folder), **periods, **cluster.environment}
        command = [str(BIN / "waldur_site_agent"), "-m", mode, "-c", str(settings)]
        with self.log_file.open("wb") as log:
            # A session of its own, so that it is known when its children have ended too.
            self.child = subprocess.Popen(
                command, cwd=folder, env=os.environ | here, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def log(self):
        """What it has written so far."""
        return self.log_file.read_text(errors="replace")

    def alive(self):
        """Ends the script when the agent has ended by itself."""
        expect(self.child.poll() is None, f"the agent ({self.mode}) ended with {self.child.returncode}")

    def until(self, condition, what):
        """Waits for a condition while the agent runs."""
        wait(condition, f"{what} ({self.mode})", self.alive)

    def stop(self):
        """Ends it as an operator would, or by force when it takes too long; gives its log."""
        if self.child.poll() is None:
            self.child.terminate()
            try:
                self.child.wait(GRACE)
            except subprocess.TimeoutExpired:
                self.kill()
        self.wait_for_children()
        return self.log()

    def kill(self):
        """`kill -9`: it gets no chance to finish anything."""
        self.child.send_signal(signal.SIGKILL)
        self.child.wait()
        self.wait_for_children()

    def wait_for_children(self):
        """Waits for a `sacctmgr` that outlives its agent: two at once would overwrite the emulator's file."""
        deadline = time.monotonic() + GRACE
        while has_members(self.child.pid):
            expect(time.monotonic() < deadline, "a child of the agent does not end")
            time.sleep(0.01)


def has_members(group):
    """Whether a process group still has processes."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def complaints(log):
    """The lines of a log that are not about normal work."""
    return [line for line in log.splitlines() if '"level": "info"' not in line and '"level": "debug"' not in line]
