"""Subclasses of a shop: whatever their validators raise becomes a `CustomerError` without a value, with any option."""

from __future__ import annotations

import pickle
import traceback
from collections.abc import Callable
from typing import Annotated, Any

import pytest
from pydantic import (
    AliasChoices,
    BaseModel,
    BeforeValidator,
    Field,
    TypeAdapter,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from rr_snippet import Customer, CustomerError, render_snippet, to_payload

MARK = "SECRET-VALUE"


class RefusedError(Exception):
    """A shop's own exception, which shows the values."""


RAISED: dict[str, Callable[[], Exception]] = {
    "value": lambda: ValueError(MARK),
    "assertion": lambda: AssertionError(MARK),
    "custom": lambda: PydanticCustomError("shop.rule", "{value}", {"value": MARK}),
    "ours": lambda: PydanticCustomError("phone.too_long", "{value}", {"value": MARK}),
    "foreign": lambda: RefusedError(MARK),
    "key": lambda: KeyError(MARK),
}


def model_of(mode: str, make: Callable[[], Exception]) -> type[Customer]:
    """Return a subclass that refuses every customer whose tier is above 3."""

    class Vip(Customer):
        tier: int = 0

        if mode == "after":

            @model_validator(mode="after")
            def check_after(self) -> Any:
                if self.tier > 3:
                    raise make()
                return self

        elif mode == "before":

            @model_validator(mode="before")
            @classmethod
            def check_before(cls, data: Any) -> Any:
                if data.get("tier", 0) > 3:
                    raise make()
                return data

        elif mode == "wrap":

            @model_validator(mode="wrap")
            @classmethod
            def check_around(cls, data: Any, handler: Callable[[Any], Any]) -> Any:
                if data.get("tier", 0) > 3:
                    raise make()
                return handler(data)

        elif mode == "field":

            @field_validator("tier")
            @classmethod
            def check_field(cls, tier: int) -> int:
                if tier > 3:
                    raise make()
                return tier

        else:

            def model_post_init(self, _context: Any) -> None:
                if self.tier > 3:
                    raise make()

    return Vip


def is_silent(error: BaseException) -> bool:
    shown = [str(error), repr(error), repr(error.args), repr(vars(error)), repr(pickle.dumps(error))]
    shown.append("".join(traceback.format_exception(error)))
    while (error := error.__cause__ or error.__context__) is not None:  # type: ignore[assignment]
        shown += [str(error), repr(error)]
    lines = [line for line in "\n".join(shown).splitlines() if not line.lstrip().startswith(("raise ", '"value"'))]
    return MARK not in "\n".join(lines)


GOOD = {"customer_id": MARK, "email": f"{MARK}@shop.ru", "tier": 1}
BAD = {**GOOD, "tier": 9}

WAYS: dict[str, Callable[[type[Customer]], object]] = {
    "constructor": lambda model: model(**BAD),
    "parse": lambda model: model.parse(BAD),
    "parse, by rules": lambda model: model.parse(BAD, phone_region="RU"),
    "validate": lambda model: model.model_validate(BAD),
    "json": lambda model: model.model_validate_json(f'{{"customer_id": "{MARK}", "tier": 9}}'),
    "copy": lambda model: model(**GOOD).model_copy(update={"tier": 9}),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("raised", RAISED)
@pytest.mark.parametrize("mode", ["after", "before", "wrap", "field", "post_init"])
def test_what_a_validator_of_a_shop_raises_is_told_without_a_value(mode: str, raised: str, way: str) -> None:
    model = model_of(mode, RAISED[raised])
    assert model(**GOOD).tier == 1  # type: ignore[attr-defined]
    with pytest.raises(CustomerError) as caught:
        WAYS[way](model)
    assert caught.value.__cause__ is caught.value.__context__ is None
    place = "tier" if mode == "field" and raised in {"value", "assertion", "custom", "ours"} else ""
    assert [(problem.code, problem.path) for problem in caught.value.problems] == [("field.refused", place)]
    assert is_silent(caught.value)


@pytest.mark.parametrize("raised", RAISED)
@pytest.mark.parametrize("mode", ["after", "wrap", "field", "post_init"])
def test_so_it_is_in_a_hosts_own_model(mode: str, raised: str) -> None:
    model = model_of(mode, RAISED[raised])
    host = type("Host", (BaseModel,), {"__annotations__": {"customer": model}})
    for validate in (host.model_validate, TypeAdapter(dict[str, model]).validate_python):  # type: ignore[valid-type]
        with pytest.raises(ValidationError) as caught:
            validate({"customer": BAD})
        assert MARK not in str(caught.value)
        assert MARK not in repr(caught.value.errors())
        assert [line["type"] for line in caught.value.errors()] == ["field.refused"]


def test_a_field_of_a_shop_may_be_required_and_wrong() -> None:
    class Ours(Customer):
        shop: int
        points: dict[str, int] = Field(default_factory=dict)
        loyalty: str = Field(default="", validation_alias=AliasChoices("loyalty", "level"))

    assert Ours(customer_id="1", shop=1, level="gold").loyalty == "gold"  # type: ignore[call-arg]
    with pytest.raises(CustomerError) as caught:
        Ours.parse({"customer_id": "", "points": {MARK: MARK}, "level": "a", "lvl": 1})
    assert str(caught.value) == (
        "customerId: must not be blank [customer_id.blank]\n"
        "shop: refused by one of the shop's own rules [field.refused]\n"
        "points: refused by one of the shop's own rules [field.refused]\n"
        "[3]: unknown field [field.unknown]"
    )


def test_settings_of_a_subclass_change_no_value() -> None:
    class Tidy(Customer, str_strip_whitespace=True, str_to_upper=True, str_max_length=3, coerce_numbers_to_str=True):
        pass

    data = {
        "customerId": "  id  ", "defaultStockId": " Москва ", "customData": {" k ": " v "}, "softLinks": {" a ": " b "},
    }  # fmt: skip
    assert to_payload(Tidy.parse(data)) == to_payload(data)


class Tiered(Customer):
    tier: int = 0


@pytest.mark.parametrize(
    "options",
    [{"phone_region": "RU"}, {"require_consent": True}, {"phone_check": "possible"}, {"variant": "no-region"}, {}],
)
def test_a_subclass_with_a_field_of_its_own_renders_under_every_option(options: dict[str, Any]) -> None:
    fields: dict[str, Any] = {
        "customer_id": "1", "phone": "+7 911 222-33-44", "is_agreed_to_receive_marketing_mail": True,
    }  # fmt: skip
    assert render_snippet(Tiered(**fields, tier=1), **options) == render_snippet(Customer(**fields), **options)
    held = Customer.parse(Tiered(**fields, tier=1), phone_region="RU")
    assert held.phone == "+79112223344"
    own = Tiered.parse(Tiered(**fields, tier=1), phone_region="RU")
    assert (type(own), own.phone, own.tier) == (Tiered, "+79112223344", 1)


def test_every_error_has_a_problem_whatever_pydantic_is_told() -> None:
    class ByAlias(Customer, validate_by_name=False, validate_by_alias=True):
        pass

    ways: list[Callable[[], object]] = [
        lambda: Customer.model_validate({"customerId": "1", "soft_links": {"a": "b"}}, by_name=False, by_alias=True),
        lambda: Customer.model_validate({"customer_id": "1", "softLinks": {"a": "b"}}, by_alias=False, by_name=True),
        lambda: ByAlias.parse({"customerId": "1", "soft_links": {"a": "b"}}),
    ]
    for way in ways:
        with pytest.raises(CustomerError) as caught:
            way()
        assert str(caught.value).startswith("[1]: unknown field")
        assert caught.value.code == "field.unknown"


def test_a_validator_on_one_of_our_fields_is_a_rule_of_the_shop() -> None:
    class Short(Customer):
        customer_id: Annotated[str, BeforeValidator(lambda text: text.strip())]

        @field_validator("email")
        @classmethod
        def at_home(cls, email: str | None) -> str | None:
            if email and not email.endswith("@shop.ru"):
                raise ValueError(MARK)
            return email

    assert Short(customer_id=" 1 ", email="a@shop.ru").customer_id == "1"
    with pytest.raises(CustomerError) as caught:
        Short(customer_id="1", email=f"{MARK}@else.ru")
    assert str(caught.value) == "email: refused by one of the shop's own rules [field.refused]"
    with pytest.raises(CustomerError) as caught:
        Short(customer_id="1", email=f"{MARK}@")
    assert caught.value.code == "email.shape"
