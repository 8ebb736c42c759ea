"""Our Voilà: chapters composed into one page, served on this computer alone."""

import sys

# jsonschema builds the grammars of all international addresses as it loads, three seconds of
# work. No notebook and no event holds such an address, and where this is missing it goes without.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
