from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from pydantic import ValidationError

from correspondence.vocabulary import Category, Channel, Deem, Role
from office.deadlines import (
    DeadlineRules,
    Precedence,
    RuleEntry,
    Stage,
    StageEntry,
    load_deadlines,
)
from office.places import find_folder
from office.taxonomy import Taxonomy
from office.toml_file import load_toml

CONFIG = find_folder("config")

RULE = """
[[rule]]
id = "one"
thai = "ทดสอบ"
days = 1
unit = "working"
start = "receipt"
precedence = "standard"
source = "ทดสอบ"
verified = "no"
"""


def parse(text: str) -> DeadlineRules:
    return DeadlineRules.model_validate(tomllib.loads(text))


def test_every_row_of_the_deadline_table_is_shipped() -> None:
    by_id = {rule.id: rule for rule in load_deadlines(CONFIG).rule}
    expected = {
        "complaint_summary": (1, "working"),
        "complaint_completion": (15, "working"),
        "answer_to_writer": (15, "calendar"),
        "cabinet_motion": (30, "calendar"),
        "written_question": (30, "calendar"),
        "bill_before_acceptance": (60, "calendar"),
        "civil_summons": (15, "calendar"),
        "civil_summons_posted": (30, "calendar"),
        "administrative_court_answer": (30, "calendar"),
        "administrative_appeal": (30, "calendar"),
        "ethics_report": (7, "calendar"),
        "ethics_order": (30, "calendar"),
    }
    assert {i: (by_id[i].days, by_id[i].unit.value) for i in expected} == expected
    assert {"house_question", "senate_question", "meeting_papers"} <= set(by_id)
    assert {"urgency_most_urgent", "urgency_very_urgent", "urgency_urgent"} <= set(by_id)


def test_unsettled_numbers_are_not_marked_verified() -> None:
    by_id = {rule.id: rule for rule in load_deadlines(CONFIG).rule}
    for rule_id in ("answer_to_writer", "written_question", "office_default", "meeting_papers"):
        assert by_id[rule_id].verified != "yes"


def test_every_subcategory_named_by_a_rule_exists() -> None:
    taxonomy = load_toml(CONFIG / "categories.toml", Taxonomy)
    for rule in load_deadlines(CONFIG).rule:
        for name in (*rule.applies_to, *rule.except_for):
            category, _, subcategory = name.partition("/")
            if subcategory:
                assert taxonomy.subcategory(Category(category), subcategory), (rule.id, name)


def test_ladder_is_officer_head_of_group_head_of_office() -> None:
    ladder = load_deadlines(CONFIG).reminders.progress_ladder
    assert [(step.days, step.role) for step in ladder] == [
        (30, Role.OFFICER),
        (45, Role.GROUP_HEAD),
        (52, Role.OFFICE_HEAD),
    ]


def test_channel_without_a_setting_is_received_as_it_came() -> None:
    rules = parse('[deem]\nemail = "next_working_day"\n' + RULE)
    assert rules.deem_for(Channel.EMAIL) is Deem.NEXT_WORKING_DAY
    assert rules.deem_for(Channel.HAND) is Deem.AS_IS
    assert rules.deem_for(None) is Deem.AS_IS


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (RULE + RULE, "stands twice"),
        (RULE + 'applies_to = ["complaints"]', "begins with no category"),
        (RULE + 'replaces = ["two"]', "unknown rule two"),
        (RULE.replace("standard", "urgency"), "needs the key urgency"),
        (RULE + "[reminders]\nnear_due_days = [0]", "1 or more"),
        (
            RULE
            + '[reminders]\nprogress_ladder = [{level = 1, days = 9, role = "officer"},'
            + '{level = 2, days = 9, role = "officer"}]',
            "higher and later",
        ),
    ],
)
def test_wrong_setting_is_refused(text: str, complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        parse(text)


def test_stored_rule_keeps_source_and_verification() -> None:
    entry = parse(RULE).rule[0]
    assert isinstance(entry, RuleEntry)
    stored = entry.as_rule()
    assert (stored.id, stored.days, stored.source, stored.verified) == ("one", 1, "ทดสอบ", "no")
    assert entry.precedence is Precedence.STANDARD


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(Exception, match=r"deadlines\.toml is missing"):
        load_deadlines(tmp_path)


def test_each_stage_has_a_standard_time_and_the_narrower_one_is_taken() -> None:
    rules = load_deadlines(find_folder("config"))
    for stage in Stage:
        assert rules.stage_standard(stage, None) is not None
        for category in Category:
            assert rules.stage_standard(stage, category, "anything") is not None
    general = rules.stage_standard(Stage.DRAFTED, Category.GENERAL)
    complaint = rules.stage_standard(Stage.DRAFTED, Category.COMPLAINT, "appeal")
    assert general is not None
    assert complaint is not None
    assert (general.days, complaint.days) == (3, 0)
    own = complaint.model_copy(update={"days": 9, "applies_to": ("complaint/appeal",)})
    narrower = rules.model_copy(update={"stage": (*rules.stage, own)})
    assert narrower.stage_standard(Stage.DRAFTED, Category.COMPLAINT, "appeal") == own
    assert narrower.stage_standard(Stage.DRAFTED, Category.COMPLAINT, "opinion") == complaint


def test_stage_given_twice_is_refused() -> None:
    rules = load_deadlines(find_folder("config"))
    with pytest.raises(ValidationError, match="stands twice"):
        DeadlineRules.model_validate({**dict(rules), "stage": (*rules.stage, rules.stage[0])})


def test_a_stage_has_no_standard_time_in_hours() -> None:
    drafted = {"stage": "drafted", "days": 4, "source": "คู่มือ", "verified": "yes"}
    assert StageEntry.model_validate({**drafted, "unit": "calendar"}).days == 4
    with pytest.raises(ValidationError, match="not hours"):
        StageEntry.model_validate({**drafted, "unit": "hours"})
