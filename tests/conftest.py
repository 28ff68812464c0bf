"""Settings for all tests: hypothesis draws the same examples in every run."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("smidgen", derandomize=True, deadline=None)
settings.load_profile("smidgen")
