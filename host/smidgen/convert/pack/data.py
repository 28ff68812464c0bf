"""The DATA section in pieces: where one begins, a tensor or a channel block does."""

from __future__ import annotations

from smidgen.blob import Blob

ALIGNMENT = 8


class Pieces:
    """Pieces keep their order. `replace` gives one new bytes, `lay` moves all and whatever points to them."""

    def __init__(self, blob: Blob):
        self.blob = blob
        self.users: dict[int, int] = {}  # offset of a piece -> records that begin there
        self.new: dict[int, bytes] = {}
        for offset in self._offsets():
            self.users[offset] = self.users.get(offset, 0) + 1

    def _offsets(self) -> list[int]:
        found = [t.offset for t in self.blob.tensors if t.place == "DATA"]
        return found + [op.params["channels"] for op in self.blob.operators if "channels" in op.params]

    def stands_alone(self, offset: int, size: int) -> bool:
        """Do the `size` bytes there belong to one record, which no other one overlaps?"""
        inside = sum(count for start, count in self.users.items() if offset <= start < offset + size)
        before = max((t.offset + t.nbytes for t in self.blob.tensors if self._ends_behind(t, offset)), default=0)
        return inside == 1 and before <= offset

    @staticmethod
    def _ends_behind(t, offset: int) -> bool:
        return t.place == "DATA" and t.offset < offset

    def replace(self, offset: int, content: bytes) -> None:
        """The piece that begins at `offset` becomes `content`."""
        self.new[offset] = content

    def lay(self) -> None:
        """Write DATA anew."""
        starts = sorted(self.users)
        data, moved = bytearray(), {}
        for start, end in zip(starts, [*starts, len(self.blob.data)][1:], strict=True):
            content = self.new.get(start, self.blob.data[start:end])
            if start in self.new or start % ALIGNMENT == 0:
                data += bytes(-len(data) % ALIGNMENT)
            moved[start] = len(data)
            data += content
        self._point(moved)
        self.blob.data = bytes(data)

    def _point(self, moved: dict[int, int]) -> None:
        for t in self.blob.tensors:
            if t.place == "DATA":
                t.offset = moved[t.offset]
        for op in self.blob.operators:
            if "channels" in op.params:
                op.params["channels"] = moved[op.params["channels"]]
