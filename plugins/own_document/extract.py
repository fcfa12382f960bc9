"""Runs in a process of its own: a PDF on standard input, what is printed in it as JSON on output.

Nothing that the PDF holds is trusted. Before it is looked at, the process gives up memory, time,
the network, other programs and writing to files; whatever goes wrong then costs this process only.
Run as a script, with the limits as one JSON argument; it imports nothing of the platform.
"""

from __future__ import annotations

import io
import itertools
import json
import resource
import sys
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
from pdfminer.pdfpage import PDFPage
from pdfminer.psexceptions import PSException
from pdfplumber.utils.exceptions import PdfminerException

FORBIDDEN = (
    "socket.",
    "subprocess.",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.system",
    "ctypes.",
)
WRITING = ("w", "a", "x", "+")
ENCRYPTED = (PDFEncryptionError, PDFPasswordIncorrect)


def main() -> None:
    """Read, limit, extract, answer."""
    limits = json.loads(sys.argv[1])
    content = sys.stdin.buffer.read()
    give_up(limits)
    sys.stdout.write(json.dumps(outcome(content, limits["pages"]), ensure_ascii=True))


def give_up(limits: dict[str, int]) -> None:
    """Limits by the kernel, and an audit hook for what no PDF has to do with."""
    for what, most in (
        (resource.RLIMIT_AS, limits["memory"]),
        (resource.RLIMIT_CPU, limits["cpu_seconds"]),
        (resource.RLIMIT_FSIZE, limits["output"]),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    sys.addaudithook(_refuse)


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    mode = arguments[1] if event == "open" else None
    writes = isinstance(mode, str) and any(sign in mode for sign in WRITING)
    if writes or event.startswith(FORBIDDEN):
        raise PermissionError(event)


def outcome(content: bytes, most_pages: int) -> dict[str, Any]:
    """The printed pages, or the name of the problem."""
    try:
        return _extract(content, most_pages)
    except MemoryError:
        return {"problem": "too_complex"}
    except PdfminerException as error:
        cause = error.args[0] if error.args else None
        return {"problem": "encrypted" if isinstance(cause, ENCRYPTED) else "unreadable"}
    except ENCRYPTED:
        return {"problem": "encrypted"}
    except RecursionError:
        return {"problem": "too_complex"}
    except (PSException, ValueError, TypeError, LookupError, AttributeError, ArithmeticError):
        return {"problem": "unreadable"}


def _extract(content: bytes, most_pages: int) -> dict[str, Any]:
    with pdfplumber.open(io.BytesIO(content)) as pdf:
        counted = itertools.islice(PDFPage.create_pages(pdf.doc), most_pages + 1)
        if sum(1 for _ in counted) > most_pages:
            return {"problem": "too_many_pages"}
        pages = [_page(page) for page in pdf.pages]
    if not any(page["lines"] for page in pages):
        images = any(page["images"] for page in pages)
        return {"problem": "scanned" if images else "nothing"}
    return {"pages": pages}


def _page(page: Any) -> dict[str, Any]:
    """Tables as rows of cells, and lines of text; fake bold (a character twice) counts once."""
    clean = page.dedupe_chars()
    return {
        "tables": clean.extract_tables(),
        "lines": clean.extract_text().splitlines(),
        "images": len(page.images),
    }


if __name__ == "__main__":
    main()
