"""The report of an evaluation as one page: Thai first, no script, nothing from elsewhere.

Letters appear by id only: the page may be printed and handed on.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from classifiers.confusion import ELSEWHERE, category_matrix, mix_ups, subcategory_matrix
from classifiers.evaluation import ABSTAINED, Evaluation, LabelScore
from classifiers.plots import draw_coverage_precision, draw_reliability
from classifiers.training import PROMISED_PRECISION
from correspondence.clock import bangkok_day
from correspondence.reading import Frozen
from correspondence.thai_dates import thai_date
from correspondence.thai_digits import fold_digits
from correspondence.vocabulary import Category
from office.taxonomy import Taxonomy

PAGES = Path(__file__).resolve().parent / "pages"
_MIXED_UP = 20
_OTHER_NAMES = {
    ABSTAINED: "ไม่ตอบ (รอเลือกประเภท)",
    ELSEWHERE: "ประเภทอื่น",
    "majority": "ตอบประเภทที่พบมากที่สุดเสมอ",
    "keywords": "รายการคำสำคัญ",
    "tfidf": "TF-IDF ตัดคำแบบ scikit-learn",
    "letter": "หนังสือ",
    "letter_pdf": "หนังสือ (PDF)",
    "letter_scan": "หนังสือ (สแกน)",
    "letter_docx": "หนังสือ (Word)",
    "scan": "สแกน",
    "email": "อีเมล",
    "web_form": "แบบฟอร์มเว็บ",
}


class Goal(Frozen):
    """One figure of the whole, beside what is asked of it.

    Attributes:
        thai: its name.
        english: its name.
        value: 0 to 1.
        bound: what is asked.
        least: whether `bound` is the least allowed; else it is the most.
        share: whether it is read as a percentage.
    """

    thai: str
    english: str
    value: float
    bound: float
    least: bool = True
    share: bool = True

    @property
    def met(self) -> bool:
        """Whether the figure is as good as asked."""
        return self.value >= self.bound if self.least else self.value <= self.bound


def make_report_page(
    evaluation: Evaluation, taxonomy: Taxonomy, *, subject: str, made_at: datetime
) -> str:
    """Return the page as HTML.

    Args:
        evaluation: the report.
        taxonomy: for the Thai names of labels.
        subject: what was judged: the name of a file, or words for the shipped letters.
        made_at: when (with time zone); shown as a day in Bangkok.
    """
    curve = draw_coverage_precision(
        evaluation.coverage_precision,
        evaluation.hard_coverage_precision,
        answered=evaluation.answered,
        precision=evaluation.right_when_answered,
        promised=PROMISED_PRECISION,
    )
    names = _names(taxonomy)
    order = {label: number for number, label in enumerate(names)}
    values: dict[str, object] = {
        "e": evaluation,
        "subject": subject,
        "made_on": fold_digits(thai_date(bangkok_day(made_at))),
        "names": names,
        "goals": _goals(evaluation),
        "promised": PROMISED_PRECISION,
        "parts": [
            (category, rows, subcategory_matrix(evaluation, taxonomy, category))
            for category in Category
            if (rows := _of(evaluation, category, order))
        ],
        "categories": sorted(evaluation.categories, key=lambda score: order[score.label]),
        "matrix": category_matrix(evaluation),
        "mix_ups": mix_ups(evaluation, _MIXED_UP),
        "coverage_plot": curve,
        "reliability_plot": draw_reliability(evaluation.reliability),
    }
    return _environment().get_template("evaluation.html").render(**values)


def _goals(e: Evaluation) -> tuple[Goal, ...]:
    """Return the figures that the classifier was built to reach."""
    return (
        Goal(
            thai="macro-F1 ของประเภท (ไม่ตอบนับว่าผิด)",
            english="category macro-F1, abstentions wrong",
            value=e.macro_f1,
            bound=0.90,
            share=False,
        ),
        Goal(
            thai="ถูกเมื่อตอบ",
            english="right when it answers",
            value=e.right_when_answered,
            bound=0.97,
        ),
        Goal(thai="สัดส่วนที่ตอบเอง", english="share answered", value=e.answered, bound=0.85),
        Goal(
            thai="เฉพาะเรื่องยาก: ถูกเมื่อตอบ",
            english="hard letters: right when it answers",
            value=e.hard_right_when_answered,
            bound=0.93,
        ),
        Goal(
            thai="ประเภทย่อยถูก เมื่อประเภทถูก",
            english="sub-category right, given the category",
            value=e.subcategory_right_given_category,
            bound=0.85,
        ),
        Goal(
            thai="ความคลาดเคลื่อนของความมั่นใจ",
            english="expected calibration error",
            value=e.calibration_error,
            bound=0.05,
            least=False,
            share=False,
        ),
    )


def _of(evaluation: Evaluation, category: Category, order: Mapping[str, int]) -> list[LabelScore]:
    """Return the scores of a category's sub-categories, in the order of the taxonomy."""
    own = f"{category.value}/"
    found = [score for score in evaluation.subcategories if score.label.startswith(own)]
    return sorted(found, key=lambda score: order.get(score.label, len(order)))


def _names(taxonomy: Taxonomy) -> dict[str, str]:
    """Return the Thai name of every label a report may hold, those of the taxonomy in order."""
    names = dict(_OTHER_NAMES)
    for entry in taxonomy.category:
        names[entry.id.value] = entry.thai
        for sub in entry.subcategories:
            names[f"{entry.id.value}/{sub.id}"] = sub.thai
    return names


def _percent(value: float) -> str:
    return f"{value * 100:.1f} %"


def _english(label: str) -> str:
    return label.rpartition("/")[2].replace("_", " ")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(PAGES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["percent"] = _percent
    environment.filters["english"] = _english
    return environment
