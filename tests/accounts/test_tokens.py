from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import transaction

from accounts.domain import tokens
from accounts.models import ApiToken
from dibt.lib import clock
from dibt.lib.errors import ConflictError, InvalidError, NotVisibleError
from tests.at_once import needs_row_locks, somebody_waits, without_patience
from tests.factories import person

pytestmark = pytest.mark.django_db


def test_a_token_is_found_by_its_secret_which_is_kept_nowhere():
    ibis = person("ibis")

    token, secret = tokens.make(ibis, name="nightly dashboard")

    assert secret.startswith("dibt_")
    assert len(secret) > 40
    assert tokens.find(secret) == token
    assert token.prefix == secret[:12]
    stored = ApiToken.objects.values().get()
    assert all(secret not in str(value) for value in stored.values())


@pytest.mark.parametrize("secret", ["", "dibt_", "dibt_unknown", "hf_something", "dibt_\x00"])
def test_what_was_never_made_finds_nothing(secret):
    tokens.make(person("ibis"), name="a")

    assert tokens.find(secret) is None


def test_a_secret_finds_nothing_without_its_mark_or_with_one_character_changed():
    _token, secret = tokens.make(person("ibis"), name="a")

    assert tokens.find(secret.removeprefix("dibt_")) is None
    assert tokens.find(secret[:-1] + ("a" if secret[-1] != "a" else "b")) is None


def test_a_revoked_token_finds_nothing_and_stays_revoked_when_revoked_again():
    ibis = person("ibis")
    token, secret = tokens.make(ibis, name="a")

    tokens.revoke(token, by=ibis)
    first = token.revoked_at
    tokens.revoke(token, by=ibis)

    assert tokens.find(secret) is None
    assert token.revoked_at == first


def test_for_others_a_token_does_not_exist():
    token, secret = tokens.make(person("ibis"), name="a")

    with pytest.raises(NotVisibleError):
        tokens.revoke(token, by=person("tern"))

    assert tokens.find(secret) == token


def test_the_token_of_a_closed_account_finds_nothing():
    ibis = person("ibis")
    _token, secret = tokens.make(ibis, name="a")

    ibis.is_active = False
    ibis.save()

    assert tokens.find(secret) is None


@pytest.mark.parametrize("name", ["", "   ", "x" * 81])
def test_a_token_needs_a_name_that_fits(name):
    with pytest.raises(InvalidError) as refusal:
        tokens.make(person("ibis"), name=name)

    assert set(refusal.value.fields) == {"name"}


def test_a_name_is_free_again_once_its_token_is_revoked():
    ibis = person("ibis")
    token, _secret = tokens.make(ibis, name="script")

    with pytest.raises(ConflictError):
        tokens.make(ibis, name=" script ")
    tokens.make(person("tern"), name="script")
    tokens.revoke(token, by=ibis)

    tokens.make(ibis, name="script")


@needs_row_locks
@pytest.mark.django_db(transaction=True)
def test_a_form_sent_twice_in_the_same_moment_makes_one_token():
    ibis = person("ibis")

    with ThreadPoolExecutor(1) as other, transaction.atomic():
        tokens.make(ibis, name="script")
        again = other.submit(without_patience, lambda: tokens.make(ibis, name="script"))
        while not again.done() and not somebody_waits():
            pass

    assert isinstance(again.exception(), ConflictError)
    assert ibis.api_tokens.count() == 1


def test_nobody_has_more_tokens_than_the_limit(monkeypatch):
    monkeypatch.setattr(tokens, "MOST_TOKENS", 2)
    ibis = person("ibis")
    tokens.make(ibis, name="a")
    tokens.make(ibis, name="b")

    with pytest.raises(ConflictError, match="Revoke one"):
        tokens.make(ibis, name="c")


def test_use_is_noted_at_most_once_a_minute(django_assert_num_queries):
    token, secret = tokens.make(person("ibis"), name="a")
    start = clock.now()

    with clock.at(start):
        tokens.note_use(token)
    with clock.at(start + timedelta(seconds=59)):
        again = tokens.find(secret)
        assert again is not None
        with django_assert_num_queries(0):
            tokens.note_use(again)
    token.refresh_from_db()
    assert token.last_used_at == start

    with clock.at(start + timedelta(seconds=60)):
        tokens.note_use(token)
    token.refresh_from_db()
    assert token.last_used_at == start + timedelta(seconds=60)
