"""How values are written on a page in the chosen language: terms, dates in B.E., due words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from correspondence.clock import BANGKOK
from correspondence.errors import SarabanError
from correspondence.thai_dates import BE_OFFSET, Digits, short_thai_date
from correspondence.thai_digits import thai_digits
from correspondence.vocabulary import (
    CaseState,
    Category,
    LetterKind,
    Secrecy,
    ThaiTerm,
    Urgency,
)
from office.configuration import Configuration
from review.catalogue import TEXTS, Language
from review.words.names import ACTIONS, FIELD_NAMES

SOON_DAYS = 3
_VERIFIED = frozenset(
    {"yes", "no", "partly", "policy", "yes, for other ministries", "no, office to confirm"}
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DATE_FIELDS = ("document_date", "stated_deadline", "meeting_at")
# What no longer waits for the office is neither late nor soon.
_DONE = (CaseState.CLOSED, CaseState.DISPATCHED, CaseState.DUPLICATE, CaseState.VOIDED)


@dataclass(frozen=True, slots=True)
class DueMark:
    """A word on a due date: `kind` is overdue, today or soon, for the style only."""

    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Wording:
    """Everything a template asks for words; one per request.

    Attributes:
        language: of the page.
        configuration: names of groups and sub-categories.
        today: the day in Bangkok.
        in_thai_digits: how a Thai page writes numbers; dates stay in B.E. either way.
    """

    language: Language
    configuration: Configuration
    today: date
    in_thai_digits: bool = True

    def text(self, key: str, **values: object) -> str:
        """Return a text of the catalogue, its numbers in the language's digits."""
        return self.digits(self._choose(TEXTS[key]).format(**values))

    def said(self, *keys: str) -> str:
        """Return the text of the first of these keys that has one, "" where none has."""
        found = next((TEXTS[key] for key in keys if key in TEXTS), None)
        return self.digits(self._choose(found)) if found else ""

    def fault(self, fault: SarabanError) -> str:
        """Return why something was refused."""
        return self.digits(fault.thai) if self.language is Language.TH else fault.english

    def half(self, reason: str) -> str:
        """Return the half in this language of a reason kept as `Thai / English`.

        What a person typed stands whole: its second half is not all ASCII, or there is none.
        """
        thai, found, english = reason.rpartition(" / ")
        if not found or not english.isascii():
            return self.digits(reason)
        return self.digits(thai) if self.language is Language.TH else english

    def digits(self, text: object) -> str:
        """Return Thai digits on a Thai page, unless the reader wants Arabic ones."""
        thai = self.language is Language.TH and self.in_thai_digits
        return thai_digits(str(text)) if thai else str(text)

    def term(self, term: ThaiTerm) -> str:
        """Return the name of a member of the vocabulary."""
        return term.thai if self.language is Language.TH else _spoken(term.value)

    def kind(self, kind: str) -> str:
        """Return the name of a kind of letter."""
        return self.term(LetterKind(kind))

    def urgency(self, urgency: str) -> str:
        """Return the name of an urgency."""
        return self.term(Urgency(urgency))

    def secrecy(self, grade: str) -> str:
        """Return the name of a secrecy grade."""
        return self.term(Secrecy(grade)) if grade in list(Secrecy) else grade

    def field(self, name: str) -> str:
        """Return the label of a letter field."""
        return self._named(FIELD_NAMES, name)

    def field_value(self, name: str, value: str | None) -> str:
        """Return a field's value as people write it: terms, dates and times; else as it stands."""
        if value is None:
            return "–"
        if name == "urgency" and value in list(Urgency):
            return self.urgency(value)
        if name == "secrecy":
            return self.secrecy(value)
        if name in _DATE_FIELDS:
            try:
                moment = datetime.fromisoformat(value)
            except ValueError:
                return value
            has_time = len(value) > len("2026-11-21")
            return self.moment(moment.replace(tzinfo=BANGKOK)) if has_time else self.day(moment)
        return value

    def action(self, name: str) -> str:
        """Return the name of an entry of the history."""
        return self._named(ACTIONS, name)

    def group(self, group_id: str | None) -> str:
        """Return the name of a group."""
        if group_id is None:
            return self.text("no_group")
        if self.language is Language.EN:
            return _spoken(group_id)
        groups = {group.id: group.thai for group in self.configuration.groups.group}
        return groups.get(group_id, group_id)

    def subcategory(self, category: Category | None, subcategory: str | None) -> str:
        """Return the name of a sub-category, "" where there is none."""
        if category is None or subcategory is None:
            return ""
        found = self.configuration.taxonomy.subcategory(category, subcategory)
        if self.language is Language.EN or found is None:
            return _spoken(subcategory)
        return found.thai

    def applies_to(self, name: str) -> str:
        """Return the name of what a rule applies to: `category` or `category/subcategory`."""
        category, _, subcategory = name.partition("/")
        if category not in list(Category):
            return name
        words = self.term(Category(category))
        found = self.subcategory(Category(category), subcategory) if subcategory else ""
        return f"{words} / {found}" if found else words

    def rule(self, rule_id: str) -> str:
        """Return the name of a deadline rule; its id where the office no longer has it."""
        if self.language is Language.EN:
            return _spoken(rule_id)
        rules = {rule.id: rule.thai for rule in self.configuration.deadlines.rule}
        return rules.get(rule_id, rule_id)

    def verified(self, verified: str) -> str:
        """Return whether a rule is settled, in words; a note stands as the office wrote it."""
        return self.text(f"verified_{verified}") if verified in _VERIFIED else verified

    def category_name(self, category: str) -> str:
        """Return the name of a category given by its id, the id itself where it has none."""
        return self.term(Category(category)) if category in list(Category) else category

    def day(self, day: date) -> str:
        """Return a CE date with the year in the Buddhist Era."""
        if self.language is Language.TH:
            return short_thai_date(day, Digits.THAI if self.in_thai_digits else Digits.ARABIC)
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year + BE_OFFSET} BE"

    def moment(self, moment: datetime) -> str:
        """Return an aware moment in Bangkok with its hour and minute."""
        local = moment.astimezone(BANGKOK)
        if self.language is Language.TH:
            return f"{self.day(local.date())} {self.digits(f'{local:%H.%M}')} น."
        return f"{self.day(local.date())} {local:%H:%M}"

    def percent(self, share: float) -> str:
        """Return a share of 0 to 1 in whole percent."""
        return self.digits(f"{share:.0%}")

    def due_mark(self, due: date | None, state: CaseState) -> DueMark | None:
        """Return the word for a due date that is past, today or near; None for any other."""
        if due is None or state in _DONE:
            return None
        days = (due - self.today).days
        if days < 0:
            return DueMark("overdue", self.text("overdue", days=-days))
        if days == 0:
            return DueMark("today", self.text("due_today"))
        if days <= SOON_DAYS:
            return DueMark("soon", self.text("due_soon", days=days))
        return None

    def _named(self, names: Mapping[str, tuple[str, str]], name: str) -> str:
        pair = names.get(name)
        return self._choose(pair) if pair else name

    def _choose(self, pair: tuple[str, str]) -> str:
        return pair[0] if self.language is Language.TH else pair[1]


def _spoken(identifier: str) -> str:
    return identifier.replace("_", " ").capitalize()
