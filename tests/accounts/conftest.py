from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings

from tests.settings import TEMPLATES


@pytest.fixture
def a_notice_kind() -> Iterator[str]:
    """A kind of notice that only these tests have, with a title and a number."""
    folder = str(Path(__file__).parent / "templates")
    with_ours = [{**TEMPLATES[0], "DIRS": [*TEMPLATES[0]["DIRS"], folder]}]
    with override_settings(TEMPLATES=with_ours):
        yield "dam-mended"
