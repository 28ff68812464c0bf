"""The demo, stage by stage."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np

from smidgen import boards
from smidgen.assemble import assemble
from smidgen.datasets.jobs import Progress
from smidgen.demo.model import obtain
from smidgen.demo.on_board import play_to_board
from smidgen.demo.recording import make_recording
from smidgen.demo.report import report
from smidgen.demo.result import Result
from smidgen.demo.score import match
from smidgen.demo.settings import Settings
from smidgen.errors import SmidgenError
from smidgen.files import write_whole
from smidgen.pipeline import listen
from smidgen.train.result import TrainedModel
from smidgen.verdict import Verdict, compare_windows

SMG, REPORT, FIGURES = "model.smg", "report.html", "demo.json"
_WINDOWS = 100  # held-out windows on which the .smg is compared with TensorFlow Lite Micro

Tell = Callable[[str], None]


@dataclass
class _Stages:
    """Announces each stage and times it."""

    tell: Tell
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str, text: str) -> Iterator[None]:
        self.tell(text)
        began = time.monotonic()
        yield
        self.seconds[name] = time.monotonic() - began


def run_demo(settings: Settings, tell: Tell, progress: Progress) -> Result:
    """The whole way. tell: shows a line. Results land in settings.out: model.smg, report.html, demo.json.

    Raises what its stages raise; each result file is whole or absent.
    """
    where = boards.load(settings.board)
    stages = _Stages(tell)
    settings.out.mkdir(parents=True, exist_ok=True)
    with stages.stage("train", f"1. A model for {', '.join(settings.words)}"):
        model = obtain(settings, progress)
        tell(f"   macro recall on held-out voices: {model.card['held_out']['macro_recall']:.1%}")
    with stages.stage("convert", f"2. Convert it to {settings.out / SMG}"):
        blob = assemble(model)
        smg, before = blob.to_bytes(), model.model_path.stat().st_size
        write_whole(settings.out / SMG, smg)
        tell(f"   {before:,} bytes -> {len(smg):,} bytes, arena {blob.arena_size:,} bytes, {blob.macs:,} MACs")
    with stages.stage("compare", "3. Is it equal to TensorFlow Lite Micro?"):
        verdict = _verdict(model, smg)
        tell(f"   equal to {verdict.reference} in every byte on {verdict.inputs} held-out windows")
    with stages.stage("record", "4. Make a recording of voices that the model has not heard"):
        recording = make_recording(model.card, settings.seed, progress)
        expected = listen(smg, recording.samples)
        tell(f"   {len(recording.said)} words in {recording.seconds:.0f} s")
    with stages.stage("board", f"5. Start a simulated {where.title}, deploy to it, let it listen"):
        said, detections = play_to_board(settings, smg, recording.samples, tell)
    score = match(recording.said, detections, tuple(model.labels[2:]))
    result = Result(
        settings, model, blob, smg, before, verdict, where, said, recording, detections, expected, score, stages.seconds
    )
    _write(result, tell)
    return result


def _verdict(model: TrainedModel, smg: bytes) -> Verdict:
    with np.load(model.windows_path) as held_out:
        features = held_out["features"]
    chosen = features[:: max(1, len(features) // _WINDOWS)][:_WINDOWS]
    verdict = compare_windows(chosen, model.model_path.read_bytes(), smg, SMG)
    if not verdict.equal:
        raise SmidgenError(
            f"{SMG} is not equal to {verdict.reference}: {verdict.difference}; please report this defect"
        )
    return verdict


def _write(result: Result, tell: Tell) -> None:
    out = result.settings.out
    tell(f"   {result.score}")
    if not result.board_equals_host:
        raise SmidgenError("the board's detections differ from this machine's; please report this defect")
    tell("   the board's detections equal those of this machine, value for value")
    write_whole(out / FIGURES, json.dumps(result.to_dict(), indent=1, ensure_ascii=False))
    write_whole(out / REPORT, report(result))
    tell(f"6. Report: {out / REPORT}")
