"""Uploaded files: looked at before they are kept, and kept encrypted, chunk by chunk.

`sealed` reads and writes the encrypted form, `content` says what a file really is, `archives`,
`drawings`, `images` and `pdfs` look inside each kind without unpacking it, `receiving`
takes them in, `repository` keeps them.
"""

from runtime.store.files.content import Facts
from runtime.store.files.repository import Files, Limits, StoredFile, Upload

__all__ = ["Facts", "Files", "Limits", "StoredFile", "Upload"]
