"""Lets ``python -m workbook.cli`` do what ``workbook`` does."""

from workbook.cli import main

main()
