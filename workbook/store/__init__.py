"""The vault: one encrypted file for two people, with a lane of its own for each of them.

Import the module of the topic; importing ``workbook.store`` itself loads no database.
"""
