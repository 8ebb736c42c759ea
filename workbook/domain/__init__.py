"""What we talk about: frozen values, ordered enums and errors. Standard library only."""
