"""What changes the vault: each command is one write transaction and returns what was saved.

Inside a write transaction nobody else writes, so what a command reads there is what it
replaces: another page's answer is merged in, and nothing has to be tried again.
"""
