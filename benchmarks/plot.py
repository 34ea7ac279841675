"""Curves as SVG, both axes logarithmic: what grows is seen to grow, what does not is flat."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

__all__ = ["plot"]

_WIDTH, _HEIGHT, _LEFT, _TOP, _RIGHT, _BOTTOM = 720, 320, 60, 30, 240, 45
_COLOURS = ("#1b6ca8", "#c0392b", "#2e8b57", "#8e44ad", "#d68910", "#555555")

Curve = Sequence[tuple[float, float]]


class _Axis:
    """From values to places, over whole decades."""

    def __init__(self, values: Sequence[float], first: float, last: float) -> None:
        self.low = math.floor(math.log10(min(values)))
        self.high = max(math.ceil(math.log10(max(values))), self.low + 1)
        self._first, self._last = first, last

    def __call__(self, value: float) -> float:
        share = (math.log10(value) - self.low) / (self.high - self.low)
        return self._first + share * (self._last - self._first)

    def decades(self) -> list[float]:
        return [10.0**power for power in range(self.low, self.high + 1)]


def plot(path: Path, title: str, axes: tuple[str, str], curves: Mapping[str, Curve]) -> None:
    """Draw the curves, by name; `axes` are what is on x and what on y."""
    points = [point for curve in curves.values() for point in curve]
    x = _Axis([point[0] for point in points], _LEFT, _WIDTH - _RIGHT)
    y = _Axis([point[1] for point in points], _HEIGHT - _BOTTOM, _TOP)
    drawn = [_text(_LEFT, 18, title, "start", weight="bold")]
    for value in x.decades():
        drawn += [
            _line(x(value), _TOP, x(value), _HEIGHT - _BOTTOM),
            _text(x(value), _HEIGHT - _BOTTOM + 16, _number(value)),
        ]
    for value in y.decades():
        drawn += [
            _line(_LEFT, y(value), _WIDTH - _RIGHT, y(value)),
            _text(_LEFT - 6, y(value) + 4, _number(value), "end"),
        ]
    drawn += [
        _text((_LEFT + _WIDTH - _RIGHT) / 2, _HEIGHT - 10, axes[0]),
        f'<g transform="rotate(-90 14 {_HEIGHT / 2})">{_text(14, _HEIGHT / 2, axes[1])}</g>',
    ]
    for number, (name, curve) in enumerate(curves.items()):
        drawn += _curve(name, [(x(a), y(b)) for a, b in curve], number)
    path.parent.mkdir(exist_ok=True)
    box = f'viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" height="{_HEIGHT}"'
    style = 'font-family="sans-serif" font-size="11"'
    body = "\n".join(drawn)
    background = f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>'
    path.write_text(f'<svg xmlns="http://www.w3.org/2000/svg" {box} {style}>\n{background}\n{body}\n</svg>\n', "utf-8")


def _curve(name: str, places: Sequence[tuple[float, float]], number: int) -> list[str]:
    colour = _COLOURS[number % len(_COLOURS)]
    path = " ".join(f"{a:.1f},{b:.1f}" for a, b in places)
    dots = [f'<circle cx="{a:.1f}" cy="{b:.1f}" r="3" fill="{colour}"/>' for a, b in places]
    at, level = _WIDTH - _RIGHT + 12, _TOP + 10 + 18 * number
    legend = f'<rect x="{at}" y="{level - 8}" width="9" height="9" fill="{colour}"/>'
    return [
        f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>',
        *dots,
        legend,
        _text(at + 14, level, name, "start"),
    ]


def _text(x: float, y: float, text: str, anchor: str = "middle", *, weight: str = "normal") -> str:
    plain = text.replace("&", "&amp;").replace("<", "&lt;")
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-weight="{weight}">{plain}</text>'


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#dddddd"/>'


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 1 else f"{value:g}"
