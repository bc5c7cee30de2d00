"""A module of a site that fails when it is imported."""

1 / 0  # noqa: B018
