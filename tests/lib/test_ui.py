"""The components: what they show, what they refuse, and that the content policy lets all of it through."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.utils import translation

from dibt.lib import clock
from dibt.lib.icons import DIRECTIONAL, ICONS
from dibt.lib.page_parts import DayCount, Step, StepState
from dibt.lib.styleguide import SAMPLES, samples

NASTY = "<b>\"x'&"
ESCAPED = "&lt;b&gt;&quot;x&#x27;&amp;"


def show(source: str, **context: object) -> str:
    return Template(source).render(Context(context)).strip()


class Wanted(forms.Form):
    title = forms.CharField(help_text="In one line.")
    kind = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    agreed = forms.BooleanField(label="I agree", required=False)
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


# --- Misuse ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        "{% button %}",
        '{% button "x" varaint="quiet" %}',
        "{% icon %}",
        '{% badge "x" colour="red" %}',
        "{% message %}x{% endmessage %}",
        '{% message "info" %}never closed',
        "{% empty_state %}x{% endempty_state %}",
        "{% meter 1 2 %}",
        "{% buton 'x' %}",
        "{% record_text %}",
    ],
)
def test_a_misspelt_or_missing_argument_fails_when_the_template_is_parsed(source: str):
    with pytest.raises(TemplateSyntaxError):
        Template(source)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ('{% icon "chekc" %}', "is no icon"),
        ('{% button "x" "huge" %}', "is no variant"),
        ('{% button "x" size="huge" %}', "is no size"),
        ('{% badge "x" "red" %}', "is no tone"),
        ('{% message "fatal" %}x{% endmessage %}', "is no level"),
        ('{% record_text "x" "ar" "right" %}', "is no direction"),
        ('{% breadcrumbs "a" "b" %}', "by turns"),
    ],
)
def test_a_value_outside_the_documented_ones_is_refused_with_those(source: str, said: str):
    with pytest.raises(TemplateSyntaxError, match=said):
        show(source)


# --- Escaping and the content policy ----------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        "{% button nasty %}",
        "{% button 'x' confirm=nasty %}",
        "{% button 'x' href=nasty %}",
        "{% badge nasty %}",
        "{% icon 'info' label=nasty %}",
        "{% card nasty %}{% endcard %}",
        "{% card %}{{ nasty }}{% endcard %}",
        "{% message 'info' nasty %}{% endmessage %}",
        "{% empty_state nasty %}{% endempty_state %}",
        "{% stats %}{% stat nasty 1 nasty %}{% endstats %}",
        "{% meter 1 2 nasty %}",
        "{% record_text nasty %}",
        "{% copy_field nasty nasty id='a' %}",
        "{% breadcrumbs nasty nasty nasty %}",
        "{% tabs nasty %}{% tab nasty nasty %}{% endtabs %}",
    ],
)
def test_what_people_wrote_is_shown_and_never_becomes_markup(source: str):
    html = show(source, nasty=NASTY)

    assert ESCAPED in html
    assert NASTY not in html


@pytest.fixture
def page(rf: RequestFactory) -> str:
    shown = samples(rf.get("/styleguide/"))["samples"]
    assert isinstance(shown, list)
    return "".join(sample.shown for sample in shown)


def test_the_style_page_shows_every_sample_there_is(page: str):
    files = {path.stem for path in (Path(settings.BASE_DIR) / "templates/styleguide").glob("*.html")}

    assert files == set(SAMPLES)
    assert page


def test_no_component_writes_a_style_or_a_handler_that_the_content_policy_would_stop(page: str):
    assert not re.search(r"<style|<script|\sstyle=|\son\w+=", page)


def test_the_style_page_uses_every_icon(page: str):
    assert [name for name, shapes in ICONS.items() if shapes not in page] == []


def test_icons_that_point_along_the_line_are_known_icons():
    assert set(ICONS) >= DIRECTIONAL


# --- Buttons ----------------------------------------------------------------------------------------


def test_a_button_with_an_address_is_a_link():
    html = show('{% button "Cohorts" "quiet" href="/cohorts/" icon="people" %}')

    assert html.startswith('<a class="button button--quiet button--medium" href="/cohorts/">')
    assert "<span>Cohorts</span>" in html


def test_a_button_of_an_icon_alone_keeps_its_word_for_screen_readers():
    html = show('{% button "Undo" icon="undo" icon_only=True %}')

    assert 'title="Undo"' in html
    assert '<span class="visually-hidden">Undo</span>' in html


def test_a_button_names_its_key_to_eyes_and_to_assistive_tools():
    html = show('{% button "Skip" kbd="S" %}')

    assert 'aria-keyshortcuts="S"' in html
    assert '<kbd aria-hidden="true">S</kbd>' in html


# --- Forms ------------------------------------------------------------------------------------------


def test_a_field_is_wired_to_its_label_its_help_and_its_errors():
    html = show("{% field form.title %}", form=Wanted({"title": ""}))

    assert '<label class="field__label" for="id_title">' in html
    assert 'aria-describedby="id_title_helptext id_title_error"' in html
    assert 'id="id_title_helptext">In one line.' in html
    assert 'id="id_title_error"' in html
    assert 'aria-invalid="true"' in html


def test_a_group_of_choices_is_a_fieldset_with_a_legend():
    html = show("{% field form.kind %}", form=Wanted({}))

    assert html.startswith('<fieldset class="field field--radioselect field--wrong"')
    assert 'aria-describedby="id_kind_error"' in html
    assert '<legend class="field__label">Kind' in html
    assert html.count('type="radio"') == 2


def test_only_a_required_field_is_marked():
    form = Wanted()

    assert "field__required" in show("{% field form.title %}", form=form)
    assert "field__required" not in show("{% field form.agreed %}", form=form)


def test_a_whole_form_has_every_field_once_and_the_hidden_ones_bare():
    html = show("{% form_fields form %}", form=Wanted())

    assert [html.count(f'name="{name}"') for name in ("title", "agreed", "secret")] == [1, 1, 1]
    assert html.count("<label") == 4


def test_errors_lead_to_their_fields():
    form = Wanted({"title": "", "kind": "c"})
    form.add_error(None, "The cohort has closed.")

    html = show("{% form_errors form %}", form=form)

    assert "The cohort has closed." in html
    assert '<a href="#id_title">Title</a>' in html
    assert '<a href="#id_kind">Kind</a>' in html


def test_a_form_without_errors_says_nothing_of_them():
    form = Wanted({"title": "x", "kind": "a"})

    assert show("{% form_errors form %}", form=form) == ""


# --- Numbers ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "top", "width"), [(742, 1000, "74.2"), (0, 0, "0.0"), (7, 5, "100.0"), (-1, 5, "0.0")]
)
def test_a_meter_is_as_long_as_its_share_and_never_longer_than_its_track(value: int, top: int, width: str):
    html = show("{% meter value top 'Done' %}", value=value, top=top)

    assert f'class="meter__fill" width="{width}"' in html


def test_a_meter_says_in_words_what_it_shows():
    assert 'role="img" aria-label="Done: 742 of 1,000"' in show("{% meter 742 1000 'Done' %}")


def test_figures_in_drawings_keep_their_point_where_the_reader_writes_a_comma():
    with translation.override("de"):
        html = show("{% meter 1 8 'x' %}{% bars_by_day rows 'x' %}", rows=[DayCount(date(2026, 1, 1), 3)])

    assert 'width="12.5"' in html
    assert 'x="75.0" y="0.0" width="450.0" height="120.0"' in html


@pytest.mark.parametrize(("value", "shown"), [(1234567, "1,234,567"), (0, "0"), (None, "–"), (0.5, "0.5")])
def test_numbers_are_grouped(value: float | None, shown: str):
    assert show("{{ value|number }}", value=value) == shown


def test_bars_have_a_table_with_the_same_numbers():
    rows = [DayCount(date(2026, 3, 1), 1200), DayCount(date(2026, 3, 2), 0)]

    html = show("{% bars_by_day rows 'Answers by day' %}", rows=rows)

    assert html.count("<rect") == 2
    assert '<td class="text-end">1,200</td>' in html
    assert '<td class="text-end">0</td>' in html


def test_a_chart_of_no_days_says_so():
    assert "Nothing yet." in show("{% bars_by_day rows 'x' %}", rows=[])


def test_a_sparkline_runs_from_edge_to_edge_with_the_highest_value_on_top():
    html = show("{% sparkline values label='Rising' %}", values=[0, 5, 10])

    assert 'points="2.0,30.0 60.0,16.0 118.0,2.0"' in html
    assert 'aria-label="Rising"' in html


# --- People, time, text -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("away", "words"),
    [
        (timedelta(hours=-3), "3\N{NO-BREAK SPACE}hours ago"),
        (timedelta(days=2, minutes=1), "in 2\N{NO-BREAK SPACE}days"),
        (timedelta(seconds=-5), "just now"),
    ],
)
def test_time_is_told_from_now_with_the_moment_itself_at_hand(away: timedelta, words: str):
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)

    with clock.at(noon):
        html = show("{% time_ago when %}", when=noon + away)

    assert html.startswith(f'<time datetime="{(noon + away).isoformat()}" title="')
    assert html.endswith(f'UTC">{words}</time>')


def test_a_moment_is_written_short_and_in_utc():
    html = show("{% moment when %}", when=datetime(2026, 11, 3, 16, 5, tzinfo=UTC))

    assert html.endswith(" data-local>3 Nov 2026, 16:05 UTC</time>")


def test_text_of_a_record_keeps_its_lines_and_says_its_language_and_direction():
    html = show("{% record_text text lang='ar' dir='rtl' %}", text="سطر\n  <b>")

    assert html == '<div class="record-text" lang="ar" dir="rtl">سطر\n  &lt;b&gt;</div>'


def test_a_language_is_named_in_english_and_in_itself():
    html = show("{% language_chip 'arb_Arab' %}")

    assert "Standard Arabic" in html
    assert 'dir="rtl">' in html


def test_a_person_without_a_picture_has_an_initial_of_one_colour():
    first, second = show("{% avatar 'zoe' %}"), show("{% avatar 'zoe' %}")

    assert first == second
    assert ">Z</span>" in first


# --- Finding one's way ------------------------------------------------------------------------------


def test_the_tab_one_is_on_is_marked(rf: RequestFactory):
    source = "{% tabs 'x' %}{% tab 'One' '/one/' %}{% tab 'Two' '/two/' count=1200 %}{% endtabs %}"

    html = show(source, request=rf.get("/two/"))

    assert '<a class="tab" href="/one/">One' in html
    assert '<a class="tab" href="/two/" aria-current="page">Two<span class="tab__count">1,200' in html


def test_a_tab_is_marked_on_pages_below_it_where_it_says_so(rf: RequestFactory):
    source = "{% tab 'One' '/one/' below=True %}{% tab 'All' '/' %}"

    html = show(source, request=rf.get("/one/more/"))

    assert html.count("aria-current") == 1
    assert '<a class="tab" href="/one/" aria-current="page">One' in html


def test_breadcrumbs_end_with_this_page():
    html = show('{% breadcrumbs "Projects" "/projects/" "Here" %}')

    assert '<a href="/projects/">Projects</a>' in html
    assert '<li aria-current="page">Here</li>' in html


def test_other_pages_keep_the_rest_of_the_query(rf: RequestFactory):
    page = Paginator(range(100), 10).get_page(2)

    html = show("{% pagination page %}", page=page, request=rf.get("/?language=yor_Latn&page=2"))

    assert 'rel="prev" href="?language=yor_Latn&amp;page=1"' in html
    assert 'rel="next" href="?language=yor_Latn&amp;page=3"' in html


def test_a_single_page_has_no_pagination(rf: RequestFactory):
    assert show("{% pagination page %}", page=Paginator([1], 10).get_page(1), request=rf.get("/")) == ""


@pytest.mark.parametrize(("took", "words"), [(2.44, "2.4 s"), (48, "48 s"), (80, "1 min 20 s"), (None, "")])
def test_a_step_says_how_long_it_took(took: float | None, words: str):
    step = Step("x", StepState.DONE, took=None if took is None else timedelta(seconds=took))

    assert step.duration == words


def test_steps_say_their_state_in_words_too():
    html = show("{% steps items 'Setting up' %}", items=[Step("Start it", StepState.FAILED, "Too many.")])

    assert 'class="step step--failed"' in html
    assert "(failed)" in html
    assert "Too many." in html
