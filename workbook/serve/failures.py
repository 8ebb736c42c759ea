"""What the computer lacks, in one sentence: the true cause, and what helps."""

from __future__ import annotations

import errno
import tempfile
import traceback
from contextlib import suppress

MIN_OPEN_FILES = 128
"""Files that the book needs to have open at a time, the first page included."""

_TOO_LITTLE_MEMORY = (
    "There is too little memory for the book now. Close other programs, then try again."
)
_TOO_SLOW = (
    "This computer is too slow at the moment to open the book. Close other programs, then "
    "start again."
)
_NO_LOOPBACK = (
    "This computer does not reach itself at 127.0.0.1. Turn its loopback network on, then "
    "start again."
)
_NO_TEMPORARY_FOLDER = (
    "There is no folder for temporary files with room in it. Make some, or name another folder "
    "in TMPDIR."
)


def describe_failure(error: BaseException) -> str:
    """Return the sentence for an error of the computer, or for one that nobody foresaw.

    Nothing but the names of files is taken over from it: its text may quote an answer.

    Args:
        error: what was raised.

    """
    if isinstance(error, MemoryError):
        return _TOO_LITTLE_MEMORY
    if isinstance(error, TimeoutError):
        return _TOO_SLOW
    if isinstance(error, OSError) and (sentence := _describe_os_error(error)):
        return sentence
    at = traceback.extract_tb(error.__traceback__)
    where = f" in {at[-1].name}, line {at[-1].lineno}" if at else ""
    return f"Something unexpected happened: {type(error).__name__}{where}. What was saved is safe."


def _describe_os_error(error: OSError) -> str:
    """Return the sentence for an error of the operating system; blank if it says nothing."""
    no_right = f"{_read_name(error)} may not be read or written by this program."
    known = {
        errno.EMFILE: describe_file_limit(find_file_limit()),
        errno.ENFILE: describe_file_limit(find_file_limit()),
        errno.ENOSPC: _describe_room(error),
        errno.EDQUOT: _describe_room(error),
        errno.ENOMEM: _TOO_LITTLE_MEMORY,
        **dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS), no_right),
        **dict.fromkeys((errno.ENETUNREACH, errno.ENETDOWN, errno.EHOSTUNREACH), _NO_LOOPBACK),
        errno.EADDRNOTAVAIL: _NO_LOOPBACK,
    }
    if "temporary directory" in str(error.strerror):
        return _NO_TEMPORARY_FOLDER
    if error.errno in known:
        return known[error.errno]
    named = f"{_read_name(error)}: " if error.filename is not None else ""
    return f"{named}{error.strerror}. Mend that, then try again." if error.strerror else ""


def describe_file_limit(limit: int) -> str:
    """Return the sentence for a limit of open files that is too low."""
    return (
        f"The book needs {MIN_OPEN_FILES} open files, and this program may have {limit}. Raise "
        "that limit, for instance with: ulimit -n 1024."
    )


def find_file_limit() -> int:
    """Return how many files this process may have open; a large number where nothing says."""
    with suppress(ImportError):
        import resource  # noqa: PLC0415 - not on Windows

        limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        if limit != resource.RLIM_INFINITY:
            return limit
    return 1 << 20


def raise_file_limit(wanted: int = 4096) -> int:
    """Raise the limit of open files as far as ``wanted`` where that is allowed; return it."""
    with suppress(ImportError, OSError, ValueError):
        import resource  # noqa: PLC0415 - not on Windows

        now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        if most != resource.RLIM_INFINITY:
            wanted = min(wanted, most)
        if now != resource.RLIM_INFINITY and now < wanted:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
    return find_file_limit()


def _describe_room(error: OSError) -> str:
    named = f" for {_read_name(error)}" if error.filename is not None else ""
    with suppress(OSError):
        folder = tempfile.gettempdir()
        return (
            f"The disk has no room left{named}. Make some; temporary files lie in {folder}, and "
            "TMPDIR names another folder."
        )
    return f"The disk has no room left{named}. Make some, then try again."


def _read_name(error: OSError) -> str:
    name = error.filename if error.filename is not None else "A file"
    text = name.decode("utf-8", "replace") if isinstance(name, bytes) else str(name)
    return "".join(sign if sign.isprintable() else "?" for sign in text)
