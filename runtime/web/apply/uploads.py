"""Files of a post: which there are, and why one was not taken, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO, cast

from flask import request
from werkzeug.datastructures import FileStorage

from definitions.problems import Problem
from definitions.wording import say as say_problem
from runtime.store import StoredFile, Upload
from runtime.store.rates import UPLOAD
from runtime.web.context import actor, here, lang, now
from runtime.web.texts import t

Take = Callable[[Upload], StoredFile | Problem]


def too_often() -> bool:
    """Whether this person has sent more files than anybody needs to."""
    return not here().store.rates.allow(actor(), f"upload/{actor().person}", UPLOAD, now())


def chosen() -> Iterator[FileStorage]:
    """The files of the post; a browser sends an empty one when none was chosen."""
    return (one for one in request.files.getlist("files") if one.filename)


def upload(file: FileStorage, purpose: str) -> Upload:
    """A file as the store takes it."""
    stream = cast(BinaryIO, file.stream)
    return Upload(stream, file.filename or "", purpose, file.mimetype)


def take_each(purpose: str, take: Take) -> str:
    """Let each file be taken; why some were not, or that there was none; empty when all is well."""
    refused, none = [], True
    for file in chosen():
        none = False
        outcome = take(upload(file, purpose))
        if isinstance(outcome, Problem):
            refused.append(refusal(file, outcome))
    if none:
        return say_problem(Problem("file.none"), lang())
    return " ".join(refused)


def refusal(file: FileStorage, problem: Problem) -> str:
    """Which file was not taken, and why."""
    return t("papers.refused", name=file.filename, why=say_problem(problem, lang()))
