"""The living style page: each sample is a small template, shown working and beside its own source."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django import forms
from django.core.paginator import Page, Paginator
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from dibt.lib.clock import now
from dibt.lib.page_parts import DayCount, Step, StepState

SAMPLES = (
    "colours",
    "type",
    "page",
    "layout",
    "icons",
    "buttons",
    "badges",
    "cards",
    "messages",
    "forms",
    "answers",
    "numbers",
    "charts",
    "people",
    "text",
    "progress",
    "navigation",
    "tables",
    "leaderboard",
    "project_card",
    "workspace",
    "empty",
)


GUIDELINES = """# Guidelines

Rate **the prompt**, not the answer. See [the examples](https://huggingface.co/).

- Is it clear what is asked?
- Would somebody want to know?

> When in doubt, skip: another record is waiting.
"""


@dataclass(frozen=True, slots=True)
class Sample:
    """One part of the page: ``source`` is the template, ``shown`` what it renders to."""

    name: str
    source: str
    shown: SafeString

    @property
    def title(self) -> str:
        return self.name.replace("_", " ").capitalize()


class SampleForm(forms.Form):
    """A field of every kind."""

    title = forms.CharField(label=_("Title"), max_length=80, help_text=_("What people will see in the list."))
    pitch = forms.CharField(label=_("Pitch"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    kind = forms.ChoiceField(label=_("Task"), choices=[("rating", _("Rating")), ("label", _("Label"))])
    due = forms.DateField(
        label=_("Closes on"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    overlap = forms.IntegerField(label=_("Answers for each record"), min_value=1, max_value=20)
    who = forms.ChoiceField(
        label=_("Who may take part"),
        widget=forms.RadioSelect,
        choices=[("all", _("Everybody")), ("organisation", _("Members of one organisation"))],
        help_text=_("You can change this while nobody has answered."),
    )
    domains = forms.MultipleChoiceField(
        label=_("Domains"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("health", _("Health")), ("law", _("Law")), ("news", _("News")), ("school", _("School"))],
    )
    file = forms.FileField(label=_("Records"), required=False, help_text=_("CSV, TSV, JSONL or Parquet."))
    consent = forms.BooleanField(label=_("I may publish these rows under the licence I named"))


def samples(request: HttpRequest) -> dict[str, object]:
    """The context of ``styleguide.html``."""
    return {"samples": list(_rendered(request))}


def _rendered(request: HttpRequest) -> Iterator[Sample]:
    context = _material(request)
    for name in SAMPLES:
        path = f"styleguide/{name}.html"
        yield Sample(name, _source(path), render_to_string(path, context, request))


def _source(path: str) -> str:
    from django.template.engine import Engine

    return str(Engine.get_default().get_template(path).source).strip()


def _material(request: HttpRequest) -> dict[str, object]:
    """Made-up values for the samples; nothing of it is about anybody."""
    wrong = SampleForm({"title": "", "overlap": "0", "kind": "rating"})
    return {
        "form": SampleForm(),
        "wrong": wrong,
        "page": _page(request),
        "days": _days(),
        "trend": [2, 5, 4, 9, 12, 11, 18, 24],
        "provisioning": _provisioning(),
        "yoruba": "Ẹ jọ̀wọ́, ṣé ẹ lè ràn mí lọ́wọ́?\nKí ni orúkọ yín?",
        "arabic": "ما هي عاصمة المغرب؟ (Rabat)\nاكتب جملة واحدة.",
        "guidelines": GUIDELINES,
        "this_morning": now() - timedelta(hours=3),
        "next_week": now() + timedelta(days=7, hours=1),
    }


def _page(request: HttpRequest) -> Page[int]:
    return Paginator(range(240), 20).get_page(request.GET.get("page"))


def _days() -> list[DayCount]:
    counts = [12, 30, 44, 41, 63, 80, 22, 0, 35, 71, 96, 120, 88, 64]
    return [DayCount(date(2026, 3, day), count) for day, count in enumerate(counts, start=2)]


def _provisioning() -> list[Step]:
    return [
        Step("Make the Space", StepState.DONE, "community/yoruba-prompts", timedelta(seconds=2.4)),
        Step("Give it its secrets", StepState.DONE, took=timedelta(seconds=1.1)),
        Step("Start it", StepState.WORKING, "Building. This takes about a minute.", timedelta(seconds=48)),
        Step("Attach storage", StepState.FAILED, "The Hub answered: too many requests. Next try in 30 s."),
        Step("Check that it answers", StepState.PENDING),
    ]
