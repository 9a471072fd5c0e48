"""Whether a module is whole: enough questions of enough types, lessons of a readable length with something in them, a risk in each role-play."""

from collections.abc import Sequence

from trainee.kit import reading_speed
from trainee.kit.findings import Findings
from trainee.modules.library.content import Lesson
from trainee.modules.library.readable import LONGEST, bare_words
from trainee.modules.questions import Question
from trainee.modules.roleplays.story import Story

QUESTIONS = 10
TYPES = 5
APPLYING = 0.6
"""The share of questions that ask for more than to remember and to understand."""

SHORTEST = 5
EMPTY = 30
"""A lesson with fewer words of text than this, beside its dialogues, check and task, teaches nothing."""

_BELOW = ("remember", "understand")


def look_at_questions(questions: Sequence[Question], path: str, line: int, findings: Findings) -> None:
    """Warn of a quiz that is too small, too much of one kind, or asks for knowing and not for doing."""
    if len(questions) < QUESTIONS:
        message = f"The module has {_counted(len(questions), 'question')}; with fewer than {QUESTIONS} a second try is the same quiz again."
        findings.warn(path, line, message, f"Write {QUESTIONS - len(questions)} more.")
    types = sorted({question.type for question in questions})
    if len(types) < TYPES:
        message = f"The questions are of {_counted(len(types), 'type')} ({', '.join(types)}); {TYPES} or more keep a learner thinking."
        findings.warn(path, line, message, "Ask some of them in another way: docs/authoring.md has an example of each type.")
    applying = sum(question.level not in _BELOW for question in questions)
    if applying < APPLYING * len(questions):
        message = f"{applying} of {len(questions)} questions ask to apply or more; {APPLYING:.0%} is the least: this tests memory and not work."
        findings.warn(path, line, message, "Put a learner into a situation and ask what to do.")


def look_at_lesson(lesson: Lesson, audience: Sequence[str], paths: dict[str, str], line: int, findings: Findings) -> None:
    """Warn of a lesson whose stated minutes are out of bounds, that takes longer to read, or that has hardly any text."""
    most = LONGEST["employee"] if "employee" in audience else LONGEST["supervisor"]
    if not SHORTEST <= lesson.minutes <= most:
        message = f"The lesson says {lesson.minutes} minutes; lessons for its readers take {SHORTEST} to {most}."
        mend = "Correct `minutes` to what it really takes, or make two lessons of it."
        findings.warn(paths["tr"], line, message, mend if lesson.minutes > most else "Join it with another, or write what is missing.")
    for lang in ("tr", "en"):
        words = len(reading_speed.words(bare_words(lesson, lang)))
        if words < EMPTY:
            message = f"The lesson is nearly empty: {_counted(words, 'word')} beside its dialogues, check and task."
            findings.warn(paths[lang], 1, message, "Say what to do, and why it helps the customer.")


def look_at_story(story: Story, path: str, line: int, findings: Findings) -> None:
    """Warn of a role-play in which nothing can go badly wrong: the errors that matter most are then never practised."""
    if not any(scene.criticals() for scene in story.scenes.values()):
        mend = "Make one tempting reply a critical error (`critical: false-promise` ...), and let an ending tell of it."
        findings.warn(path, line, "No reply of this role-play is a critical error.", mend)


def _counted(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
