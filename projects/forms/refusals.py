"""Where a refusal of the domain becomes the errors of the form that asked, so that nothing typed is lost."""

from collections.abc import Callable

from django.forms import BaseForm

from dibt.lib.errors import ConflictError, DomainError, InvalidError


def attempt(form: BaseForm, action: Callable[[], object]) -> DomainError | None:
    """Do it; a refusal about what was typed, or about a world that moved on, is shown on the form and returned.

    That somebody may not do or see a thing is no matter of the form and is raised on.
    """
    try:
        action()
    except InvalidError as refusal:
        form.add_error(None, refusal.message)
        for name, texts in refusal.fields.items():
            form.add_error(name if name in form.fields else None, texts)
        return refusal
    except ConflictError as refusal:
        form.add_error(None, refusal.message)
        return refusal
    return None
