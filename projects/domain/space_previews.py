"""What a change of a Space will do, said before anything is done."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dibt.lib.money import dollars
from projects.domain import costs, prices, space_changes
from projects.domain.space_changes import Change
from projects.models import FREE_HARDWARE, HardwarePrice, Space, SpaceGoal

DANGEROUS = frozenset({Change.TAKE_DOWN, Change.FORGET})
HOUR = 3600
Sentences = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What to show before a change is confirmed; `button` is the word for doing it."""

    title: str
    sentences: Sentences
    button: str
    is_dangerous: bool = False


def preview(space: Space, change: Change, *, hardware: str = "", sleep_seconds: int | None = None) -> Preview:
    """What will happen, in the order in which it does; `hardware` and `sleep_seconds` as for `change_hardware`.

    Raises what the change itself would refuse.
    """
    space_changes.require(space, change, hardware=hardware, sleep_seconds=sleep_seconds)
    title, button = words(change)
    sentences = (
        _hardware(space, hardware, sleep_seconds) if change == Change.HARDWARE else TOLD[change](space)
    )
    return Preview(title, sentences, button, change in DANGEROUS)


def words(change: Change) -> tuple[str, str]:
    """The question that a change is, and the word for doing it."""
    return {
        Change.PAUSE: (_("Pause the Space?"), _("Pause it")),
        Change.RESUME: (_("Resume the Space?"), _("Resume it")),
        Change.HARDWARE: (_("Change the hardware of the Space?"), _("Change the hardware")),
        Change.SECRETS: (_("Renew the secrets of the Space?"), _("Renew them")),
        Change.TAKE_DOWN: (_("Take the Space down?"), _("Take it down")),
        Change.FORGET: (_("Delete the data of the Space?"), _("Delete them for good")),
    }[change]


def span(seconds: int) -> str:
    """Like "15 minutes" or "48 hours"."""
    if seconds % HOUR:
        minutes = seconds // 60
        return ngettext("%(minutes)d minute", "%(minutes)d minutes", minutes) % {"minutes": minutes}
    hours = seconds // HOUR
    return ngettext("%(hours)d hour", "%(hours)d hours", hours) % {"hours": hours}


def sleep_in_words(hardware: str, seconds: int | None) -> str:
    """When a Space on that hardware goes to sleep."""
    if hardware == FREE_HARDWARE:
        return _("Free hardware goes to sleep after 48 hours without a visit; nobody can change that.")
    if seconds is None:
        return _("It never goes to sleep, so it costs as much when nobody is there.")
    return _("It goes to sleep after %(time)s without a visit, and costs nothing until the next one.") % {
        "time": span(seconds)
    }


def named(hardware: str) -> HardwarePrice:
    """The hardware with its price; by its bare name where the Hub never told of it."""
    known = (price for price in prices.known() if price.name == hardware)
    return next(known, HardwarePrice(name=hardware, pretty_name=hardware, hourly=costs.hourly(hardware)))


def _pause(space: Space) -> Sentences:
    price = costs.hourly(space.hardware)
    saved = _("It costs nothing from then on, in place of %(price)s an hour.") % {"price": dollars(price)}
    return (
        _cut_off(),
        saved if price else _("It is on free hardware, so pausing it saves no money."),
        _("Annotating in the workspace here goes on as before."),
        _("Its data stay in its bucket, and it can be resumed at any time."),
    )


def _resume(space: Space) -> Sentences:
    return (
        _("It starts again with all its data. That takes a few minutes."),
        _running_cost(space.hardware),
        sleep_in_words(space.hardware, space.sleep_seconds),
    )


def _hardware(space: Space, hardware: str, sleep_seconds: int | None) -> Sentences:
    before, after = named(space.hardware), named(hardware)
    moved = _("It moves to %(after)s. Until now it was on %(before)s.") % {
        "before": prices.in_words(before),
        "after": prices.in_words(after),
    }
    stays = _("It stays on %(hardware)s.") % {"hardware": prices.in_words(after)}
    return (
        moved if hardware != space.hardware else stays,
        sleep_in_words(hardware, sleep_seconds),
        *_for_the_cohort(space, before, after),
        _when_it_runs(space),
    )


def _secrets(space: Space) -> Sentences:
    return (
        _("The password of Argilla's owner, and the key with which it signs people in, are made anew."),
        _("Everybody has to sign in to it again. Their accounts and what they submitted there stay."),
        _(
            "The API key stays as it is: Argilla keeps it in its database and lets nobody change it. Who had it still "
            "has it."
        ),
        _when_it_runs(space),
    )


def _take_down(space: Space) -> Sentences:
    return (
        _("It is closed to annotators at once. %(cut_off)s") % {"cut_off": _cut_off()},
        _("No answer is missing here afterwards: answers are given on this site, not there."),
        _("Then it is deleted on the Hub, and costs nothing any more."),
        _(
            "The bucket %(bucket)s with Argilla's data stays, until a release of the project was published and you "
            "delete it."
        )
        % {"bucket": space.bucket_id},
        _("It can be asked for again: it is made anew then, with what its bucket still holds."),
    )


def _forget(space: Space) -> Sentences:
    released_at = space.project.released_at
    return (
        _("The bucket %(bucket)s, with all that Argilla kept in it, is deleted. Nobody can bring it back.")
        % {"bucket": space.bucket_id},
        _(
            "The last release of the project is of %(date)s. It stays, and so do the answers given on this site."
        )
        % {"date": date_format(released_at) if released_at else "–"},
        _("If the Space is asked for again, it begins empty."),
    )


TOLD: Mapping[Change, Callable[[Space], Sentences]] = {
    Change.PAUSE: _pause,
    Change.RESUME: _resume,
    Change.SECRETS: _secrets,
    Change.TAKE_DOWN: _take_down,
    Change.FORGET: _forget,
}


def _cut_off() -> str:
    return _("Whoever is in it is cut off, and loses what they typed there and did not submit.")


def _when_it_runs(space: Space) -> str:
    if space.goal != SpaceGoal.RUN:
        return _("It is paused, so this is only noted down now, and done when it is resumed.")
    return _("It restarts, which takes a few minutes. %(cut_off)s") % {"cut_off": _cut_off()}


def _running_cost(hardware: str) -> str:
    return _("It runs on %(hardware)s.") % {"hardware": prices.in_words(named(hardware))}


def _for_the_cohort(space: Space, before: HardwarePrice, after: HardwarePrice) -> Sentences:
    """What the cohort's Spaces cost with it; nothing to say where neither costs anything."""
    if not before.hourly and not after.hourly:
        return ()
    cohort = space.project.cohort
    counted = before.hourly if space.goal == SpaceGoal.RUN else 0
    month = costs.after_acceptance(cohort).now + (after.hourly - counted) * prices.HOURS_A_MONTH
    return (
        _(
            "If all of them always run, the Spaces of “%(cohort)s” then cost %(sum)s a month; its budget is %(budget)s."
        )
        % {
            "cohort": cohort,
            "sum": dollars(round(month, 2)),
            "budget": dollars(cohort.monthly_budget),
        },
    )
