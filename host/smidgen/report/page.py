"""A self-contained HTML page: no scripts, no assets from elsewhere; everything that is not markup is escaped."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Sequence
from html import escape

_STYLE = """
:root { color-scheme: light; --ink: #1c2530; --soft: #5b6875; --line: #dfe4e9; --mark: #0072b2; }
body { font: 16px/1.55 system-ui, sans-serif; color: var(--ink); background: #fff; margin: 0 auto; max-width: 60rem;
       padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .3rem; }
h2 { font-size: 1.15rem; margin: 2.6rem 0 .6rem; padding-top: .8rem; border-top: 1px solid var(--line); }
p { max-width: 46rem; margin: .5rem 0; }
.lead { color: var(--soft); font-size: 1.05rem; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: .8rem; margin: 1.4rem 0; }
.tile { border: 1px solid var(--line); border-radius: .5rem; padding: .8rem 1rem; }
.tile b { display: block; font-size: 1.5rem; line-height: 1.3; color: var(--mark); }
.tile span { color: var(--soft); font-size: .88rem; }
table { border-collapse: collapse; margin: .8rem 0; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .3rem 1.4rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-size: .85rem; color: var(--soft); font-weight: 600; }
td.n, th.n { text-align: right; }
figure { margin: 1rem 0; overflow-x: auto; }
figure svg { display: block; width: 100%; height: auto; }
figure.small svg { max-width: 26rem; }
figcaption { color: var(--soft); font-size: .88rem; max-width: 46rem; }
code, pre { font: .88em/1.5 ui-monospace, monospace; background: #f4f6f8; border-radius: .3rem; }
code { padding: .1rem .3rem; }
pre { padding: .8rem 1rem; overflow-x: auto; }
.pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(9rem, 1fr)); gap: .8rem; }
.pictures img { width: 100%; image-rendering: pixelated; }
.sound { display: flex; align-items: center; gap: .8rem; margin: .3rem 0; }
.sound audio { height: 2.2rem; width: 15rem; }
"""


class Page:
    """HTML under construction: add parts in order, then take `html()`."""

    def __init__(self, title: str, lead: str):
        self._title = title
        self._parts = [f"<h1>{escape(title)}</h1>", f'<p class="lead">{escape(lead)}</p>']

    def heading(self, text: str) -> None:
        self._parts.append(f"<h2>{escape(text)}</h2>")

    def text(self, *paragraphs: str) -> None:
        self._parts += [f"<p>{escape(text)}</p>" for text in paragraphs]

    def code(self, text: str) -> None:
        self._parts.append(f"<pre>{escape(text)}</pre>")

    def tiles(self, figures: Iterable[tuple[str, str]]) -> None:
        """The few figures that matter: (value, what it is)."""
        tiles = "".join(f'<div class="tile"><b>{escape(v)}</b><span>{escape(w)}</span></div>' for v, w in figures)
        self._parts.append(f'<div class="tiles">{tiles}</div>')

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[str]], figures: Sequence[int] = ()) -> None:
        """figures: columns that are aligned to the right."""

        def cells(tag: str, values: Sequence[str]) -> str:
            kinds = [' class="n"' if i in figures else "" for i in range(len(values))]
            return "".join(f"<{tag}{kind}>{escape(v)}</{tag}>" for v, kind in zip(values, kinds, strict=True))

        body = "".join(f"<tr>{cells('td', row)}</tr>" for row in rows)
        self._parts.append(f"<table><thead><tr>{cells('th', columns)}</tr></thead><tbody>{body}</tbody></table>")

    def figure(self, svg: str, caption: str, small: bool = False) -> None:
        """svg: an <svg> element of our own making, taken as it is."""
        kind = ' class="small"' if small else ""
        self._parts.append(f"<figure{kind}>{svg}<figcaption>{escape(caption)}</figcaption></figure>")

    def sounds(self, wavs: Iterable[tuple[str, bytes]]) -> None:
        """Recordings to listen to: (what it is, a WAV file's bytes)."""
        for text, wav in wavs:
            source = f"data:audio/wav;base64,{b64encode(wav).decode()}"
            self._parts.append(f'<p class="sound"><audio controls src="{source}"></audio> {escape(text)}</p>')

    def pictures(self, pngs: Iterable[tuple[str, bytes]]) -> None:
        """Small pictures to look at, side by side: (what it is, a PNG file's bytes)."""
        shown = "".join(
            f'<figure><img alt="" src="data:image/png;base64,{b64encode(png).decode()}">'
            f"<figcaption>{escape(text)}</figcaption></figure>"
            for text, png in pngs
        )
        self._parts.append(f'<div class="pictures">{shown}</div>')

    def html(self) -> str:
        body = "\n".join(self._parts)
        return (
            '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f"<title>{escape(self._title)}</title>\n<style>{_STYLE}</style>\n<body>\n{body}\n</body>\n</html>\n"
        )
