"""The table of verbs."""

from __future__ import annotations

from typing import Annotated

import typer
from typer.core import TyperGroup

from smidgen import __version__
from smidgen.cli.bench import bench
from smidgen.cli.boards import boards
from smidgen.cli.check import check
from smidgen.cli.console import say
from smidgen.cli.convert import convert
from smidgen.cli.demo import demo
from smidgen.cli.deploy import deploy
from smidgen.cli.devices import devices
from smidgen.cli.doctor import doctor
from smidgen.cli.evaluate import evaluate
from smidgen.cli.export import export
from smidgen.cli.flash import flash
from smidgen.cli.inspect import inspect
from smidgen.cli.listen import listen
from smidgen.cli.profile import profile
from smidgen.cli.record import record
from smidgen.cli.repl import repl
from smidgen.cli.run import run
from smidgen.cli.run_on import run_on
from smidgen.cli.sim import sim
from smidgen.cli.soak import soak
from smidgen.cli.train import app as train_app
from smidgen.cli.watch import watch

# As a newcomer meets them; `smidgen --help` lists them so.
_VERBS = (
    demo,
    evaluate,
    convert,
    inspect,
    boards,
    devices,
    flash,
    check,
    run,
    profile,
    bench,
    listen,
    watch,
    soak,
    sim,
    deploy,
    record,
    run_on,
    repl,
    doctor,
    export,
)
_ORDER = ("demo", "train", *(verb.__name__.replace("_", "-") for verb in _VERBS[1:]))


class _InOrder(TyperGroup):
    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]  # typer's own context
        return list(_ORDER)


app = typer.Typer(
    name="smidgen",
    cls=_InOrder,
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        say(f"smidgen {__version__}")
        raise typer.Exit


@app.callback()
def _smidgen(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Machine learning for MicroPython boards.

    Train a model on a laptop, make it one small .smg file, and run it on a four-dollar board, or on a simulated one.
    Start with: smidgen demo
    """


app.add_typer(train_app, name="train")
for verb in _VERBS:
    app.command()(verb)
