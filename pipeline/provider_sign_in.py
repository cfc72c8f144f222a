"""Signing in on the word of an identity provider: for people of the register only.

The first time, the person's account is tied to the provider's lasting id of them: a name given to
somebody else there later opens nothing here. A new one-time password unties it.
"""

from __future__ import annotations

from sqlalchemy import select

from correspondence.errors import SarabanError
from pipeline.bootstrap import House
from pipeline.passwords import keyless_hash
from pipeline.signing_in import enter, take_try
from registry.accounts import forget_tries, lock_accounts, note_about_person, person_named
from registry.models import Account
from registry.transitions import MACHINE

_NOT_HERE = (
    "The provider knows you, this office does not: ask the administrator.",
    "ผู้ให้บริการยืนยันตัวตนแล้ว แต่ไม่มีชื่อนี้ในทะเบียนบุคลากร โปรดติดต่อผู้ดูแลระบบ",
)
_SOMEBODY_ELSE = (
    "This name was somebody else's at the provider: ask the administrator.",
    "ชื่อนี้ผูกไว้กับบัญชีอื่นของผู้ให้บริการ โปรดติดต่อผู้ดูแลระบบ",
)


class NotVouchedFor(SarabanError):
    """Whom the provider vouches for is nobody of this office; `outcome` is for the trail."""

    code = "not_vouched_for"

    def __init__(self, outcome: str) -> None:
        """Keep the outcome: unknown_person or other_subject."""
        english, thai = _SOMEBODY_ELSE if outcome == "other_subject" else _NOT_HERE
        super().__init__(english, thai=thai)
        self.outcome = outcome


def count_provider_try(house: House, errand: str, address: str) -> None:
    """Count a sign-in that comes back from the provider, before it is known how it ends.

    Args:
        house: the office's house.
        errand: what names this sign-in; each counts against the address only.
        address: where the browser is.

    Raises:
        TooManyTries: the address has to wait.
    """
    take_try(house, _counted(errand), address)


def sign_in_by_provider(
    house: House, issuer: str, subject: str, name: str, errand: str, address: str
) -> str:
    """Return the token of a new sign-in of somebody the provider vouches for.

    A one-time password that was never changed is worth nothing from then on.

    Args:
        house: the office's house.
        issuer: the provider.
        subject: its lasting id of the person.
        name: the sign-in name it gives, lower case.
        errand: as counted by `count_provider_try`; taken back, for it was the right person.
        address: where the browser is.

    Raises:
        NotVouchedFor: nobody in office has that name, or it was somebody else's there.
    """
    vouched = f"{issuer}|{subject}"
    now = house.clock()
    with house.sessions.begin() as session:
        lock_accounts(session)
        person = person_named(session, name)
        if person is None:
            raise NotVouchedFor("unknown_person")
        account = session.get(Account, person.id, populate_existing=True)
        if account is None:
            account = Account(person_id=person.id, must_change=False, created_at=now)
            session.add(account)
        tied = session.scalar(select(Account).where(Account.provider_subject == vouched))
        if account.provider_subject not in (None, vouched) or tied not in (None, account):
            raise NotVouchedFor("other_subject")
        if account.provider_subject is None:
            account.provider_subject = vouched
            session.flush()
            note_about_person(session, MACHINE, "tie_to_provider", person.id, at=now)
        if account.must_change:
            account.password_hash, account.must_change = None, False
        session.flush()
        forget_tries(session, keyless_hash(_counted(errand)), keyless_hash(address))
        return enter(house, session, person.id)


def note_refused_provider(house: House, outcome: str) -> None:
    """Write a refused sign-in into the trail: how it ended, and no name."""
    with house.sessions.begin() as session:
        note_about_person(
            session,
            MACHINE,
            "sign_in_failed",
            None,
            at=house.clock(),
            after={"by": "provider", "outcome": outcome},
        )


def _counted(errand: str) -> str:
    return f"provider {errand}"
