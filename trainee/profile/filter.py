"""The hierarchical Gaussian ability filter: what a person can do, how sure we are, and what one event moves.

A person has a general level g and, on each skill, a deviation u that leans on g (a star: the skills meet in g and
nowhere else). The memory of one very item is kept apart, so that a question learned by heart does not pass for a
skill; and so is the form f of one sitting, so that all that is played in one evening does not pass for as many evenings (a
testlet effect; Wainer, Bradlow and Wang 2007). Skills and items have difficulties. One event is one step of a logistic
Kalman filter: cost grows with the number of the event's skills and with nothing else.

    g ~ N(m, v);  u | g ~ N(al + be g, c);  r ~ N(m, v);  b ~ N(m, v);  d ~ N(m, v);  level of a skill = g + u
    f | g ~ N(al + be g, c) within one sitting, and gone with it

This module is arithmetic on numbers: it knows no database and no clock. Time is an argument, in days.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, pi, sqrt
from typing import Final, NamedTuple

__all__ = [
    "PRODUCT",
    "Ability",
    "Constants",
    "Facet",
    "Memory",
    "Moved",
    "Normal",
    "Outlook",
    "Task",
    "as_left",
    "logit",
    "look",
    "moved_by",
    "sigmoid",
    "step",
    "step_one",
]

_EIGHTH_PI: Final = pi / 8
# An expected score of exactly 0 or 1 would make its own refutation infinitely surprising.
_EDGE: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Constants:
    """The filter's constants: prior variances, noise per event, what practice teaches and how fast it is forgotten.

    The defaults are the product profile of the skill model; `tau` and `tau_item` are days.
    """

    vg: float = 1.2
    vu: float = 0.6
    vr: float = 0.5
    # Of a person's form in one sitting; chosen by log-loss, see docs/measurements.md. 0 takes the choices of a run as independent.
    vf: float = 0.5
    # After so many days without playing she sits down anew, in another form.
    pause: float = 0.5
    vb: float = 1.0
    vd: float = 1.5
    qg: float = 0.005
    qu: float = 0.010
    qr: float = 0.05
    gain: float = 0.15
    gain_item: float = 1.0
    tau: float = 30.0
    beta: float = 0.30
    tau_item: float = 0.25
    beta_item: float = 0.20


PRODUCT: Final = Constants()


class Normal:
    """A belief about one number, mean `m` and variance `v`: the difficulty of an item or of a skill."""

    __slots__ = ("m", "v")

    def __init__(self, m: float, v: float) -> None:
        self.m = m
        self.v = v


class Ability(Normal):
    """What we believe of one person's general level."""

    __slots__ = ()


class Facet:
    """What we believe of one person's deviation on one skill: N(al + be g, c) after `n` events, the last on day `at`."""

    __slots__ = ("al", "at", "be", "c", "n")

    def __init__(self, al: float, be: float, c: float, n: int, at: float) -> None:
        self.al = al
        self.be = be
        self.c = c
        self.n = n
        self.at = at


class Memory:
    """What we believe one person remembers of one very item (or how one observer is inclined towards one person)."""

    __slots__ = ("at", "m", "n", "v")

    def __init__(self, m: float, v: float, n: int, at: float) -> None:
        self.m = m
        self.v = v
        self.n = n
        self.at = at


class Task(NamedTuple):
    """What an event says about itself: loading `a`, weight `w`, guessing `c`, and whether doing it teaches.

    `recalls` is false where memory is really an observer's inclination, which practice does not raise.
    """

    a: float = 1.0
    w: float = 1.0
    c: float = 0.0
    teaches: bool = True
    recalls: bool = True


class Outlook(NamedTuple):
    """One skill of one person as read on one day, on the logit scale, the skill's difficulty taken off the mean."""

    mean: float
    var: float

    @property
    def expected(self) -> float:
        """The score to expect on a typical task of the skill, 0 to 1."""
        return sigmoid(self.mean / sqrt(1.0 + _EIGHTH_PI * self.var))

    def band(self, z: float = 1.2816) -> tuple[float, float]:
        """The interval of typical scores that holds the true one, four times in five unless `z` says otherwise."""
        reach = z * sqrt(self.var)
        return sigmoid(self.mean - reach), sigmoid(self.mean + reach)

    def reliability(self, k: Constants = PRODUCT) -> float:
        """How much of the prior doubt is gone, 0 to 1."""
        return 1.0 - self.var / (k.vg + k.vu)


class Moved(NamedTuple):
    """One event explained: the score to expect, the surprise, the share of doubt it removed, the levels before and after."""

    expected: float
    surprise: float
    believed: float
    before: tuple[Outlook, ...]
    after: tuple[Outlook, ...]
    general: float


def sigmoid(x: float) -> float:
    """The logistic function, without overflow."""
    if x >= 0.0:
        return 1.0 / (1.0 + exp(-x))
    e = exp(x)
    return e / (1.0 + e)


