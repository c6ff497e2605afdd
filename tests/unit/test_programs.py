"""A missing program is told by name: at a developer's the test is skipped, in CI it fails."""

from __future__ import annotations

import sys

import pytest

from tests.programs import node_package, program, run, system_python


@pytest.mark.parametrize("ask", [program, node_package, system_python])
@pytest.mark.parametrize(("ci", "outcome"), [("true", pytest.fail.Exception), ("", pytest.skip.Exception)])
def test_missing_is_told_by_name(monkeypatch: pytest.MonkeyPatch, ask, ci: str, outcome: type[BaseException]) -> None:
    monkeypatch.setenv("CI", ci)
    with pytest.raises(outcome, match="NoSuchThing is not installed"):
        ask("NoSuchThing")


def test_a_failing_program_fails_the_test_with_what_it_said() -> None:
    with pytest.raises(pytest.fail.Exception, match=r"exit code 3:\nout\nerr"):
        run([sys.executable, "-c", "import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)"])


def test_a_program_that_does_not_end_is_stopped() -> None:
    with pytest.raises(pytest.fail.Exception, match="did not end within"):
        run([sys.executable, "-c", "import time; time.sleep(20)"], timeout=0.3)


def test_what_a_program_says_is_returned() -> None:
    assert run([sys.executable, "-c", "print('Łódź')"], env={"PYTHONUTF8": "1"}).stdout == "Łódź\n"
