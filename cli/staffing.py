"""`saraban people …`: staff, their roles and accounts; every change by a named administrator."""

from __future__ import annotations

from typing import Annotated

import typer
from pydantic import BaseModel

from cli.arguments import read_day
from cli.house import open_house
from cli.looking import Json
from cli.output import people as screen
from cli.output import print_json, print_table
from correspondence.errors import UsageFault
from correspondence.vocabulary import Role, Secrecy

staff = typer.Typer(
    help="People: add, list, change, role, clearance, password, absent, deputy, retire.",
    no_args_is_help=True,
)

SignIn = Annotated[str, typer.Argument(help="sign-in name", metavar="SIGN_IN")]
By = Annotated[str, typer.Option(help="sign-in name of the administrator who does it")]
OwnBy = Annotated[str, typer.Option(help="an administrator's sign-in name, or the person's own")]
RoleOf = Annotated[str, typer.Argument(help="ROLE or ROLE:GROUP, as officer:complaints")]


class PersonDone(BaseModel):
    """JSON of a change; `password` is the one-time password, None where none was made."""

    sign_in: str
    done: str
    password: str | None = None


@staff.command("add")
def add(
    sign_in: SignIn,
    by: By,
    name: Annotated[str, typer.Option(help="name in Thai, as the pages show it")],
    role: Annotated[list[str], typer.Option(help="ROLE or ROLE:GROUP; may be repeated")],
    email: Annotated[str, typer.Option(help="where notices go")] = "",
    clearance: Annotated[
        str, typer.Option(help="open, confidential, secret or top_secret")
    ] = Secrecy.OPEN.value,
    json: Json = False,
) -> None:
    """Enter a person and print their one-time password."""
    from pipeline.people import add_person

    roles = tuple(_role(text) for text in role)
    with open_house() as house:
        password = add_person(
            house,
            sign_in,
            thai_name=name,
            email=email,
            roles=roles,
            clearance=_grade(clearance),
            by=by,
        )
    _report(PersonDone(sign_in=sign_in.strip().lower(), done="added", password=password), json)


@staff.command("list")
def list_people(
    retired: Annotated[bool, typer.Option("--retired", help="those who have left, too")] = False,
    json: Json = False,
) -> None:
    """Who is in office."""
    from pipeline.people_view import people_in_office

    with open_house() as house:
        found = people_in_office(house, retired=retired)
    if json:
        print_json(found)
        return
    print_table(
        ("sign-in", "name", "roles", "clearance", "deputy", "absent", "account", "left"),
        [
            (
                one.sign_in,
                one.thai_name,
                "\n".join(
                    f"{held.role.value}:{held.group}" if held.group else held.role.value
                    for held in one.roles
                ),
                one.clearance,
                one.deputy,
                f"{one.absent_from} – {one.absent_until or ''}" if one.absent_from else None,
                one.account,
                f"{one.retired_at:%Y-%m-%d}" if one.retired_at else None,
            )
            for one in found
        ],
    )


@staff.command("change")
def change(
    sign_in: SignIn,
    by: By,
    name: Annotated[str | None, typer.Option(help="name in Thai; as it is by default")] = None,
    email: Annotated[
        str | None, typer.Option(help='where notices go, "" for nowhere; as it is by default')
    ] = None,
    json: Json = False,
) -> None:
    """Change a person's shown name or the address of their notices."""
    from pipeline.people import change_person

    if name is None and email is None:
        raise UsageFault("Nothing to change.", remedy="Give --name or --email.")
    with open_house() as house:
        change_person(house, sign_in, thai_name=name, email=email, by=by)
    _report(PersonDone(sign_in=sign_in, done="changed"), json)


@staff.command("role")
def role(
    sign_in: SignIn,
    given: RoleOf,
    by: By,
    remove: Annotated[bool, typer.Option("--remove", help="take it instead")] = False,
    json: Json = False,
) -> None:
    """Give a person a role, or take it."""
    from pipeline.people import give_role, take_role

    wanted, group = _role(given)
    with open_house() as house:
        (take_role if remove else give_role)(house, sign_in, wanted, group, by=by)
    _report(PersonDone(sign_in=sign_in, done="role_taken" if remove else "role_given"), json)


@staff.command("clearance")
def clearance(
    sign_in: SignIn,
    grade: Annotated[str, typer.Argument(help="open, confidential, secret or top_secret")],
    by: By,
    json: Json = False,
) -> None:
    """Set the highest secrecy grade a person may see."""
    from pipeline.people import set_clearance

    with open_house() as house:
        set_clearance(house, sign_in, _grade(grade), by=by)
    _report(PersonDone(sign_in=sign_in, done="clearance_set"), json)


@staff.command("password")
def password(sign_in: SignIn, by: By, json: Json = False) -> None:
    """Make a new one-time password and sign the person out everywhere."""
    from pipeline.people import renew_password

    with open_house() as house:
        made = renew_password(house, sign_in, by=by)
    _report(PersonDone(sign_in=sign_in, done="password_made", password=made), json)


@staff.command("absent")
def absent(
    sign_in: SignIn,
    by: OwnBy,
    first: Annotated[str | None, typer.Option("--from", help="first day away")] = None,
    last: Annotated[str | None, typer.Option("--until", help="last day away; none: open")] = None,
    json: Json = False,
) -> None:
    """Set the days on which a person is away; without --from they are back."""
    from pipeline.absences import set_absence

    with open_house() as house:
        set_absence(house, sign_in, read_day(first), read_day(last), by=by)
    _report(PersonDone(sign_in=sign_in, done="absence_set" if first else "absence_ended"), json)


@staff.command("deputy")
def deputy(
    sign_in: SignIn,
    by: OwnBy,
    other: Annotated[
        str | None, typer.Argument(metavar="DEPUTY", help="sign-in name; none for nobody")
    ] = None,
    json: Json = False,
) -> None:
    """Name who stands in for a person while they are away."""
    from pipeline.absences import set_deputy

    with open_house() as house:
        set_deputy(house, sign_in, other, by=by)
    _report(PersonDone(sign_in=sign_in, done="deputy_set" if other else "deputy_taken"), json)


@staff.command("retire")
def retire(sign_in: SignIn, by: By, json: Json = False) -> None:
    """End a person's time in office; what they did stays."""
    from pipeline.people import retire_person

    with open_house() as house:
        retire_person(house, sign_in, by=by)
    _report(PersonDone(sign_in=sign_in, done="retired"), json)


def _report(done: PersonDone, json: bool) -> None:
    if json:
        print_json(done)
        return
    screen.print(f"{done.sign_in}: {done.done}", markup=False, highlight=False)
    if done.password is not None:
        screen.print(
            f"รหัสผ่านใช้ครั้งเดียว · one-time password: {done.password}",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )


def _role(text: str) -> tuple[Role, str | None]:
    name, _, group = text.strip().partition(":")
    try:
        return Role(name.replace("-", "_")), group or None
    except ValueError:
        known = ", ".join(role.value for role in Role if role is not Role.MACHINE)
        raise UsageFault("There is no such role.", remedy=f"One of {known}.") from None


def _grade(text: str) -> Secrecy:
    try:
        return Secrecy(text)
    except ValueError:
        raise UsageFault(
            "There is no such grade.", remedy=f"One of {', '.join(Secrecy)}."
        ) from None
