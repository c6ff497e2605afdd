"""The one Jinja environment: a checklist or a status becomes a `Document`.

Templates render the XML of `ozgdoc.vocabulary`. Everything a template inserts is escaped: texts are data, whatever they
contain. Templates run in Jinja's sandbox, because organisations pass them around.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateNotFound, TemplateSyntaxError, pass_context
from jinja2 import TemplateError as JinjaError
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markdown_it import MarkdownIt
from markupsafe import Markup, escape

from ozgdoc import resources
from ozgdoc.document import Document, Form, Record
from ozgdoc.errors import Problem, TemplateError
from ozgdoc.identity import identify
from ozgdoc.model import MARK, Checklist, Notice, Portfolio, Submission, Text
from ozgdoc.vocabulary import PLACE, parse
from ozgdoc.wire import canonical, checklist_to_json

#: What XML 1.0 can't hold, what would break a line of text, and what makes it look like another one: control
#: characters, surrogates, non-characters, overrides of the writing direction.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
#: What an expression of a template's author can raise, such as ``{{ 1 / 0 }}``.
_EXPRESSION_ERRORS = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
_START_TAG = re.compile(r"<([a-z]+)(?=[\s/>])")


class _Places(Extension):
    """Writes into every element of a template where it stands, for error messages."""

    def filter_stream(self, stream: TokenStream) -> Iterable[Token]:
        for token in stream:
            if token.type != "data":
                yield token
                continue

            def place(match: re.Match[str], token: Token = token) -> str:
                line = token.lineno + token.value.count("\n", 0, match.start())
                return f'<{match[1]} {PLACE}="{escape(stream.name)}:{line}"'

            yield Token(token.lineno, token.type, _START_TAG.sub(place, token.value))


@cache
def labels(language: str) -> Mapping[str, str]:
    """Return the words of forms and reports in a language; English where the language is not known.

    ``language`` says which it is.
    """
    file = resources.data_folder() / "labels" / f"{language.partition('-')[0]}.yaml"
    if not file.is_file():
        file = file.with_name("en.yaml")
    words: dict[str, str] = yaml.safe_load(file.read_text("utf-8"))
    return {**words, "language": file.stem}


def environment(templates: Path | None = None, *, places: bool = True) -> ImmutableSandboxedEnvironment:
    """Return the Jinja environment over the built-in templates, the user's own folder first.

    Args:
        templates: the user's own folder.
        places: write into every element where in the template it stands; for the vocabulary's XML, not for HTML.
    """
    folders = [str(folder) for folder in resources.template_folders(templates)]
    return ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(folders),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.do", *([_Places] if places else [])],
        finalize=_printable,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _composer(templates: Path | None) -> Environment:
    """Return the environment for the vocabulary's XML. Compiling the templates takes longer than rendering them."""
    env = environment(templates)
    env.filters.update(inline=_inline, plain=_plain, commonmark=_commonmark, foreign=_foreign, word=_word)
    return env


def _printable(value: object) -> object:
    """Escape a text, without what XML can't hold; markup has been through here in its parts.

    An attribute keeps line ends and tabs only where they are written as references (XML 1.0, 3.3.3).
    """
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return Markup(escape(_NOT_XML.sub("\ufffd", value)).translate(_REFERENCES))  # noqa: S704  # it is escaped


_REFERENCES = {ord(sign): f"&#{ord(sign)};" for sign in "\n\r\t"}


@dataclass(frozen=True, slots=True)
class Archive:
    """What an archive copy shows besides the form itself.

    Attributes:
        source: name of the file that it was read from.
        original: SHA-256 (hex) of that file.
        read: when it was read.
        warnings: what was to be said about it.
        fields: field id → text.
        ticks: ``(checkpoint id, state id)`` → ``true``, ``false`` or ``unclear``, as the boxes were found.
        values: canonical JSON of the raw values, carried inside the copy.
    """

    source: str
    original: str
    read: datetime
    warnings: tuple[Notice, ...]
    fields: Mapping[str, str]
    ticks: Mapping[tuple[str, str], str]
    values: bytes

    @property
    def record(self) -> Record:
        """What the copy carries."""
        return Record(self.original, self.read.isoformat(timespec="seconds"), self.values)


def compose_form(
    checklist: Checklist,
    *,
    language: str | None = None,
    templates: Path | None = None,
    submission: Submission | None = None,
    instance: str | None = None,
    archive: Archive | None = None,
) -> Document:
    """Compose the form of a checklist.

    Args:
        checklist: what to put on it.
        language: BCP 47 tag; the checklist's own by default.
        templates: folder whose ``form.xml.j2`` replaces the built-in one.
        submission: values and answers to fill in; a blank form without.
        instance: id of the copy, if it is issued to somebody.
        archive: makes it an archive copy; its values then take the place of a submission's.

    Raises:
        TemplateError: the template can't be rendered.
    """
    language = language or checklist.language
    numbers = checklist.numbering()
    values = {
        "checklist": checklist,
        "notes": {note.id: note for note in checklist.footnotes},
        "fields": archive.fields if archive else submission.fields if submission else {},
        "ticks": archive.ticks if archive else _ticks(submission) if submission else {},
        "archive": archive,
    }
    record = archive.record if archive else None
    form = Form(identify(checklist, instance), canonical(checklist_to_json(checklist)), record)
    return compose("form.xml.j2", language, templates, values, numbers=numbers, form=form)


def _ticks(submission: Submission) -> dict[tuple[str, str], str]:
    return dict.fromkeys(submission.answers.items(), "true")


