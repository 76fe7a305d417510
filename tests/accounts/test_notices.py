from datetime import timedelta
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.locmem import EmailBackend as Outbox
from django.template import TemplateDoesNotExist

from accounts import tasks
from accounts.domain import mailing, notices, people
from accounts.models import MailState, Notice, User
from dibt.lib import bells, clock
from dibt.lib.errors import NotVisibleError
from tests.factories import person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("a_notice_kind")]

TITLE = "Dam & <b>sluice</b>"


class DeadMailServer(BaseEmailBackend):
    """Takes nothing."""

    def send_messages(self, _messages):
        raise SMTPServerDisconnected("Connection unexpectedly closed")


class SlowMailServer(Outbox):
    """While it takes a mail, another worker is told about the same notice."""

    def send_messages(self, email_messages):
        tasks.send(Notice.objects.get().pk)
        return super().send_messages(email_messages)


def reader(*, email: str = "ibis@example.org") -> User:
    user = person("ibis")
    people.set_notification_email(user, email=email)
    return user


def tell(user: User) -> Notice:
    return notices.notify(
        user, kind="dam-mended", params={"title": TITLE, "count": 3}, url="/cohorts/?page=1&x=2"
    )


def test_a_notice_reads_as_plain_text_on_one_line_and_in_a_body():
    notice = tell(person("ibis"))

    subject, body = notices.text_of(notice)

    assert subject == "Dam & <b>sluice</b> was mended"
    assert body == "The dam “Dam & <b>sluice</b>” holds again.\n\n3 people helped."
    assert not hasattr(subject, "__html__"), "a page would show it unescaped"
    assert not hasattr(body, "__html__"), "a page would show it unescaped"


def test_an_unknown_kind_is_refused_when_it_is_told():
    with pytest.raises(TemplateDoesNotExist):
        notices.notify(person("ibis"), kind="no-such-kind", params={}, url="")

    assert not Notice.objects.exists()


@pytest.mark.parametrize("url", ["https://example.org/", "//example.org", "javascript:alert(1)", "cohorts/"])
def test_a_notice_leads_nowhere_but_to_this_site(url):
    with pytest.raises(ValueError, match="path of this site"):
        notices.notify(person("ibis"), kind="dam-mended", params={}, url=url)


def test_unread_notices_come_first_and_then_the_newest():
    ibis = person("ibis")
    told = []
    for minute in range(4):
        with clock.at(clock.now() + timedelta(minutes=minute)):
            told.append(tell(ibis))
    oldest, older, newer, newest = told

    notices.mark_read(newest, by=ibis)
    notices.mark_read(older, by=ibis)

    assert list(notices.of(ibis))[:2] == [newer, oldest]


def test_reading_counts_the_first_time_and_only_by_the_person_told():
    ibis = person("ibis")
    notice = tell(ibis)

    with pytest.raises(NotVisibleError):
        notices.mark_read(notice, by=person("tern"))
    assert ibis.unread_notices == 1

    notices.mark_read(notice, by=ibis)
    first = notice.read_at
    notices.mark_read(notice, by=ibis)
    assert notice.read_at == first is not None
    assert ibis.unread_notices == 0


def test_marking_all_read_leaves_other_peoples_alone():
    ibis, tern = person("ibis"), person("tern")
    tell(ibis)
    tell(tern)

    assert notices.mark_all_read(ibis) == 1

    assert (ibis.unread_notices, tern.unread_notices) == (0, 1)


def test_without_an_address_no_mail_waits():
    notice = tell(person("ibis"))

    tasks.send(notice.pk)

    assert notice.mail_state == MailState.NONE
    assert mail.outbox == []
    assert mailing.due() == []


def test_the_mail_is_plain_text_with_addresses_that_work_anywhere(settings):
    settings.SITE_URL = "https://dibt.example"
    notice = tell(reader())

    tasks.send(notice.pk)

    [message] = mail.outbox
    assert message.to == ["ibis@example.org"]
    assert message.subject == "Dam & <b>sluice</b> was mended"
    assert "The dam “Dam & <b>sluice</b>” holds again." in message.body
    assert "\nhttps://dibt.example/cohorts/?page=1&x=2\n" in message.body
    assert "\n-- \n" in message.body
    assert message.body.endswith("https://dibt.example/me/\n")
    notice.refresh_from_db()
    assert (notice.mail_state, notice.mail_after) == (MailState.SENT, None)


