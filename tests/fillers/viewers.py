"""Programs with a user interface, without a window: Chromium's own PDF viewer, and LibreOffice."""

from __future__ import annotations

import atexit
import base64
import io
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import pikepdf
import pytest
from playwright.sync_api import Frame, Page, sync_playwright

from tests.fillers.common import Program, Values, refuse, widgets, work_files
from tests.fillers.libraries import with_pypdf
from tests.programs import program, run
from tests.soffice import Office

# ----------------------------------------------------------------------------------------------------------- Chromium

#: CSS pixels of one point, if the viewer shows a page in its real size.
_SCALE = 96 / 72

#: What the viewer does for its button "download with your changes", but for the file dialogue.
_SAVE = """async () => {
  const {dataToSave} = await viewer.currentController.save("EDITED");
  let text = "";
  for (const byte of new Uint8Array(dataToSave)) text += String.fromCharCode(byte);
  return btoa(text);
}"""


_Work = Callable[[Page, Frame, pikepdf.Pdf], bytes]


def _in_viewer(pdf: bytes, work: _Work) -> bytes:
    """Show a PDF with all of its pages visible and let a function work on the browser's page and the viewer's frame.

    Playwright keeps an event loop running in its thread, so it gets one of its own.
    """
    executable = program("chromium")

    def run_it() -> bytes:
        with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
            source, _, _ = work_files(folder, pdf, {})
            # Playwright's own idea of "headless" is a build without the viewer.
            browser = playwright.chromium.launch(
                executable_path=executable, headless=False, args=["--headless=new", "--no-sandbox"]
            )
            with pikepdf.open(io.BytesIO(pdf)) as opened:
                height = sum(float(page.mediabox[3]) * _SCALE + 20 for page in opened.pages)
                page = browser.new_page(viewport={"width": 1200, "height": int(height)})
                page.goto(f"{source.as_uri()}#zoom=100&toolbar=0&navpanes=0")
                result = work(page, _ready(page), opened)
            browser.close()
            return result

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run_it).result()


def _ready(page: Page) -> Frame:
    """Wait until the viewer has loaded the file, and return the viewer's frame."""
    for _ in range(500):
        page.wait_for_timeout(20)
        for frame in page.frames:
            if frame.url.startswith("chrome-extension:") and frame.evaluate("window.viewer?.loadState_") == "success":
                return frame
    pytest.fail("Chromium's viewer did not show the file within 10 s", pytrace=False)


def _chromium(pdf: bytes, values: Values) -> bytes:
    """Fill as people do: click into each box, type into each field, save a copy."""
    left = dict(values)

    def work(page: Page, viewer: Frame, opened: pikepdf.Pdf) -> bytes:
        names = {field.objgen: name for name, field in widgets(opened).items()}
        choices: dict[str, tuple[float, float]] = {}
        for number, sheet in enumerate(opened.pages):
            shown = viewer.evaluate(f"viewer.viewport.getPageScreenRect({number})")
            top = float(sheet.mediabox[3])
            for field in sheet.Annots:
                if (name := names.get(field.objgen, "")) in left:
                    x, y = (float(field.Rect[at]) + float(field.Rect[at + 2]) for at in (0, 1))
                    place = shown["x"] + x / 2 * _SCALE, shown["y"] + (top - y / 2) * _SCALE
                    value = left.pop(name)
                    if field.FT == "/Ch":
                        choices[name] = place
                    else:
                        _enter(page, place, value, field)
        return _chosen(page, viewer, choices, values)

    copy = _in_viewer(pdf, work)
    refuse(left)
    return copy


def _chosen(page: Page, viewer: Frame, choices: dict[str, tuple[float, float]], values: Values) -> bytes:
    """Choose from the lists, and return the saved copy once it has what was chosen.

    A busy viewer drops keys that are pressed while it opens a list, so what it did is looked at after each round.
    """
    for pause in (0, 50, 200, 800, 2000):
        copy = base64.b64decode(viewer.evaluate(_SAVE))
        with pikepdf.open(io.BytesIO(copy)) as opened:
            fields = {name: field for name, field in widgets(opened).items() if name in choices}
            steps = {name: _steps(field, str(values[name])) for name, field in fields.items()}
        if not any(steps.values()):
            return copy
        for name, count in filter(lambda step: step[1], steps.items()):
            page.mouse.click(*choices[name])  # opens the list
            page.wait_for_timeout(pause)
            for _ in range(abs(count)):
                page.keyboard.press("ArrowDown" if count > 0 else "ArrowUp")
                page.wait_for_timeout(pause)
            page.keyboard.press("Enter")
    pytest.fail(f"Chromium's viewer did not choose {', '.join(choices)}", pytrace=False)


def _steps(field: pikepdf.Dictionary, wanted: str) -> int:
    """Return how many options lie between the chosen one, if any, and the wanted one."""
    options = [str(option) for option in field.Opt]
    chosen = str(field.get("/V", ""))
    return options.index(wanted) - (options.index(chosen) if chosen in options else -1)


def _enter(page: Page, place: tuple[float, float], value: bool | str, field: pikepdf.Dictionary) -> None:
    if isinstance(value, str):
        page.mouse.dblclick(*place)  # selects what is there
        page.keyboard.press("Delete")
        page.keyboard.insert_text(value)
    elif value != (field.get("/AS", "/Off") != "/Off"):  # a click turns a box around
        page.mouse.click(*place)


def _chromium_printed(pdf: bytes) -> bytes:
    """Print the viewer's window to a PDF, as scripts do; it is as large as the window, so that nothing is cut off."""

    def work(page: Page, viewer: Frame, opened: pikepdf.Pdf) -> bytes:
        size = page.viewport_size
        assert size is not None
        page.screenshot()  # waits until the window is painted
        return page.pdf(width=f"{size['width']}px", height=f"{size['height']}px", print_background=True)

    return _in_viewer(pdf, work)


@cache
def _chromium_version() -> str:
    return run([program("chromium"), "--version"]).stdout.split()[1]


# -------------------------------------------------------------------------------------------------------- LibreOffice


@cache
def _office() -> Office:
    folder = tempfile.TemporaryDirectory()
    atexit.register(folder.cleanup)
    return Office(Path(folder.name))


def _converted(importer: str) -> Callable[[bytes], bytes]:
    """Return a function that opens a PDF with one of LibreOffice's programs and exports it as PDF."""

    def convert(pdf: bytes) -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            source, _, _ = work_files(folder, pdf, {})
            return _office().pdf(source, importer).read_bytes()

    return convert


@cache
def _office_version() -> str:
    return run([program("soffice"), "--version"]).stdout.split()[1]


PROGRAMS = (
    Program("chromium", "Chromium's viewer", "clicked and typed, saved", "form", _chromium_version, _chromium),
    Program(
        "chromium-print",
        "Chromium's viewer",
        "its window printed to PDF",
        "drawn",
        _chromium_version,
        with_pypdf,
        _chromium_printed,
    ),
    Program(
        "libreoffice-draw",
        "LibreOffice Draw",
        "opened and exported",
        "drawn",
        _office_version,
        with_pypdf,
        _converted("draw_pdf_import"),
    ),
    Program(
        "libreoffice-writer",
        "LibreOffice Writer",
        "opened and exported",
        "drawn",
        _office_version,
        with_pypdf,
        _converted("writer_pdf_import"),
    ),
)
