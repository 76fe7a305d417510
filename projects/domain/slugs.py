"""Addresses made from names: readable where the name is in Latin letters, unique always."""

from collections.abc import Callable, Iterator
from itertools import count
from typing import TypeVar

from django.db import IntegrityError, models, transaction
from django.utils.text import slugify

M = TypeVar("M", bound=models.Model)
SHORTEST = 3


def wanted_slug(name: str, *, otherwise: str, max_length: int) -> str:
    """The name as a slug; `otherwise` as one where the name has hardly a Latin letter or digit."""
    slug = slugify(name)
    return (slug if len(slug) >= SHORTEST else slugify(otherwise))[:max_length].strip("-_")


def create_with_slug(model: type[M], wanted: str, create: Callable[[str], M]) -> M:
    """`create(slug)` with the first free one of `wanted`, `wanted-2`, `wanted-3`, …

    Whoever takes the same slug at the same moment makes this try the next one.
    """
    rows = model._default_manager
    for slug in _numbered(wanted):
        if rows.filter(slug=slug).exists():
            continue
        try:
            with transaction.atomic():
                return create(slug)
        except IntegrityError:
            if not rows.filter(slug=slug).exists():
                raise
    raise AssertionError("there is always a next number")


def _numbered(wanted: str) -> Iterator[str]:
    yield wanted
    for number in count(2):
        yield f"{wanted[:50]}-{number}"
