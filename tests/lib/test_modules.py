"""Which modules a page's script brings in."""

from dibt.lib import modules


def test_all_that_are_imported_are_named_once_also_where_an_import_takes_several_lines() -> None:
    found = modules.urls("dibt/js/workspace.js", "dibt/js/desk/desk.js")

    assert "/static/dibt/js/keys.js" in found
    assert "/static/dibt/js/account.js" in found
    assert "/static/dibt/js/desk/store.js" in found
    assert len(found) == len(set(found))
    assert "/static/dibt/js/spans-marks.js" in modules.urls("dibt/js/spans.js")


def test_the_entries_come_first() -> None:
    assert modules.urls("dibt/js/site.js")[:2] == ("/static/dibt/js/site.js", "/static/dibt/js/account.js")
