"""Which notices go out by mail, and when to try again; the row says it all, whoever does the sending.

A worker takes a notice by moving its next try into the future, in one UPDATE: a second worker finds it not
due, and if the first one dies the notice is due again after that time.
"""

from datetime import timedelta

from accounts.models import MailState, Notice
from dibt.lib import clock

# What follows each try: mail servers that ask for patience mean minutes first, then hours.
PAUSES = (
    timedelta(minutes=5),
    timedelta(minutes=20),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
)
MOST_TRIES = len(PAUSES)


def due() -> list[int]:
    """The ids of notices whose mail should be tried now, the longest waiting first."""
    waiting = Notice.objects.filter(mail_state=MailState.PENDING, mail_after__lte=clock.now())
    return list(waiting.order_by("mail_after").values_list("pk", flat=True)[:500])


def take(notice_id: int) -> Notice | None:
    """The notice, to be sent by the caller now; None when there is nothing to send or another has taken it."""
    notice = Notice.objects.select_related("user").filter(pk=notice_id, mail_state=MailState.PENDING).first()
    if notice is None or notice.mail_after is None or notice.mail_after > clock.now():
        return None
    if not notice.user.notification_email:
        _end(notice, MailState.NONE)
        return None
    if notice.mail_attempts >= MOST_TRIES:  # the worker of the last try died
        _end(notice, MailState.FAILED)
        return None
    next_try = clock.now() + PAUSES[notice.mail_attempts]
    tries = notice.mail_attempts + 1
    same = Notice.objects.filter(
        pk=notice.pk, mail_state=MailState.PENDING, mail_attempts=notice.mail_attempts
    )
    if not same.update(mail_attempts=tries, mail_after=next_try):
        return None
    notice.mail_attempts, notice.mail_after = tries, next_try
    return notice


def sent(notice: Notice) -> None:
    """The mail server took it: it is never sent again."""
    _end(notice, MailState.SENT)


def not_sent(notice: Notice) -> None:
    """The try failed. The next one comes by itself, unless it was the last."""
    if notice.mail_attempts >= MOST_TRIES:
        _end(notice, MailState.FAILED)


def _end(notice: Notice, state: MailState) -> None:
    Notice.objects.filter(pk=notice.pk, mail_state=MailState.PENDING).update(
        mail_state=state, mail_after=None
    )
    notice.refresh_from_db(fields=["mail_state", "mail_after"])
