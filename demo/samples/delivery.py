"""The samples on disk: rendered once, so that every run of the demo brings the same bytes."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

from correspondence.reading import Frozen
from correspondence.vocabulary import Channel
from demo.samples.render import Progress, RenderedSample, render_samples, render_warning

MANIFEST = "manifest.json"


class SampleFile(Frozen):
    """One rendered sample: a mail (`message_id` set) or a file for a subfolder of the drop."""

    id: str
    file: str
    channel: Channel
    path: Path
    sha256: str
    message_id: str | None = None
    # A mail server may keep line ends its own way.
    sha256_with_lf: str | None = None

    def is_item(self, file: str, sha256: str, message_id: str | None) -> bool:
        """Tell whether a ledger row is this sample; a secret row has no name and no id."""
        if self.message_id is not None:
            return message_id == self.message_id or (
                message_id is None and sha256 in (self.sha256, self.sha256_with_lf)
            )
        return sha256 == self.sha256 and file in (self.file, "")


class SampleSet(Frozen):
    """All rendered samples, and what could not be made."""

    samples: tuple[SampleFile, ...]
    warnings: tuple[str, ...] = ()


def prepare_samples(folder: Path, progress: Progress) -> SampleSet:
    """Return the rendered samples of `folder`, rendering them first where they are not there.

    Rendering goes to a folder beside it that is renamed when whole, so a kill leaves either
    all of them or none.
    """
    manifest = folder / MANIFEST
    if not manifest.exists():
        partial = folder.with_name(folder.name + ".part")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        _render(partial, progress)
        shutil.rmtree(folder, ignore_errors=True)
        partial.rename(folder)
    made = SampleSet.model_validate_json(manifest.read_text(encoding="utf-8"))
    # The manifest holds relative paths: the folder may be moved.
    here = [s.model_copy(update={"path": folder / s.path}) for s in made.samples]
    return made.model_copy(update={"samples": tuple(here)})


def drop_file(sample: SampleFile, folder: Path) -> bool:
    """Put a sample's file into the drop folder; False where it lies there already."""
    target = folder / sample.channel.value / sample.file
    if target.exists():
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    hidden = target.with_name("." + target.name + ".part")
    shutil.copyfile(sample.path, hidden)
    hidden.rename(target)
    return True


def _render(folder: Path, progress: Progress) -> None:
    rendered = render_samples(folder / "drop", progress)
    files = [file for item in rendered if (file := _place(item, folder)) is not None]
    warning = render_warning(rendered)
    made = SampleSet(samples=tuple(files), warnings=(warning,) if warning else ())
    text = json.dumps(made.model_dump(mode="json"), ensure_ascii=False, indent=1)
    (folder / MANIFEST).write_text(text, encoding="utf-8")


def _place(item: RenderedSample, folder: Path) -> SampleFile | None:
    sample = item.sample
    if item.message is not None:
        name = f"{item.id}.eml"
        path = folder / "mail" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(item.message)
    elif item.path is not None:
        name, path = item.path.name, item.path
    else:
        return None
    return SampleFile(
        id=item.id,
        file=name,
        channel=sample.channel,
        path=path.relative_to(folder),
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        message_id=sample.message_id if item.message is not None else None,
        sha256_with_lf=hashlib.sha256(item.message.replace(b"\r\n", b"\n")).hexdigest()
        if item.message is not None
        else None,
    )
