"""Cycles of a model on an emulated RP2040: the engine linked bare for its Cortex-M0+, one operator at a time.

    report = measure(Path("model.smg").read_bytes(), "model.smg")
    report.cycles, report.operators[0].cycles

The count is deterministic. The emulator (npm rp2040js) charges what the Cortex-M0+ manual says for code and data in
RAM; it models no flash wait states and no second core (docs/performance.md).
"""

from __future__ import annotations

from smidgen.bench.measure import OperatorCycles, Report, measure

__all__ = ["OperatorCycles", "Report", "measure"]
