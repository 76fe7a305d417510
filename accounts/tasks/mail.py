"""Sends a notice by mail."""

import logging
import smtplib
from urllib.parse import urljoin

from celery import shared_task
from django.conf import settings
from django.core.mail import EmailMessage
from django.template import Context
from django.template.loader import get_template
from django.urls import reverse

from accounts.domain import mailing, notices
from accounts.models import Notice
from dibt.lib import bells

logger = logging.getLogger(__name__)


@shared_task(name="accounts.mail.send", soft_time_limit=60, time_limit=90)
def send(notice_id: int) -> None:
    """Send the mail of a notice, if it waits and is due. Safe to call at any time, and as often as one likes.

    What fails is tried again when the row says so, because the sweeper rings for it then.
    """
    notice = mailing.take(notice_id)
    if notice is None:
        return
    try:
        message_of(notice).send()
    except (smtplib.SMTPException, OSError) as error:
        logger.warning("Notice %d could not be mailed: %s", notice.pk, type(error).__name__)
        mailing.not_sent(notice)
    else:
        mailing.sent(notice)


@bells.on(notices.MAIL_BELL, waiting=mailing.due)
def _enqueue(notice_id: int) -> object:
    return send.delay(notice_id)


def message_of(notice: Notice) -> EmailMessage:
    """The mail: plain text, with addresses that work outside the site."""
    subject, body = notices.text_of(notice)
    text = get_template("notices/_mail.txt").template.render(  # type: ignore[attr-defined]  # of the Django backend
        Context(
            {
                "body": body,
                "url": urljoin(settings.SITE_URL, notice.url) if notice.url else "",
                "settings_url": urljoin(settings.SITE_URL, reverse("accounts:me")),
            },
            autoescape=False,
        )
    )
    return EmailMessage(subject, text.strip() + "\n", to=[notice.user.notification_email])
