"""Commands that look at letters without the database: extract, classify, due, draft."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.output import people, print_json, print_line, print_table
from correspondence.errors import UsageFault
from correspondence.reading import Extraction
from correspondence.vocabulary import READABLE, ReadOutcome

if TYPE_CHECKING:
    from pipeline.read_check import ReadCheck
    from pipeline.read_pictures import ReadPictures

UNREADABLE = 3

Files = Annotated[list[Path], typer.Argument(help="files to read", show_default=False)]
Json = Annotated[bool, typer.Option("--json", help="print JSON on stdout")]


def extract(files: Files, json: Json = False) -> None:
    """Read files: text, pages, fields. No database."""
    from pipeline.inspection import extract_files, open_desk

    read = list(extract_files(open_desk(), files))
    if json:
        print_json(read)
    else:
        for extraction in read:
            _show(extraction)
    _exit_if_unread([extraction.outcome for extraction in read])


def classify(
    files: Annotated[list[str], typer.Argument(help="files, or - for text on stdin")],
    json: Json = False,
) -> None:
    """Category, sub-category, probabilities and evidence. No database."""
    from pipeline.inspection import classify_files, classify_text, open_desk

    desk = open_desk()
    if files == ["-"]:
        found = [classify_text(desk, sys.stdin.buffer.read().decode("utf-8", errors="replace"))]
    elif "-" in files:
        raise UsageFault("- stands for stdin and takes no other file beside it.")
    else:
        found = classify_files(desk, [Path(name) for name in files])
    if json:
        print_json(found)
    else:
        print_table(
            ("file", "outcome", "category", "sub-category", "probability", "abstained"),
            [
                (
                    item.file,
                    item.outcome.thai,
                    item.category.thai if item.category else None,
                    item.subcategory,
                    f"{item.probabilities[item.category.value]:.2f}"
                    if item.probabilities and item.category
                    else None,
                    item.abstained,
                )
                for item in found
            ],
        )
    _exit_if_unread([item.outcome for item in found])


def due(
    received: Annotated[str | None, typer.Option(help="ISO date or time; Bangkok's")] = None,
    category: Annotated[str | None, typer.Option()] = None,
    subcategory: Annotated[str | None, typer.Option()] = None,
    channel: Annotated[str | None, typer.Option()] = None,
    stated_deadline: Annotated[str | None, typer.Option(help="date set by the letter")] = None,
    meeting_at: Annotated[str | None, typer.Option(help="when the meeting is")] = None,
    urgency: Annotated[str | None, typer.Option()] = None,
    days: Annotated[int | None, typer.Option(help="an explicit count")] = None,
    unit: Annotated[str | None, typer.Option(help="working, calendar, months or hours")] = None,
    deem: Annotated[str | None, typer.Option(help="as_is or next_working_day")] = None,
    roll: Annotated[str | None, typer.Option(help="none, next or previous")] = None,
    holidays: Annotated[str | None, typer.Option(help="D,D,… instead of the calendar")] = None,
    count_anchor: Annotated[
        bool, typer.Option("--count-anchor", help="the day of receipt is day 1")
    ] = False,
    batch: Annotated[str | None, typer.Option(help="JSON Lines file, - for stdin")] = None,
    json: Json = False,
) -> None:
    """The due date and why, by the office's rules or as an explicit count."""
    from pipeline.counting import count_batch, count_flags

    flags: dict[str, object] = {
        "received": received,
        "category": category,
        "subcategory": subcategory,
        "channel": channel,
        "stated_deadline": stated_deadline,
        "meeting_at": meeting_at,
        "urgency": urgency,
        "days": days,
        "unit": unit,
        "deem": deem,
        "roll": roll,
        "holidays": holidays,
        "count_anchor": count_anchor or None,
    }
    given = {name: value for name, value in flags.items() if value is not None}
    if batch is not None:
        if given:
            raise UsageFault("--batch takes no other flag beside it.")
        for result in count_batch(_lines(batch)):
            print_line(result)
        return
    if received is None:
        raise UsageFault("--received is missing.", remedy="Give an ISO date or time.")
    result = count_flags(given)
    if json:
        print_json(result)
    else:
        people.print(getattr(result, "explanation", ""), markup=False, highlight=False)
        people.print(f"→ {getattr(result, 'due_date', None)}", style="bold")


