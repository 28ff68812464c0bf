"""`smidgen soak`: minutes of sound through a simulated board, its figures, and that the board forgets nothing."""

from __future__ import annotations

import json
import re

import numpy as np

from smidgen.bench.around import Around
from smidgen.bench.listening import Listening
from smidgen.datasets.jobs import silent
from smidgen.demo.model import pretrained
from smidgen.demo.recording import Recording, long_recording
from smidgen.demo.soak import soak
from smidgen.sim import qemu
from tests.host.cli.conftest import fails_with_one_line
from tests.support.emulated import firmware, native_module
from tests.support.keyword_model import AUDIO, DETECTION, LABELS, keyword_model, speech_like

SECONDS = 4
CLOCK_HZ = 100_000_000
PERIOD = CLOCK_HZ // 100  # of a hop of 10 ms


def charged(hop: int, inference: int):
    """What a clock tells of a few seconds when a hop costs so many cycles, and one with an inference so many."""
    recording = Recording(speech_like(SECONDS), [])
    cost = Listening(10.0, DETECTION.hops, hop, inference - hop, Around(0, 0))
    result = soak(keyword_model(), recording, LABELS[2:], cost=cost, clock_hz=CLOCK_HZ)
    assert result.same and len(result.detections) > 3
    assert result.charged is not None and result.charged.period == PERIOD
    return result.charged


def test_minutes_of_sound_give_the_hosts_detections_and_leave_no_memory_behind(smidgen):
    result = smidgen("soak", "--minutes", 4, "--json")
    assert result.returncode == 0, result.stderr
    figures = json.loads(result.stdout[result.stdout.index("{") :])
    assert figures["board_equals_host"] is True and figures["memory_growth"] == 0 and len(figures["memory"]) == 4
    assert figures["keywords_said"] >= 8 and figures["missed"] < figures["keywords_said"] / 2
    assert figures["false_accepts_an_hour"] == figures["false_accepts"] * 15
    assert figures["charged"] is None


def test_late_charges_counted_cycles_and_no_hop_of_the_model_that_ships_is_late(smidgen, monkeypatch):
    image = firmware("qemu-m0")
    native_module("armv6m")
    monkeypatch.setattr(qemu, "firmware", lambda board: image)
    result = smidgen("soak", "--minutes", 1, "--late")
    assert result.returncode == 0, result.stderr
    worst = re.search(r"late hops: 0 of 3,000; the worst took (\d+)% of its time", result.stdout)
    assert worst and 20 < int(worst[1]) < 50, result.stdout


def test_a_hop_that_takes_longer_than_its_time_is_late_and_so_is_the_next_that_cannot_make_up_for_it():
    frames = SECONDS * 100 - 2
    inferences = len(range(AUDIO.frames, frames + 1, DETECTION.hops))
    made_up = charged(PERIOD - 1, PERIOD + 1)
    assert made_up.late == inferences and made_up.worst == PERIOD + 1
    behind = charged(PERIOD * 3 // 4, PERIOD * 3 // 2)
    assert behind.late > 2 * inferences - 3 and behind.worst > 10 * PERIOD


def test_an_hour_is_read_out_by_voices_that_the_model_has_not_heard():
    card = pretrained().card
    recording = long_recording(card, 2, 1, silent)
    assert len(recording.samples) == 2 * 60 * 16000 and recording.samples.dtype == np.int16
    starts = [word.start_s for word in recording.said]
    assert starts == sorted(starts) and starts[-1] > 100 and len(starts) > 25
    assert max(word.end_s - word.start_s for word in recording.said) < 1.81
    assert {word.speaker for word in recording.said} <= set(card["data"]["held_out"]["speakers"])
    assert {word.word for word in recording.said} >= {"yes", "no"}


def test_a_folder_without_a_result_is_refused(smidgen):
    fails_with_one_line(smidgen("soak", "--model", "nowhere"), "nowhere: holds no training result")
