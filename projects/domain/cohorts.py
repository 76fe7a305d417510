"""Cohorts: organisers make them, edit them, and publish them."""

import re
from datetime import datetime
from decimal import Decimal
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from dibt.lib import clock
from dibt.lib.errors import ConflictError, InvalidError
from projects.domain import prices, proposals
from projects.domain.slugs import create_with_slug, wanted_slug
from projects.models import Cohort, TaskKind
from projects.models.application import SEATED
from projects.models.proposal import Domain
from projects.permissions import require_organiser

# What the Hub takes as the name of an organisation.
HUB_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9])?")
MOST_SEATS = 1000
MOST_BUDGET = Decimal("1000000")


class CohortFields(TypedDict, total=False):
    """What organisers say of a cohort; times have a time zone, the budget is US dollars a month."""

    name: str
    description: str
    opens_at: datetime
    closes_at: datetime
    seats: int
    monthly_budget: Decimal
    hosting_organisation: str
    space_hardware: str
    wanted_languages: list[str]
    wanted_domains: list[str]
    wanted_tasks: list[str]
    is_published: bool


def create(*, by: User, **fields: Unpack[CohortFields]) -> Cohort:
    """A new cohort, with an address made from its name. Raises InvalidError naming what cannot be taken."""
    require_organiser(by)
    cohort = Cohort(created_by=by, created_at=clock.now(), **fields)
    _require_valid(cohort)
    wanted = wanted_slug(cohort.name, otherwise="cohort", max_length=40)
    return create_with_slug(Cohort, wanted, lambda slug: _create(cohort, slug))


def edit(cohort: Cohort, *, by: User, edition: int, **fields: Unpack[CohortFields]) -> None:
    """Change a cohort; its address stays. `edition` is the one that was being edited.

    Raises ConflictError if another organiser saved in between, InvalidError naming what cannot be taken.
    """
    require_organiser(by)
    with transaction.atomic():
        cohort.refresh_from_db(from_queryset=Cohort.objects.select_for_update(of=("self",)))
        if all(getattr(cohort, name) == value for name, value in fields.items()):
            return
        if cohort.edition != edition:
            raise ConflictError(
                _(
                    "Somebody saved this cohort while you were editing it, so what you see here was not saved over "
                    "it. Compare with how it is now, and save again to replace that."
                )
            )
        for name, value in fields.items():
            setattr(cohort, name, value)
        _require_valid(cohort)
        cohort.edition += 1
        cohort.save()


def _create(cohort: Cohort, slug: str) -> Cohort:
    cohort.slug = slug
    cohort.save(force_insert=True)
    return cohort


def _require_valid(cohort: Cohort) -> None:
    sentences = {
        "name": _name_problem(cohort.name),
        "description": proposals.text_problem(cohort.description, most=4000),
        "closes_at": _times_problem(cohort),
        "seats": _seats_problem(cohort),
        "monthly_budget": None
        if 0 <= cohort.monthly_budget <= MOST_BUDGET
        else _("Write an amount from 0 to %(most)d US dollars.") % {"most": MOST_BUDGET},
        "hosting_organisation": None
        if HUB_NAME.fullmatch(cohort.hosting_organisation)
        else _(
            "Write the organisation's name as it stands in its Hub address: letters, digits, “-”, “.” and “_”."
        ),
        "space_hardware": _unknown([cohort.space_hardware], [price.name for price in prices.known()]),
        "wanted_languages": proposals.language_problem(cohort.wanted_languages),
        "wanted_domains": _unknown(cohort.wanted_domains, Domain.values),
        "wanted_tasks": _unknown(cohort.wanted_tasks, TaskKind.values),
        "is_published": _hiding_problem(cohort),
    }
    problems = {name: [sentence] for name, sentence in sentences.items() if sentence}
    if problems:
        raise InvalidError(_("The cohort was not saved. Change what is marked."), problems)


def _name_problem(name: str) -> str | None:
    return proposals.text_problem(name, most=120) if name.strip() else _("Give the cohort a name.")


def _times_problem(cohort: Cohort) -> str | None:
    if cohort.closes_at > cohort.opens_at:
        return None
    return _("It would close before it opens. Choose a later moment.")


def _seats_problem(cohort: Cohort) -> str | None:
    if not 1 <= cohort.seats <= MOST_SEATS:
        return _("Write a number from 1 to %(most)d.") % {"most": MOST_SEATS}
    taken = cohort.applications.filter(state__in=SEATED).count() if cohort.pk else 0
    if cohort.seats >= taken:
        return None
    return ngettext(
        "%(taken)d seat is taken already; there cannot be fewer.",
        "%(taken)d seats are taken already; there cannot be fewer.",
        taken,
    ) % {"taken": taken}


def _unknown(values: list[str], known: list[str]) -> str | None:
    return None if set(values) <= set(known) else _("Choose from the list.")


def _hiding_problem(cohort: Cohort) -> str | None:
    if cohort.is_published or not cohort.pk or not cohort.applications.exists():
        return None
    return _(
        "People have applied already, so the cohort cannot be hidden. Close it by an earlier closing time."
    )
