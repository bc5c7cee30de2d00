"""The preview as people use it in Chromium: they type, compare and copy, with only the keyboard or without scripts."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

import pytest
from playwright.sync_api import Page, expect

from rr_snippet import RenderOptions, render_snippet, to_payload
from rr_snippet.messages import MESSAGES
from rr_snippet.preview.examples import EXAMPLES
from rr_snippet.preview.form import PUSH_FIELDS
from rr_snippet.preview.result import read_form
from rr_snippet.preview.static import static_page
from rr_snippet.preview.words import WORDS
from tests.support.browser import ChromiumThread
from tests.support.preview import running_preview

T = TypeVar("T")
ARTEFACTS = Path(__file__).parents[2] / "artefacts"
FOREIGN = """<script>
(window.rrApiOnReady = window.rrApiOnReady || []).push(function () {
  try { rrApi.setCustomer({email: 'anna@shop.ru', customerId: '42'}); } catch (e) {}
});
</script>"""
AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")


@pytest.fixture(scope="module")
def address(chromium: ChromiumThread) -> Iterator[str]:
    with running_preview() as url:
        yield url


class Tab:
    """A page of the preview in its own profile, with the messages of its console."""

    def __init__(self, chromium: ChromiumThread, url: str, settings: dict[str, Any]) -> None:
        self.said: list[str] = []
        self.asked: list[str] = []
        self._chromium = chromium
        self._page: Page
        chromium.run(lambda browser: self._open(browser, url, settings))

    def _open(self, browser: Any, url: str, settings: dict[str, Any]) -> None:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **settings})
        context.set_default_timeout(10_000)
        self._page = page = context.new_page()
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("dialog", lambda dialog: (self.said.append(dialog.message), dialog.dismiss()))
        page.goto(url)

    def use(self, job: Callable[[Page], T]) -> T:
        return self._chromium.run(lambda _: job(self._page))

    def close(self) -> None:
        self._chromium.run(lambda _: self._page.context.close())


Open = Callable[..., Tab]


@pytest.fixture
def open_tab(chromium: ChromiumThread, request: pytest.FixtureRequest) -> Iterator[Open]:
    tabs: list[Tab] = []

    def open_one(path: str = "", *, url: str | None = None, **settings: Any) -> Tab:
        tabs.append(Tab(chromium, url or request.getfixturevalue("address") + path, settings))
        return tabs[-1]

    yield open_one
    for tab in tabs:
        tab.close()
        # Chromium's console shows every script, style or frame that a policy has blocked.
        assert tab.said == []


def hold_first(page: Page, text: str) -> list[Any]:
    """Keep the first request with `text` from the server, and return the list that will hold it."""
    held: list[Any] = []

    def route_one(route: Any) -> None:
        if "/result" in route.request.url and text in (route.request.post_data or "") and not held:
            held.append(route)
        else:
            route.continue_()

    page.route("**/*", route_one)
    return held


def wait_for_verdict(page: Page, language: str = "en") -> None:
    expect(page.locator("#verdict")).to_have_text(WORDS["received.same"][language == "ru"])


def drawn(page: Page) -> Any:
    """Return the tree in the page of what the tracker has received."""
    return json.loads(
        page.evaluate(
            """() => {
              const read = (list) => Object.fromEntries([...list.children].map((item) => [
                item.querySelector(":scope > .name").textContent,
                item.querySelector(":scope > ul") ? read(item.querySelector(":scope > ul"))
                  : JSON.parse(item.querySelector(":scope > .text, :scope > .flag").textContent)
              ]));
              return JSON.stringify(read(document.querySelector("#tree > ul")));
            }"""
        )
    )


def as_drawn(value: Any) -> Any:
    """Return a payload in the form of the tree: a list by the numbers of its items."""
    if isinstance(value, list):
        return {str(number): as_drawn(item) for number, item in enumerate(value)}
    return {name: as_drawn(item) for name, item in value.items()} if isinstance(value, dict) else value


# --- while typing


def test_problems_appear_and_go_as_one_types(open_tab: Open) -> None:
    def job(page: Page) -> None:
        email, note, summary = page.locator("#f-email"), page.locator("#n-email"), page.locator("#summary")
        expect(email).to_have_attribute("aria-invalid", "false")
        email.fill("anna@shop")
        expect(note).to_contain_text(MESSAGES["email.shape"][0])
        expect(note).to_contain_text("email.shape")
        expect(email).to_have_attribute("aria-invalid", "true")
        expect(email).to_have_accessible_description(re.compile("email.shape"))
        expect(summary).to_have_text("No block. Problems: 1.")
        expect(page.locator(".variants")).to_have_count(0)
        # The cursor stays where it is.
        expect(email).to_be_focused()
        email.press("End")
        email.press_sequentially(".ru")
        expect(note).to_be_empty()
        expect(email).to_have_attribute("aria-invalid", "false")
        expect(summary).to_contain_text("The block is ready")
        expect(page.locator("#block")).to_contain_text("anna@shop.ru")
        wait_for_verdict(page)

    open_tab().use(job)


def test_the_consent_warns(open_tab: Open) -> None:
    def job(page: Page) -> None:
        page.get_by_label(WORDS["consent.false"][0]).check()
        expect(page.locator("#n-isAgreedToReceiveMarketingMail")).to_contain_text("consent.not_unsubscribe")
        expect(page.locator("#summary")).to_contain_text("Warnings: 1.")

    open_tab().use(job)


def test_late_answers_are_not_shown(open_tab: Open) -> None:
    def job(page: Page) -> None:
        held = hold_first(page, "first")
        page.locator("#f-customerId").fill("first")
        page.wait_for_timeout(400)
        assert len(held) == 1
        page.locator("#f-customerId").fill("second")
        expect(page.locator("#block")).to_contain_text("second")
        held[0].continue_()
        page.wait_for_timeout(300)
        expect(page.locator("#block")).to_contain_text("second")

    open_tab().use(job)


def test_what_is_typed_before_a_row_has_come_is_kept(open_tab: Open) -> None:
    def job(page: Page) -> None:
        held = hold_first(page, "do=add")
        page.get_by_role("button", name=WORDS["customData.add"][0]).click()
        page.wait_for_timeout(100)
        assert len(held) == 1
        page.locator("#f-email").press_sequentially("boris.")
        if page.locator("#g-customData .row").count() < 3:
            held[0].continue_()
        expect(page.locator("#g-customData .row")).to_have_count(3)
        expect(page.locator("#f-email")).to_have_value("boris.anna@shop.ru")
        expect(page.locator("#f-email")).to_be_focused()
        page.keyboard.type("x")
        expect(page.locator("#f-email")).to_have_value("boris.xanna@shop.ru")
        expect(page.locator("#block")).to_contain_text("boris.xanna@shop.ru")

    open_tab().use(job)


def test_the_place_in_the_result_is_kept(open_tab: Open) -> None:
    def job(page: Page) -> None:
        for place in ("#text-region", "#copy-block", "#text-python"):
            email = page.locator("#f-email")
            email.fill(f"{place[1:]}@shop.ru")
            page.locator(place).focus()
            expect(page.locator("#block")).to_contain_text(f"{place[1:]}@shop.ru")
            expect(page.locator(place)).to_be_focused()

    open_tab().use(job)


def test_a_problem_leads_to_its_input_in_the_other_tab(open_tab: Open) -> None:
    def job(page: Page) -> None:
        page.get_by_role("tab", name="JSON").click()
        page.locator("#f-json").fill('{"customerId": "1", "email": "a@example.com"}')
        page.locator("#result .warnings a").click()
        expect(page.locator("#f-email")).to_be_focused()
        expect(page.get_by_role("tab", name=WORDS["mode.form"][0])).to_have_attribute("aria-selected", "true")

    open_tab().use(job)


def test_too_much_is_told_as_that(open_tab: Open) -> None:
    def job(page: Page) -> None:
        page.get_by_role("tab", name="JSON").click()
        page.locator("#f-json").fill("x" * 2_200_000)
        expect(page.locator("#summary")).to_have_text(WORDS["summary.refused"][0])

    tab = open_tab()
    tab.use(job)
    # The browser reports each response that is no success.
    assert [text for text in tab.said if "413" not in text] == []
    tab.said.clear()


def test_rows_come_and_go(open_tab: Open) -> None:
    def job(page: Page) -> None:
        rows = page.locator("#g-customData .row")
        page.get_by_role("button", name=WORDS["customData.add"][0]).click()
        expect(rows).to_have_count(3)
        expect(page.locator("#f-customData-2-key")).to_be_focused()
        page.keyboard.type("third")
        page.locator("#f-customData-2-value").fill("3")
        expect(page.locator("#block")).to_contain_text("third")
        page.get_by_role("button", name="Remove row 1").first.click()
        expect(rows).to_have_count(2)
        expect(page.locator("#f-customData-1-key")).to_have_value("third")
        expect(page.get_by_role("button", name=WORDS["customData.add"][0])).to_be_focused()

    open_tab().use(job)


def test_each_kind_of_push_shows_its_own_fields(open_tab: Open) -> None:
    def job(page: Page) -> dict[str, list[str]]:
        found = {}
        for kind in ("", *PUSH_FIELDS):
            page.locator("#f-push-kind").select_option(kind)
            fields = page.locator(".push-fields label code:visible, .push-fields legend code:visible")
            expect(fields).to_have_count(len(PUSH_FIELDS.get(kind, ())))
            found[kind] = fields.all_text_contents()
        return found

    assert open_tab().use(job) == {"": [], **{kind: list(names) for kind, names in PUSH_FIELDS.items()}}


# --- what is shown


@pytest.mark.parametrize("name", ["no-region", "region"])
def test_the_block_is_run_and_what_arrives_is_drawn(open_tab: Open, name: str) -> None:
    def job(page: Page) -> Any:
        wait_for_verdict(page)
        return drawn(page), page.locator("#block").text_content()

    tree, block = open_tab(f"?example={name}").use(job)
    data = EXAMPLES[name].data()
    assert tree == as_drawn(to_payload(data))
    assert block == render_snippet(data)


def test_variants_are_compared(open_tab: Open) -> None:
    def job(page: Page) -> Any:
        marks = {name: page.locator(f"#variant-{name} mark").all_text_contents() for name in ("region", "no-region")}
        page.locator("#options summary").click()
        page.get_by_label(WORDS["option.pretty"][0]).check()
        expect(page.locator("#block")).to_have_text(str(render_snippet(EXAMPLES["region"].data(), pretty=True)))
        expect(page.get_by_label(WORDS["option.pretty"][0])).to_be_focused()
        boxes = [page.locator(f"#variant-{name}").bounding_box() for name in ("region", "no-region")]
        return marks, boxes

    marks, boxes = open_tab("?example=region").use(job)
    stock_id = json.dumps("Москва")
    assert "".join(marks["region"]) == f'"defaultStockId":{stock_id},' + '"Name""Value"' * 2
    assert marks["no-region"] == ['"name"', '"value"'] * 2
    assert boxes[0]["y"] == boxes[1]["y"], "side by side"


def test_copying_takes_the_block_as_it_is(open_tab: Open) -> None:
    def job(page: Page) -> Any:
        button = page.locator("#copy-block")
        button.click()
        expect(button).to_have_text(WORDS["copied"][0])
        block = page.evaluate("navigator.clipboard.readText()")
        page.get_by_role("tab", name="Jinja2").click()
        page.locator("#code-jinja .copy").click()
        expect(page.locator("#code-jinja .copy")).to_have_text(WORDS["copied"][0])
        return block, page.evaluate("navigator.clipboard.readText()"), page.locator("#lines-jinja").text_content()

    tab = open_tab("?example=region", permissions=["clipboard-read", "clipboard-write"])
    block, lines, shown = tab.use(job)
    assert block == render_snippet(EXAMPLES["region"].data())
    assert lines == shown


def test_json_and_form_follow_each_other(open_tab: Open) -> None:
    def job(page: Page) -> None:
        page.get_by_role("tab", name="JSON").click()
        area = page.locator("#f-json")
        expect(area).to_have_value(EXAMPLES["no-region"].json_text())
        area.fill('{"customer_id": 77, "soft_links": {"card": 1}}')
        expect(page.locator("#block")).to_contain_text('"customerId":"77"')
        page.get_by_role("tab", name="Form").click()
        expect(page.locator("#f-customerId")).to_have_value("77")
        expect(page.locator("#f-softLinks-0-value")).to_have_value("1")
        page.locator("#f-customerId").fill("78")
        page.get_by_role("tab", name="JSON").click()
        expect(area).to_have_value(re.compile('"customerId": "78"'))
        area.fill('{"customerId": 1, "age": 30,}')
        expect(page.locator("#n-json")).to_contain_text("customer.json")
        expect(area).to_have_attribute("aria-invalid", "true")
        # Looking at the form in the meantime loses nothing. Typing there continues from there.
        page.get_by_role("tab", name="Form").click()
        expect(page.locator("#panel-form .notice")).to_have_text(WORDS["form.behind"][0])
        page.get_by_role("tab", name="JSON").click()
        expect(area).to_have_value('{"customerId": 1, "age": 30,}')
        page.get_by_role("tab", name="Form").click()
        page.locator("#f-customerId").fill("79")
        expect(page.locator("#block")).to_contain_text('"customerId":"79"')
        expect(page.locator("#f-json")).to_have_value(re.compile('"customerId": "79"'))
        expect(page.locator("#panel-form .notice")).to_have_count(0)

    open_tab().use(job)


def test_a_pasted_block_is_read_back_and_a_foreign_one_is_checked(open_tab: Open) -> None:
    foreign = '<script>rrApi.setCustomer({"customerId": "5", "isAgreedToReceiveMarketingMail": "false"})</script>'

    def job(page: Page) -> None:
        page.get_by_role("tab", name=WORDS["mode.block"][0]).click()
        page.locator("#f-block").fill(foreign)
        expect(page.locator("#findings")).to_contain_text("consent.type")
        expect(page.locator("#corrected")).to_contain_text('{"customerId":"5","isAgreedToReceiveMarketingMail":false}')
        expect(page.locator("#copy-corrected")).to_be_visible()
        page.locator("#f-block").fill(str(render_snippet(EXAMPLES["hostile"].data(), nonce="abc")))
        expect(page.locator("#findings")).to_contain_text(WORDS["block.ours"][0])
        wait_for_verdict(page)
        page.get_by_role("tab", name="Form").click()
        expect(page.locator("#f-customerId")).to_have_value(EXAMPLES["hostile"].texts["customerId"])

    open_tab().use(job)


def test_the_hostile_example_breaks_nothing(open_tab: Open, address: str) -> None:
    def job(page: Page) -> Any:
        wait_for_verdict(page)
        assert drawn(page) == as_drawn(to_payload(EXAMPLES["hostile"].data()))
        page.locator("#f-email").fill("</script><script>alert(6)</script>")
        expect(page.locator("#n-email")).to_contain_text("email.shape")
        page.locator("#f-email").fill("")
        wait_for_verdict(page)
        return page.locator("script").count(), page.locator("img").count()

    tab = open_tab("?example=hostile")
    assert tab.use(job) == (1, 0)
    assert [url for url in tab.asked if not url.startswith((address, "data:,"))] == []


def test_the_language_is_changed_with_what_was_typed(open_tab: Open) -> None:
    def job(page: Page) -> None:
        page.locator("#f-customerId").fill("moved")
        page.get_by_role("link", name="Русский").click()
        expect(page.locator("html")).to_have_attribute("lang", "ru")
        expect(page.locator("h1")).to_have_text(WORDS["title"][1])
        expect(page.locator("#f-customerId")).to_have_value("moved")
        wait_for_verdict(page, "ru")
        page.locator("#f-phone").fill("1")
        expect(page.locator("#n-phone")).to_contain_text("цифр: 1; ожидается не меньше 7")
        page.get_by_role("link", name="English").click()
        expect(page.locator("#n-phone")).to_contain_text("1 digits; expected at least 7")

    open_tab().use(job)


def test_a_preview_that_was_ended_is_told(open_tab: Open) -> None:
    def job(page: Page) -> None:
        page.route("**/*", lambda route: route.abort())
        page.locator("#f-customerId").fill("x")
        expect(page.locator("#summary")).to_have_text(WORDS["summary.lost"][0])

    tab = open_tab()
    tab.use(job)
    assert {*tab.said} == {"Failed to load resource: net::ERR_FAILED"}
    tab.said.clear()


# --- nothing is lost


@pytest.mark.parametrize("leave", ["reload", "back", "language", "example"])
@pytest.mark.parametrize("is_at_once", [True, False])
def test_what_was_typed_is_there_again(open_tab: Open, leave: str, is_at_once: bool) -> None:
    """This includes what was typed a moment before, without a response yet."""

    def job(page: Page) -> None:
        page.get_by_role("tab", name=WORDS["mode.form"][0]).click()
        page.locator("#f-customerId").fill("mine")
        if not is_at_once:
            expect(page.locator("#block")).to_contain_text('"mine"')
        if leave == "reload":
            page.reload()
        elif leave == "language":
            page.get_by_role("link", name="Русский").click()
            expect(page.locator("html")).to_have_attribute("lang", "ru")
        else:
            page.get_by_role("link", name=WORDS["example.hostile"][0]).click()
            expect(page.locator("#f-defaultStockId")).to_have_value(re.compile("onerror"))
            page.go_back()
            if leave == "example":
                page.go_forward()
                expect(page.locator("#f-defaultStockId")).to_have_value(re.compile("onerror"))
                page.go_back()
        expect(page.locator("#f-customerId")).to_have_value("mine")
        expect(page.locator("#block")).to_contain_text('"mine"')

    open_tab().use(job)


def test_the_tab_that_is_shown_is_kept(open_tab: Open) -> None:
    def job(page: Page) -> None:
        with page.expect_response("**/keep"):
            page.locator("#tab-panel-block").click()
        page.reload()
        expect(page.locator("#panel-block")).to_be_visible()
        page.get_by_role("link", name="Русский").click()
        expect(page.locator("html")).to_have_attribute("lang", "ru")
        expect(page.locator("#panel-block")).to_be_visible()

    open_tab().use(job)


def test_a_row_that_was_removed_is_put_back(open_tab: Open) -> None:
    def job(page: Page) -> None:
        page.get_by_role("button", name="Remove row 1").first.click()
        expect(page.locator("#f-customData-0-key")).to_have_value("favourite brand")
        page.get_by_role("button", name=WORDS["restore"][0]).press("Enter")
        expect(page.locator("#f-customData-0-key")).to_have_value("name")
        expect(page.locator("#f-customData-1-key")).to_have_value("favourite brand")
        expect(page.get_by_role("button", name=WORDS["restore"][0])).to_have_count(0)
        expect(page.locator("#tab-panel-form")).to_be_focused()

    open_tab().use(job)


def test_an_old_verdict_is_never_shown_as_that_of_what_is_typed(open_tab: Open) -> None:
    def job(page: Page) -> Any:
        held = hold_first(page, "slow")
        page.locator("#f-email").fill("slow@shop")
        seen = [
            page.evaluate("""() => [document.getElementById('bar').hasAttribute('data-checking'),
          document.getElementById('summary').getBoundingClientRect().right <= 0,
          document.getElementById('checking').getBoundingClientRect().width > 0]""")
        ]
        page.wait_for_timeout(500)
        assert len(held) == 1
        seen.append(page.evaluate("document.getElementById('bar').hasAttribute('data-checking')"))
        held[0].continue_()
        expect(page.locator("#summary")).to_have_text("No block. Problems: 1.")
        expect(page.locator("#bar")).not_to_have_attribute("data-checking", "")
        return seen

    assert open_tab().use(job) == [[True, True, True], True]


def test_900_rows_are_answered(open_tab: Open) -> None:
    """The documents say how fast, because this machine may be busy."""

    def job(page: Page) -> None:
        customer = {"customerId": "1", "customData": {f"key {number}": "Значение" for number in range(900)}}
        page.locator("#tab-panel-json").click()
        page.locator("#f-json").fill(json.dumps(customer, ensure_ascii=False, indent=1))
        expect(page.locator("#g-customData .row")).to_have_count(900, timeout=30_000)
        page.locator("#tab-panel-form").click()
        page.locator("#f-customerId").fill("2")
        expect(page.locator("#block")).to_contain_text('{"customerId":"2"', timeout=30_000)
        wait_for_verdict(page)

    open_tab().use(job)


# --- text in any of its forms


def test_the_lines_of_json_are_numbered_and_marked(open_tab: Open) -> None:
    def job(page: Page) -> Any:
        page.locator("#tab-panel-json").click()
        area, gutter = page.locator("#f-json"), page.locator("#panel-json .gutter span")
        area.fill('{\n  "customerId": "1",\n  "email": "x",\n  "mail": 1\n}')
        expect(page.locator("#panel-json .gutter .marked")).to_have_text(["3", "4"])
        expect(gutter).to_have_text(["1", "2", "3", "4", "5"])
        expect(page.locator("#n-json")).to_contain_text("«mail»")
        page.locator("#n-json .place").nth(1).click()
        expect(area).to_be_focused()
        chosen = area.evaluate("(area) => area.value.slice(area.selectionStart, area.selectionEnd)")
        area.fill('{\n  "customerId": "1",\n}')
        expect(page.locator("#n-json")).to_contain_text("line 2")
        expect(page.locator("#panel-json .gutter .marked")).to_have_text(["2"])
        told = page.locator("#n-json p").text_content()
        tops = page.evaluate("""() => {
          const area = document.getElementById('f-json'), gutter = area.previousElementSibling;
          area.value = 'x\\n'.repeat(300); area.dispatchEvent(new Event('input', { bubbles: true }));
          area.scrollTop = 1000;
          return new Promise((resolve) => setTimeout(() => resolve([area.scrollTop, gutter.scrollTop]), 200));
        }""")
        return chosen, told, tops

    chosen, told, tops = open_tab().use(job)
    assert chosen == '  "mail": 1'
    assert f"line 2 {MESSAGES['customer.json?trailing_comma'][0].format(line=2, column=20)}" in told
    assert tops[0] == tops[1] == 1000, "the numbers scroll with the lines"


def test_one_of_several_customers_is_chosen(open_tab: Open) -> None:
    def job(page: Page) -> None:
        page.locator("#tab-panel-json").click()
        page.locator("#f-json").fill("customerId;email\n7;a@shop.ru\n8;x\n9;b@shop.ru\n")
        record = page.locator("#f-record")
        expect(record.locator("option")).to_have_text(["✓ 1 (line 2): 7", "✗ 2 (line 3): 8", "✓ 3 (line 4): 9"])
        expect(page.locator("#block")).to_contain_text('"customerId":"7"')
        record.select_option("2")
        expect(page.locator("#n-json")).to_contain_text("email.shape")
        expect(page.locator("#panel-json .gutter .marked")).to_have_text(["3"])
        record.focus()
        page.keyboard.press("ArrowDown")
        expect(page.locator("#block")).to_contain_text('"customerId":"9"')
        page.locator("#tab-panel-form").click()
        expect(page.locator("#f-email")).to_have_value("b@shop.ru")
        # Typing in the form does not lose the other customers.
        page.locator("#f-email").fill("c@shop.ru")
        expect(page.locator("#block")).to_contain_text("c@shop.ru")
        page.locator("#tab-panel-json").click()
        expect(page.locator("#f-json")).to_have_value(re.compile("^customerId;email"))
        expect(page.locator("#n-json-behind")).to_have_text(WORDS["json.behind"][0])

    open_tab().use(job)


@pytest.mark.parametrize("way", ["choose", "drop"])
def test_files_are_read_in_the_encoding_of_excel_too(open_tab: Open, tmp_path: Path, way: str) -> None:
    (tmp_path / "a.csv").write_bytes("customerId;defaultStockId\n1;Тверь\n2;Омск\n".encode("cp1251"))
    (tmp_path / "a.html").write_bytes(str(render_snippet({"customerId": "from a page"})).encode())
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04\x14\x00 \xff\xfe")
    (tmp_path / "large.csv").write_bytes(b"x" * 1_000_001)

    def give(page: Page, name: str) -> None:
        if way == "choose":
            page.locator("#tab-panel-json").click()
            page.locator("#f-file").set_input_files(tmp_path / name)
            return
        data = page.evaluate_handle(
            """([name, bytes]) => {
              const data = new DataTransfer(); data.items.add(new File([new Uint8Array(bytes)], name)); return data;
            }""",
            [name, list((tmp_path / name).read_bytes())],
        )
        page.dispatch_event("header", "dragover", {"dataTransfer": data})
        page.dispatch_event("header", "drop", {"dataTransfer": data})

    def job(page: Page) -> None:
        give(page, "a.csv")
        expect(page.locator("#file-said")).to_have_text("Read as windows-1251: a.csv")
        expect(page.locator("#f-record option")).to_have_count(2)
        expect(page.locator("#panel-json")).to_be_visible()
        expect(page.locator("#known")).to_contain_text("Тверь")
        give(page, "a.html")
        expect(page.locator("#panel-block")).to_be_visible()
        expect(page.locator("#known")).to_contain_text("from a page")
        give(page, "a.xlsx")
        expect(page.locator("#n-json")).to_contain_text("source.foreign")
        give(page, "large.csv")
        expect(page.locator("#file-said")).to_have_text("Too large, at most 1 MB: large.csv")

    open_tab().use(job)


# --- what it means


def test_a_code_leads_to_its_explanation(open_tab: Open) -> None:
    def job(page: Page) -> None:
        why = page.locator("[id='why-customer_id.blank']")
        expect(why.locator("div")).to_be_hidden()
        page.locator("#n-customerId a.code").press("Enter")
        expect(why.locator("div")).to_be_visible()
        expect(why.locator("summary")).to_be_focused()
        expect(why).to_be_in_viewport()

    open_tab("?example=wrong").use(job)


def test_a_correct_block_of_others_is_read_and_run(open_tab: Open) -> None:
    def job(page: Page) -> Any:
        page.locator("#tab-panel-block").click()
        page.locator("#f-block").fill(FOREIGN)
        expect(page.locator("#findings p.good").first).to_have_text(WORDS["block.foreign"][0])
        expect(page.locator("#bar")).to_have_class("good")
        wait_for_verdict(page)
        page.locator("#tab-panel-form").click()
        expect(page.locator("#f-email")).to_have_value("anna@shop.ru")
        return drawn(page)

    assert open_tab().use(job) == to_payload({"customerId": "42", "email": "anna@shop.ru"})


def test_options_count_at_once(open_tab: Open) -> None:
    def job(page: Page) -> Any:
        page.locator("#options summary").click()
        page.locator("#f-option-phone_region").fill("ru")
        page.locator("#f-option-nonce").fill("abc123")
        page.locator("#f-option-debug").check()
        expect(page.locator("#block")).to_contain_text("console.error")
        expect(page.locator("#known")).to_contain_text("+71112223344")
        wait_for_verdict(page)
        block = page.locator("#block").text_content()
        page.locator("#f-option-phone_region").fill("xx")
        expect(page.locator("#n-option-phone_region")).to_contain_text("option.value")
        page.locator("#outcome .errors a").first.click()
        expect(page.locator("#f-option-phone_region")).to_be_focused()
        return block

    data = EXAMPLES["no-region"].data()
    assert open_tab().use(job) == render_snippet(data, nonce="abc123", phone_region="RU", debug=True)


def test_the_file_is_downloaded_and_stands_alone(open_tab: Open, tmp_path: Path) -> None:
    def job(page: Page) -> None:
        page.locator("#f-customerId").fill("in the file")
        expect(page.locator("#block")).to_contain_text("in the file")
        with page.expect_download() as download:
            page.get_by_role("button", name=WORDS["download"][0]).click()
        download.value.save_as(tmp_path / "saved.html")
        # The page is still working.
        page.locator("#f-customerId").fill("after it")
        expect(page.locator("#block")).to_contain_text("after it")

    open_tab().use(job)

    def look(page: Page) -> Any:
        wait_for_verdict(page)
        return drawn(page)["customerId"]

    assert open_tab(url=(tmp_path / "saved.html").as_uri()).use(look) == "in the file"


@pytest.mark.parametrize(("locale", "language"), [("ru-RU", "ru"), ("de-DE", "en")])
def test_the_page_speaks_the_language_of_the_browser(open_tab: Open, locale: str, language: str) -> None:
    def job(page: Page) -> Any:
        return page.evaluate("document.documentElement.lang")

    assert open_tab(locale=locale).use(job) == language


# --- small screens, paper, forced colours


def test_on_a_phone_the_verdict_stays_in_sight(open_tab: Open) -> None:
    def job(page: Page) -> None:
        page.locator("#f-push-token").fill("")
        expect(page.locator("#summary")).to_have_text("No block. Problems: 1.")
        expect(page.locator("#summary")).to_be_in_viewport(ratio=1)
        expect(page.locator("#f-push-token")).to_be_in_viewport()
        page.locator("#bar a").click()
        expect(page.locator("#outcome .errors")).to_be_in_viewport()

    open_tab(**PHONE).use(job)


def test_long_names_are_seen_whole(open_tab: Open) -> None:
    def job(page: Page) -> Any:
        page.locator("#f-customData-0-key").fill("favourite brand of all times, ever")
        return page.locator("#f-customData-0-key").evaluate("(input) => input.scrollWidth - input.clientWidth")

    assert open_tab().use(job) <= 0


@pytest.mark.parametrize("path", ["?example=region", "?example=wrong"])
def test_paper_shows_all_of_it(open_tab: Open, path: str) -> None:
    def job(page: Page) -> Any:
        page.emulate_media(media="print")
        cut = page.evaluate("""() => [...document.querySelectorAll('#outcome pre, #findings pre')]
          .filter((each) => each.scrollHeight > each.clientHeight + 1 || !each.offsetHeight).map((each) => each.id)""")
        signs = page.evaluate("""() => [...document.querySelectorAll('mark')]
          .map((each) => getComputedStyle(each, '::before').content)""")
        text = page.locator("#outcome").inner_text()
        buttons = page.locator("button:visible").count()
        return cut, set(signs), text, buttons

    cut, signs, text, buttons = open_tab(path).use(job)
    assert (cut, buttons) == ([], 0)
    assert signs == ({'"▸"'} if "wrong" not in path else set())
    example = EXAMPLES["wrong" if "wrong" in path else "region"]
    assert example.json_text() in text, "what was given"
    for end in (
        () if "wrong" in path else ("</script>", "{% load rr_snippet %}{% rr_customer %}", "page.render(customer")
    ):
        assert end in text


def test_paper_shows_what_was_found_in_pasted_code(open_tab: Open) -> None:
    def job(page: Page) -> None:
        typed_into("block", "<script>rrApi.setCustomer({customerId: 1})</script>")(page)
        expect(page.locator("#findings li").first).to_be_visible()
        page.emulate_media(media="print")
        expect(page.locator("#findings li").first).to_be_visible()
        expect(page.locator("#corrected")).to_be_visible()
        expect(page.locator("#given")).to_contain_text("rrApi.setCustomer({customerId: 1})")
        expect(page.locator("#f-block")).to_be_hidden()

    open_tab().use(job)


def test_forced_colours_tell_states_by_more_than_colour(open_tab: Open) -> None:
    def job(page: Page) -> Any:
        return page.evaluate("""() => {
          const style = (selector, part) => getComputedStyle(document.querySelector(selector), part);
          return {
            bar: [style('#bar').borderTopStyle, style('#summary', '::before').content.slice(0, 2)],
            wrong: style('#f-email').borderTopStyle, right: style('#f-push-applicationId').borderTopStyle,
            chosen: style('#tab-panel-form').borderTopWidth, other: style('#tab-panel-json').borderTopWidth,
            note: style('#n-email p', '::before').content.slice(0, 2),
          };
        }""")

    assert open_tab("?example=wrong", forced_colors="active").use(job) == {
        "bar": ["double", '"✗'],
        "wrong": "double",
        "right": "solid",
        "chosen": "3px",
        "other": "1px",
        "note": '"✗',
    }


# --- for everyone


def test_the_keyboard_is_enough(open_tab: Open) -> None:
    def job(page: Page) -> None:
        def focused() -> Any:
            return page.evaluate("document.activeElement.id")

        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        for _ in range(20):
            if focused() == "tab-panel-form":
                break
            page.keyboard.press("Tab")
        assert focused() == "tab-panel-form"
        width = page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)")
        assert width >= 2, "the focus is visible"
        page.keyboard.press("ArrowRight")
        assert focused() == "tab-panel-json"
        expect(page.get_by_role("tab", name="JSON")).to_have_attribute("aria-selected", "true")
        expect(page.locator("#panel-form")).to_be_hidden()
        page.keyboard.press("End")
        assert focused() == "tab-panel-block"
        page.keyboard.press("ArrowRight")
        assert focused() == "tab-panel-form"
        page.keyboard.press("Tab")
        assert focused() == "f-customerId"
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type("by hand")
        # Enter presses the button of the form, not the nearest one.
        page.keyboard.press("Enter")
        expect(page.locator("#block")).to_contain_text("by hand")
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.matches('#options summary')"):
                break
        page.keyboard.press("Enter")
        for _ in range(5):
            page.keyboard.press("Tab")
            if focused() == "f-option-pretty":
                break
        page.keyboard.press("Space")
        expect(page.locator("#block")).to_contain_text('"customerId": "by hand"')
        assert focused() == "f-option-pretty"

    open_tab().use(job)


def test_without_scripts_the_form_does_the_same(open_tab: Open) -> None:
    def job(page: Page) -> None:
        expect(page.locator("#block")).to_have_text(str(render_snippet(EXAMPLES["no-region"].data())))
        page.locator("#f-email").fill("anna@shop")
        page.locator("#f-email").press("Enter")
        expect(page.locator("#n-email")).to_contain_text("email.shape")
        page.locator("#f-email").fill("other@shop.ru")
        page.locator("#panel-form").get_by_role("button", name=WORDS["render"][0]).click()
        expect(page.locator("#block")).to_contain_text("other@shop.ru")
        expect(page.locator("#received noscript code")).to_contain_text('"email": "other@shop.ru"')
        expect(page.locator("#ran")).to_be_hidden()
        page.get_by_role("button", name=WORDS["softLinks.add"][0]).click()
        expect(page.locator("#g-softLinks .row")).to_have_count(3)
        # After a reload, in the other language, and after going back everything is there, and no row is repeated.
        page.reload()
        expect(page.locator("#g-softLinks .row")).to_have_count(3)
        page.get_by_role("link", name="Русский").click()
        expect(page.locator("#f-email")).to_have_value("other@shop.ru")
        page.get_by_role("link", name="English").click()
        page.get_by_role("link", name=WORDS["example.hostile"][0]).click()
        page.go_back()
        expect(page.locator("#f-email")).to_have_value("other@shop.ru")
        page.get_by_role("button", name="Remove row 1").first.click()
        page.get_by_role("button", name=WORDS["restore"][0]).click()
        expect(page.locator("#f-customData-0-key")).to_have_value("name")
        page.locator("#f-json").fill('{"customerId": "from JSON"}')
        page.locator("#panel-json").get_by_role("button", name=WORDS["render"][0]).click()
        expect(page.locator("#f-customerId")).to_have_value("from JSON")
        expect(page.locator("#f-softLinks-0-name")).to_have_value("")
        page.locator("#f-block").fill(str(render_snippet(EXAMPLES["region"].data())))
        page.locator("#panel-block").get_by_role("button", name=WORDS["block.read"][0]).click()
        expect(page.locator("#f-defaultStockId")).to_have_value("Москва")
        expect(page.locator("#summary")).to_contain_text("The block is ready")
        page.locator("#f-json").fill("customerId\n7\n8\n")
        page.locator("#panel-json").get_by_role("button", name=WORDS["render"][0]).click()
        page.locator("#f-record").select_option("2")
        page.locator("#panel-json").get_by_role("button", name=WORDS["render"][0]).click()
        expect(page.locator("#f-customerId")).to_have_value("8")
        with page.expect_download() as download:
            page.get_by_role("button", name=WORDS["download"][0]).click()
        assert download.value.suggested_filename == "rr-snippet-preview.html"

    open_tab(java_script_enabled=False).use(job)


def nothing_more(page: Page) -> None:
    """Do nothing: the page stays as it opens."""


def typed_into(tab: str, text: str) -> Callable[[Page], None]:
    def job(page: Page) -> None:
        page.locator(f"#tab-panel-{tab}").click()
        page.locator(f"#f-{tab}").fill(text)
        expect(page.locator("#bar")).not_to_have_attribute("data-checking", "")

    return job


def explained(page: Page) -> None:
    page.locator("#outcome .why summary").first.click()
    expect(page.locator("#outcome .why div").first).to_be_visible()


def with_options(page: Page) -> None:
    page.locator("#options summary").click()
    page.locator("#f-option-nonce").fill("<")
    expect(page.locator("#n-option-nonce")).to_contain_text("nonce.shape")


PHONE = {"viewport": {"width": 360, "height": 740}}
# The name, the address, the settings, and the first action.
LOOKS: list[tuple[str, str, dict[str, Any], Callable[[Page], None]]] = [
    ("light", "?example=region", {}, nothing_more),
    ("dark", "?example=region", {"color_scheme": "dark"}, nothing_more),
    ("empty", "?example=empty", {}, nothing_more),
    ("wrong", "?example=wrong", {}, explained),
    ("wrong-dark", "?example=wrong", {"color_scheme": "dark"}, explained),
    ("russian", "?lang=ru&example=wrong", {}, nothing_more),
    ("phone", "?example=hostile", PHONE, nothing_more),
    ("phone-russian", "?lang=ru&example=wrong", {"viewport": {"width": 320, "height": 740}}, nothing_more),
    ("json", "", {}, typed_into("json", '{"customerId": "1",\n "mail": 1}')),
    ("csv", "", {}, typed_into("json", "customerId;email\n1;a@shop.ru\n2;x\n")),
    ("foreign", "", {}, typed_into("block", FOREIGN)),
    ("bad-block", "", {"color_scheme": "dark"}, typed_into("block", "<script>rrApi.setCustomer({customerId: 1})</script>")),
    ("options", "", {}, with_options),
    ("forced", "?example=wrong", {"forced_colors": "active"}, nothing_more),
]  # fmt: skip


@pytest.mark.parametrize(("name", "path", "settings", "prepare"), LOOKS, ids=[look[0] for look in LOOKS])
def test_everyone_can_read_it(
    open_tab: Open, name: str, path: str, settings: dict[str, Any], prepare: Callable[[Page], None]
) -> None:
    """axe-core must have no findings of the two worst kinds, and nothing may be wider than the screen."""

    def job(page: Page) -> Any:
        prepare(page)
        ARTEFACTS.mkdir(exist_ok=True)
        page.screenshot(path=ARTEFACTS / f"preview-{name}.png", full_page=True)
        # axe-core does not know the colours in forced-colours mode.
        rules = "{ 'color-contrast': { enabled: false } }" if name == "forced" else "{}"
        return serious_findings(page, "document", rules), page.evaluate(
            "document.documentElement.scrollWidth - innerWidth"
        )

    found, overflow = open_tab(path, bypass_csp=True, **settings).use(job)
    assert found == []
    assert overflow <= 0


def serious_findings(page: Page, where: str, rules: str = "{}") -> list[Any]:
    page.evaluate(AXE)
    report = page.evaluate(f"axe.run({where}, {{ iframes: false, rules: {rules} }})")
    assert report["passes"], "axe-core has examined something"
    return [
        (violation["id"], [node["target"] for node in violation["nodes"]])
        for violation in report["violations"]
        if violation["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("name", ["region", "wrong"])
def test_everyone_can_read_the_file(open_tab: Open, tmp_path: Path, name: str) -> None:
    text, _ = static_page(read_form(EXAMPLES[name]), RenderOptions(), "ru", text=EXAMPLES[name].json_text())
    (tmp_path / "ticket.html").write_text(text, "utf-8", newline="\n")
    tab = open_tab(url=(tmp_path / "ticket.html").as_uri(), bypass_csp=True)
    assert tab.use(lambda page: serious_findings(page, "document")) == []


def test_axe_finds_what_is_there_to_be_found(open_tab: Open) -> None:
    def job(page: Page) -> list[Any]:
        page.evaluate("document.querySelector('label[for=f-email]').remove()")
        return serious_findings(page, "'#panel-form'")

    assert ("label", [["#f-email"]]) in open_tab(bypass_csp=True).use(job)


# --- the file


def test_the_static_file_stands_alone(open_tab: Open, tmp_path: Path) -> None:
    text, _ = static_page(read_form(EXAMPLES["hostile"]), RenderOptions(), "ru", text="")
    (tmp_path / "ticket.html").write_text(text, "utf-8", newline="\n")

    def job(page: Page) -> Any:
        wait_for_verdict(page, "ru")
        page.get_by_role("tab", name="Django").click()
        expect(page.locator("#lines-django")).to_be_visible()
        expect(page.locator("#lines-python")).to_be_hidden()
        return drawn(page)

    tab = open_tab(url=(tmp_path / "ticket.html").as_uri())
    assert tab.use(job) == as_drawn(to_payload(EXAMPLES["hostile"].data()))
    assert [url.partition(":")[0] for url in tab.asked if url != "data:,"] == ["file"]
