"""Deadline rules, office hours and clocks of the office (`deadlines.toml`)."""

from __future__ import annotations

from datetime import time
from enum import StrEnum
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from correspondence.deadline import DeadlineRule
from correspondence.reading import Frozen
from correspondence.vocabulary import (
    Category,
    Channel,
    Deem,
    PeriodUnit,
    Role,
    Roll,
    ThaiTerm,
    Urgency,
)
from office.toml_file import load_toml


class Precedence(StrEnum):
    """Where a due date comes from, in the order of deadlines.md; the earlier member weighs more.

    STATED, ORDER and STATUTE bind the office from outside: the earliest of them wins. STANDARD
    holds only without them, URGENCY only without a standard, DEFAULT only without anything.
    """

    STATED = "stated"
    ORDER = "order"
    STATUTE = "statute"
    STANDARD = "standard"
    URGENCY = "urgency"
    DEFAULT = "default"


Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class RuleStart(StrEnum):
    """What a period counts from; MEETING and SITTING_DAY count backwards (lead time)."""

    RECEIPT = "receipt"
    NOTIFIED = "notified"
    RESOLUTION = "resolution"
    SERVICE = "service"
    MEETING = "meeting"
    SITTING_DAY = "sitting_day"

    @property
    def is_lead(self) -> bool:
        """Tell whether the period lies before the start."""
        return self in (RuleStart.MEETING, RuleStart.SITTING_DAY)


