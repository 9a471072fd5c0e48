"""What waves of a survey say beside each other: gaps with target and trend, what moved with its margin, and areas of concern."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from trainee.kit.i18n import _, date_words, number, signed
from trainee.voice import arithmetic
from trainee.voice.arithmetic import Figure
from trainee.voice.measures.queries import COMPARED
from trainee.voice.queries import LEAST
from trainee.voice.surveys.queries import QualityGap, Result, TeamGaps
from trainee.voice.surveys.sheet import QUALITIES

# Under so many hundredths of its scale a statement is an area of concern, where nobody has said otherwise: 4.6 of 7.
LINE: Final = 60.0
# How targets are called that belong to questionnaires: a gap of each quality, and where areas of concern begin.
GAPS: Final = {quality: f"gap-{quality}" for quality in QUALITIES}
CONCERNS: Final = "concern-line"


def line_of(targets: Mapping[tuple[str, int | None], float]) -> float:
    """Where areas of concern begin."""
    return targets.get((CONCERNS, None), LINE)


def _range(found: Figure) -> str:
    return str(_("%(low)s to %(high)s", low=signed(found.low), high=signed(found.high)))


def moved(before: Figure | None, after: Figure) -> dict[str, str]:
    """What two waves differ by, with its margin, and whether that is more than chance."""
    found = arithmetic.difference(before, after) if before is not None and min(before.n, after.n) >= LEAST else None
    if found is None or found.value is None:
        return {"text": "—"}
    clear = found.low > 0 or found.high < 0
    return {"text": signed(found.value), "note": _range(found) if clear else str(_("%(range)s: no clear change", range=_range(found)))}


def gap_rows(result: Result, before: Result | None, targets: Mapping[tuple[str, int | None], float], names: Mapping[str, str]) -> list[list[Any]]:
    """For each quality the gap, its target, and what it moved by since the wave before."""
    past = {one.quality: one for one in before.gaps} if before else {}
    return [
        [
            names[one.quality],
            {"text": signed(one.gap.value or 0), "note": _range(one.gap)} if one.enough else {"text": "—", "note": _("from 5 answers on")},
            *_against(one, targets.get((GAPS[one.quality], None))),
            moved(past[one.quality].gap if one.quality in past else None, one.gap),
            one.gap.n,
        ]
        for one in result.gaps
    ]


def _against(one: QualityGap, target: float | None) -> list[Any]:
    if target is None:
        return ["—"]
    told = {"text": signed(target)}
    if one.enough and one.gap.low > target:
        return [told | {"note": _("reached")}]
    return [told | {"note": _("missed") if one.enough and one.gap.high < target else _("not clear")}]


def team_tables(found: Sequence[TeamGaps], before: Sequence[TeamGaps], names: Mapping[str, str]) -> tuple[list[dict[str, Any]], int]:
    """For each team with enough sheets a row a quality: the gap, what it moved by since the wave before, and how far it lies from the other teams.

    And how many teams have too few. Teams are set beside each other from as many answers on as with every other measure.
    """
    past = {one.team_id: {gap.quality: gap.gap for gap in one.gaps} for one in before}
    tables = []
    for one in found:
        if one.n < LEAST:
            continue
        rows = []
        for gap, rest in zip(one.gaps, one.others, strict=True):
            told = {"text": signed(gap.gap.value or 0), "note": _range(gap.gap)} if gap.enough else {"text": "—", "note": _("from 5 answers on")}
            beside = moved(rest.gap, gap.gap) if min(gap.gap.n, rest.gap.n) >= COMPARED else _("too few to compare")
            rows.append([names[gap.quality], told, moved(past.get(one.team_id, {}).get(gap.quality), gap.gap), beside, gap.gap.n])
        tables.append({"id": one.team_id, "name": one.name, "n": one.n, "rows": rows})
    return tables, len(found) - len(tables)


def side_rows(result: Result, before: Result | None, names: Mapping[str, str]) -> list[list[Any]]:
    """What customers expect and what they find, each with its move since the wave before, and how far customers lie apart in what they find."""
    past = {one.quality: one for one in before.gaps} if before else {}
    rows = []
    for one in result.gaps:
        earlier = past.get(one.quality)
        row: list[Any] = [names[one.quality]]
        pairs = ((one.wanted, earlier.wanted if earlier else None), (one.found, earlier.found if earlier else None))
        for now, then in pairs:
            row += [number(now.value or 0, 1) if now.n >= LEAST else "—", moved(then, now)]
        rows.append([*row, number(one.spread, 1) if one.spread is not None and one.found.n >= LEAST else "—"])
    return rows


def trend_rows(results: Sequence[Result], names: Mapping[str, str]) -> list[list[Any]]:
    """The gap of each quality, wave by wave, oldest first."""
    by_wave = [{one.quality: one for one in result.gaps} for result in reversed(results)]
    return [
        [names[quality], *(signed(wave[quality].gap.value or 0) if quality in wave and wave[quality].enough else "—" for wave in by_wave)]
        for quality in QUALITIES
    ]


def trend_heads(results: Sequence[Result]) -> list[str]:
    """The waves by number and day, oldest first."""
    told = [_("Wave %(num)s, %(day)s", num=one.wave.number, day=date_words(one.wave.opened_at, "MMM y")) for one in results]
    return [str(one) for one in reversed(told)]


def bars(result: Result, before: Result | None, targets: Mapping[tuple[str, int | None], float], names: Mapping[str, str]) -> dict[str, Any] | None:
    """The gaps as a picture: where each, its interval, its target and the wave before lie, 0 at the left to 1; None where too few answered."""
    told = [one for one in result.gaps if one.enough]
    if not told:
        return None
    past = {one.quality: one.gap.value for one in before.gaps if one.enough} if before else {}
    wanted = {one.quality: targets.get((GAPS[one.quality], None)) for one in told}
    ends = [value for one in told for value in (one.gap.low, one.gap.high, past.get(one.quality), wanted[one.quality]) if value is not None]
    low, high = min(*ends, -1.0), max(*ends, 0.5)

    def place(value: float | None) -> float | None:
        return None if value is None else (value - low) / (high - low)

    rows = [
        {
            "name": names[one.quality],
            "words": f"{names[one.quality]}: {signed(one.gap.value or 0)} ({_range(one.gap)})",
            "at": place(one.gap.value),
            "low": place(one.gap.low),
            "high": place(one.gap.high),
            "before": place(past.get(one.quality)),
            "target": place(wanted[one.quality]),
        }
        for one in told
    ]
    return {"rows": rows, "zero": place(0.0), "ends": (signed(low), signed(high))}


def concerns(result: Result, percent: float) -> list[Any]:
    """What lies under the line, the surest and lowest first: (told, surely or likely)."""
    found = [(one, kind) for one in result.told if (kind := one.worries(percent))]
    return sorted(found, key=lambda pair: (pair[1] != "surely", (pair[0].mean.value or 0) - pair[0].line(percent)))
