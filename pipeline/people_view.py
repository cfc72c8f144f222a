"""Who is in office: roles, clearance, absence, deputy, and whether they can sign in."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import aliased

from correspondence.reading import Frozen
from correspondence.vocabulary import Role
from pipeline.bootstrap import House
from registry.engine import open_snapshot
from registry.models import Account, Person, PersonRole


class HeldRole(Frozen):
    """A role, in one group or (None) in the whole office."""

    role: Role
    group: str | None


class PersonView(Frozen):
    """One person; `retired_at` is set for those who have left.

    `account` is `none`, `one_time` (a password that has to be changed first) or `ready`.
    """

    id: int
    sign_in: str
    thai_name: str
    email: str
    clearance: str
    roles: tuple[HeldRole, ...]
    deputy: str | None
    absent_from: date | None
    absent_until: date | None
    account: str
    last_sign_in_at: datetime | None
    retired_at: datetime | None


def people_in_office(house: House, *, retired: bool = False) -> tuple[PersonView, ...]:
    """Return the staff by sign-in name; with `retired` those who have left, too."""
    deputy = aliased(Person)
    query = (
        select(Person, deputy.sign_in, Account)
        .outerjoin(deputy, deputy.id == Person.deputy_id)
        .outerjoin(Account, Account.person_id == Person.id)
        .order_by(Person.sign_in)
    )
    if not retired:
        query = query.where(Person.retired_at.is_(None))
    with open_snapshot(house.sessions) as session:
        held: dict[int, list[HeldRole]] = defaultdict(list)
        for row in session.scalars(select(PersonRole).order_by(PersonRole.id)):
            held[row.person_id].append(HeldRole(role=Role(row.role), group=row.group_id))
        return tuple(
            PersonView(
                id=person.id,
                sign_in=person.sign_in,
                thai_name=person.thai_name,
                email=person.email,
                clearance=person.clearance,
                roles=tuple(held[person.id]),
                deputy=deputy_name,
                absent_from=person.absent_from,
                absent_until=person.absent_until,
                account=_account(account),
                last_sign_in_at=account.last_sign_in_at if account else None,
                retired_at=person.retired_at,
            )
            for person, deputy_name, account in session.execute(query).tuples()
        )


def _account(account: Account | None) -> str:
    if account is None or (account.password_hash is None and account.provider_subject is None):
        return "none"
    return "one_time" if account.must_change else "ready"
