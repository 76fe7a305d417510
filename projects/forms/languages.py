"""Choosing several of some thousand languages: a line for each, by name or code; suggestions come while typing."""

from functools import cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.datastructures import MultiValueDict
from django.utils.safestring import SafeString
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from dibt.lib import languages
from dibt.lib.text import excerpt

SPARE_LINES = 2
MOST_LINES = 50


class LanguagesInput(forms.Widget):
    """A text input for each language, and some to spare; a script adds more as they are filled."""

    template_name = "applications/_languages.html"
    use_fieldset = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:  # noqa: ARG002 - Django's signature
        typed = data.getlist(name) if isinstance(data, MultiValueDict) else data.get(name, [])
        return [text.strip() for text in typed if text.strip()]

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:  # noqa: ARG002 - Django's signature
        lines = [{"text": text, "language": resolve(text)} for text in [*(value or []), *[""] * SPARE_LINES]]
        context = {"name": name, "lines": lines, "attrs": attrs or {}, "languages": well_known()}
        return render_to_string(self.template_name, context)

    def id_for_label(self, id_: str | None, index: Any = None) -> str:  # noqa: ARG002 - Django's signature
        return id_ or ""


class LanguagesField(forms.Field):
    """Languages as a list of codes, each once, in the order in which they were written."""

    widget = LanguagesInput

    def to_python(self, value: Any) -> list[str]:
        if len(value or []) > MOST_LINES:
            raise ValidationError(_("These are too many languages; name the most important ones."))
        return list(dict.fromkeys(self._code(text) for text in value or []))

    def _code(self, text: str) -> str:
        if language := resolve(text):
            return language.code
        raise ValidationError(_unknown(text))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return list(initial or []) != list(data or [])


def resolve(text: str) -> languages.Language | None:
    """The language that this text names: by code, by a name in English or in itself, or by its everyday name."""
    text = text.strip()
    if languages.is_known(text):
        return languages.get(text)
    said = text.casefold()
    for language in languages.search(text, limit=3):
        if said in {language.name.casefold(), language.autonym.casefold(), language.label.casefold()}:
            return language
    return languages.named(text)


def _unknown(text: str) -> str:
    """What to do about a name that could be any language or none."""
    shown = excerpt(text)
    close = [f"{language.name} ({language.code})" for language in languages.close_to(text)]
    if not close:
        return _("“%(text)s” is no language that we know. Try its English name.") % {"text": shown}
    return _("“%(text)s” is not clear to us. Did you mean %(names)s?") % {
        "text": shown,
        "names": get_text_list(close, _("or")),
    }


@cache
def well_known() -> list[languages.Language]:
    """Suggestions for a page without script: the few hundred languages whose own name is known."""
    return [language for code, _label in languages.choices() if (language := languages.get(code)).autonym]
