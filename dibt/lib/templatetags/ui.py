"""The site's components: one function and one file of ``templates/ui/`` each.

A name or an argument that is misspelled or missing fails when the template is parsed; a value outside the
documented ones fails when it is rendered. ``/styleguide/`` shows every component beside its code.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BoundField, RadioSelect
from django.template import Context, TemplateSyntaxError
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timesince import timesince, timeuntil
from django.utils.translation import gettext as _

from dibt.lib import charts, markdown
from dibt.lib.icons import DIRECTIONAL, ICONS
from dibt.lib.money import dollars
from dibt.lib.page_parts import DayCount, Step

register = template.Library()

VARIANTS = ("primary", "secondary", "quiet", "danger")
TONES = ("neutral", "accent", "good", "warn", "bad", "note", "yellow")
LEVELS = {"info": "note", "success": "good", "warning": "warn", "error": "bad"}
LEVEL_ICONS = {"info": "info", "success": "check", "warning": "warning", "error": "warning"}
SIZES = ("small", "medium", "large")
AVATAR_PIXELS = {"small": 24, "medium": 36, "large": 64}
AVATAR_HUES = 6


def _one_of(what: str, value: str, allowed: Iterable[str]) -> str:
    """``value``, or a refusal that lists the allowed ones."""
    if value not in allowed:
        raise TemplateSyntaxError(f"{value!r} is no {what}; it is one of {', '.join(sorted(allowed))}.")
    return value


def _inline(template_name: str, **context: object) -> SafeString:
    """A component that stands inside a line of text: no white space around it."""
    return mark_safe(render_to_string(template_name, context).strip())  # noqa: S308 - a rendered template


# --- Signs and actions ----------------------------------------------------------------------------


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of ``dibt.lib.icons``; silent for screen readers unless it has a ``label``."""
    _one_of("icon", name, ICONS)
    mirrored = " icon--mirrored" if name in DIRECTIONAL else ""
    voice = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    shapes = mark_safe(ICONS[name])  # noqa: S308 - our own drawing
    return format_html('<svg class="icon{}" viewBox="0 0 24 24" {}>{}</svg>', mirrored, voice, shapes)


@register.inclusion_tag("ui/button.html")
def button(
    label: str,
    variant: str = "primary",
    *,
    href: str = "",
    type: str = "submit",  # noqa: A002 - the name HTML gives it
    icon: str = "",
    icon_end: str = "",
    kbd: str = "",
    size: str = "medium",
    name: str = "",
    value: str = "",
    form: str = "",
    formaction: str = "",
    confirm: str = "",
    icon_only: bool = False,
    disabled: bool = False,
    pressed: bool | None = None,
    novalidate: bool = False,
) -> dict[str, object]:
    """A button, or with ``href`` a link that looks like one. ``confirm`` asks that question first.

    ``icon_only`` keeps the label for screen readers and as a tooltip.
    """
    given = dict(locals())
    _one_of("variant", variant, VARIANTS)
    _one_of("size", size, SIZES)
    _one_of("button type", type, ("submit", "button", "reset"))
    return given


@register.simple_tag
def badge(label: str, tone: str = "neutral", icon: str = "") -> SafeString:
    """A word about a state or a kind; the tone never says anything that the word does not."""
    _one_of("tone", tone, TONES)
    return _inline("ui/badge.html", label=label, tone=tone, icon=icon)


@register.inclusion_tag("ui/copy_field.html")
def copy_field(value: str, label: str, id: str) -> dict[str, str]:  # noqa: A002 - the name HTML gives it
    """A line to take away (a token, a command, a URL), with a button that copies it."""
    return {"value": value, "label": label, "id": id}


# --- Boxes ----------------------------------------------------------------------------------------


@register.simple_block_tag
def card(content: str, title: str = "", *, href: str = "", level: int = 2, tone: str = "") -> str:
    """A white box, with a heading if it has a title; ``href`` makes the whole card a link's target area."""
    if tone:
        _one_of("tone", tone, TONES)
    return render_to_string(
        "ui/card.html", {"content": content, "title": title, "href": href, "tag": f"h{level}", "tone": tone}
    )


