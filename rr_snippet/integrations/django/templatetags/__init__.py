"""The tag library `rr_snippet`."""
