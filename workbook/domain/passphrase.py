"""The rule for a new passphrase, for the form that asks for it and the store that checks it."""

MIN_PASSPHRASE_CHARACTERS = 12
"""Fewest characters of a passphrase of one's own choice, spaces around it not counted."""
