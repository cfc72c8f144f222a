"""Commands for operators: demo, serve, doctor, evaluate."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.looking import Json
from cli.output import faults, people, print_json, print_table

MISSING = 4


def demo(
    json: Json = False,
    look: Annotated[
        bool, typer.Option("--look", help="keep Prefect's UI and the review page up")
    ] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="empty the scratch folder first")] = False,
) -> None:
    """Letters in at one end, memos out at the other, in a scratch folder."""
    from demo.office import DemoOptions, run_demo
    from demo.showing import DemoScreen

    with DemoScreen(quiet=json, look=look) as screen:
        result = run_demo(DemoOptions(fresh=fresh, look=look), screen)
    if json:
        print_json(result)
    if result.errors or result.unaccounted:
        raise typer.Exit(1)


def serve() -> None:
    """Everything unattended: Prefect server, schedules, worker, review app."""
    from flows.supervision import serve as serve_all
    from office.settings import read_settings

    serve_all(read_settings(), lambda line: faults.print(f"saraban: {line}", markup=False))


def work() -> None:
    """A further machine: reads and drafts beside `saraban serve` of another, and nothing else."""
    from flows.work import work as work_along
    from office.settings import read_settings

    work_along(read_settings(), lambda line: faults.print(f"saraban: {line}", markup=False))


def doctor(json: Json = False) -> None:
    """What is installed, reachable and missing."""
    from pipeline.doctor import diagnose

    diagnosis = diagnose()
    if json:
        print_json(diagnosis)
    else:
        print_table(
            ("", "what", "detail", "remedy"),
            [
                ("ok" if c.ok else "MISSING" if c.needed else "absent", c.name, c.detail, c.remedy)
                for c in diagnosis.checks
            ],
        )
    if not diagnosis.ok:
        raise typer.Exit(MISSING)


def evaluate(
    file: Annotated[Path | None, typer.Argument(help="letters with labels (JSON Lines)")] = None,
    html: Annotated[
        Path | None, typer.Option("--html", help="also write the report as a page, with plots")
    ] = None,
    json: Json = False,
) -> None:
    """How well the classifier does: by held-out writers, or on a file of labelled letters."""
    from office.settings import read_settings
    from pipeline.assessment import assess, write_page

    settings = read_settings()
    evaluation = assess(settings.models_folder, file)
    if html is not None:
        write_page(evaluation, file, settings.config_folder, html)
    if json:
        print_json(evaluation)
        return
    print_table(
        ("label", "precision", "recall", "F1", "answered", "letters"),
        [
            (
                s.label,
                f"{s.precision:.3f}",
                f"{s.recall:.3f}",
                f"{s.f1:.3f}",
                f"{s.answered:.3f}",
                s.letters,
            )
            for s in (*evaluation.categories, *evaluation.subcategories)
        ],
    )
    print_table(
        ("baseline of the same run", "macro-F1", "right", "sub-category right"),
        [
            (b.name, f"{b.macro_f1:.3f}", f"{b.accuracy:.3f}", f"{b.subcategory_right:.3f}")
            for b in evaluation.baselines
        ],
    )
    people.print(
        f"macro-F1 {evaluation.macro_f1:.3f} (every letter answered "
        f"{evaluation.guess_macro_f1:.3f}) · answered {evaluation.answered:.3f} "
        f"· right when answered {evaluation.right_when_answered:.3f} "
        f"(hard letters {evaluation.hard_right_when_answered:.3f}) "
        f"· sub-category right {evaluation.subcategory_right_given_category:.3f} "
        f"· calibration error {evaluation.calibration_error:.3f}"
    )
