"""Findings as a log of SARIF 2.1.0, with what GitHub shows about each rule.

Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/;
https://docs.github.com/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from rr_snippet.check.finding import Finding
from rr_snippet.check.rulebook import RULES, rule_title
from rr_snippet.errors import Language
from rr_snippet.messages import sections

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"


def sarif_report(found: Sequence[tuple[str, Finding]], _counts: Mapping[str, int], language: Language) -> str:
    """Return a log of SARIF 2.1.0 with one run. Columns count characters."""
    from rr_snippet import __version__

    codes = sorted({finding.code for _, finding in found})
    links = _project_links()
    driver = {"name": "rr-snippet", "version": __version__, "semanticVersion": __version__}
    if "Homepage" in links:
        driver["informationUri"] = links["Homepage"]
    rules = [_rule(code, language, links.get("Documentation")) for code in codes]
    seen: Counter[str] = Counter()
    run = {
        "tool": {"driver": {**driver, "rules": rules}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(path, finding, codes, language, seen) for path, finding in found],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2)


def _rule(code: str, language: Language, documentation: str | None) -> dict[str, Any]:
    severity = RULES[code].severity
    section = sections("check-rules", language)[code]
    rule: dict[str, Any] = {
        "id": code,
        "name": "".join(part.capitalize() for part in code.replace(".", "_").split("_")),
        "shortDescription": {"text": rule_title(code, language)},
        "fullDescription": {"text": " ".join(section.partition("\n\n")[0].split())},
        "help": {"text": section, "markdown": section},
        "defaultConfiguration": {"level": severity},
        "properties": {"tags": ["retail-rocket", code.partition(".")[0]]},
    }
    if documentation is not None:
        anchor = f"{code.replace('.', '')}-{severity}"
        rule["helpUri"] = f"{documentation.rstrip('/')}/reference/check-rules.html#{anchor}"
    return rule


def _result(
    path: str, finding: Finding, codes: Sequence[str], language: Language, seen: Counter[str]
) -> dict[str, Any]:
    # What stays the same when lines move: the file, the rule, the field, and how many such findings come before.
    place = f"{Path(path).as_posix()}:{finding.code}:{finding.field}"
    fingerprint = hashlib.sha256(place.encode("utf-8", "surrogateescape")).hexdigest()[:16]
    seen[fingerprint] += 1
    region = {
        "startLine": finding.line,
        "startColumn": finding.column,
        "endLine": finding.line,
        "endColumn": finding.end_column,
    }
    return {
        "ruleId": finding.code,
        "ruleIndex": codes.index(finding.code),
        "level": finding.severity,
        "message": {"text": finding.message_in(language)},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": _uri(path)}, "region": region}}],
        "partialFingerprints": {"rrSnippet/v1": f"{fingerprint}:{seen[fingerprint]}"},
    }


def _uri(path: str) -> str:
    """Return a path as SARIF wants it: relative to the current folder, or with its scheme."""
    if not Path(path).is_absolute():
        return quote(Path(path).as_posix())
    # Code scanning shows nothing outside the checkout, and the command is run in its root.
    here = Path.cwd()
    inside = Path(path).is_relative_to(here)
    return quote(Path(path).relative_to(here).as_posix()) if inside else Path(path).as_uri()


def _project_links() -> dict[str, str]:
    """Return the URLs of the installed package by their names."""
    try:
        given = metadata("rr-snippet").get_all("Project-URL") or []
    except PackageNotFoundError:  # a bare checkout
        given = []
    return {name.strip(): url.strip() for name, _, url in (line.partition(",") for line in given)}