@register.simple_block_tag
def message(content: str, level: str, title: str = "", *, dismissable: bool = False) -> str:
    """A sentence the reader should not miss: info, success, warning or error."""
    _one_of("level", level, LEVELS)
    return render_to_string(
        "ui/message.html",
        {
            "content": content,
            "title": title,
            "tone": LEVELS[level],
            "icon": LEVEL_ICONS[level],
            "urgent": level == "error",
            "dismissable": dismissable,
        },
    )


@register.simple_block_tag
def empty_state(content: str, title: str, icon: str = "database", *, level: int = 2) -> str:
    """What stands where there is nothing yet: says why, and what to do (put a button into the block)."""
    return render_to_string(
        "ui/empty_state.html", {"content": content, "title": title, "icon": icon, "tag": f"h{level}"}
    )


# --- Forms ----------------------------------------------------------------------------------------


@register.inclusion_tag("ui/field.html")
def field(form_field: BoundField, *, hide_label: bool = False) -> dict[str, object]:
    """One field of a Django form: label, help, errors, and the wires between them for screen readers."""
    kind = form_field.widget_type
    return {
        "field": form_field,
        "kind": kind,
        "grouped": form_field.use_fieldset,
        "hide_label": hide_label,
        "choices": isinstance(form_field.field.widget, RadioSelect),
    }


@register.inclusion_tag("ui/form_fields.html")
def form_fields(form: BaseForm) -> dict[str, object]:
    """What went wrong with a form, and all of its fields, one below another."""
    return {"form": form}


@register.inclusion_tag("ui/form_errors.html")
def form_errors(form: BaseForm) -> dict[str, object]:
    """What went wrong with a form, each line leading to its field; nothing where all is well."""
    wrong = [form[name] for name in form.errors if name in form.fields]
    return {"general": form.non_field_errors(), "fields": wrong, "any": bool(form.errors)}


# --- Numbers --------------------------------------------------------------------------------------


@register.filter
def number(value: float | Decimal | str | None) -> str:
    """``12345`` as ``12,345``, in the reader's language; an en dash for ``None``."""
    return "–" if value is None or value == "" else number_format(value, force_grouping=True, use_l10n=True)


# ``12.5`` as ``$12.50``, in the reader's way of writing numbers.
register.filter("dollars", dollars)


@register.inclusion_tag("ui/meter.html")
def meter(
    value: float | Decimal,
    max: float | Decimal,  # noqa: A002 - the name HTML gives it
    label: str,
    *,
    tone: str = "accent",
    text: str = "",
) -> dict[str, object]:
    """How much of ``max`` is there, as a bar; ``text`` is shown beside the label, else "value of max"."""
    _one_of("tone", tone, TONES)
    share = charts.share(float(value), float(max))
    said = text or _("%(value)s of %(max)s") % {"value": number(value), "max": number(max)}
    return {"label": label, "text": said, "share": share, "tone": tone}


@register.simple_block_tag
def stats(content: str) -> str:
    """A row of ``{% stat %}``."""
    return format_html('<dl class="stats">{}</dl>', content)


@register.inclusion_tag("ui/stat.html")
def stat(label: str, value: float | str, hint: str = "", *, icon: str = "") -> dict[str, object]:
    """One number that matters, its name, and perhaps how fresh it is; inside ``{% stats %}``."""
    shown = value if isinstance(value, str) else number(value)
    return {"label": label, "value": shown, "hint": hint, "icon": icon}


@register.inclusion_tag("ui/sparkline.html")
def sparkline(values: Sequence[float], label: str) -> dict[str, object]:
    """A line through a few values, oldest first; ``label`` says in words what it shows."""
    points = charts.polyline(values, width=120, height=32)
    return {"points": points, "label": label, "last": values[-1] if values else None}


@register.inclusion_tag("ui/bars_by_day.html")
def bars_by_day(rows: Sequence[DayCount], title: str, *, unit: str = "") -> dict[str, object]:
    """A bar for each day, oldest first, and the same numbers as a table."""
    return {
        "title": title,
        "unit": unit or _("Answers"),
        "rows": rows,
        "bars": charts.bars(rows, width=600, height=120),
        "total": sum(row.count for row in rows),
        "top": max((row.count for row in rows), default=0),
    }


# --- People, time, language -----------------------------------------------------------------------


@register.inclusion_tag("ui/avatar.html")
def avatar(name: str, url: str = "", size: str = "medium") -> dict[str, object]:
    """A person's picture, or their initial on a colour of their own. The name is expected beside it."""
    _one_of("size", size, SIZES)
    hue = sum(map(ord, name)) % AVATAR_HUES + 1
    return {
        "initial": name[:1].upper() or "?",
        "url": url,
        "size": size,
        "pixels": AVATAR_PIXELS[size],
        "hue": hue,
    }