def logit(p: float) -> float:
    """The inverse of `sigmoid`, for 0 < p < 1."""
    return log(p / (1.0 - p))


def look(who: Ability, facet: Facet | None, difficulty: Normal, day: float, k: Constants = PRODUCT) -> Outlook:
    """One skill as it stands on `day`, without changing anything; None is a skill nobody has seen yet."""
    if facet is None:
        return Outlook(who.m - difficulty.m, who.v + k.vu)
    waited = day - facet.at
    phi = (1.0 + waited / k.tau) ** -k.beta if waited > 0.0 else 1.0
    lean = 1.0 + phi * facet.be
    return Outlook(lean * who.m + phi * facet.al - difficulty.m, lean * lean * who.v + k.vu + (facet.c - k.vu) * phi * phi)


def as_left(who: Ability, facet: Facet, difficulty: Normal) -> tuple[float, float, float]:
    """One skill as its last piece of evidence left it, whatever the day: mean, variance, and of the mean what is the skill's own."""
    lean = 1.0 + facet.be
    own = facet.al + facet.be * who.m
    return who.m + own - difficulty.m, lean * lean * who.v + facet.c, own


def step(
    who: Ability,
    facets: Sequence[Facet],
    bs: Sequence[Normal],
    memory: Memory | None,
    d: Normal,
    score: float,
    day: float,
    task: Task,
    k: Constants = PRODUCT,
    learning: bool = False,
    form: Facet | None = None,
) -> float:
    """Take one event in and return the score that was to be expected before it.

    The skills share the event equally. `form` is the person's form in the sitting it belongs to, a deviation like that of a
    skill, which neither fades nor learns while it lasts. `who`, `facets`, `memory` and `form` change; the difficulties `bs` and `d` change only
    when `learning`, which is how a calibration is made. The function is long and repeats attribute names as local
    numbers on purpose: it runs once per event of a log that may hold millions, and calls would be half of its time.
    """
    a, w, c, teaches, recalls = task
    count = len(facets)
    h = 1.0 / count
    vu = k.vu
    qu = k.qu

    # 1 time: what was learned fades towards the general level, and certainty with it.
    m = who.m
    v = who.v + k.qg
    if v > k.vg:
        v = k.vg
    lean = 0.0
    eta = 0.0
    spread = 0.0
    for facet, b in zip(facets, bs, strict=True):
        cc = facet.c
        waited = day - facet.at
        if waited > 0.0 and facet.n:
            phi = (1.0 + waited / k.tau) ** -k.beta
            facet.al *= phi
            facet.be *= phi
            cc = vu + (cc - vu) * phi * phi
        cc += qu
        if cc > vu:
            cc = vu
        facet.c = cc
        lean += facet.be
        eta += a * facet.al - b.m
        spread += a * a * cc + b.v
    # 2 expect
    loading = a * (1.0 + h * lean)
    fc = 0.0
    if form is not None:
        fc = form.c
        loading += a * form.be
    eta = loading * m + h * eta - d.m
    doubt = loading * loading * v + h * h * spread + d.v
    if form is not None:
        eta += a * form.al
        doubt += a * a * fc
    rv = 0.0
    if memory is not None:
        rv = memory.v
        if memory.n:
            waited = day - memory.at
            if waited > 0.0:
                memory.m *= (1.0 + waited / k.tau_item) ** -k.beta_item
        rv += k.qr
        if rv > k.vr:
            rv = k.vr
        eta += a * memory.m
        doubt += a * a * rv
    kap = 1.0 / sqrt(1.0 + _EIGHTH_PI * doubt)
    z = 1.0 / (1.0 + exp(-kap * eta)) if eta > -700.0 else _EDGE
    q = c + (1.0 - c) * z
    if q < _EDGE:
        q = _EDGE
    elif q > 1.0 - _EDGE:
        q = 1.0 - _EDGE

    # 3 learn
    slope = (1.0 - c) * kap * z * (1.0 - z)
    steep = w * slope / (q * (1.0 - q))
    information = steep * slope
    share = 1.0 / (1.0 + doubt * information)
    force = steep * (score - q) * share
    grip = information * share

    av = loading * v
    v1 = v - av * av * grip
    m1 = m + av * force
    pull = -av * h * a * grip
    for facet in facets:
        cc = facet.c
        hac = h * a * cc
        x = pull * cc
        mu = facet.al + facet.be * m1 + hac * force
        if teaches:
            mu += h * k.gain / (1 + facet.n)
        be = facet.be + x / v1
        facet.be = be
        facet.al = mu - be * m1
        facet.c = cc - hac * hac * grip + x * x / v1
        facet.n += 1
        facet.at = day
    if form is not None:
        _shape(form, a * fc, av, m1, v1, force, grip, day)
    who.m = m1
    who.v = v1
    if memory is not None:
        memory.m += a * rv * force
        if recalls and teaches:
            memory.m += k.gain_item / (1 + memory.n)
        memory.v = rv - a * rv * (a * rv) * grip
        memory.n += 1
        memory.at = day
    if learning:
        for b in bs:
            hv = h * b.v
            b.m -= hv * force
            b.v -= hv * hv * grip
        d.m -= d.v * force
        d.v -= d.v * d.v * grip
    return q


