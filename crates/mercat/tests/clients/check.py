"""How the client scripts check an answer, and what ends one that hangs."""

import signal
import sys

# Seconds. The client package waits for an answer without any limit, so a hanging server must end the script.
WHOLE_SCRIPT = 540


def expect(condition, message):
    """Ends the script with the message unless the condition holds."""
    if not condition:
        raise AssertionError(message)


def expect_equal(found, wanted, what):
    """Ends the script unless both are equal, and says what was found."""
    expect(found == wanted, f"{what}: found {found!r}, wanted {wanted!r}")


def expect_fields(found, wanted, what):
    """Ends the script unless each of the wanted fields has its value."""
    for name, value in wanted.items():
        expect_equal(found.get(name, "no such field"), value, f"{name} of {what}")


def limit_time():
    """Ends the script when it takes too long."""
    signal.signal(signal.SIGALRM, lambda *_: sys.exit(f"the script did not end within {WHOLE_SCRIPT} seconds"))
    signal.alarm(WHOLE_SCRIPT)
