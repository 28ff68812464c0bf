"""A set of pictures: what each one shows and of whom or what it was taken."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from smidgen.datasets.cache import key_of

NOTHING = "nothing"
"""The class of everything that is none of the others."""


@dataclass
class Pictures:
    """images: uint8 [h, w] (grey) or [h, w, 3] (red, green, blue) each. labels: what each shows. subjects: whom or what
    it was taken of; pictures of one subject resemble each other, so a split never parts them. names: of the files."""

    images: list[np.ndarray] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    subjects: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.images)

    def append(self, image: np.ndarray, label: str, subject: str, name: str = "") -> None:
        self.images.append(image)
        self.labels.append(label)
        self.subjects.append(subject)
        self.names.append(name)

    def extend(self, other: Pictures) -> None:
        self.images.extend(other.images)
        self.labels.extend(other.labels)
        self.subjects.extend(other.subjects)
        self.names.extend(other.names)

    def take(self, indices: Iterable[int]) -> Pictures:
        """The pictures at these indices, in that order."""
        chosen = list(indices)
        labels, subjects, names = ([column[i] for i in chosen] for column in (self.labels, self.subjects, self.names))
        return Pictures([self.images[i] for i in chosen], labels, subjects, names)

    def split_by_subject(self, held_out: float, seed: int) -> tuple[Pictures, Pictures]:
        """(kept, held out): whole subjects, in an order of chance, until `held_out` (0 to 1) of each class is held out.

        A class with one subject is parted by order: its last pictures are held out, for neighbours resemble each other
        most. Each side gets a picture of every class that has two.
        """
        counts = {label: self.labels.count(label) for label in dict.fromkeys(self.labels)}
        wanted = {label: _share(count, held_out) for label, count in counts.items()}
        out = self._subjects_out(wanted, counts, seed)
        for label in counts:
            mine = [i for i, own in enumerate(self.labels) if own == label]
            if wanted[label] and not out.intersection(mine):
                out.update(mine[-wanted[label] :])
        return self.take(i for i in range(len(self)) if i not in out), self.take(sorted(out))

    def _subjects_out(self, wanted: dict[str, int], counts: dict[str, int], seed: int) -> set[int]:
        """Pictures of subjects that are held out whole."""
        of: dict[str, list[int]] = {}
        for i, subject in enumerate(self.subjects):
            of.setdefault(subject, []).append(i)
        subjects = sorted(of)
        done = dict.fromkeys(counts, 0)
        out: set[int] = set()
        for n in np.random.default_rng(seed).permutation(len(subjects)):
            own = [self.labels[i] for i in of[subjects[n]]]
            after = {label: done[label] + own.count(label) for label in {*own}}
            lacks = any(done[label] < wanted[label] for label in after)
            leaves = all(counts[label] > count for label, count in after.items())
            if lacks and leaves:
                done |= after
                out.update(of[subjects[n]])
        return out

    def key(self) -> str:
        """Equal for equal pictures."""
        return key_of(self.labels, self.subjects, *self.images)


def _share(count: int, held_out: float) -> int:
    return min(max(round(count * held_out), 1), count - 1) if count > 1 else 0
