"""The options that people choose in the page, in the form of its inputs."""

from __future__ import annotations

from dataclasses import dataclass, replace

from rr_snippet.block.options import RenderOptions


@dataclass(frozen=True, slots=True)
class Choices:
    """The chosen options. The nonce is no option of a renderer, but shown in the block."""

    phone_region: str = ""
    require_consent: bool = False
    nonce: str = ""
    pretty: bool = False
    debug: bool = False

    @classmethod
    def of(cls, options: RenderOptions) -> Choices:
        """Return the choices for `options`, which are those of the command."""
        return cls(
            phone_region=options.phone_region or "",
            require_consent=options.require_consent,
            pretty=options.pretty,
            debug=options.debug,
        )

    def applied_to(self, options: RenderOptions) -> RenderOptions:
        """Return `options` with the choices applied.

        Raises:
            OptionError: `option.value`.
        """
        return replace(
            options,
            phone_region=self.phone_region.strip().upper() or None,
            require_consent=self.require_consent,
            pretty=self.pretty,
            debug=self.debug,
        )
