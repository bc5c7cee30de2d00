"""Doors: each finds customer, variant and nonce in its framework, and adds nothing else."""