class RuleEntry(Frozen):
    """One `[[rule]]`: a period (กำหนดเวลา) and the letters it applies to.

    `applies_to` and `except_for` hold `category` or `category/subcategory`; an empty
    `applies_to` means every letter that meets the other conditions. A rule `on_request` applies
    only where a person named it for the case, and then stands in for the rules in `replaces`.
    `verified` is `yes`, or says in words how far the number may be trusted.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    thai: str = Field(min_length=1)
    days: int = Field(ge=0, le=3660)
    unit: PeriodUnit
    start: RuleStart
    roll: Roll = Roll.NONE
    precedence: Precedence
    source: str = Field(min_length=1)
    verified: str = Field(min_length=1)
    applies_to: tuple[str, ...] = ()
    except_for: tuple[str, ...] = ()
    urgency: Urgency | None = None
    sitting_weekday: Weekday | None = None
    on_request: bool = False
    replaces: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _names_known_categories(self) -> RuleEntry:
        for name in (*self.applies_to, *self.except_for):
            if name.partition("/")[0] not in set(Category):
                raise ValueError(f"{self.id}: {name} begins with no category")
        if self.unit is PeriodUnit.HOURS and (
            self.start is not RuleStart.RECEIPT or self.roll is not Roll.NONE
        ):
            raise ValueError(f"{self.id}: hours count straight on, from receipt only")
        if self.precedence is Precedence.URGENCY and self.urgency is None:
            raise ValueError(f"{self.id}: precedence urgency needs the key urgency")
        return self

    def as_rule(self) -> DeadlineRule:
        """Return the part of the entry that is stored with a decision."""
        return DeadlineRule(
            id=self.id,
            days=self.days,
            unit=self.unit,
            start=self.start.value,
            source=self.source,
            verified=self.verified,
        )


class Stage(ThaiTerm):
    """ขั้นตอนของเรื่อง: the milestone that ends it; the first one counts from receipt."""

    REGISTERED = "registered", "ลงทะเบียนรับ"
    DRAFTED = "drafted", "ร่างเสนอ"
    REVIEWED = "reviewed", "ตรวจและอนุมัติร่าง"
    SIGNED = "signed", "ลงนาม"


class StageEntry(Frozen):
    """One `[[stage]]`: the standard time (ระยะเวลามาตรฐาน) of a stage, from the milestone before.

    `days` 0 in working days means by the end of the same working day. `applies_to` holds
    `category` or `category/subcategory`; empty means every case that no narrower entry names.
    `verified` is `yes`, or says in words how far the number may be trusted.
    """

    stage: Stage
    days: int = Field(ge=0, le=3660)
    unit: PeriodUnit = PeriodUnit.WORKING
    source: str = Field(min_length=1)
    verified: str = Field(min_length=1)
    applies_to: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _names_known_categories(self) -> StageEntry:
        for name in self.applies_to:
            if name.partition("/")[0] not in set(Category):
                raise ValueError(f"{self.stage}: {name} begins with no category")
        if self.unit is PeriodUnit.HOURS:
            # A stage ends with a day in the trail, so hours could not be told kept from broken.
            raise ValueError(f"{self.stage}: a standard time counts days or months, not hours")
        return self


class OfficeHours(Frozen):
    """เวลาราชการ, Asia/Bangkok. A moment from `closes` on is after hours."""

    opens: time = time(8, 30)
    closes: time = time(16, 30)


class ProgressStep(Frozen):
    """One step of the no-progress ladder: calendar days without an entry, and who is told."""

    level: int = Field(ge=1)
    days: int = Field(ge=1)
    role: Role


class AcceptStep(Frozen):
    """One step for a case its group has not accepted: working days since it was assigned.

    0 days tell at once. With `urgency` the step holds for those grades only.
    """

    level: int = Field(ge=1)
    days: int = Field(ge=0)
    role: Role
    urgency: tuple[Urgency, ...] = ()


PROGRESS_LADDER = (
    ProgressStep(level=1, days=30, role=Role.OFFICER),
    ProgressStep(level=2, days=45, role=Role.GROUP_HEAD),
    ProgressStep(level=3, days=52, role=Role.OFFICE_HEAD),
)
ACCEPT_LADDER = (
    AcceptStep(level=1, days=0, role=Role.GROUP_HEAD, urgency=(Urgency.MOST_URGENT,)),
    AcceptStep(level=2, days=1, role=Role.GROUP_HEAD),
    AcceptStep(level=3, days=3, role=Role.OFFICE_HEAD),
)


class ReminderPolicy(Frozen):
    """When reminders are due, who is told, and what does not wait for the daily digest.

    `near_due_days` are working days before the due date. Cases of an urgency in `immediate` are
    told one by one as soon as a pass finds them. A digest holds `digest_lines` at most; what is
    left over goes into the next one.
    """

    near_due_days: tuple[int, ...] = (3, 1)
    progress_ladder: tuple[ProgressStep, ...] = PROGRESS_LADDER
    accept_ladder: tuple[AcceptStep, ...] = ACCEPT_LADDER
    immediate: tuple[Urgency, ...] = (Urgency.MOST_URGENT,)
    digest_lines: int = Field(default=200, ge=1, le=2000)

    @model_validator(mode="after")
    def _ladders_climb(self) -> ReminderPolicy:
        for lower, upper in zip(self.progress_ladder, self.progress_ladder[1:], strict=False):
            if upper.level <= lower.level or upper.days <= lower.days:
                raise ValueError("each step of the ladder must be higher and later than the last")
        for first, then in zip(self.accept_ladder, self.accept_ladder[1:], strict=False):
            if then.level <= first.level or then.days < first.days:
                raise ValueError("each step of accept_ladder must be higher than the last")
        if any(days < 1 for days in self.near_due_days):
            raise ValueError("near_due_days must be 1 or more")
        return self


class DeadlineRules(Frozen):
    """The whole of `deadlines.toml`.

    `deem` gives the receipt rule per channel, `as_is` where a channel is not named.
    `stated_horizon_days` is how far ahead of receipt a stated date is still believed; beyond it
    a person must look (a Buddhist-era year read as CE lies 543 years ahead). `in_time_target` is
    the share of cases in time, 0 to 100, that the office wants; None where it set none.
    """

    rule: tuple[RuleEntry, ...] = Field(min_length=1)
    stage: tuple[StageEntry, ...] = ()
    deem: dict[Channel, Deem] = Field(default_factory=dict)
    office_hours: OfficeHours = OfficeHours()
    reminders: ReminderPolicy = ReminderPolicy()
    stated_horizon_days: int = Field(default=1100, ge=1)
    in_time_target: int | None = Field(default=None, ge=0, le=100)

    @model_validator(mode="after")
    def _each_rule_once(self) -> DeadlineRules:
        ids = [rule.id for rule in self.rule]
        twice = sorted({rule_id for rule_id in ids if ids.count(rule_id) > 1})
        if twice:
            raise ValueError(f"rule {twice[0]} stands twice")
        for rule in self.rule:
            unknown = [other for other in rule.replaces if other not in ids]
            if unknown:
                raise ValueError(f"{rule.id}: replaces unknown rule {unknown[0]}")
        return self

    @model_validator(mode="after")
    def _each_stage_once(self) -> DeadlineRules:
        named = [(e.stage, name) for e in self.stage for name in e.applies_to or ("",)]
        twice = sorted({pair for pair in named if named.count(pair) > 1})
        if twice:
            raise ValueError(f"stage {twice[0][0]} stands twice for {twice[0][1] or 'all cases'}")
        return self

    def stage_standard(
        self, stage: Stage, category: Category | None, subcategory: str | None = None
    ) -> StageEntry | None:
        """Return the standard time of a stage for a case, or None where the office has none.

        The entry of the sub-category is taken before that of the category, and that before the
        general one.
        """
        names = (f"{category}/{subcategory}", f"{category}") if category else ()
        entries = [entry for entry in self.stage if entry.stage is stage]
        for name in names:
            for entry in entries:
                if name in entry.applies_to:
                    return entry
        return next((entry for entry in entries if not entry.applies_to), None)

    def deem_for(self, channel: Channel | None) -> Deem:
        """Return the receipt rule of a channel; `as_is` where none is set."""
        return self.deem.get(channel, Deem.AS_IS) if channel else Deem.AS_IS


def load_deadlines(folder: Path) -> DeadlineRules:
    """Return `deadlines.toml` of the config folder.

    Raises:
        ConfigurationFault: missing, not TOML, or a wrong key; names file, key and remedy.
    """
    return load_toml(folder / "deadlines.toml", DeadlineRules)
