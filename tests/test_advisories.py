"""The report about known vulnerabilities says what was asked, and never more."""

from __future__ import annotations

import json
import shutil

import pytest

from tests import advisories

KNOWN = {"name": "click", "version": "8.1.7", "vulns": []}
BAD = {"name": "click", "version": "8.1.7", "vulns": [{"id": "PYSEC-1"}]}
SKIPPED = {"name": "click", "skip_reason": "could not be collected"}


def answering(*texts):
    waiting = iter(texts)
    return lambda _command, _seconds: next(waiting)


def python(*dependencies):
    return json.dumps({"dependencies": dependencies})


@pytest.mark.parametrize("said", ["", "no route to host", python(), python(SKIPPED), "[]"])
def test_a_source_that_does_not_answer_was_not_asked(said):
    assert not advisories.audit_python(answering(said)).was_asked


def test_an_advisory_of_a_python_package_is_found():
    good = advisories.audit_python(answering(python(KNOWN), python(KNOWN)))
    bad = advisories.audit_python(answering(python(KNOWN), python(KNOWN, BAD)))

    assert good == advisories.Outcome(was_asked=True)
    assert bad.found == ("click 8.1.7: PYSEC-1",)


@pytest.mark.skipif(shutil.which("npm") is None, reason="no npm here")
def test_an_advisory_of_the_frontend_is_found():
    bad = json.dumps({"vulnerabilities": {"dompurify": {"severity": "high"}}})

    assert advisories.audit_frontend(answering(bad)).found == ("dompurify: high",)
    assert advisories.audit_frontend(answering('{"vulnerabilities": {}}')).was_asked
    assert not advisories.audit_frontend(answering('{"error": {"code": "ENOTFOUND"}}')).was_asked


@pytest.mark.parametrize(
    ("outcome", "code", "word"),
    [
        (advisories.Outcome(was_asked=False), 0, "NOT CHECKED"),
        (advisories.Outcome(was_asked=True), 0, "none known"),
        (advisories.Outcome(was_asked=True, found=("click 8.1.7: PYSEC-1",)), 1, "PYSEC-1"),
    ],
)
def test_only_an_advisory_fails_the_gate(monkeypatch, capsys, outcome, code, word):
    monkeypatch.setattr(advisories, "audit_python", lambda: outcome)
    monkeypatch.setattr(advisories, "audit_frontend", lambda: advisories.Outcome(was_asked=True))

    assert advisories.main() == code
    assert word in capsys.readouterr().out
