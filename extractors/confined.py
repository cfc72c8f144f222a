"""Reading in child processes with limits: the only way hostile files should be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import TracebackType

from pydantic import JsonValue, ValidationError

from correspondence.reading import Extraction, Frozen
from correspondence.vocabulary import ReadOutcome
from extractors.job import JOB
from extractors.media import media_type
from extractors.request import ReadingRequest
from sandbox import (
    JobFailed,
    Limits,
    Request,
    SandboxCrashed,
    SandboxFault,
    SandboxOutOfMemory,
    SandboxPool,
    SandboxTimedOut,
)


class FileToRead(Frozen):
    """One file with its name and what is known of it."""

    data: bytes
    name: str
    request: ReadingRequest = ReadingRequest()


class ConfinedReader:
    """Reads files in a pool of children; a file that kills its child gets a named outcome.

    Thread-safe; a context manager.
    """

    def __init__(self, workers: int, limits: Limits | None = None) -> None:
        """Prepare up to `workers` children; they start when first needed."""
        self._pool = SandboxPool(JOB, workers, limits)

    def __enter__(self) -> ConfinedReader:
        """Open the pool."""
        self._pool.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the children."""
        self._pool.close()

    def read(self, data: bytes, name: str, request: ReadingRequest | None = None) -> Extraction:
        """Read one file; see `extractors.reader.read_document`."""
        file = FileToRead(data=data, name=name, request=request or ReadingRequest())
        try:
            return _extraction(file, self._pool.run(data, _params(file)))
        except SandboxFault as fault:
            return _failed(file, fault)

    def read_many(self, files: Iterable[FileToRead]) -> Iterator[tuple[int, Extraction]]:
        """Read many files on all children; yield (index, extraction) as they finish."""
        sent: dict[int, FileToRead] = {}

        def requests() -> Iterator[Request]:
            for index, file in enumerate(files):
                sent[index] = file
                yield Request(file.data, _params(file))

        for index, result in self._pool.map(requests()):
            file = sent.pop(index)
            if isinstance(result, SandboxFault):
                yield index, _failed(file, result)
            else:
                yield index, _extraction(file, result)


def _params(file: FileToRead) -> dict[str, JsonValue]:
    return {"name": file.name, "request": file.request.model_dump(mode="json")}


def _extraction(file: FileToRead, reply: Mapping[str, JsonValue]) -> Extraction:
    try:
        return Extraction.model_validate(reply)
    except ValidationError:
        # The child parsed hostile bytes: what it says is checked like any other input.
        return _failed(file, SandboxCrashed("garbled_reply"))


def _failed(file: FileToRead, fault: SandboxFault) -> Extraction:
    outcome = ReadOutcome.DAMAGED
    if isinstance(fault, SandboxTimedOut):
        outcome = ReadOutcome.TIMED_OUT
    elif isinstance(fault, SandboxOutOfMemory):
        outcome = ReadOutcome.TOO_LARGE
    reason = fault.reason if isinstance(fault, JobFailed) else fault.code
    return Extraction(
        file=file.name,
        outcome=outcome,
        media_type=media_type(file.data),
        language="",
        warnings=(reason,),
    )
