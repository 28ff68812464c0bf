"""`smidgen soak`: minutes of sound through a simulated board, its figures, and that the board forgets nothing."""

from __future__ import annotations

import json

from tests.host.cli.conftest import fails_with_one_line


def test_minutes_of_sound_give_the_hosts_detections_and_leave_no_memory_behind(smidgen):
    result = smidgen("soak", "--minutes", 3, "--json")
    assert result.returncode == 0, result.stderr
    figures = json.loads(result.stdout[result.stdout.index("{") :])
    assert figures["board_equals_host"] is True and figures["memory_growth"] == 0 and len(figures["memory"]) == 3
    assert figures["keywords_said"] >= 4 and 0 <= figures["missed"] < figures["keywords_said"]
    assert figures["false_accepts_an_hour"] == figures["false_accepts"] * 20


def test_a_folder_without_a_result_is_refused(smidgen):
    fails_with_one_line(smidgen("soak", "--model", "nowhere"), "nowhere: holds no training result")
