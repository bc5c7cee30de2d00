"""Compare our pattern for Russian numbers with phonenumbers: `python tests/fuzzing/russian_phones.py COUNT [SEED]`."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from rr_snippet.customer import phone

_PREFIXES = ("+7", "7", "8")
_FORMS = (
    "{}{}{}{}{}",
    "{}({}){}-{}-{}",
    "{} ({}) {}-{}-{}",
    "{} ({}) {} {} {}",
    "{} {} {} {} {}",
    "{}-{}-{}-{}-{}",
    "{}({}){}{}{}",
)
# Mobile, Moscow, toll-free, Kazakhstan, Abkhazia, and codes in no numbering plan.
_AREAS = ("9", "495", "800", "7", "70", "77", "940", "0", "1", "8", "")


def numbers(count: int, seed: int) -> Iterator[str]:
    """Yield `count` numbers as people write them, or nearly so."""
    chance = random.Random(seed)
    for _ in range(count):
        area = chance.choice(_AREAS)
        digits = area + "".join(chance.choices("0123456789", k=10 - len(area)))
        form = chance.choice(_FORMS)
        text = form.format(chance.choice(_PREFIXES), digits[:3], digits[3:6], digits[6:8], digits[8:])
        if chance.random() < 0.05:
            place = chance.randrange(len(text))
            text = text[:place] + chance.choice(["", " ", "-", "0", "()"]) + text[place + 1 :]
        yield text


def differences(count: int, seed: int) -> list[tuple[str, str, str]]:
    """Return the numbers with two different results, that of phonenumbers and ours."""
    found = []
    for text in numbers(count, seed):
        ours, theirs = _outcome(text, by_pattern=True), _outcome(text, by_pattern=False)
        if ours != theirs:
            found.append((text, ours, theirs))
    return found


def _outcome(text: str, *, by_pattern: bool) -> str:
    try:
        if by_pattern:
            return str(phone.read_phone(text, region="RU"))
        return phone._to_e164(phone._check_shape(text.strip()), "RU")
    except phone.PhoneFaultError as error:
        return error.code


if __name__ == "__main__":
    arguments = [int(argument) for argument in sys.argv[1:]]
    count, seed = arguments[0], arguments[1] if len(arguments) > 1 else random.randrange(10**9)
    wrong = differences(count, seed)
    print(f"{count} numbers, seed {seed}: {len(wrong)} differences", *wrong[:10], sep="\n")
    sys.exit(bool(wrong))
