"""What is said, written, shown and done in a scene, as lines of the talk: who, what, and on what device."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any

from markupsafe import escape

from trainee import service
from trainee.kit.i18n import _, language
from trainee.kit.words import Text
from trainee.modules.roleplays.play import Step
from trainee.modules.roleplays.plot import Story
from trainee.modules.roleplays.scene import Scene
from trainee.modules.roleplays.show import Scripted

_TAGS = re.compile(r"<[^>]+>")
_BRACKETS = r"\((?:[^()]|\([^()]*\))*\)"
# Words that nobody says: an author tells in brackets what happens meanwhile.
_TOLD = re.compile(rf"(?:{_BRACKETS}\s*)+")
# Of the same kind, at the beginning or at the end of what is said: whole sentences, so that what somebody puts in brackets remains hers.
_SENTENCE = r"\((?:[^()]|\([^()]*\))*[.:!?…]['’”\"]?\)"
_AROUND = re.compile(rf"(?P<before>{_SENTENCE}\s+)?(?P<words>.*?)(?P<after>\s+{_SENTENCE})?", re.DOTALL)
# Where people write to each other, nobody can see what happens meanwhile: it stands beside their messages and not in them.
WRITTEN = frozenset({"chat", "email", "social"})


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a talk. `side` is customer, agent, scene (what happens or is seen) or noted (what is done and not said).

    `before` and `after` tell how the words are spoken. With a `show` the line is drawn as what it is, and `words` is what there is to read in it.
    """

    side: str
    who: str
    words: str
    channel: str
    before: str = ""
    after: str = ""
    show: Mapping[str, Any] | None = None


def say(words: Text | str) -> str:
    """Words in the reader's language; what somebody typed stays as it is."""
    if isinstance(words, str):
        return words
    text = words.of(language())
    return with_cards(text) if "{{" in text else text


def with_cards(text: str) -> str:
    """Words of a scene with what policy cards say filled in, as plain words: nobody speaks in links."""
    html = service.fill_cards(str(escape(text)), service.cards_in(text), language())
    return unescape(_TAGS.sub("", html))


def channel_of(story: Story, scene: Scene) -> str:
    """On what one talks in a scene."""
    return scene.channel or story.channel


def agent_name(story: Story) -> str:
    """Whom the learner plays, by name."""
    return story.agent.name if story.agent else str(_("You"))


def who_speaks(story: Story, scene: Scene) -> str:
    """Who talks in a scene: the customer, unless somebody else is named there."""
    return say(scene.speaker) if scene.speaker else story.customer.name


def told(words: str) -> bool:
    """Whether the customer says nothing of this: all of it stands in brackets."""
    return _TOLD.fullmatch(words.strip()) is not None


def bare(words: str) -> str:
    """What happens, without the brackets it is written in; other words as they are."""
    return " ".join(part[1:-1].strip() for part in re.findall(_BRACKETS, words)) if told(words) else words


def apart(words: str) -> list[str]:
    """What happens before, what is said, and what happens after, each by itself."""
    if told(words):
        return [words]
    match = _AROUND.fullmatch(words)
    assert match is not None
    return [part.strip() for part in match.groups() if part]


def asked(story: Story, scene: Scene, words: Text) -> str:
    """What is asked in a scene that begins with these words: one of `ASKS`."""
    if scene.asks:
        return scene.asks
    said = words.said if isinstance(words, Scripted) else words
    if not scene.typed and said is not None and told(say(said)):
        return "do"
    return "write" if channel_of(story, scene) in WRITTEN else "say"


def begun(story: Story, scene: Scene, words: Text) -> Iterable[Line]:
    """What a scene begins with."""
    channel, said = channel_of(story, scene), words
    if isinstance(words, Scripted):
        for show in words.shows:
            page = show.page(language(), story.customer.name, agent_name(story))
            text = " ".join(say(part) for part in show.texts())
            yield Line("scene", str(_("What you see")), text, channel, show={"kind": show.kind, **page})
        if words.said is None:
            return
        said = words.said
    elif scene.watched:
        yield Line("scene", str(_("What you see")), bare(say(words)), channel)
        return
    yield from _spoken(story, scene, say(said))


def replied(story: Story, scene: Scene, words: str) -> Iterable[Line]:
    """What comes back to something typed."""
    return _spoken(story, scene, words)


def _spoken(story: Story, scene: Scene, words: str) -> Iterable[Line]:
    channel, who = channel_of(story, scene), who_speaks(story, scene)
    if told(words):
        yield Line("scene", str(_("What happens")), bare(words), channel)
    elif channel in WRITTEN:
        for part in apart(words):
            if told(part):
                yield Line("scene", str(_("What happens")), bare(part), channel)
            else:
                yield Line("customer", who, part, channel, show=letter(story, who, agent_name(story), part) if channel == "email" else None)
    else:
        before, said, after = _around(words)
        yield Line("customer", who, said, channel, bare(before), bare(after))


def _around(words: str) -> tuple[str, str, str]:
    match = _AROUND.fullmatch(words)
    assert match is not None
    before, said, after = ((part or "").strip() for part in match.groups())
    return before, said, after


def done(story: Story, scene: Scene, words: Text, answer: str) -> Line:
    """An answer: what was noticed or done is not said to anybody."""
    channel = channel_of(story, scene)
    if scene.watched:
        return Line("noted", str(_("What you noticed")), answer, channel)
    asks = asked(story, scene, words)
    if not scene.typed and (asks == "do" or told(answer)):
        return Line("noted", str(_("What you did")), bare(answer), channel)
    if asks == "note":
        return Line("noted", str(_("What you wrote down")), answer, channel)
    who = agent_name(story)
    mail = letter(story, who, story.customer.name, answer, mine=True) if channel == "email" else None
    return Line("agent", who, answer, channel, show=mail)


def letter(story: Story, sender: str, to: str, words: str, mine: bool = False) -> dict[str, Any]:
    """A reply in the thread of an e-mail story: what the template of a mail needs."""
    paragraphs = [line for line in words.split("\n") if line.strip()]
    head = {"sender": sender, "to": to, "at": "", "subject": answer_to(story)}
    return {"kind": "mail", **head, "paragraphs": paragraphs, "words": words, "mine": mine}


def subject(story: Story) -> str:
    """What the mails of a story are about: as its first mail says, or its title."""
    shown = (show for scene in story.scenes.values() if isinstance(scene.customer, Scripted) for show in scene.customer.shows)
    return say(next((about for show in shown if (about := show.about()) is not None), story.title))


def answer_to(story: Story) -> str:
    """The subject of a reply in that thread."""
    return str(_("Re: %(subject)s", subject=subject(story)))


def said(step: Step) -> str:
    """What the learner said, or what she noticed."""
    return " · ".join(say(words) for words in step.outcome.said)
