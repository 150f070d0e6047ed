"""Reads the printed API page: the HTTP call, the Python snippet and the statuses of each operation.

The page is read where it lies. Nothing of it is kept in this repository.
"""

import re
import shlex
from dataclasses import dataclass, field
from pathlib import Path

HOST = "https://api.example.com"
TOKEN = "YOUR_API_TOKEN"
UUID = re.compile(r"a1b2c3d4-e5f6-7890-abcd-ef1234567890")

STATUS = re.compile(r"(\d{3}) -")
IMPORT = re.compile(r"from waldur_api_client\.api\.marketplace_orders import marketplace_orders_(\w+)")


@dataclass
class Printed:
    """One operation as the page prints it."""

    name: str
    http: list[str]
    python: str
    statuses: list[int] = field(default_factory=list)


def read(shared):
    """All operations of the page, in its order."""
    lines = (Path(shared) / "seed/marketplace-orders-api.txt").read_text().splitlines()
    operations, http = [], None
    for number, line in enumerate(lines):
        if line.startswith("http \\"):
            http = shlex.split(continued(lines, number))
        elif line.startswith("from waldur_api_client.client import"):
            python = snippet(lines, number)
            operations.append(Printed(IMPORT.search(python).group(1), http, python))
        elif operations and (status := STATUS.match(line)):
            operations[-1].statuses.append(int(status.group(1)))
    return operations


def continued(lines, number):
    """The lines of one command, joined at the backslashes."""
    words = []
    while lines[number].endswith("\\"):
        words.append(lines[number].removesuffix("\\"))
        number += 1
    return " ".join([*words, lines[number]])


def snippet(lines, number):
    """The lines up to the numbered notes below the snippet."""
    end = number
    while not re.match(r"\s+1\. (API|Model) Source", lines[end]):
        end += 1
    return "\n".join(lines[number:end])
