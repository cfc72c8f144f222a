"""The report page: whole, closed in itself, without a word of any letter."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from classifiers.confusion import category_matrix, mix_ups, subcategory_matrix
from classifiers.evaluation import BaselineScore, Evaluation, Judged, summarise
from classifiers.plots import draw_coverage_precision, draw_reliability
from classifiers.report_page import make_report_page
from correspondence.classification import Classification, Evidence
from correspondence.vocabulary import Category
from office.places import find_folder
from office.taxonomy import Taxonomy
from office.toml_file import load_toml

TAXONOMY = load_toml(find_folder("config") / "categories.toml", Taxonomy)
NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)


def judged(
    number: int, gold: str, said: str, sure: float, *, abstained: bool = False, name: str = ""
) -> Judged:
    category, _, subcategory = gold.partition("/")
    guess, _, sub_guess = said.partition("/")
    return Judged(
        id=name or f"x-{number}",
        category=Category(category),
        subcategory=subcategory,
        group="frida",
        channel="letter_pdf",
        hard=number % 2 == 0,
        answer=Classification(
            category=Category(guess),
            subcategory=sub_guess,
            probabilities={guess: sure},
            abstained=abstained,
            evidence=(Evidence(text="ความลับของผู้ร้อง", weight=1.0),),
            model_version="linear-1",
        ),
    )


def report() -> Evaluation:
    found = summarise(
        [
            judged(1, "complaint/appeal", "complaint/appeal", 0.95),
            judged(2, "complaint/appeal", "complaint/opinion", 0.85),
            judged(3, "complaint/opinion", "general/other", 0.9, name="<b>&x"),
            judged(4, "general/other", "complaint/appeal", 0.4, abstained=True),
            judged(5, "foreign_affairs/invitation", "foreign_affairs/invitation", 0.7),
        ]
    )
    tfidf = BaselineScore(name="tfidf", macro_f1=0.123, accuracy=0.2, subcategory_right=0.3)
    return found.model_copy(update={"baselines": (tfidf,)})


@pytest.fixture(scope="module")
def page() -> str:
    return make_report_page(report(), TAXONOMY, subject="ชุด & ทดสอบ", made_at=NOW)


def test_the_page_asks_nobody_for_anything(page: str) -> None:
    assert "<script" not in page
    assert not re.search(r"\b(?:src|on\w+)=", page)
    assert set(re.findall(r'href="([^"#])', page)) == set()
    hosts = set(re.findall(r"https?://[^\"'\s<]+", page))
    assert hosts <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    assert not re.search(r"@import|url\((?!#)", page)


def test_the_page_holds_no_word_of_a_letter(page: str) -> None:
    assert "ความลับ" not in page


def test_the_page_holds_what_was_measured(page: str) -> None:
    for words in (
        "linear-1", "21 พฤศจิกายน 2569", "ชุด &amp; ทดสอบ", "0.123", "frida", "หนังสือ (PDF)",
        "&lt;b&gt;&amp;x", "อุทธรณ์", "ส่งให้เลือก", "✗ ไม่ถึงเป้า",
    ):  # fmt: skip
        assert words in page


def test_the_page_is_well_formed_and_names_nothing_twice(page: str) -> None:
    void, stack, ids = {"meta", "br"}, [], []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            ids.extend(value for key, value in attrs if key == "id")
            if tag not in void:
                stack.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert stack.pop() == tag

    Reader().feed(page)
    assert stack == []
    assert len(ids) == len(set(ids))


def test_words_in_a_plot_stay_text_for_the_browser_to_shape() -> None:
    found = report()
    drawn = draw_reliability(found.reliability)
    assert drawn == draw_reliability(found.reliability)
    assert ">ตรงพอดี ideal</text>" in drawn
    assert "font-family" not in drawn
    assert "<style" not in drawn


def test_plots_stand_without_letters() -> None:
    assert draw_reliability(()).startswith("<svg")
    empty = draw_coverage_precision((), (), answered=0.0, precision=0.0, promised=0.97)
    assert empty.startswith("<svg")


def test_a_matrix_counts_every_letter_once() -> None:
    found = report()
    rows = category_matrix(found).rows
    assert {row.label: row.letters for row in rows} == {
        "complaint": 3,
        "foreign_affairs": 1,
        "general": 1,
    }
    general = next(row for row in rows if row.label == "general")
    assert [cell.letters for cell in general.cells] == [0, 0, 0, 0, 0, 1]
    complaints = subcategory_matrix(found, TAXONOMY, Category.COMPLAINT)
    opinion = next(row for row in complaints.rows if row.label == "complaint/opinion")
    assert opinion.cells[-1].letters == 1


def test_mix_ups_are_the_commonest_first() -> None:
    assert mix_ups(report(), 1)[0].letters == 1
    assert {mix.gold for mix in mix_ups(report(), 9)} == {
        "complaint/appeal",
        "complaint/opinion",
        "general/other",
    }
