"""What a returned file says can't steer the terminal."""

from __future__ import annotations

import pytest

from ozgdoc.model import Submission
from ozgdoc.terminal import complain


def test_a_stranger_s_words_are_one_harmless_line(capsys: pytest.CaptureFixture[str]) -> None:
    complain(Submission("a\x1b[2Jb.pdf", error='it belongs to "x\x1b]0;y\x07\u202e\nz"', error_code="unknown-form"))
    assert capsys.readouterr().err == 'error: a[2Jb.pdf: it belongs to "x]0;y z"\n'
