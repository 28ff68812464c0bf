"""From the scores of pictures to what is seen: integers only, so that board (firmware/lib/smidgen/presence.py) and host
agree value for value. docs/blob-format.md, record presence, has the rule."""

from __future__ import annotations

import struct
from collections import deque
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from smidgen import _format as fmt
from smidgen.errors import UsageError

_HEAD = fmt.RECORDS["presence"][0]
NEVER = 256  # an `on` that no score reaches: for "nothing"


@dataclass(frozen=True)
class PresenceSpec:
    """How scores become what is seen. Stored in the model card and in the `.smg`.

    on, off: for each class, 0 to 255 (NEVER for one that is never seen); off at most on. smooth: inferences that are
    summed, 1 to 255. Raises UsageError when one is out of its range.
    """

    on: tuple[int, ...]
    off: tuple[int, ...]
    smooth: int

    def __post_init__(self) -> None:
        levels = all(0 <= off <= on <= NEVER for on, off in zip(self.on, self.off, strict=False))
        if len(self.on) != len(self.off) or not levels or not 1 <= self.smooth <= 255:
            raise UsageError(f"presence: {self}: needs 0 <= off <= on <= {NEVER} for each class, smooth of 1 to 255")

    def to_dict(self) -> dict[str, Any]:
        return {**asdict(self), "on": list(self.on), "off": list(self.off)}

    @classmethod
    def from_dict(cls, fields: dict[str, Any]) -> PresenceSpec:
        return cls(tuple(fields["on"]), tuple(fields["off"]), fields["smooth"])

    def to_section(self) -> bytes:
        """The PRESENCE section of a `.smg`."""
        pairs = [level for pair in zip(self.on, self.off, strict=True) for level in pair]
        return struct.pack(_HEAD, self.smooth, len(self.on)) + struct.pack(f"<{len(pairs)}H", *pairs)

    @classmethod
    def from_section(cls, section: bytes) -> PresenceSpec:
        """The spec of a PRESENCE section. Raises SectionError when it is malformed."""
        size = struct.calcsize(_HEAD)
        smooth, count = struct.unpack_from(_HEAD, section.ljust(size, b"\0"))
        if len(section) != size + 4 * count:
            raise fmt.SectionError(f"the PRESENCE section has {len(section)} bytes, not {size + 4 * count}")
        pairs = struct.unpack_from(f"<{2 * count}H", section, size)
        try:
            return cls(pairs[::2], pairs[1::2], smooth)
        except UsageError as error:
            raise fmt.SectionError(f"the PRESENCE section is malformed: {error}") from error


class Presence:
    """The rule, fed one inference at a time. seen: the class that is seen now, or -1. score: its, 0 to 100."""

    def __init__(self, spec: PresenceSpec):
        self._spec = spec
        self._recent: deque[Sequence[int]] = deque(maxlen=spec.smooth)
        self.seen, self.score = -1, 0

    def feed(self, scores: Sequence[int]) -> bool:
        """scores: of each class, 0 to 255. Returns whether something else is seen than before."""
        spec, before = self._spec, self.seen
        self._recent.append([int(score) for score in scores])
        if len(self._recent) < spec.smooth:
            return False
        sums = [sum(column) for column in zip(*self._recent, strict=True)]
        best = max(range(len(sums)), key=sums.__getitem__)  # the first of equals
        if sums[best] >= spec.smooth * spec.on[best]:
            self.seen = best
        elif self.seen >= 0 and sums[self.seen] < spec.smooth * spec.off[self.seen]:
            self.seen = -1
        self.score = sums[self.seen] * 100 // (255 * spec.smooth) if self.seen >= 0 else 0
        return self.seen != before