def test_the_bell_rings_on_commit_and_not_for_a_notice_that_was_rolled_back(
    django_capture_on_commit_callbacks, monkeypatch
):
    rung: list[int] = []
    monkeypatch.setattr(tasks.send, "delay", rung.append)

    with django_capture_on_commit_callbacks(execute=True):
        notice = tell(reader())
        assert rung == []

    assert rung == [notice.pk]


def test_the_sweeper_rings_again_for_mail_that_nobody_took(monkeypatch):
    rung: list[int] = []
    monkeypatch.setattr(tasks.send, "delay", rung.append)
    notice = tell(reader())
    sent = tell(reader())
    tasks.send(sent.pk)

    bells.ring_again()

    assert rung == [notice.pk]


def test_told_twice_about_one_notice_the_worker_sends_one_mail():
    notice = tell(reader())

    tasks.send(notice.pk)
    tasks.send(notice.pk)

    assert len(mail.outbox) == 1


def test_a_second_worker_leaves_a_mail_alone_while_the_first_one_sends_it(settings):
    settings.EMAIL_BACKEND = f"{__name__}.SlowMailServer"
    notice = tell(reader())

    tasks.send(notice.pk)

    assert len(mail.outbox) == 1


def test_a_failed_mail_is_tried_again_later_and_then_arrives(settings):
    settings.EMAIL_BACKEND = f"{__name__}.DeadMailServer"
    notice = tell(reader())
    start = clock.now()

    with clock.at(start):
        tasks.send(notice.pk)
        assert mailing.due() == []
    notice.refresh_from_db()
    assert (notice.mail_state, notice.mail_attempts, notice.mail_after) == (
        MailState.PENDING,
        1,
        start + mailing.PAUSES[0],
    )

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    with clock.at(start + mailing.PAUSES[0]):
        assert mailing.due() == [notice.pk]
        tasks.send(notice.pk)
    notice.refresh_from_db()
    assert notice.mail_state == MailState.SENT
    assert len(mail.outbox) == 1


def test_after_the_last_try_a_mail_has_failed_and_is_not_tried_again(settings):
    settings.EMAIL_BACKEND = f"{__name__}.DeadMailServer"
    notice = tell(reader())
    moment = clock.now()

    for pause in mailing.PAUSES:
        with clock.at(moment):
            tasks.send(notice.pk)
        moment += pause
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    with clock.at(moment):
        tasks.send(notice.pk)
        assert mailing.due() == []

    notice.refresh_from_db()
    assert (notice.mail_state, notice.mail_attempts) == (MailState.FAILED, mailing.MOST_TRIES)
    assert mail.outbox == []


def test_a_mail_whose_worker_died_is_taken_again_when_its_time_has_come():
    notice = tell(reader())
    start = clock.now()

    with clock.at(start):
        assert mailing.take(notice.pk) is not None  # and then the worker dies
        assert mailing.take(notice.pk) is None
    with clock.at(start + mailing.PAUSES[0]):
        tasks.send(notice.pk)

    assert len(mail.outbox) == 1


def test_a_mail_whose_last_worker_died_has_failed():
    notice = tell(reader())
    Notice.objects.update(mail_attempts=mailing.MOST_TRIES)

    tasks.send(notice.pk)

    notice.refresh_from_db()
    assert notice.mail_state == MailState.FAILED
    assert mail.outbox == []


def test_whoever_takes_the_address_back_gets_no_mail_that_still_waited():
    user = reader()
    notice = tell(user)
    people.set_notification_email(user, email="")

    tasks.send(notice.pk)

    notice.refresh_from_db()
    assert notice.mail_state == MailState.NONE
    assert mail.outbox == []


def test_a_notice_that_is_gone_is_no_work():
    tasks.send(12345)

    assert mail.outbox == []
