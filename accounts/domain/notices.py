"""Notices: what the site tells one person, on a page of their own and by mail if they gave an address."""

from collections.abc import Mapping
from typing import cast

from django.db.models import F, QuerySet
from django.template import Context, Template
from django.template.loader import get_template
from django.utils.translation import gettext as _

from accounts.models import MailState, Notice, User
from dibt.lib import bells, clock
from dibt.lib.errors import NotVisibleError

MAIL_BELL = "notices.mail"


def notify(user: User, *, kind: str, params: Mapping[str, object], url: str) -> Notice:
    """Tell the person something.

    `kind` names the templates `notices/<kind>.subject.txt` and `.body.txt`; `params`, plain JSON values, fill
    them; `url` is the path on this site where to go about it, or empty. Raises TemplateDoesNotExist for an
    unknown kind and ValueError for a url that is no path, both mistakes of the caller.
    """
    if url and (not url.startswith("/") or url.startswith("//")):
        raise ValueError(f"A notice leads to a path of this site, not to {url!r}")
    _template(kind, "subject")
    _template(kind, "body")
    now = clock.now()
    by_mail = bool(user.notification_email)
    notice = Notice.objects.create(
        user=user,
        kind=kind,
        params=dict(params),
        url=url,
        created_at=now,
        mail_state=MailState.PENDING if by_mail else MailState.NONE,
        mail_after=now if by_mail else None,
    )
    if by_mail:
        bells.ring(MAIL_BELL, notice.pk)
    return notice


def withdraw(*, kind: str, url: str, params: Mapping[str, object]) -> int:
    """Take back what is true no longer and nobody has read yet: notices of that kind and address whose parameters are
    these, whoever they were for; returns how many. A mail that was sent is out."""
    told = {f"params__{name}": value for name, value in params.items()}
    return Notice.objects.filter(kind=kind, url=url, read_at=None, **told).delete()[0]


def text_of(notice: Notice) -> tuple[str, str]:
    """Subject (one line) and body as plain text in the reader's language; a page has to escape them."""
    # Plain text: with HTML escaping a title “A & B” would reach the mail as “A &amp; B”.
    subject = _template(notice.kind, "subject").render(Context(notice.params, autoescape=False))
    body = _template(notice.kind, "body").render(Context(notice.params, autoescape=False))
    # Joining and stripping also takes off the mark that says “safe as HTML”, which this text is not.
    return " ".join(subject.split()), body.strip()


def of(user: User) -> QuerySet[Notice]:
    """All notices of the person, unread ones first, then the newest."""
    return user.notices.order_by(F("read_at").asc(nulls_first=True), "-created_at", "-pk")


def mark_read(notice: Notice, *, by: User) -> None:
    """Note that the person has seen it; the first time counts. For others the notice does not exist."""
    if notice.user_id != by.pk:
        raise NotVisibleError(_("There is no such notice."))
    Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=clock.now())
    notice.refresh_from_db()


def mark_all_read(user: User) -> int:
    """Note that the person has seen all of them; returns how many were new."""
    return user.notices.filter(read_at=None).update(read_at=clock.now())


def _template(kind: str, part: str) -> Template:
    # The engine's own template, because only that lets the caller choose not to escape.
    return cast(Template, get_template(f"notices/{kind}.{part}.txt").template)  # type: ignore[attr-defined]  # of the Django backend
