"""`rr-snippet check`: the files that it reads, its reports and its exit codes."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from email.message import Message
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import jsonschema
import pytest
import yaml
from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as SarifLog

from rr_snippet.check import check_page, sarif
from rr_snippet.check.files import Exclusion, find_files
from rr_snippet.check.kinds import SUFFIXES
from rr_snippet.check.reports import count_findings, text_report
from rr_snippet.check.sarif import sarif_report
from rr_snippet.cli.check import REPORTS
from rr_snippet.messages import explanation, sections
from tests.check.corpus import FRAME, read_pages
from tests.cli.test_commands import call, run
from tests.support.liars import MARK

ROOT = Path(__file__).parents[2]
CLEAN = FRAME % '{"customerId": "42"}'
WRONG = FRAME % '{"customerId": 42}'
WARNED = FRAME % '{"customerId": "42", "email": ""}'
NOTED = FRAME % '{"customerId": id}'

LINE = """    rrApi.setCustomer({"customerId": …});
                                     ^
"""
BLOCK = """    the block as it should be:
    <script type="text/javascript">
        (window["rrApiOnReady"] = window["rrApiOnReady"] || []).push(function() {
          try {
            rrApi.setCustomer({"customerId":/* your customer id */,"isAgreedToReceiveMarketingMail":/* true or false, as the customer chose */});
          } catch (e) {}
      })
    </script>
