"""Any sequence of actions of people and the machine, over a real registry.

No sequence loses a case or a letter, gives a number again or brings a void one back, or leaves a
case without either a due date or a stated reason; the trail only grows, by one event a step.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any, ClassVar

from hypothesis import HealthCheck, settings
from hypothesis import event as count_event
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import event, func, select, text

from correspondence.errors import SarabanError, StaleVersion
from correspondence.states import STATE_TABLE, Action
from correspondence.vocabulary import CaseState, Category, ContactChannel, LinkKind, Role
from pipeline.bootstrap import House
from pipeline.case_actions import act_on_case, possible_actions
from pipeline.case_request import CaseRequest
from pipeline.casework import claim_work, draft_cases
from registry.models import (
    AuditEvent,
    Case,
    Draft,
    DueDateRow,
    Letter,
    OutboxMessage,
    Pause,
    RegisterCounter,
)
from registry.voiding import void_reasons
from tests.case_office import SECOND, STAFF, plain_docx, staff_office
from tests.conftest import NOON, SetClock
from tests.seeding import Seed, register, small_house

ENDED = {CaseState.VOIDED, CaseState.DUPLICATE}
WITH_MEMO = {CaseState.IN_REVIEW, CaseState.SIGN_OFF, CaseState.AWAITING_DISPATCH}
PEOPLE = st.sampled_from([*STAFF.values(), *SECOND.values(), "pranee", "decha", "nobody"])
WORKERS = (
    STAFF[Role.OFFICER],
    STAFF[Role.GROUP_HEAD],
    SECOND[Role.GROUP_HEAD],
    "decha",
    STAFF[Role.REGISTRAR],
    STAFF[Role.OFFICE_HEAD],
)
RARELY = st.integers(min_value=0, max_value=9).map(lambda number: number == 9)
CATEGORIES = st.sampled_from(
    [
        (Category.COMPLAINT, "opinion"),
        (Category.COMPLAINT, "court_summons"),
        (Category.PARLIAMENTARY, "consultation"),
        (Category.GENERAL, None),
    ]
)
_MEMO = plain_docx()


class Office:
    """One house for all runs; every run has cases of its own."""

    house: ClassVar[House | None] = None
    home: ClassVar[Path | None] = None
    clock: ClassVar[SetClock] = SetClock()

    @classmethod
    def open(cls) -> House:
        if cls.house is None:
            cls.home = Path(tempfile.mkdtemp(prefix="saraban-machine-"))
            cls.house = small_house(cls.home, cls.clock)
            # Durability is not what is tried here, and thousands of steps wait for the disk.
            event.listen(cls.house.engine, "connect", _never_wait)
            cls.house.engine.dispose()
            staff_office(cls.house)
        return cls.house

    @classmethod
    def close(cls) -> None:
        if cls.house is not None and cls.home is not None:
            cls.house.close()
            shutil.rmtree(cls.home, ignore_errors=True)
        cls.house = cls.home = None


def _never_wait(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")


def teardown_module() -> None:
    Office.close()


class CaseMachine(RuleBasedStateMachine):
    """People act as they like; the model here only counts."""

    @initialize()
    def open_office(self) -> None:
        self.house = Office.open()
        Office.clock.now = NOON
        with self.house.sessions.begin() as session:
            self.first_case = (session.scalar(select(func.max(Case.id))) or 0) + 1
            self.first_letter = (session.scalar(select(func.max(Letter.id))) or 0) + 1
        self.cases: list[int] = []
        self.numbers: dict[int, tuple[int, int]] = {}
        self.void: set[int] = set()
        self.ended: dict[int, str] = {}
        self.versions: dict[int, int] = {}
        self.used: list[tuple[CaseRequest, int]] = []
        self.keys = 0
        self.events = self._events()
        self.come(abstained=False)

    # What happens.

    @rule(abstained=st.booleans())
    def come(self, abstained: bool) -> None:
        """A letter comes and the machine takes it as far as it may."""
        due = date(2026, 11, 24) if not abstained else None
        self.cases.append(register(self.house, Seed(abstained=abstained, due=due)))
        self._remember_numbers()
        self.events = self._events()

    @rule(data=st.data())
    def come_with_another(self, data: st.DataObject) -> None:
        """A mail brings a second letter into a case."""
        case_id = self._pick(data)
        other = register(self.house)
        self.cases.append(other)
        with self.house.sessions.begin() as session:
            item = session.scalars(select(Letter).where(Letter.case_id == other)).one()
            if CaseState(session.get_one(Case, case_id).state) not in ENDED:
                # The emptied case is the fixture's, not the house's: it counts as merged.
                item.case_id = case_id
                emptied = session.get_one(Case, other)
                emptied.state, emptied.duplicate_of_id = CaseState.DUPLICATE.value, case_id
        self._remember_numbers()
        self.events = self._events()

    @rule(data=st.data(), action=st.sampled_from(Action), by=PEOPLE, stale=st.booleans())
    def try_anything(self, data: st.DataObject, action: Action, by: str, stale: bool) -> None:
        """Somebody tries something, sensible or not."""
        self._act(self._pick(data), action, by, data, stale=stale)

    @rule(data=st.data(), times=st.integers(min_value=1, max_value=6))
    def work(self, data: st.DataObject, times: int) -> None:
        """Somebody does what they are offered, with all it needs; several times over."""
        case_id = self._pick(data)
        for _ in range(times):
            offers = [
                (name, entry.action)
                for name in WORKERS
                for entry in possible_actions(self.house, case_id, name)
                # What ends a case is tried often enough by whoever tries anything.
                if entry.to not in ENDED or data.draw(RARELY)
            ]
            if not offers:
                return
            actions = sorted({action for _, action in offers})
            action = data.draw(st.sampled_from(actions))
            by = data.draw(st.sampled_from([name for name, own in offers if own is action]))
            self._act(case_id, action, by, data, sensible=True)

    @rule()
    def draft(self) -> None:
        """The machine drafts what has no memo in force."""
        ids = claim_work(self.house, "machine")
        steps = draft_cases(self.house, "machine", ids)
        assert steps["failed"] == 0
        self.events = self._events()

    @rule(days=st.integers(min_value=1, max_value=40))
    def wait(self, days: int) -> None:
        Office.clock.move(days=days)

    @rule(data=st.data())
    def repeat(self, data: st.DataObject) -> None:
        """A request comes once more under its key: nothing is done."""
        if not self.used:
            return
        request, version = data.draw(st.sampled_from(self.used))
        again = act_on_case(self.house, request)
        assert (again.repeated, again.version) == (True, version)
        assert self._events() == self.events

    # What holds at any time.

    @invariant()
    def no_case_and_no_letter_is_lost(self) -> None:
        with self.house.sessions.begin() as session:
            found = set(session.scalars(select(Case.id).where(Case.id >= self.first_case)))
            assert found == set(self.cases)
            letters = session.scalars(select(Letter).where(Letter.id >= self.first_letter)).all()
            assert {letter.id for letter in letters} == set(self.numbers)
            assert {letter.case_id for letter in letters} <= found
            with_letters = {letter.case_id for letter in letters}
            for case in session.scalars(select(Case).where(Case.id.in_(found - with_letters))):
                assert case.state == CaseState.DUPLICATE.value
                assert case.duplicate_of_id is not None

    @invariant()
    def no_number_is_given_again_or_brought_back(self) -> None:
        with self.house.sessions.begin() as session:
            letters = session.scalars(select(Letter).where(Letter.id >= self.first_letter)).all()
            for letter in letters:
                assert self.numbers[letter.id] == (letter.register_year, letter.register_number)
            counts = session.execute(
                select(
                    Letter.register_year, func.count(), func.max(Letter.register_number)
                ).group_by(Letter.register_year)
            ).all()
            last = dict(
                session.execute(select(RegisterCounter.year, RegisterCounter.last_number))
                .tuples()
                .all()
            )
            for year, count, highest in counts:
                assert count == highest == last[year]
            void = set(void_reasons(session, self.numbers))
        assert void >= self.void
        self.void = void

    @invariant()
    def every_case_has_a_date_or_a_stated_reason(self) -> None:
        with self.house.sessions.begin() as session:
            cases = session.scalars(select(Case).where(Case.id >= self.first_case)).all()
            for case in cases:
                rows = session.scalars(
                    select(DueDateRow).where(
                        DueDateRow.case_id == case.id, DueDateRow.superseded_at.is_(None)
                    )
                ).all()
                assert len(rows) == 1
                assert rows[0].due_date == case.due_date
                assert case.due_date is not None or rows[0].explanation
                paused = session.scalar(
                    select(func.count()).where(Pause.case_id == case.id, Pause.resumed_at.is_(None))
                )
                assert bool(paused) == (case.state == CaseState.ON_HOLD.value)
                if paused:
                    assert case.due_date is None and "พักเรื่อง" in rows[0].explanation

    @invariant()
    def states_are_sound(self) -> None:
        with self.house.sessions.begin() as session:
            for case in session.scalars(select(Case).where(Case.id >= self.first_case)):
                state = CaseState(case.state)
                if case.id in self.ended:
                    assert state == self.ended[case.id]
                if state in ENDED:
                    self.ended[case.id] = state.value
                if state in WITH_MEMO:
                    in_force = select(func.count()).where(
                        Draft.case_id == case.id, Draft.superseded_at.is_(None)
                    )
                    assert session.scalar(in_force) == 1
                if state not in ENDED | {CaseState.TRIAGE, CaseState.REGISTERED}:
                    assert case.group_id is not None
                reopened = select(func.count()).where(
                    AuditEvent.case_id == case.id, AuditEvent.action == Action.REOPEN.value
                )
                assert session.scalar(reopened) == case.reopen_count
                assert case.version >= self.versions.get(case.id, 0)
                self.versions[case.id] = case.version

    # How it is done.

    def _pick(self, data: st.DataObject) -> int:
        return data.draw(st.sampled_from(self.cases))

    def _act(
        self,
        case_id: int,
        action: Action,
        by: str,
        data: st.DataObject,
        *,
        stale: bool = False,
        sensible: bool = False,
    ) -> None:
        with self.house.sessions.begin() as session:
            before = session.get_one(Case, case_id)
        self.keys += 1
        request = CaseRequest(
            case_id=case_id,
            action=action,
            by=by,
            key=f"{id(self)}-{self.first_case}-{self.keys}",
            expected_version=before.version - int(stale),
            **(self._sensible(case_id, data) if sensible else self._fields(case_id, data)),
        )
        try:
            done = act_on_case(self.house, request)
        except SarabanError as refusal:
            assert not stale or isinstance(refusal, StaleVersion)
            with self.house.sessions.begin() as session:
                after = session.get_one(Case, case_id)
            assert (after.state, after.version) == (before.state, before.version)
            assert self._events() == self.events
            return
        assert not stale
        count_event(f"done: {action}")
        edge = STATE_TABLE[CaseState(before.state), action]
        assert done.state in (edge.to, CaseState(before.state))
        assert done.version == before.version + 1
        # A split, a link and a merge stand on the trail of both cases.
        both = action in (Action.SPLIT, Action.LINK, Action.MERGE)
        assert self._events() == self.events + 1 + both
        self.events = self._events()
        self.used.append((request, done.version))
        if done.new_case_id is not None:
            self.cases.append(done.new_case_id)

    def _fields(self, case_id: int, data: st.DataObject) -> dict[str, Any]:
        category, subcategory = data.draw(CATEGORIES)
        if subcategory is None:
            general = self.house.configuration.taxonomy.entry(category)
            subcategory = general.subcategories[0].id
        with self.house.sessions.begin() as session:
            letters = list(session.scalars(select(Letter.id).where(Letter.case_id == case_id)))
        other = self._pick(data)
        today = Office.clock.now.date()
        return {
            "reason": data.draw(st.sampled_from(["", "มีเหตุผล", "มีเหตุผล"])),
            "category": category,
            "subcategory": subcategory,
            "group": data.draw(st.sampled_from(["political", "complaints", "none"])),
            "person": data.draw(PEOPLE),
            "agency": data.draw(st.sampled_from([None, "กรมอื่น"])),
            "due": today + timedelta(days=data.draw(st.integers(min_value=-3, max_value=60))),
            "memo": data.draw(st.sampled_from([None, _MEMO, b"PK no docx"])),
            "duplicate_of": other,
            "other_case": other,
            "link": data.draw(st.sampled_from([LinkKind.RELATED, LinkKind.EARLIER_MATTER])),
            "letter": data.draw(st.sampled_from(letters)) if letters else None,
            "contact": "ผู้ประสานงาน",
            "channel": ContactChannel.TELEPHONE,
        }

    def _sensible(self, case_id: int, data: st.DataObject) -> dict[str, Any]:
        """Return fields with which most actions can be carried out."""
        fields = self._fields(case_id, data)
        with self.house.sessions.begin() as session:
            due = session.get_one(Case, case_id).due_date
            last = session.scalars(
                select(Letter.id).where(Letter.case_id == case_id).order_by(Letter.id.desc())
            ).first()
        base = max(due or Office.clock.now.date(), Office.clock.now.date())
        return fields | {
            "reason": "มีเหตุผล",
            "agency": "กรมอื่น",
            "memo": _MEMO,
            "due": base + timedelta(days=data.draw(st.integers(min_value=4, max_value=20))),
            "group": data.draw(st.sampled_from(["political", "complaints"])),
            "person": data.draw(st.sampled_from([STAFF[Role.OFFICER], "pranee"])),
            "letter": last,
        }

    def _remember_numbers(self) -> None:
        with self.house.sessions.begin() as session:
            rows = session.scalars(select(Letter).where(Letter.id >= self.first_letter))
            for letter in rows:
                own = (letter.register_year, letter.register_number)
                assert self.numbers.setdefault(letter.id, own) == own

    def _events(self) -> int:
        with self.house.sessions.begin() as session:
            return session.scalar(select(func.count(AuditEvent.id))) or 0

    def teardown(self) -> None:
        # What this run has left for the machine must not wait for it in the next.
        with self.house.sessions.begin() as session:
            session.execute(text("UPDATE cases SET attempts = 99 WHERE id >= :first"),
                            {"first": self.first_case})  # fmt: skip
            orphans = select(func.count()).where(OutboxMessage.case_id.is_(None))
            assert session.scalar(orphans) == 0


CaseMachine.TestCase.settings = settings(
    max_examples=int(os.environ.get("CASE_MACHINE_RUNS", "20")),
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestCases = CaseMachine.TestCase
