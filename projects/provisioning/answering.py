"""The steps that ask Argilla itself, inside the Space: that it answers, and that people can sign in."""

from django.conf import settings
from django.utils.translation import gettext as _

from dibt.gateways.argilla import Argilla
from dibt.gateways.errors import MissingError, RetryLaterError
from dibt.gateways.hub import Hub
from projects.provisioning.outcomes import Broken, Done, Outcome, Wait
from projects.provisioning.running import up
from projects.provisioning.wanted import API_KEY, PASSWORD, Wanted

PROVIDER = "huggingface"


def server(wanted: Wanted) -> Argilla:
    """The Argilla of the Space, as its owner."""
    return Argilla(
        wanted.address,
        api_key=wanted.secrets[API_KEY],
        timeout=settings.HUB_TIMEOUT,
        space_token=wanted.space_token,
    )


def argilla(hub: Hub, wanted: Wanted) -> Done | Wait | Broken:
    """It answers, which takes it a minute longer than the Hub needs to call the Space running.

    While it does not, the Space is looked after: it may have gone to sleep, or have failed after all.
    """
    try:
        server(wanted).status()
    except (RetryLaterError, MissingError) as error:
        outcome = up(hub, wanted)
        return Wait(outcome.stage, reason=error.message) if isinstance(outcome, Done) else outcome
    return Done()


def renewed_argilla(hub: Hub, wanted: Wanted) -> Done | Wait | Broken:
    """It answers, and knows the owner's new password if there is one: of the secret it reads only the very first."""
    outcome = argilla(hub, wanted)
    if isinstance(outcome, Done) and PASSWORD in wanted.rotating:
        owner = server(wanted)
        owner.set_password(owner.me().id, wanted.secrets[PASSWORD])
    return outcome


def sign_in(hub: Hub, wanted: Wanted) -> Outcome:
    """It offers sign-in with Hugging Face, as our `.oauth.yaml` asks, as a client that the Hub lends it, as our card
    asks; and being the last step, it leaves the Hub's last word on the Space behind."""
    argilla = server(wanted)
    if PROVIDER not in argilla.sign_in_providers():
        return Broken(
            _(
                "Argilla runs, but offers no sign-in with Hugging Face. Look whether the file .oauth.yaml of the Space "
                "is as the platform wrote it, then try again."
            )
        )
    if not argilla.sign_in_client(PROVIDER):
        return Broken(
            _(
                "Argilla runs, but the Hub lends it no client for its sign-in. Look whether README.md of the Space "
                "says “hf_oauth: true”, as the platform wrote it, then try again."
            )
        )
    return up(hub, wanted)
