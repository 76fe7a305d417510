"""The first step: what would stop the others is found before anything is made."""

from django.utils.translation import gettext as _

from dibt.gateways.errors import MissingError
from dibt.gateways.hub import Hub, Identity
from projects.provisioning.outcomes import Broken, Done, Outcome
from projects.provisioning.wanted import Wanted


def preflight(hub: Hub, wanted: Wanted) -> Outcome:
    """Our account can make Spaces in the organisation, its cohort can pay for this one, and the lead will be able
    to sign in to it."""
    refusal = _of_leads(wanted) or wanted.over_budget
    if refusal:
        return Broken(refusal)
    try:
        hub.organisation(wanted.owner)
    except MissingError:
        return Broken(
            _("There is no organisation “%(owner)s” on the Hub. Ask an organiser to correct the cohort's.")
            % {"owner": wanted.owner}
        )
    # What is remembered of the account may be out of date; it is good enough while it refuses nothing.
    refusal = _of_account(hub.identity(), wanted) and _of_account(hub.identity(fresh=True), wanted)
    return Broken(refusal) if refusal else Done()


def _of_leads(wanted: Wanted) -> str:
    if not wanted.closed_to_leads:
        return ""
    return _(
        "Only members of “%(handle)s” may sign in to this Space, and no lead of the project was one when last seen "
        "here. Join it on the Hub, sign out here and in again, then try again."
    ) % {"handle": wanted.closed_to_leads}


def _of_account(who: Identity, wanted: Wanted) -> str:
    """Why the account cannot make the Space, empty if it can. A plan that the Hub does not tell is left to the
    Hub, which says so (402) when the Space is made."""
    names = {"name": who.name, "owner": wanted.owner}
    if not who.token_can_write:
        return _("The platform's token may only read. Ask an organiser for one that can write.")
    if not who.may_create_in(wanted.owner):
        return (
            _(
                "The platform's account “%(name)s” may not make Spaces in “%(owner)s”. Ask an organiser to add it."
            )
            % names
        )
    if who.must_pay_first(wanted.owner):
        return (
            _(
                "“%(owner)s” has no paid plan on the Hub, which wants one for a Space like this. Ask an organiser "
                "for a Team plan there, or for another hosting organisation."
            )
            % names
        )
    return ""
