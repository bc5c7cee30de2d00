"""Exports of shops: each layout has its mapping, and its customers keep their consents."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from rr_snippet.cli import main
from tests.support.bulk_data import read_json_lines

ROOT = Path(__file__).parents[2]
COMMANDS = [
    line.removeprefix("$ rr-snippet validate ")
    for line in (ROOT / "docs/guide/exports.md").read_text("utf-8").splitlines()
    if line.startswith("$ rr-snippet validate ")
]


def test_every_export_stands_in_the_docs() -> None:
    files = {path.relative_to(ROOT).as_posix() for path in (ROOT / "examples/exports").glob("*.csv")}
    assert {shlex.split(command)[0] for command in COMMANDS} == files


@pytest.mark.parametrize("command", COMMANDS)
def test_bulk_renders_what_validate_has_seen(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    assert main(["validate", *shlex.split(command), "--format", "json"]) == 0
    counts = json.loads(capsys.readouterr().out)["counts"]
    out = tmp_path / "out.jsonl"
    assert main(["bulk", *shlex.split(command), "-o", str(out), "-j", "1"]) == 0
    summary, err = capsys.readouterr()
    assert err == ""
    consents = "consent: true {consent_true}, false {consent_false}, absent {consent_absent}".format_map(counts)
    assert summary.splitlines()[:2] == [
        f"rows: {counts['customers']}, rendered: {counts['customers']}, rejected: 0",
        consents,
    ]
    blocks = [row["snippet"] for row in read_json_lines(out)]
    assert sum('"isAgreedToReceiveMarketingMail":false' in block for block in blocks) == counts["consent_false"]
    assert counts["consent_true"] + counts["consent_false"] + counts["consent_absent"] == counts["customers"]
    assert all("anna.petrova@shop.ru" in block for block in blocks[:1])
