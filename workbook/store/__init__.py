"""The vault: one encrypted file for two people; each one's private answers are sealed again.

Import the module of the topic; importing ``workbook.store`` itself loads no database.
"""