"""
MORE = "more about a rule: rr-snippet check --explain customer_id.type\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, page in {"clean": CLEAN, "wrong": WRONG, "warned": WARNED, "noted": NOTED}.items():
        (tmp_path / f"{name}.html").write_text(page)
    return tmp_path


def test_findings_as_text(capfd):
    assert call(capfd, "check", "wrong.html", "clean.html") == (
        1,
        "wrong.html:4:42: error: customerId: not a string; expected one in quotes [customer_id.type]\n"
        f"{LINE}{BLOCK}{MORE}files: 2; errors: 1, warnings: 0, notes: 0\n",
        "",
    )
    assert call(capfd, "check", "wrong.html", "--no-fix-block") == (
        1,
        "wrong.html:4:42: error: customerId: not a string; expected one in quotes [customer_id.type]\n"
        f"{LINE}{MORE}files: 1; errors: 1, warnings: 0, notes: 0\n",
        "",
    )


def test_findings_in_colour():
    found = [("a.html", finding) for finding in check_page(WRONG)]
    counts = count_findings(found, files=1)
    coloured = text_report(found, counts, "en", is_coloured=True)
    assert coloured.splitlines()[0] == (
        "\x1b[1ma.html:4:42:\x1b[0m \x1b[31merror\x1b[0m: customerId: not a string; expected one in quotes [customer_id.type]"
    )
    assert coloured.splitlines()[2] == " " * 37 + "\x1b[31m^\x1b[0m"
    assert text_report(found, counts, "en") == re.sub(r"\x1b\[\d+m", "", coloured)


def test_a_line_that_is_too_long_is_not_shown(capfd, folder):
    (folder / "long.html").write_text(f"<!--{'a' * 3000}-->{WRONG}".replace("\n", " "))
    out = call(capfd, "check", "long.html", "--no-fix-block")[1]
    assert out.splitlines() == [
        "long.html:1:3171: error: customerId: not a string; expected one in quotes [customer_id.type]",
        MORE.strip(),
        "files: 1; errors: 1, warnings: 0, notes: 0",
    ]


@pytest.mark.parametrize(("no_color", "is_terminal", "expected"), [("", True, 1), ("1", True, 0), ("", False, 0)])
def test_colour_is_for_terminals_that_want_it(no_color, is_terminal, expected, capfd, monkeypatch):
    monkeypatch.setenv("NO_COLOR", no_color)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: is_terminal)
    code, out, _ = call(capfd, "check", "wrong.html")
    assert code == 1
    assert out.count("\x1b[31merror\x1b[0m") == expected


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_rule_is_explained(capfd, language):
    text = sections("check-rules", language)["ignore.unknown"]
    assert call(capfd, "check", "--explain", "ignore.unknown", "--lang", language) == (0, f"{text}\n", "")


def test_any_code_is_explained(capfd):
    assert call(capfd, "check", "--explain", "customer.csv", "--lang", "ru") == (
        0,
        f"`строку CSV не удалось прочитать`\n\n{explanation('customer.csv', 'ru')}\n",
        "",
    )
    assert call(capfd, "check", "--explain", "queue.nothing") == (
        2,
        "",
        "rr-snippet: error: --explain: wrong value 'queue.nothing'; expected a code like email.shape [option.value]\n",
    )


def test_findings_as_text_in_russian(capfd):
    code, out, err = call(capfd, "check", "wrong.html", "--lang", "ru")
    assert (code, err) == (1, "")
    assert out.splitlines()[0] == (
        "wrong.html:4:42: ошибка: customerId: не строка; ожидается строка в кавычках [customer_id.type]"
    )
    assert out.splitlines()[3] == "    блок, каким он должен быть:"
    assert out.splitlines()[-2] == "подробнее о правиле: rr-snippet check --explain customer_id.type"
    assert out.splitlines()[-1] == "файлов: 1; ошибок: 1, предупреждений: 0, заметок: 0"


def test_the_corrected_block_comes_once_after_the_findings_of_its_call(capfd, folder):
    (folder / "two.html").write_text(FRAME % '{"customerId": 42, "email": 5}' + FRAME % '{"customerId": ""}')
    _, out, _ = call(capfd, "check", "two.html")
    assert [line.split(": ")[0] for line in out.splitlines() if line.startswith(("two", "    the"))] == [
        "two.html:4:42", "two.html:4:55", "    the block as it should be:",
        "two.html:11:9", "two.html:11:42", "    the block as it should be:",
    ]  # fmt: skip


def test_values_are_shown_on_demand_only(capfd, folder):
    (folder / "page.html").write_text(FRAME % f'{{"customerId": "{MARK}", "email": 5}}')
    for form in REPORTS:
        assert MARK not in call(capfd, "check", "page.html", "--format", form)[1]
    assert f'"customerId":"{MARK}"' in call(capfd, "check", "page.html", "--with-values")[1]
    for form in ("json", "sarif", "github"):
        assert MARK not in call(capfd, "check", "page.html", "--format", form, "--with-values")[1]


def test_findings_as_json(capfd):
    code, out, err = call(capfd, "check", "wrong.html", "warned.html", "noted.html", "--format", "json")
    assert (code, err) == (1, "")
    report = json.loads(out)
    assert report["counts"] == {"files": 3, "errors": 1, "warnings": 1, "notes": 1}
    assert report["findings"][0] == {
        "path": "wrong.html",
        "line": 4,
        "column": 42,
        "end_column": 44,
        "code": "customer_id.type",
        "severity": "error",
        "message": "customerId: not a string; expected one in quotes",
    }
    assert [finding["severity"] for finding in report["findings"]] == ["error", "warning", "note"]


def test_findings_as_annotations_of_github(capfd, folder):
    (folder / "a,b%.html").write_text(WRONG)
    assert call(
        capfd, "check", "a,b%.html", "warned.html", "noted.html", "--format", "github", "--fail-on", "never"
    ) == (
        0,
        "::error file=a%2Cb%25.html,line=4,col=42,endColumn=44,title=customer_id.type::customerId: not a string; expected one in quotes\n"
        "::warning file=warned.html,line=4,col=57,endColumn=59,title=value.empty::email: empty; expected a value, or no such key\n"
        "::notice file=noted.html,line=4,col=42,endColumn=44,title=value.not_literal::customerId: known only when the page runs, so it cannot be checked here\n",
        "",
    )
    assert call(capfd, "check", "clean.html", "--format", "github") == (0, "", "")


# The part of the schema of SARIF 2.1.0 that our logs use, copied from the standard. Nothing else is allowed.
def closed(required: dict[str, object]) -> dict[str, object]:
    return {"type": "object", "properties": required, "required": list(required), "additionalProperties": False}


TEXT = {"type": "string", "minLength": 1}
LEVEL = {"enum": ["none", "note", "warning", "error"]}
POSITIVE = {"type": "integer", "minimum": 1}
URI = {"type": "string", "format": "uri", "pattern": "^https://"}
SARIF_SUBSET = closed(
    {
        "$schema": URI,
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "items": closed(
                {
                    "tool": closed(
                        {
                            "driver": closed(
                                {
                                    "name": TEXT,
                                    "version": TEXT,
                                    "semanticVersion": TEXT,
                                    "informationUri": URI,
                                    "rules": {
                                        "type": "array",
                                        "uniqueItems": True,
                                        "items": closed(
                                            {
                                                "id": TEXT,
                                                "name": TEXT,
                                                "shortDescription": closed({"text": TEXT}),
                                                "fullDescription": closed({"text": {**TEXT, "maxLength": 1024}}),
                                                "help": closed({"text": TEXT, "markdown": TEXT}),
                                                "helpUri": URI,
                                                "defaultConfiguration": closed({"level": LEVEL}),
                                                "properties": closed({"tags": {"type": "array", "maxItems": 10}}),
                                            }
                                        ),
                                    },
                                }
                            )
                        }
                    ),
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "results": {
                        "type": "array",
                        "items": closed(
                            {
                                "ruleId": TEXT,
                                "ruleIndex": {"type": "integer", "minimum": -1},
                                "level": LEVEL,
                                "partialFingerprints": closed({"rrSnippet/v1": TEXT}),
                                "message": closed({"text": TEXT}),
                                "locations": {
                                    "type": "array",
                                    "items": closed(
                                        {
                                            "physicalLocation": closed(
                                                {
                                                    "artifactLocation": closed(
                                                        {"uri": {"type": "string", "pattern": "^[!-~]+$"}}
                                                    ),
                                                    "region": closed(
                                                        {
                                                            "startLine": POSITIVE,
                                                            "startColumn": POSITIVE,
                                                            "endLine": POSITIVE,
                                                            "endColumn": POSITIVE,
                                                        }
                                                    ),
                                                }
                                            )
                                        }
                                    ),
                                },
                            }
                        ),
                    },
                }
            ),
        },
    }
)


def test_findings_as_sarif(capfd, folder):
    (folder / "мой файл.html").write_text(WRONG)
    code, out, err = call(capfd, "check", "мой файл.html", str(folder / "warned.html"), "--format", "sarif")
    assert (code, err) == (1, "")
    log = json.loads(out)
    jsonschema.validate(log, SARIF_SUBSET)
    SarifLog.model_validate(log)
    first, second = log["runs"][0]["results"]
    assert first["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "%D0%BC%D0%BE%D0%B9%20%D1%84%D0%B0%D0%B9%D0%BB.html"},
        "region": {"startLine": 4, "startColumn": 42, "endLine": 4, "endColumn": 44},
    }
    assert second["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "warned.html"
    assert [log["runs"][0]["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] for result in (first, second)] == [
        "customer_id.type",
        "value.empty",
    ]


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_page_makes_a_valid_log_of_sarif(language):
    pages = read_pages()
    found = [(page.name, finding) for page in pages for finding in check_page(page.content, name=page.file_name)]
    log = json.loads(sarif_report(found, count_findings(found, files=1), language))
    jsonschema.validate(log, SARIF_SUBSET)
    SarifLog.model_validate(log)
    empty = json.loads(sarif_report([], {}, language))
    jsonschema.validate(empty, SARIF_SUBSET)
    SarifLog.model_validate(empty)


def test_a_place_outside_of_the_current_folder_keeps_its_scheme(tmp_path_factory):
    other = tmp_path_factory.mktemp("other") / "a.html"
    log = json.loads(sarif_report([(str(other), check_page(WRONG)[0])], {}, "en"))
    place = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": other.as_uri()}


def test_fingerprints_outlive_other_lines():
    def prints(page: str) -> list[str]:
        log = json.loads(sarif_report([("a.html", finding) for finding in check_page(page)], {}, "en"))
        return [result["partialFingerprints"]["rrSnippet/v1"] for result in log["runs"][0]["results"]]

    twice = FRAME % '{"customerId": "1", "softLinks": [{"name": "a", "value": 5}, {"name": "b", "value": 6}]}'
    assert prints(twice) == prints("\n\n" + twice)
    assert len(set(prints(twice + WRONG))) == 4


def test_the_addresses_of_the_project_are_links(monkeypatch):
    given = Message()
    given["Project-URL"] = "Homepage, https://example.com/"
    given["Project-URL"] = "Documentation, https://example.com/docs/"
    monkeypatch.setattr(sarif, "metadata", lambda name: given)
    driver = json.loads(sarif_report([("a.html", check_page(WRONG)[0])], {}, "en"))["runs"][0]["tool"]["driver"]
    assert driver["informationUri"] == "https://example.com/"
    assert driver["rules"][0]["helpUri"] == "https://example.com/docs/reference/check-rules.html#customer_idtype-error"

    def nowhere(name: str) -> Message:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(sarif, "metadata", nowhere)
    driver = json.loads(sarif_report([("a.html", check_page(WRONG)[0])], {}, "en"))["runs"][0]["tool"]["driver"]
    assert "informationUri" not in driver
    assert "helpUri" not in driver["rules"][0]


@pytest.mark.parametrize(
    ("page", "fail_on", "expected"),
    [
        ("wrong", None, 1), ("wrong", "error", 1), ("wrong", "warning", 1), ("wrong", "never", 0),
        ("warned", None, 0), ("warned", "error", 0), ("warned", "warning", 1), ("warned", "never", 0),
        ("noted", None, 0), ("noted", "warning", 0), ("clean", "warning", 0),
    ],
)  # fmt: skip
def test_what_a_run_fails_on(page, fail_on, expected, capfd):
    arguments = [] if fail_on is None else ["--fail-on", fail_on]
    assert call(capfd, "check", f"{page}.html", *arguments)[0] == expected


def test_rules_are_selected_and_ignored(capfd):
    assert call(capfd, "check", "wrong.html", "--ignore", "customer_id, queue.outside")[0] == 0
    assert call(capfd, "check", "wrong.html", "--select", "email")[0] == 0
    assert call(capfd, "check", "wrong.html", "--select", "customer_id.type")[0] == 1
    assert call(capfd, "check", "wrong.html", "--ignore", "customer_id.tipe") == (
        2,
        "",
        "rr-snippet: error: --ignore: customer_id.tipe: wrong value; expected customer_id.type [option.value]\n",
    )
    assert call(capfd, "check", "wrong.html", "--select", "zzz") == (
        2,
        "",
        "rr-snippet: error: --select: zzz: wrong value; expected the code of a rule, or its subject [option.value]\n",
    )
    assert call(capfd, "check", "wrong.html", "--select", "email", "--select", "customer_id")[0] == 1


def test_rendered_pages(capfd, folder):
    (folder / "page.html").write_text(FRAME % '{"customerId": {{ user.id|tojson }}}')
    assert call(capfd, "check", "page.html")[0] == 0
    assert "[template.unrendered]" in call(capfd, "check", "page.html", "--rendered")[1]


def test_standard_input():
    assert run("check", "-", data=CLEAN) == (0, "files: 1; errors: 0, warnings: 0, notes: 0\n", "")
    code, out, err = run("check", "-", data=WRONG.encode("utf-16"))
    assert (code, err) == (1, "")
    assert out.startswith("standard input:4:42: error: ")


def test_standard_input_under_a_name():
    script = "rrApi.setCustomer({customerId: 42} as Card)"
    code, out, err = run("check", "-", "--stdin-name", "src/cart.ts", data=script)
    assert (code, err) == (1, "")
    assert [line for line in out.splitlines() if line.startswith("src/cart.ts:")] == [
        "src/cart.ts:1:1: error: called outside the rrApiOnReady queue; expected inside a function pushed to it [queue.outside]",
        "src/cart.ts:1:1: warning: the call is not inside a try with a catch; expected it there [try.missing]",
        "src/cart.ts:1:32: error: customerId: not a string; expected one in quotes [customer_id.type]",
    ]
    assert run("check", "-", "--stdin-name", "notes.txt", data=script) == (2, "", f"notes.txt: error: {KIND}")


KIND = (
    "not a page, a template or a script by its name, so it is not checked; --stdin-name reads it as one [source.kind]\n"
)
NOTHING = "rr-snippet: error: nothing to check: these paths contain no page, template or script [source.nothing]\n"


def test_what_is_named_and_not_read_is_told(capfd, folder):
    for name in ("a.txt", "b.md", "data.json"):
        (folder / name).write_text(WRONG)
    assert call(capfd, "check", "a.txt", "b.md") == (2, "", f"a.txt: error: {KIND}b.md: error: {KIND}")
    assert call(capfd, "check", "data.json", "clean.html") == (
        2,
        "files: 1; errors: 0, warnings: 0, notes: 0\n",
        f"data.json: error: {KIND}",
    )
    assert call(capfd, "check", "a.txt", "nowhere.html", "clean.html")[0] == 3
    assert call(capfd, "check", "a.txt", "nowhere.html")[0] == 2
    assert call(capfd, "check", "a.txt", "wrong.html", "--no-fix-block")[0] == 2


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_kind_is_found_in_folders(suffix, capfd, folder):
    (folder / "only").mkdir()
    (folder / f"only/page.{suffix}").write_text('{"containerVersion": {}}' if suffix == "json" else CLEAN)
    assert [found.path for found in find_files(["only"], Exclusion())] == [f"only/page.{suffix}"]
    assert f".{suffix}" in re.sub(r"\.$", "", call(capfd, "check", "--help")[1].strip()).split()


def test_folders_with_a_dot_are_read_but_for_a_list(capfd, folder):
    for name in (".default", ".git", ".venv", "vendor"):
        (folder / "shop" / name).mkdir(parents=True)
        (folder / "shop" / name / "template.php").write_text(WRONG)
    found = [found.path for found in find_files(["shop"], Exclusion())]
    assert found == [str(Path("shop/.default/template.php"))]
    assert call(capfd, "check", "shop")[0] == 1
    assert [found.path for found in find_files(["shop/vendor"], Exclusion())] == [str(Path("shop/vendor/template.php"))]


def test_folders(capfd, folder):
    for name in (
        "b/page.php",
        "b/.git/page.html",
        "node_modules/page.html",
        "b/page.txt",
        "b/a.JS",
        "c/x.html.j2",
        "b/LICENSE",
    ):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(WRONG)
    names = ["clean.html", "noted.html", "warned.html", "wrong.html", "b/a.JS", "b/page.php", "c/x.html.j2"]
    assert [found.path for found in find_files(["."], Exclusion())] == [str(Path(name)) for name in names]
    assert [found.path for found in find_files(["b"], Exclusion(["*.php"]))] == [str(Path("b/a.JS"))]
    assert [found.path for found in find_files(["nowhere"], Exclusion())] == ["nowhere"]
    _, out, _ = call(capfd, "check", ".", "--format", "json")
    report = json.loads(out)
    assert report["counts"]["files"] == 7
    # The script file is no page, so its markup is a syntax error in JavaScript.
    assert [
        (finding["path"], finding["code"]) for finding in report["findings"] if "b" in Path(finding["path"]).parts
    ] == [
        ("b/a.JS", "script.syntax"),
        ("b/page.php", "customer_id.type"),
    ]
    (folder / "empty").mkdir()
    assert call(capfd, "check", "empty") == (2, "", NOTHING)
    (folder / "empty/data.json").write_text("{}")
    assert call(capfd, "check", "empty") == (2, "", NOTHING)


def test_files_that_cannot_be_read(capfd, monkeypatch):
    missing = "nowhere.html: error: cannot be read: No such file or directory [source.unreadable]\n"
    assert call(capfd, "check", "nowhere.html") == (2, "", missing)
    assert call(capfd, "check", "nowhere.html", "clean.html") == (
        3,
        "files: 1; errors: 0, warnings: 0, notes: 0\n",
        missing,
    )
    assert call(capfd, "check", "nowhere.html", "wrong.html")[0] == 3
    assert call(capfd, "check", "nowhere.html", "nowhere.html") == (2, "", missing * 2)


def test_a_file_that_fails_while_it_is_read(capfd):
    # The memory of a process can be opened, but not read at its start.
    code, out, err = call(capfd, "check", "/proc/self/mem")
    assert (code, out) == (2, "")
    assert err == "/proc/self/mem: error: cannot be read: Input/output error [source.unreadable]\n"


def test_settings_of_the_project(capfd, folder, monkeypatch):
    (folder / "pyproject.toml").write_text(
        "[tool.rr-snippet]\n"
        'ignore = ["customer_id"]\nexclude = ["old/*"]\nfail-on = "warning"\nrendered = true\n[tool.rr-snippet.other]\na = 1\n'
    )
    (folder / "old").mkdir()
    (folder / "old" / "page.html").write_text(WRONG)
    (folder / "template.html").write_text(FRAME % '{"customerId": {{ id|tojson }}}')
    _, out, _ = call(capfd, "check", ".", "--format", "json")
    report = json.loads(out)
    assert report["counts"]["files"] == 5
    assert {finding["code"] for finding in report["findings"]} == {
        "template.unrendered",
        "value.empty",
        "value.not_literal",
    }
    assert call(capfd, "check", "warned.html")[0] == 1
    assert call(capfd, "check", "warned.html", "--fail-on", "error")[0] == 0
    assert call(capfd, "check", "wrong.html", "--ignore", "queue")[0] == 1
    # It is in a folder above the current one.
    monkeypatch.chdir(folder / "old")
    assert call(capfd, "check", "../wrong.html")[0] == 0


def test_exclusions_are_relative_to_the_settings(capfd, folder, monkeypatch):
    (folder / "pyproject.toml").write_text('[tool.rr-snippet]\nexclude = ["*/legacy/*", "wrong.html", "old/"]\n')
    for name in ("sub/legacy/b.html", "sub/a.html", "old/deep/c.html"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(WRONG)

    def read(*arguments: str) -> list[str]:
        out = call(capfd, "check", *arguments, "--format", "json")[1]
        return [finding["path"] for finding in json.loads(out)["findings"] if finding["severity"] == "error"]

    assert read(".") == [str(Path("sub/a.html"))]
    monkeypatch.chdir(folder / "sub")
    assert read(".") == ["a.html"]
    assert read("..") == [str(Path("../sub/a.html"))]
    assert read("legacy/b.html") == [str(Path("legacy/b.html"))]
    assert call(capfd, "check", "legacy/b.html", "--force-exclude") == (
        0,
        "files: 0; errors: 0, warnings: 0, notes: 0\n",
        "",
    )
    assert read("legacy/b.html", "a.html", "--force-exclude") == ["a.html"]
    (folder / "pyproject.toml").write_text('[tool.rr-snippet]\nexclude = ["*/legacy/*"]\nforce-exclude = true\n')
    assert read("legacy/b.html", "a.html") == ["a.html"]


def test_the_hook_of_pre_commit_names_what_the_command_reads():
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    assert hook["entry"] == "rr-snippet check --force-exclude"
    assert hook["additional_dependencies"] == extras["check"]
    assert hook["files"] == rf"\.(?:{'|'.join(suffix for suffix in SUFFIXES if suffix != 'json')})$"


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ('ingore = ["queue"]', "ingore: unknown option; did you mean ignore? [option.unknown]"),
        ("verbosity = 5", "verbosity: unknown option [option.unknown]"),
        ('ignore = "queue"', "ignore: wrong value; expected a list of strings [option.value]"),
        ("select = [5]", "select: wrong value; expected a list of strings [option.value]"),
        ("rendered = 1", "rendered: wrong value; expected true or false [option.value]"),
        ("fail-on = 1", "fail-on: wrong value; expected a string [option.value]"),
    ],
)
def test_settings_that_mean_nothing(settings, expected, capfd, folder):
    (folder / "pyproject.toml").write_text(f"[tool.rr-snippet]\n{settings}\n")
    file = folder / "pyproject.toml"
    assert call(capfd, "check", "clean.html") == (2, "", f"rr-snippet: error: {file}.{expected}\n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            b'[tool.rr-snippet]\nfail-on = "always"\n',
            "fail-on: wrong value; expected error, warning, never [option.value]",
        ),
        (b"[tool.rr-snippet\n", "{file}: cannot be read: TOMLDecodeError [source.unreadable]"),
        (b"\xff", "{file}: cannot be read: UnicodeDecodeError [source.unreadable]"),
        (b"tool = 5", "{file}: cannot be read: no table [tool.rr-snippet] [source.unreadable]"),
        (b"[tool]\nrr-snippet = 5", "{file}: cannot be read: no table [tool.rr-snippet] [source.unreadable]"),
    ],
)
def test_settings_that_cannot_be_read(text, expected, capfd, folder):
    (folder / "pyproject.toml").write_bytes(text)
    expected = expected.format(file=folder / "pyproject.toml")
    assert call(capfd, "check", "clean.html") == (2, "", f"rr-snippet: error: {expected}\n")


def test_without_the_extra_one_line_says_what_to_install():
    program = (
        "import sys; sys.modules['tree_sitter'] = None; from rr_snippet.cli import main; sys.exit(main(['check', '.']))"
    )
    process = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (process.returncode, process.stdout, process.stderr) == (
        2,
        "",
        "rr-snippet: error: tree-sitter is needed: pip install 'rr-snippet[check]' [dependency.missing]\n",
    )


def test_wrong_usage(capfd):
    assert call(capfd, "check")[0] == 2
    assert call(capfd, "check", "clean.html", "--format", "xml")[0] == 2
    assert call(capfd, "check", "-h")[0] == 0
