"""The actions that the Hub counts by the hour, beside its rate limits, and the requests that are such actions.

Making a repository counts also where it exists already. The name `commit` is the Hub's own (huggingface/datasets#6257),
that of making a repository is not published.
"""

import re

COMMIT, CREATE = "commit", "createRepo"
ACTIONS = {
    COMMIT: re.compile(r"/api/(models|datasets|spaces)/[^/]+/[^/]+/commit/.+"),
    CREATE: re.compile(r"/api/repos/create|/api/(models|datasets|spaces)/[^/]+/[^/]+/duplicate"),
}


def of(method: str, path: str) -> str:
    """The action that a request is, or nothing."""
    if method != "POST":
        return ""
    return next((name for name, pattern in ACTIONS.items() if pattern.fullmatch(path)), "")
