"""A reader of small QR codes, after ISO/IEC 18004, that shares nothing with what draws them: it reads bytes of codes drawn without a fault."""

import re
from collections.abc import Iterator

_TOKEN = re.compile(r"([Mmh])(-?[\d.]+)(?:[ ,]?(-?[\d.]+))?")
# How many blocks of how many data codewords, by level (as its bits say it: 0 is M, 3 is Q, 2 is H) and version, where all blocks are of one length.
_BLOCKS = {
    0: {2: (1, 28), 3: (1, 44), 4: (2, 32), 5: (2, 43), 6: (4, 27)},
    3: {2: (1, 22), 3: (2, 17), 4: (2, 24), 6: (4, 19)},
    2: {2: (1, 16), 3: (2, 13), 4: (4, 9), 6: (4, 15)},
}
_MASKS = (
    lambda y, x: (y + x) % 2,
    lambda y, _x: y % 2,
    lambda _y, x: x % 3,
    lambda y, x: (y + x) % 3,
    lambda y, x: (y // 2 + x // 3) % 2,
    lambda y, x: y * x % 2 + y * x % 3,
    lambda y, x: (y * x % 2 + y * x % 3) % 2,
    lambda y, x: ((y + x) % 2 + y * x % 3) % 2,
)


def modules(svg: str) -> list[list[bool]]:
    """The dark fields of a drawing whose lines are one field thick, without the white around them."""
    path = next(found for found in re.findall(r'<path[^>]*? d="([^"]+)"', svg) if "m" in found)
    dark: set[tuple[int, int]] = set()
    x = y = 0.0
    for what, first, second in _TOKEN.findall(path):
        if what == "h":
            dark |= {(int(y), int(x) + step) for step in range(int(float(first)))}
            x += float(first)
        else:
            x, y = (float(first), float(second)) if what == "M" else (x + float(first), y + float(second))
    top, left = min(y for y, _x in dark), min(x for _y, x in dark)
    size = max(x for _y, x in dark) - left + 1
    return [[(top + row, left + column) in dark for column in range(size)] for row in range(size)]


def _order(size: int) -> Iterator[tuple[int, int]]:
    """Where the bits of the data stand: in pairs of columns from the right, up and down in turn, around what belongs to the pattern."""
    middle = size - 7
    upwards = True
    for right in (*range(size - 1, 6, -2), *range(5, 0, -2)):
        for row in range(size - 1, -1, -1) if upwards else range(size):
            for column in (right, right - 1):
                finder = (row < 9 and (column < 9 or column > size - 9)) or (row > size - 9 and column < 9)
                alignment = abs(row - middle) < 3 and abs(column - middle) < 3 and size > 21
                if not (finder or alignment or 6 in (row, column)):
                    yield row, column
        upwards = not upwards


def read(svg: str) -> str:
    """The words of a code that is drawn without a fault; nothing is corrected."""
    fields = modules(svg)
    size = len(fields)
    assert all(fields[row][column] for row, column in ((0, 0), (0, size - 1), (size - 1, 0), (3, 3), (size - 8, 8)))
    told = int("".join("01"[fields[8][column]] for column in (0, 1, 2, 3, 4)), 2) ^ 0b10101
    mask = _MASKS[told & 7]
    bits = ["01"[fields[row][column] ^ (mask(row, column) == 0)] for row, column in _order(size)]
    words = [int("".join(bits[place : place + 8]), 2) for place in range(0, len(bits) - 7, 8)]
    blocks, length = _BLOCKS[told >> 3][(size - 17) // 4]
    # The blocks lie in one another like the cards of shuffled packs.
    data = [word for block in range(blocks) for word in words[: blocks * length][block::blocks]]
    stream = "".join(f"{word:08b}" for word in data)
    assert stream[:4] == "0100", "bytes"
    many = int(stream[4:12], 2)
    return bytes(int(stream[12 + 8 * place : 20 + 8 * place], 2) for place in range(many)).decode()
