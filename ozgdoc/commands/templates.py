"""Commands on what decides how sheets look: the schemas and the templates."""

from __future__ import annotations

from pathlib import Path

import click

from ozgdoc.errors import OutputError


@click.command()
@click.argument("name", type=click.Choice(["checklist", "theme"]), default="checklist")
def schema(name: str) -> None:
    """Print the JSON Schema of data files, or of themes.

    \b
    Example:
      ozgdoc schema > data/checklist.schema.json
    """
    from ozgdoc import resources

    click.echo((resources.data_folder() / f"{name}.schema.json").read_text("utf-8"), nl=False)


@click.group()
def templates() -> None:
    """List the built-in templates, or copy them to change them."""


def _templates() -> dict[str, Path]:
    from ozgdoc import resources

    folder = resources.share() / "templates"
    return {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}


@templates.command("list")
def list_templates() -> None:
    """List the built-in templates.

    \b
    Example:
      ozgdoc templates list
    """
    for name in _templates():
        click.echo(name)


@templates.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("my-templates"),
    show_default=True,
    metavar="DIR",
    help="Folder to copy to.",
)
def eject(names: tuple[str, ...], output: Path) -> None:
    """Copy built-in templates into a folder, to change them and use them with --templates.

    Without NAME, all but the fonts are copied. What is there already is never overwritten.

    \b
    Example:
      ozgdoc templates eject form.xml.j2 -o my-templates
      ozgdoc build --templates my-templates
    """
    from ozgdoc.files import write_file

    known = _templates()
    for name in names or [name for name in known if not name.startswith(("fonts/", "icc/"))]:
        if name not in known:
            raise click.UsageError(f'there is no template "{name}". See: ozgdoc templates list')
        path = output / name
        if path.exists():
            raise OutputError(f"{path}: it is there already. Remove it, or name another folder with -o.")
        write_file(path, known[name].read_bytes())
        click.echo(str(path))
