"""What a lead fills in and confirms to change their Space: mostly nothing but a button."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from dibt.lib.errors import DomainError
from projects.domain import space_changes, space_previews
from projects.domain.space_changes import Change
from projects.domain.space_previews import Preview
from projects.forms.hardware import HardwareField
from projects.forms.refusals import attempt
from projects.models import FREE_HARDWARE, Space, SpaceState

DOES: Mapping[Change, Callable[..., Space]] = {
    Change.PAUSE: space_changes.pause,
    Change.RESUME: space_changes.resume,
    Change.HARDWARE: space_changes.change_hardware,
    Change.SECRETS: space_changes.rotate_secrets,
    Change.TAKE_DOWN: space_changes.take_down,
    Change.FORGET: space_changes.forget_data,
}
SLEEP_TIMES = (300, 900, 3600, 8 * 3600, 24 * 3600, 48 * 3600)


class ChangeForm(forms.Form):
    """One change of one Space: to be looked at first, then done."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        space: Space,
        change: Change,
        initial: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self.space = space
        self.change = change

    def preview(self) -> Preview | None:
        """What it would do; None, and the reason among the form's errors, when that would be refused."""
        found: list[Preview] = []
        attempt(self, lambda: found.append(space_previews.preview(self.space, self.change, **self.wishes)))
        return next(iter(found), None)

    def save(self, *, by: User) -> DomainError | None:
        return attempt(self, partial(DOES[self.change], self.space, by=by, **self.wishes))

    @property
    def wishes(self) -> dict[str, Any]:
        """What the change needs to know beside the Space."""
        return self.cleaned_data


class HardwareForm(ChangeForm):
    """What it runs on and when it sleeps; an empty sleep time is never."""

    hardware = HardwareField(label=_("Hardware"))
    sleep_seconds = forms.TypedChoiceField(
        label=_("Goes to sleep"),
        help_text=_(
            "A Space that sleeps costs nothing. Whoever visits it wakes it up, and waits a few minutes. Free hardware "
            "always sleeps after 48 hours."
        ),
        coerce=int,
        empty_value=None,
        required=False,
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, space: Space, change: Change) -> None:
        as_it_is = {"hardware": space.hardware, "sleep_seconds": space.sleep_seconds}
        super().__init__(data, space=space, change=change, initial=as_it_is)
        times = {*SLEEP_TIMES, space.sleep_seconds or SLEEP_TIMES[0]}
        self.fields["sleep_seconds"].choices = [  # type: ignore[attr-defined]  # a choice field has them
            *(
                (seconds, _("after %(time)s") % {"time": space_previews.span(seconds)})
                for seconds in sorted(times)
            ),
            ("", _("never")),
        ]

    def preview(self) -> Preview | None:
        if self.space.state != SpaceState.FAILED and self.wishes == self.initial:
            self.add_error(None, _("That is what the Space has now. Choose something else."))
            return None
        return super().preview()

    @property
    def wishes(self) -> dict[str, Any]:
        chosen = self.cleaned_data
        return {**chosen, "sleep_seconds": None} if chosen["hardware"] == FREE_HARDWARE else chosen


def form_of(change: Change, space: Space, data: Mapping[str, Any] | None) -> ChangeForm:
    kind = HardwareForm if change == Change.HARDWARE else ChangeForm
    return kind(data, space=space, change=change)
