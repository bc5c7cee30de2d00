"""Recognise an e-mail address by the rules of email-validator."""

from __future__ import annotations

from typing import Final

EMAIL_MAX_CHARS: Final = 254

# This matches nearly every real address, and email-validator accepts every match (a test compares them): dot-atom, at
# least two labels without "--", Latin or Russian letters, a top-level domain that is no special-use name. The limit
# below keeps labels under 64 characters, even encoded for the DNS.
_ATOM: Final = "[A-Za-z0-9_+а-яёА-ЯЁ-]+"
_LABEL: Final = "[A-Za-z0-9а-яё]+(?:-[A-Za-z0-9а-яё]+)*"
USUAL_EMAIL: Final = (
    rf"\A{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+"
    r"(?:[A-Za-z]{2,3}|info|name|shop|store|online|site|moscow|tatar|рф|рус|москва|дети|сайт|онлайн)\z"
)
USUAL_EMAIL_MAX_CHARS: Final = 64


def is_email(text: str) -> bool:
    """Return whether `text` is an address by email-validator's rules: syntax only, no DNS, `.test` names allowed.

    The library is loaded on the first call.
    """
    if len(text) > EMAIL_MAX_CHARS or "@" not in text:
        return False
    from email_validator import validate_email

    try:
        # Every option is set, because an application may have changed the defaults, which are globals of that module.
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
    except ValueError:  # EmailNotValidError, or an error of the IDNA codec
        return False
    return True
