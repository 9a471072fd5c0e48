"""An organisation's colour, made readable: whatever is chosen, words in it and on it keep the contrast WCAG 2.2 AA asks for."""

import colorsys
import re

Rgb = tuple[float, float, float]

PAPER, EVENING = "#f0eadc", "#2c2a24"
READABLE = 4.6


def _rgb(colour: str) -> Rgb:
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        raise ValueError(f"{colour!r} is no colour; write it as #21567f.")
    return int(colour[1:3], 16) / 255, int(colour[3:5], 16) / 255, int(colour[5:7], 16) / 255


def _hex(rgb: Rgb) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in rgb)


def _luminance(rgb: Rgb) -> float:
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2, 1 to 21."""
    lighter, darker = sorted((_luminance(_rgb(one)), _luminance(_rgb(other))), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _towards(colour: str, ground: str, wanted: float) -> str:
    """`colour`, darker or lighter until it stands out from `ground`; its hue stays."""
    hue, light, full = colorsys.rgb_to_hls(*_rgb(colour))
    step = -0.01 if _luminance(_rgb(ground)) > 0.18 else 0.01
    while contrast(found := _hex(colorsys.hls_to_rgb(hue, light, full)), ground) < wanted and 0 < light + step < 1:
        light += step
    return found


def _mixed(colour: str, ground: str, share: float) -> str:
    red, green, blue = (share * a + (1 - share) * b for a, b in zip(_rgb(colour), _rgb(ground), strict=True))
    return _hex((red, green, blue))


def _tokens(accent: str, ground: str, strong: float) -> str:
    light = ground == PAPER
    soft = _mixed(accent, ground, 0.14)
    readable = _towards(accent, soft, READABLE)
    on = "#ffffff" if contrast("#ffffff", readable) >= READABLE else "#141414"
    head, on_head = (readable, on) if light else (soft, "#efe9da")
    return (
        f"--accent:{readable};--accent-strong:{_towards(readable, soft, strong)};--on-accent:{on};"
        f"--accent-soft:{soft};--accent-line:{_mixed(accent, ground, 0.4)};--head:{head};--on-head:{on_head}"
    )


def both_themes(colour: str) -> str:
    """The stylesheet's accent made of `colour` (#rrggbb) for the light and the dark theme; ValueError when it is no colour."""
    light, dark = _tokens(_towards(colour, PAPER, READABLE), PAPER, 7), _tokens(_towards(colour, EVENING, READABLE), EVENING, 8)
    return (
        f'@layer tokens{{:root,[data-theme="light"]{{{light}}}:root[data-theme="dark"],[data-theme="dark"]{{{dark}}}'
        f'@media (prefers-color-scheme:dark){{:root:not([data-theme="light"]){{{dark}}}}}}}'
    )