def draft(
    files: Files,
    out: Annotated[Path, typer.Option(help="folder for the memos")],
    json: Json = False,
) -> None:
    """Fields, classification, due date and the memo (.docx). No database."""
    from pipeline.inspection import draft_files, open_desk

    made = list(draft_files(open_desk(), files, out))
    if json:
        print_json(made)
    else:
        print_table(
            ("file", "outcome", "category", "group", "due", "memo"),
            [(m.file, m.outcome.thai, m.category, m.group, m.due_date, m.memo_path) for m in made],
        )
    _exit_if_unread([item.outcome for item in made])


def read_check(
    file: Annotated[Path, typer.Argument(help="file to read")],
    truth: Annotated[
        Path | None,
        typer.Argument(
            help="its text, typed or corrected by a person; not needed with --pictures",
            show_default=False,
        ),
    ] = None,
    pictures: Annotated[
        Path | None,
        typer.Option(
            help="folder for a picture of each page: lines, words, numbers, fields",
            show_default=False,
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Hold a reading against the truth: every difference side by side, or as pictures."""
    from pipeline.inspection import open_desk
    from pipeline.read_check import check_reading
    from pipeline.read_pictures import draw_reading

    if truth is None:
        if pictures is None:
            raise UsageFault("TRUTH is missing.", remedy="Give the text, or --pictures FOLDER.")
        _, drawn = draw_reading(open_desk(), file, pictures)
        if json:
            print_json(drawn)
        else:
            _show_pictures(drawn)
        _exit_if_unread([drawn.outcome])
        return
    found = check_reading(open_desk(), file, truth, pictures)
    if json:
        print_json(found)
    else:
        print_table(
            ("before", "should be", "was read", "after"),
            [(e.before, e.expected, e.read, e.after) for e in found.errors],
        )
        people.print(
            f"{len(found.errors)} differences, {found.character_error_rate:.2%} of "
            f"{found.characters} characters; {found.numbers_right} of {found.numbers} numbers right"
        )
        if pictures is not None:
            _show_pictures(found)
    _exit_if_unread([found.outcome])


def _show_pictures(drawn: ReadPictures | ReadCheck) -> None:
    people.print(drawn.outcome.thai)
    for line in (*drawn.pictures, *drawn.warnings):
        people.print(line, markup=False, highlight=False, soft_wrap=True)


def _show(extraction: Extraction) -> None:
    people.rule(extraction.file)
    people.print(f"{extraction.outcome.thai} · {extraction.media_type} · {extraction.kind.thai}")
    rows = []
    for name in type(extraction.fields).model_fields:
        found = getattr(extraction.fields, name)
        for value in found if isinstance(found, tuple) else (found,):
            if value:
                mark = "⟦ตรวจ⟧" if value.needs_check else ""
                rows.append((name, value.value, value.page, f"{value.confidence:.2f}", mark))
    if rows:
        print_table(("field", "value", "page", "confidence", ""), rows)
    people.print(extraction.text, markup=False, highlight=False)


def _lines(name: str) -> list[str]:
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError:
        raise UsageFault(f"{name} cannot be read.") from None
    return data.decode("utf-8-sig", errors="replace").splitlines()


def _exit_if_unread(outcomes: list[ReadOutcome]) -> None:
    """Exit 3 when a file could not be read; a secret one was read, and withheld."""
    if any(o not in READABLE and o is not ReadOutcome.SECRET for o in outcomes):
        raise typer.Exit(UNREADABLE)
