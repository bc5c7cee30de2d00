"""Find the language that a browser prefers."""

from __future__ import annotations

from rr_snippet.errors import Language


def preferred_language(accepted: str) -> Language:
    """Return the language that an `Accept-Language` header prefers, English if it names none of ours.

    Source: RFC 9110, 12.5.4. Of equal weights the first wins.
    """
    weights: dict[Language, float] = {}
    for part in accepted.split(","):
        name, _, parameter = part.partition(";")
        subtag = name.strip().partition("-")[0].lower()
        if subtag in ("en", "ru"):
            weight = _weight(parameter)
            weights.setdefault("ru" if subtag == "ru" else "en", weight)
    return max(weights, key=lambda name: weights[name]) if any(weights.values()) else "en"


def _weight(parameter: str) -> float:
    name, _, value = parameter.partition("=")
    try:
        return float(value) if name.strip() == "q" else 1
    except ValueError:
        return 0
