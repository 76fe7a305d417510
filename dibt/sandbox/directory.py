"""The people as they are now: seeded from `people`, changed by tests through `/_sandbox/people`."""

import json
import sqlite3
from dataclasses import replace

from dibt.sandbox.fields import Fields
from dibt.sandbox.identifiers import object_id
from dibt.sandbox.people import ORGANISATIONS, PEOPLE, Person


def seed(db: sqlite3.Connection) -> None:
    """Put in the people there should be, where a first start finds none."""
    if db.execute("SELECT 1 FROM people LIMIT 1").fetchone() is None:
        for person in PEOPLE:
            save(db, person)


def save(db: sqlite3.Connection, person: Person) -> None:
    """Insert or replace a person by `sub`; sqlite3.IntegrityError if the handle is somebody else's."""
    document = json.dumps(
        {
            "fullname": person.fullname,
            "hint": person.hint,
            "memberships": dict(person.memberships),
            "is_pro": person.is_pro,
        }
    )
    db.execute(
        "INSERT INTO people (sub, position, handle, document)"
        " VALUES (:sub, (SELECT count(*) FROM people), :handle, :document)"
        " ON CONFLICT (sub) DO UPDATE SET handle = :handle, document = :document",
        {"sub": person.sub, "handle": person.handle, "document": document},
    )


def everybody(db: sqlite3.Connection) -> list[Person]:
    return [_person(row) for row in db.execute("SELECT * FROM people ORDER BY position")]


def by_handle(db: sqlite3.Connection, handle: str) -> Person | None:
    row = db.execute("SELECT * FROM people WHERE handle = ?", (handle,)).fetchone()
    return None if row is None else _person(row)


def by_sub(db: sqlite3.Connection, sub: str) -> Person | None:
    row = db.execute("SELECT * FROM people WHERE sub = ?", (sub,)).fetchone()
    return None if row is None else _person(row)


def members(db: sqlite3.Connection, organisation: str) -> list[tuple[Person, str]]:
    """The people of an organisation, each with the role there."""
    return [(person, role) for person in everybody(db) if (role := person.memberships.get(organisation))]


def change(db: sqlite3.Connection, handle: str, wanted: Fields) -> Person:
    """Change what `wanted` names of a person (handle, fullname, hint, isPro, memberships), or make one."""
    person = by_handle(db, handle) or Person(object_id(), handle, handle.capitalize(), "contributes")
    memberships = wanted.mapping("memberships").strings() if wanted.has("memberships") else person.memberships
    changed = replace(
        person,
        handle=wanted.text("handle", person.handle),
        fullname=wanted.text("fullname", person.fullname),
        hint=wanted.text("hint", person.hint),
        is_pro=wanted.flag("isPro") if wanted.has("isPro") else person.is_pro,
        memberships={name: role for name, role in memberships.items() if name in ORGANISATIONS},
    )
    save(db, changed)
    return changed


def _person(row: sqlite3.Row) -> Person:
    document = Fields.parse(str(row["document"]).encode())
    return Person(
        sub=row["sub"],
        handle=row["handle"],
        fullname=document.text("fullname"),
        hint=document.text("hint"),
        memberships=document.mapping("memberships").strings(),
        is_pro=document.flag("is_pro"),
    )
