"""`saraban train` and `saraban models …`: learn from people's decisions, choose what answers."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.house import By, open_house
from cli.looking import Json
from cli.output import people, print_json, print_table

models = typer.Typer(
    help="Versions of the classifier: list them, put one in force, go back.", no_args_is_help=True
)


def train(json: Json = False) -> None:
    """Learn from people's decisions; the new model answers only if it is not worse."""
    from pipeline.learning import learn

    with open_house() as house:
        learned = learn(house)
    if json:
        print_json(learned)
        return
    news = "new, in force" if learned.promoted else "nothing changed"
    if learned.refused:
        news = f"a new one was refused: {learned.refused}"
    people.print(
        f"model {learned.version}, {learned.letters} shipped letters, "
        f"{learned.corrections} decisions of people ({news})"
    )


@models.command("list")
def list_models(json: Json = False) -> None:
    """All versions, the newest first, with how each did on the check letters."""
    from pipeline.models import model_lines

    with open_house() as house:
        lines = model_lines(house)
    if json:
        print_json(lines)
        return
    print_table(
        ("", "version", "made", "letters", "decisions", "right", "wrong", "of", "by", "refused"),
        [
            (
                "in force" if line.in_force else "" if line.stored else "file gone",
                line.version,
                f"{line.made_at:%Y-%m-%d %H:%M}Z",
                line.shipped_letters,
                line.corrections,
                line.right,
                line.wrong,
                line.check_letters,
                line.promoted_by or "",
                line.refused,
            )
            for line in lines
        ],
    )


@models.command("use")
def use(
    version: Annotated[str, typer.Argument(help="as `models list` shows it")],
    by: By,
    json: Json = False,
) -> None:
    """Put a stored version in force; audited."""
    from pipeline.models import use_model

    with open_house() as house:
        line = use_model(house, version, by=by)
    print_json(line) if json else people.print(f"model {line.version} is in force")


@models.command("rollback")
def rollback(by: By, json: Json = False) -> None:
    """Put the version in force that answered before the present one; audited."""
    from pipeline.models import roll_back

    with open_house() as house:
        line = roll_back(house, by=by)
    print_json(line) if json else people.print(f"model {line.version} is in force")
