"""What an application says: what can be kept in a draft, and what is missing before it can be submitted."""

from typing import TypedDict

from django.utils.translation import gettext as _

from accounts.models import HubOrganisation, Membership, User
from dibt.lib import languages
from dibt.lib.errors import InvalidError
from dibt.lib.text import bidi_controls, excerpt, unstorable_character
from projects.models import Access, Application, TaskKind
from projects.models.proposal import Domain, Licence

MOST_LANGUAGES = 20
MOST_RECORDS = 1_000_000
CHOICES = {"domain": Domain, "task_kind": TaskKind, "licence": Licence, "access": Access}


class ProposalFields(TypedDict, total=False):
    """The fields of `PROPOSAL_FIELDS`; in a draft texts and choices may be empty and `target` 0."""

    title: str
    pitch: str
    languages: list[str]
    domain: str
    task_kind: str
    data_source: str
    licence: str
    target: int
    access: str
    organisation: HubOrganisation | None


def keepable(fields: ProposalFields, *, by: User) -> ProposalFields:
    """The fields as a draft of `by` can keep them. Raises InvalidError naming each that cannot be kept."""
    problems = {name: [problem] for name, value in fields.items() if (problem := _problem(name, value, by))}
    if problems:
        raise InvalidError(
            _("This was not saved: some of it cannot be kept as it is. Change it and save."), problems
        )
    kept = fields.copy()
    if kept.get("access") == Access.OPEN:
        kept["organisation"] = None
    return kept


def _problem(name: str, value: object, by: User) -> str | None:
    if isinstance(value, HubOrganisation):
        return _organisation_problem(value, by)
    if isinstance(value, list):
        return language_problem(value)
    if isinstance(value, int):
        return _target_problem(value)
    if isinstance(value, str):
        return _choice_problem(name, value) if name in CHOICES else text_problem(value, most=_most(name))
    return None


def _most(name: str) -> int:
    length: int = Application._meta.get_field(name).max_length  # type: ignore[union-attr, assignment]  # texts have one
    return length


def text_problem(text: str, *, most: int) -> str | None:
    """Why a text cannot be kept, if it cannot: it is longer than `most` characters, or no database takes it."""
    if len(text) > most:
        return _("This has %(length)d characters; there is room for %(most)d.") % {
            "length": len(text),
            "most": most,
        }
    if code := unstorable_character(text):
        return _("This has a character that cannot be stored (%(code)s). Remove it.") % {"code": code}
    return None


def language_problem(codes: list[str]) -> str | None:
    """Why a list of languages cannot be kept, if it cannot."""
    if len(codes) > MOST_LANGUAGES:
        return _("These are %(count)d languages; at most %(most)d can be named.") % {
            "count": len(codes),
            "most": MOST_LANGUAGES,
        }
    unknown = [code for code in codes if not languages.is_known(code)]
    if unknown:
        return _("“%(code)s” is not in the list of languages. Choose one from the list.") % {
            "code": excerpt(unknown[0])
        }
    return None


def _choice_problem(name: str, value: str) -> str | None:
    if value and value not in CHOICES[name].values:
        return _("“%(value)s” is not one of the choices. Choose one of the list.") % {"value": excerpt(value)}
    return None


def _target_problem(target: int) -> str | None:
    if not 0 <= target <= MOST_RECORDS:
        return _("Write a number from 1 to %(most)d.") % {"most": MOST_RECORDS}
    return None


def _organisation_problem(organisation: HubOrganisation, by: User) -> str | None:
    if Membership.objects.filter(user=by, organisation=organisation).exists():
        return None
    return _(
        "You did not belong to %(organisation)s when you last signed in. Choose an organisation of yours; "
        "if you joined it since, sign out and in again."
    ) % {"organisation": organisation}


def missing(application: Application) -> dict[str, list[str]]:
    """What keeps a draft from being submitted: for each field sentences that say what to do; empty if nothing."""
    sentences = {
        "title": _title_lack(application.title),
        "pitch": "" if application.pitch else _("Say in a few sentences what you want to build, and why."),
        "languages": language_problem(application.languages)
        if application.languages
        else _("Name a language."),
        "domain": "" if application.domain else _("Choose what the texts are about."),
        "task_kind": "" if application.task_kind else _("Choose what people will do."),
        "data_source": "" if application.data_source else _("Say where the texts come from."),
        "licence": "" if application.licence else _("Choose a licence for the dataset."),
        "target": "" if application.target else _("Say how many records are to be annotated."),
        "organisation": _organisation_lack(application),
    }
    return {name: [sentence] for name, sentence in sentences.items() if sentence}


def _title_lack(title: str) -> str:
    if not title:
        return _("Give your project a title.")
    if bidi_controls(title):
        return _(
            "The title has invisible characters that turn the direction of text. Type it again without them."
        )
    return ""


def _organisation_lack(application: Application) -> str | None:
    if not application.members_only:
        return None
    if application.organisation is None:
        return _("Choose the organisation whose members may take part, or open the project to everybody.")
    return _organisation_problem(application.organisation, application.lead)