def compose_report(portfolio: Portfolio, *, language: str | None = None, templates: Path | None = None) -> Document:
    """Compose the status report about one or several submissions.

    Args:
        portfolio: made by `ozgdoc.status.combine`.
        language: BCP 47 tag of the report's own words; that of the first status by default.
        templates: folder whose ``report.xml.j2`` replaces the built-in one.

    Raises:
        TemplateError: the template can't be rendered.
    """
    language = language or next((status.language for status in portfolio.statuses), "de")
    if not (resources.data_folder() / "labels" / f"{language.partition('-')[0]}.yaml").is_file():
        language = "en"  # the words are English then, and a screen reader has to know
    return compose("report.xml.j2", language, templates, {"portfolio": portfolio})


def compose(
    template: str,
    language: str,
    templates: Path | None,
    values: Mapping[str, Any],
    *,
    numbers: Mapping[str, int] | None = None,
    form: Form | None = None,
) -> Document:
    """Render a template of the document vocabulary and parse the result.

    Args:
        template: name below the template folders.
        language: of the document; texts are taken in this language where they have it.
        templates: the user's own template folder.
        values: what the template can use, besides ``language`` and ``labels``.
        numbers: footnote id → number, for the marks in texts.
        form: makes the document a form.

    Raises:
        TemplateError: with the template's name and line.
    """
    words = labels(language)
    values = {"language": language, "labels": words, "numbers": numbers or {}, **values}
    xml = rendered(_composer(templates), template, values)
    title, subject, blocks = parse(xml, template)
    return Document(title, language, blocks, subject, words, form)


def rendered(env: Environment, template: str, values: Mapping[str, Any]) -> str:
    """Render a template of an environment.

    Raises:
        TemplateError: with the template's name and line.
    """
    try:
        return env.get_template(template).render(**values)
    except TemplateNotFound as error:
        raise TemplateError(
            Problem(
                "template-missing",
                str(error.name or template),
                0,
                "there is no such template",
                "See: ozgdoc templates list",
            )
        ) from None
    except (JinjaError, *_EXPRESSION_ERRORS) as error:
        raise _explain(error, template) from error


def _explain(error: Exception, template: str) -> TemplateError:
    """Find the template and line that an error is about."""
    if isinstance(error, TemplateSyntaxError):
        return TemplateError(
            Problem(
                "template-syntax",
                error.name or template,
                error.lineno,
                (error.message or "syntax error").rstrip("."),
                "",
            )
        )
    line, file, trace = 0, template, error.__traceback__
    while trace:
        # Jinja rewrites its frames so that file name and line are the template's own.
        code = trace.tb_frame.f_code
        if code.co_filename.endswith(".j2"):
            line, file = trace.tb_lineno, Path(code.co_filename).name
        trace = trace.tb_next
    remedy = "See docs/templates.md for what a template can use."
    return TemplateError(Problem("template-value", file, line, str(error) or type(error).__name__, remedy))


# ------------------------------------------------------------------------------------------------------------ filters


@pass_context
def _inline(context: Context, text: Text) -> Markup:
    """Turn a text with footnote marks into inlines."""
    words = text.get(context["language"])
    return Markup("").join(_pieces(words, context["numbers"], _foreign(context, text)))


@pass_context
def _plain(context: Context, text: Text) -> str:
    """Return a text as one line without footnote marks."""
    return " ".join(MARK.sub("", text.get(context["language"])).split())


@pass_context
def _foreign(context: Context, text: Text | str) -> str:
    """Return the language of a text, or of one of the program's words, if it is not the document's; else nothing."""
    language: str = context["language"]
    if isinstance(text, str):
        own: str = context["labels"]["language"]
        return "" if own == language.partition("-")[0] else own
    own, _ = text.variant(language)
    return "" if own == language else own


@pass_context
def _word(context: Context, word: str) -> Markup:
    """Turn one of the program's words into inlines."""
    return Markup("").join(_pieces(word, {}, _foreign(context, word)))


def _pieces(words: str, numbers: Mapping[str, int], language: str) -> Iterable[Markup]:
    attribute = Markup(' language="{}"').format(language) if language else Markup("")
    parts = MARK.split(words)
    for position, part in enumerate(parts):
        if position % 2 and part in numbers:
            yield Markup('<ref note="{}" mark="{}"/>').format(part, numbers[part])
            continue
        literal = f"[^{part}]" if position % 2 else part
        for number, line in enumerate(literal.split("\n")):
            if number:
                yield Markup("<break/>")
            if line:
                yield Markup("<text{}>{}</text>").format(attribute, _NOT_XML.sub("\ufffd", line))


#: Images and HTML stay as they are written.
_COMMONMARK = MarkdownIt("commonmark", {"html": False}).disable(["image", "html_inline", "entity"])


@pass_context
def _commonmark(context: Context, text: Text) -> Markup:
    """Turn CommonMark inline into inlines."""
    words, other = text.get(context["language"]), _foreign(context, text)
    out: list[Markup] = []
    for token in _COMMONMARK.parseInline(words)[0].children or []:
        match token.type:
            case "strong_open" | "em_open":
                out.append(Markup("<strong>"))
            case "strong_close" | "em_close":
                out.append(Markup("</strong>"))
            case "link_open":
                out.append(Markup('<link target="{}">').format(token.attrGet("href")))
            case "link_close":
                out.append(Markup("</link>"))
            case "softbreak":
                out.append(Markup("<text> </text>"))
            case "hardbreak":
                out.append(Markup("<break/>"))
            case _:
                out.extend(_pieces(token.content, context["numbers"], other))
    return Markup("").join(out)
