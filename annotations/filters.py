"""How lists of projects are narrowed, the same on the page and in the API."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, FilterSet

from dibt.lib import languages
from dibt.lib.folding import holds
from projects.models import Access, Project, ProjectState, TaskKind
from projects.models.proposal import Domain

PUBLIC_STATES = [(state.value, state.label) for state in ProjectState if state != ProjectState.SETUP]


def languages_in_use() -> list[tuple[str, str]]:
    """The languages of public projects, by name: only what leads somewhere is offered."""
    listed: Iterable[list[str]] = Project.objects.public().values_list("languages", flat=True)
    codes = {code for several in listed for code in several if languages.is_known(code)}
    return sorted(((code, languages.get(code).name) for code in codes), key=lambda pair: pair[1])


class ProjectFilter(FilterSet):
    """`language` is a code such as `yor_Latn`; `q` searches titles and pitches."""

    q = CharFilter(method="search", label=_("Search"))
    language = CharFilter(method="in_language", label=_("Language"))
    domain = ChoiceFilter(choices=Domain, label=_("Domain"))
    task = ChoiceFilter("task_kind", choices=TaskKind, label=_("Task"))
    state = ChoiceFilter(choices=PUBLIC_STATES, label=_("State"))
    access = ChoiceFilter(choices=Access, label=_("Who may take part"))

    class Meta:
        model = Project
        fields: tuple[str, ...] = ()

    def search(self, projects: QuerySet[Project], _name: str, text: str) -> QuerySet[Project]:
        return projects.filter(holds("title", text) | holds("pitch", text))

    def in_language(self, projects: QuerySet[Project], _name: str, code: str) -> QuerySet[Project]:
        # SQLite cannot look into a JSON list; the quotes make the code match as a whole.
        listed: Any = Cast("languages", TextField())
        return projects.alias(listed=listed).filter(listed__contains=f'"{code}"')


class BrowseFilter(ProjectFilter):
    """On the page the language is chosen from those in use, and nothing chosen says what it means."""

    language = ChoiceFilter(
        method="in_language", choices=languages_in_use, label=_("Language"), empty_label=_("Any language")
    )
    domain = ChoiceFilter(choices=Domain, label=_("Domain"), empty_label=_("Any domain"))
    task = ChoiceFilter("task_kind", choices=TaskKind, label=_("Task"), empty_label=_("Any task"))
    state = ChoiceFilter(choices=PUBLIC_STATES, label=_("State"), empty_label=_("Any state"))
    access = ChoiceFilter(choices=Access, label=_("Who may take part"), empty_label=_("Anybody or members"))
