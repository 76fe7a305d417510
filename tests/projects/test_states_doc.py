"""The page of states says what the tables say."""

from pathlib import Path

from django.conf import settings

from dibt.management.commands import states_doc
from projects.domain.applications import MOVES


def test_the_page_of_states_is_fresh():
    page = Path(settings.BASE_DIR) / "docs" / "reference" / "states.md"

    assert page.read_text(encoding="utf-8") == states_doc.document(), "Run manage.py states_doc and commit."


def test_every_table_is_found_once_where_it_stands():
    found = [(module, moves) for module, moves in states_doc.machines() if moves is MOVES]

    assert found == [("projects.domain.applications", MOVES)]


def test_a_move_that_is_allowed_is_an_arrow():
    page = states_doc.document()

    assert "    [*] --> draft\n" in page
    assert "    submitted --> accepted\n" in page
    assert "    confirmed --> [*]\n" in page
    assert "declined --> accepted" not in page
