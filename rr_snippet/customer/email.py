"""Tell an e-mail address from other text, by the rules of email-validator."""

from __future__ import annotations

import re
from typing import Final

EMAIL_MAX_CHARS: Final = 254

# Nearly every real address. Each one email-validator accepts too (a test compares them): dot-atom, at least two labels
# without "--", a lower-case ending that is not on its list of special-use names. The cap keeps labels under 64.
_USUAL: Final = re.compile(
    r"[A-Za-z0-9_+-]++(?:\.[A-Za-z0-9_+-]++)*+"
    r"@(?:[A-Za-z0-9]++(?:-[A-Za-z0-9]++)*+\.)+"
    r"(?!(?:arpa|invalid|local|localhost|onion)\Z)[a-z]{2,}+"
)
_USUAL_MAX_CHARS: Final = 64


def is_usual_email(text: str) -> bool:
    """Tell whether `text` is an address of the usual form, without loading anything; `False` decides nothing."""
    return len(text) <= _USUAL_MAX_CHARS and _USUAL.fullmatch(text) is not None


def is_email(text: str) -> bool:
    """Tell whether `text` is an address by email-validator's rules: syntax only, no DNS, `.test` names allowed.

    Unusual addresses load that library on their first appearance, the usual ones never do.
    """
    if is_usual_email(text):
        return True
    if len(text) > EMAIL_MAX_CHARS or "@" not in text:
        return False
    from email_validator import validate_email

    try:
        # Every rule is named: an application may have changed the defaults, which are globals of that module.
        validate_email(
            text,
            allow_smtputf8=True,
            allow_empty_local=False,
            allow_quoted_local=False,
            allow_domain_literal=False,
            allow_display_name=False,
            strict=False,
            check_deliverability=False,
            test_environment=True,
            globally_deliverable=True,
        )
    except ValueError:  # EmailNotValidError, and what the IDNA codec may let through
        return False
    return True
