from __future__ import annotations

from correspondence.vocabulary import Category
from office.places import find_folder
from office.taxonomy import CategoryEntry, Groups, Subcategory, Taxonomy
from office.toml_file import load_toml
from routing.groups import assign_group

TAXONOMY = load_toml(find_folder("config") / "categories.toml", Taxonomy)
GROUPS = load_toml(find_folder("config") / "groups.toml", Groups)


def test_every_subcategory_goes_to_a_group_that_exists() -> None:
    for entry in TAXONOMY.category:
        for subcategory in entry.subcategories:
            assignment = assign_group(entry.id, subcategory.id, TAXONOMY, GROUPS)
            assert assignment is not None
            assert GROUPS.get(assignment.group)
            assert len(assignment.reasons) == 2


def test_complaint_of_an_mp_and_court_papers_go_to_the_complaints_group() -> None:
    for subcategory in ("political_complaint", "court_summons", "tort_liability"):
        assignment = assign_group(Category.COMPLAINT, subcategory, TAXONOMY, GROUPS)
        assert assignment is not None
        assert assignment.group == "complaints"
        assert "กลุ่มรับเรื่องราวร้องทุกข์" in assignment.reasons[0]


def test_foreign_affairs_is_its_own_desk() -> None:
    assignment = assign_group(Category.FOREIGN_AFFAIRS, None, TAXONOMY, GROUPS)
    assert assignment is not None
    assert assignment.group == "foreign_affairs"


def test_unknown_category_is_triage_and_no_group() -> None:
    assert assign_group(None, None, TAXONOMY, GROUPS) is None


def test_unknown_subcategory_falls_back_and_says_so() -> None:
    assignment = assign_group(Category.GENERAL, "no_such_thing", TAXONOMY)
    assert assignment is not None
    assert assignment.group == "administration"
    assert "ไม่พบประเภทย่อย" in assignment.reasons[1]


def test_group_of_a_subcategory_overrides_that_of_the_category() -> None:
    entries = tuple(
        entry
        if entry.id is not Category.GENERAL
        else CategoryEntry(
            id=Category.GENERAL,
            thai=entry.thai,
            group=entry.group,
            subcategories=(Subcategory(id="order", thai="คำสั่ง", group="political"),),
        )
        for entry in TAXONOMY.category
    )
    assignment = assign_group(Category.GENERAL, "order", Taxonomy(category=entries), GROUPS)
    assert assignment is not None
    assert assignment.group == "political"
    assert "กลุ่มการเมือง" in assignment.reasons[1]
