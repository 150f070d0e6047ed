"""The walk of sdk_market.py over plain HTTP, with the header that the JavaScript client really sends.

The client gets `auth: "Token X"` as the API page prints it and makes `Authorization: Bearer Token X` of it. Nothing but
the standard library is used. The environment is described in market.py; the database need not be empty.
"""

import json
import os
import urllib.error
import urllib.parse
import urllib.request

import market_life
import market_setup
from check import expect
from market import Answer, route, tidy, walk

# Seconds for one answer.
PATIENCE = 30


class Http:
    """Sends what the JavaScript client sends."""

    name = "http"

    def call(self, token, operation, path, body, query):
        """Makes one call; every body that comes back is JSON."""
        method, address, _ = route(operation, path)
        url = os.environ["WALDUR_BASE"] + address
        if query:
            url += "?" + urllib.parse.urlencode({name: word(value) for name, value in query.items()}, doseq=True)
        headers = {"Authorization": f"Bearer Token {token}"} if token else {}
        if body is not None:
            headers["Content-Type"] = "application/json"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(url, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return read(answer, method)
        except urllib.error.HTTPError as refusal:
            return read(refusal, method)


def word(value):
    """Booleans as JavaScript writes them."""
    return str(value).lower() if isinstance(value, bool) else value


def read(answer, method):
    content = answer.read()
    if content:
        expect(answer.headers.get_content_type() == "application/json", f"{method} {answer.url} gives {content!r:.200}")
    return Answer(answer.status, tidy(json.loads(content)) if content else None)


if __name__ == "__main__":
    walk(Http(), [*market_setup.STEPS, *market_life.STEPS])