@register.simple_tag
def time_ago(when: datetime) -> SafeString:
    """How long ago, or in how long, with the moment itself as a tooltip."""
    from dibt.lib.clock import now

    at = now()
    if abs((at - when).total_seconds()) < 60:
        words = _("just now")
    elif when < at:
        words = _("%(time)s ago") % {"time": timesince(when, at, depth=1)}
    else:
        words = _("in %(time)s") % {"time": timeuntil(when, at, depth=1)}
    return _inline("ui/time.html", when=when, words=words)


@register.simple_tag
def moment(when: datetime) -> SafeString:
    """A date and time: in UTC, and by script in the reader's own time zone."""
    return _inline("ui/time.html", when=when, words="")


@register.inclusion_tag("ui/language_chip.html")
def language_chip(code: str) -> dict[str, object]:
    """A language by its name in English and in itself; ``code`` is like ``yor_Latn``."""
    from dibt.lib import languages

    return {"language": languages.get(code)}


@register.inclusion_tag("ui/record_text.html")
def record_text(text: str, lang: str = "", dir: str = "auto") -> dict[str, str]:  # noqa: A002
    """Text of a record as it is: its line breaks kept, its direction held apart from the page's."""
    _one_of("direction", dir, ("ltr", "rtl", "auto"))
    return {"text": text, "lang": lang, "dir": dir}


@register.inclusion_tag("ui/markdown.html", name="markdown")
def markdown_text(text: str, lang: str = "", dir: str = "auto") -> dict[str, object]:  # noqa: A002
    """Markdown written by people, as harmless HTML."""
    _one_of("direction", dir, ("ltr", "rtl", "auto"))
    return {"html": markdown.render(text), "lang": lang, "dir": dir}


# --- Finding one's way ----------------------------------------------------------------------------


def _path(context: Context) -> str:
    request = context.get("request")
    return request.path if request is not None else ""


@register.inclusion_tag("ui/nav_link.html", takes_context=True)
def nav_link(context: Context, url_name: str, label: str, icon: str = "") -> dict[str, object]:
    """A link of the main navigation, marked while the reader is below it; none where there is no such page."""
    try:
        url = reverse(url_name)
    except NoReverseMatch:
        return {"url": ""}
    return {"url": url, "label": label, "icon": icon, "current": _path(context).startswith(url)}


@register.simple_block_tag
def tabs(content: str, label: str) -> str:
    """The sections of one thing, each a ``{% tab %}``; ``label`` names the thing for screen readers."""
    return render_to_string("ui/tabs.html", {"content": content, "label": label})


@register.inclusion_tag("ui/tab.html", takes_context=True)
def tab(
    context: Context,
    label: str,
    url: str,
    *,
    icon: str = "",
    count: int | None = None,
    current: bool | None = None,
    below: bool = False,
) -> dict[str, object]:
    """One section inside ``{% tabs %}``; current where the reader is at ``url``, unless told otherwise.

    With ``below``, pages below that one belong to the section too.
    """
    path = _path(context)
    here = (path == url or (below and path.startswith(url))) if current is None else current
    return {"label": label, "url": url, "icon": icon, "count": count, "current": here}


@register.inclusion_tag("ui/breadcrumbs.html")
def breadcrumbs(*parts: str) -> dict[str, object]:
    """The way here: label and URL by turns, and last the label of this page."""
    if len(parts) % 2 == 0:
        raise TemplateSyntaxError("breadcrumbs takes a label and a URL by turns, and the last label alone.")
    return {"crumbs": list(zip(parts[:-1:2], parts[1::2], strict=True)), "last": parts[-1]}


@register.inclusion_tag("ui/pagination.html", takes_context=True)
def pagination(context: Context, page: Page[Any]) -> dict[str, object]:
    """Ways to the other pages of a list, keeping the rest of the query; nothing for a single page."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {"page": page, "numbers": list(numbers), "query": context["request"].GET}


@register.inclusion_tag("ui/steps.html")
def steps(items: Sequence[Step], label: str) -> dict[str, object]:
    """Longer work step by step, with what became of each and how long it took."""
    return {"items": items, "label": label}