def _shape(form: Facet, reach: float, av: float, m1: float, v1: float, force: float, grip: float, day: float) -> None:
    """Move the form of a sitting as a skill is moved; `reach` is loading times variance, `av` that of the general level."""
    x = -av * reach * grip
    mean = form.al + form.be * m1 + reach * force
    form.be += x / v1
    form.al = mean - form.be * m1
    form.c += x * x / v1 - reach * reach * grip
    form.n += 1
    form.at = day


def step_one(
    who: Ability,
    facet: Facet,
    b: Normal,
    memory: Memory | None,
    d: Normal,
    score: float,
    day: float,
    task: Task,
    k: Constants = PRODUCT,
    form: Facet | None = None,
) -> float:
    """What `step` does for an event of one skill while nothing is learned of difficulties, to the last bit and in half of its time.

    All evidence of the product is of one skill, and a rebuild takes two such steps for each row of the log: so this one
    is written out once more, without the loops. A test holds the two together.
    """
    a, w, c, teaches, recalls = task
    vu = k.vu
    # 1 time
    m = who.m
    v = who.v + k.qg
    if v > k.vg:
        v = k.vg
    cc = facet.c
    be = facet.be
    al = facet.al
    n = facet.n
    waited = day - facet.at
    if waited > 0.0 and n:
        phi = (1.0 + waited / k.tau) ** -k.beta
        al *= phi
        be *= phi
        cc = vu + (cc - vu) * phi * phi
    cc += k.qu
    if cc > vu:
        cc = vu
    # 2 expect
    loading = a * (1.0 + be)
    fc = 0.0
    if form is not None:
        fc = form.c
        loading += a * form.be
    eta = loading * m + (a * al - b.m) - d.m
    doubt = loading * loading * v + (a * a * cc + b.v) + d.v
    if form is not None:
        eta += a * form.al
        doubt += a * a * fc
    rv = 0.0
    if memory is not None:
        rm = memory.m
        times = memory.n
        if times:
            waited = day - memory.at
            if waited > 0.0:
                rm *= (1.0 + waited / k.tau_item) ** -k.beta_item
        rv = memory.v + k.qr
        if rv > k.vr:
            rv = k.vr
        eta += a * rm
        doubt += a * a * rv
    kap = 1.0 / sqrt(1.0 + _EIGHTH_PI * doubt)
    z = 1.0 / (1.0 + exp(-kap * eta)) if eta > -700.0 else _EDGE
    q = c + (1.0 - c) * z
    if q < _EDGE:
        q = _EDGE
    elif q > 1.0 - _EDGE:
        q = 1.0 - _EDGE
    # 3 learn
    slope = (1.0 - c) * kap * z * (1.0 - z)
    steep = w * slope / (q * (1.0 - q))
    information = steep * slope
    share = 1.0 / (1.0 + doubt * information)
    force = steep * (score - q) * share
    grip = information * share

    av = loading * v
    v1 = v - av * av * grip
    m1 = m + av * force
    hac = a * cc
    x = -av * a * grip * cc
    mu = al + be * m1 + hac * force
    if teaches:
        mu += k.gain / (1 + n)
    be += x / v1
    facet.be = be
    facet.al = mu - be * m1
    facet.c = cc - hac * hac * grip + x * x / v1
    facet.n = n + 1
    facet.at = day
    if form is not None:
        _shape(form, a * fc, av, m1, v1, force, grip, day)
    who.m = m1
    who.v = v1
    if memory is not None:
        rm += a * rv * force
        if recalls and teaches:
            rm += k.gain_item / (1 + times)
        memory.m = rm
        memory.v = rv - a * rv * (a * rv) * grip
        memory.n = times + 1
        memory.at = day
    return q


def moved_by(
    who: Ability,
    facets: Sequence[Facet],
    bs: Sequence[Normal],
    memory: Memory | None,
    d: Normal,
    score: float,
    day: float,
    task: Task,
    k: Constants = PRODUCT,
) -> Moved:
    """Take one event in exactly as `step` does, and say what it moved."""
    before = tuple(look(who, facet, b, day, k) for facet, b in zip(facets, bs, strict=True))
    general = who.m
    expected = step(who, facets, bs, memory, d, score, day, task, k)
    after = tuple(look(who, facet, b, day, k) for facet, b in zip(facets, bs, strict=True))
    doubt = sum(one.var for one in before)
    believed = 1.0 - sum(one.var for one in after) / doubt if doubt else 0.0
    return Moved(expected, score - expected, believed, before, after, who.m - general)
