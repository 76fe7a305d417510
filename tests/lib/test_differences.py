"""Differences between two texts: nothing is lost, and only what differs is said to differ."""

from hypothesis import given
from hypothesis import strategies as st

from dibt.lib.differences import Kind, passages

# Few words, so that two texts have some passages in common, and every way in which passages are parted.
PIECES = st.sampled_from(
    ["Read twice.", "قيّم", "- ", "* ", "1. ", "2) ", "\n", "\n\n", "\n \n", " ", "\t", "🙂", "Rate it."]
)
TEXTS = st.lists(PIECES, max_size=14).map("".join) | st.text(max_size=60)


def joined(old: str, new: str, *, without: Kind) -> str:
    return "".join(passage.text for passage in passages(old, new) if passage.kind != without)


@given(TEXTS, TEXTS)
def test_applied_to_the_old_text_the_differences_give_the_new_one(old: str, new: str) -> None:
    assert joined(old, new, without=Kind.REMOVED) == new


@given(TEXTS, TEXTS)
def test_taken_back_they_give_the_words_of_the_old_one(old: str, new: str) -> None:
    assert "".join(joined(old, new, without=Kind.ADDED).split()) == "".join(old.split())


@given(TEXTS)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert {passage.kind for passage in passages(text, text)} == {Kind.KEPT}


def test_one_item_of_a_list_that_changed_is_told_alone() -> None:
    old = "How to rate:\n\n- 1 is bad\n- 5 is good\n\nThank you."
    new = "How to rate:\n\n- 1 is bad\n- 5 is *very* good\n\nThank you."

    changed = [passage for passage in passages(old, new) if passage.kind != Kind.KEPT]

    assert [(passage.kind, passage.text) for passage in changed] == [
        (Kind.REMOVED, "\n- 5 is good"),
        (Kind.ADDED, "\n- 5 is *very* good"),
    ]


def test_a_paragraph_put_in_front_leaves_the_others_as_they_are() -> None:
    assert [
        (passage.kind, passage.text.strip()) for passage in passages("One.\n\nTwo.", "New.\n\nOne.\n\nTwo.")
    ] == [
        (Kind.ADDED, "New."),
        (Kind.KEPT, "One.\n\nTwo."),
    ]


def test_more_empty_lines_are_no_difference() -> None:
    assert {passage.kind for passage in passages("One.\n\nTwo.", "One.\n\n\n\nTwo.")} == {Kind.KEPT}
