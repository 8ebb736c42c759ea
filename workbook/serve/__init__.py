"""Our Voilà: chapters composed into one page, served on this computer alone."""
