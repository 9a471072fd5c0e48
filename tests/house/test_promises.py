"""Each row of the document on the company's service is walked: whoever it speaks of opens its pages, and reads there what the row promises."""

import html
import re
from pathlib import Path
from typing import Any

from tests.house.world import make_world

ROOT = Path(__file__).resolve().parents[2]
RUN, BEFORE = "/roleplay-runs/{ended}/debrief", "/service/draft/"
# By row: who opens what, and what stands there. Where a row says "see there" it has none of its own.
PROMISED: dict[int, list[tuple[Any, ...]]] = {
    1: [("max", "/service", "How we attract customers", "How we keep customers"), ("amir", "/", "How we attract customers", "How we keep customers")],
    2: [("max", "/service/chain", "Loyalty", "Too few customers were asked")],
    3: [
        ("amir", "/learn/greeting/{lesson_key}", "Try it"),
        ("amir", "/learn/greeting/{lesson_key}/task", "In two working days you will be asked", "I tried it"),
    ],
    4: [
        ("ela", "/rules", "Whoever joins gets what the rule says"),
        ("ela", "/reports/training_matrix", "the day on which she completed each module"),
    ],
    5: [
        ("chloe", "/concerns", "Each of them felt that her worry did not matter to us.", "Amir Kaya"),
        ("chloe", "/concerns/{concern_id}", "See to it by", "Did you feel that your worry mattered to us?"),
    ],
    6: [
        ("amir", "/learn/our-service", "Why customers stay and why they leave"),
        # What Smith wrote, and that he is not the founder he is made.
        ("amir", "/learn/our-service/why-customers-stay", "An old subject", "In 1776 Adam Smith", "He was not", "left no theory of how to serve"),
    ],
    7: [
        ("chloe", "/learn/setting-expectations", "The expectation talk"),
        ("chloe", "/learn/observing-coaching", "Taking evidence notes"),
        ("chloe", "/skills", "My skills"),
    ],
    8: [("chloe", "/customer-hours", "hours this month", "You alone read it")],
    9: [("chloe", "/complaints/1", "Cost to us 400 TL", "What it does for the customer It is quick.", "She waited twice.")],
    10: [("amir", RUN, "How it ended", "Endings")],
    11: [("max", "/service/chain", "Satisfaction", "Loyalty"), ("max", "/customers?measure=nps", "Recommending (NPS)", "Satisfaction (CSAT)")],
    12: [("max", "/service/chain", "Training", "Behaviour", "Three months before", "n = ")],
    13: [("amir", "/pulse", "Four questions", "from 5 answers on")],
    14: [
        ("ela", BEFORE + "qualities", "What does each of the five qualities look like with us?"),
        ("ela", BEFORE + "journey", "at what points does a customer meet us"),
    ],
    15: [("max", "/service/tree/reliability", "Reliability", "Observed lines", "Did we keep what we promised?", "What they complained about")],
    16: [("max", "/customers?measure=promise", "Promises kept"), ("ela", "/ratings/import", "kept_promise")],
    17: [("amir", "/roleplays/late-washing-machine/", "deliver")],
    18: [("ela", "/cards", "Policy cards"), ("amir", "/cards/late-delivery", "Late delivery", "Use it as a guide")],
    19: [("max", "/customers", "What comments are about"), ("chloe", "/customers/comments", "What customers wrote")],
    20: [
        ("max", "/customers?measure=promise", "Promises kept"),
        ("chloe", "/team/skills", "Who is good at what, how sure that is", "Building trust"),
    ],
    21: [("ela", "/surveys", "Take over a ready one")],
    22: [("amir", RUN, "thought and did not say")],
    23: [("amir", "/learn/loyalty", "remembering without intruding"), ("amir", "/learn/customer-data", "Reading NPS and customer data")],
    24: [("amir", "/walks", "Bursa", "%"), ("amir", "/walks/1", "First impression", "A human welcome", "Our face to the outside")],
    25: [("chloe", "/walks/new/shop", "There is a seat for elderly people"), ("amir", "/improvements", "seat")],
    26: [("max", "/service/chain", "How closely the two go together is not known", "no proof that one brings about the other")],
    27: [("chloe", "/team/coverage", "Times of the week", "A time at which customers were served and nobody looked stands first.")],
    28: [("chloe", "/people/{person_id}/observations/new", "Greeting"), ("chloe", "/scorecards", "Phone")],
    29: [("amir", "/learn/greeting", "The first ten seconds"), ("amir", "/scorecards/phone", "Greeting")],
    30: [("amir", "/roleplay-runs/{run_id}", "On your screen", "Choose the three cues")],
    31: [("amir", RUN, "Was it solved?", "Was it easy for"), ("amir", "/my-ratings", "It was easy")],
    32: [("amir", "/scorecards/phone", "Follow-up"), ("amir", "/learn/loyalty", "Telling satisfied customers from loyal ones")],
    33: [("amir", RUN, "Mood, scene by scene")],
    34: [("amir", "/after-contact", "Did I leave anything out?"), ("chloe", "/complaints/1", "Leave it out")],
    35: [("amir", "/roleplays/first-message/", "Your endings")],
    36: [("max", "/customers?measure=return", "Would you come to us again?", "History")],
    37: [("max", "/customers?measure=ces", "Ease (CES)", "Satisfaction (CSAT)", "Found it easy")],
    38: [("max", "/service/tree", "First impression", "Seen at work"), ("max", "/service/tree/price", "Price and value")],
    39: [("max", "/service/tree", "First impression", "Can my need be met here?")],
    40: [("chloe", "/people/{person_id}/observations/new", "The first thirty seconds"), ("chloe", "/team/coverage", "thirty")],
    41: [("beth", "/learn", "Greeting", "First impressions")],
    42: [("max", "/service/tree/price", "Price and value")],
    43: [("max", "/service/tree/dependable", "People one can depend on"), ("max", "/service/tree/friendly", "Friendly people")],
    44: [
        ("max", "/service/tree/after-sale", "After the sale", "Modules that teach it", "Follow-up and after-sales"),
        ("amir", "/learn/after-sales", "explaining installation, warranty and repair time"),
    ],
    45: [("max", "/service/tree", "From the trunk to the branches")],
    46: [("max", "/service/chain", "Complaints for a thousand contacts"), ("amir", "/complaints", "For a thousand contacts")],
    47: [("amir", "/walks", "Bursa"), ("amir", "/pulse", "Whoever leads us listens")],
    48: [("ela", BEFORE + "listen", "How do we learn what customers think?")],
    49: [("ela", BEFORE + "win_back", "What do we do when somebody is angry")],
    50: [("ela", BEFORE + "change", "We look at this page again by")],
    51: [("ela", "/service/draft", "How we listen", "How we change"), ("amir", "/service/versions/1", "Version 1")],
    52: [("amir", "/service/book/touchpoint", "Touchpoints along the journey", "As a CSV file"), ("ela", "/service/file/touchpoint", "file")],
    53: [("ela", BEFORE + "documents", "Is there a mission")],
    54: [("ela", "/service/draft", "Where customers meet us"), ("ela", "/service/book/touchpoint", "Begin with a template")],
    55: [("ela", "/service/new/channel", "Who greets", "Within how long", "How it may sound", "What we do not say")],
    56: [("chloe", "/walks/new/shop", "First impression", "Order and finding things")],
    57: [("ela", "/roster/shifts/new", "to greet at the door")],
    58: [("chloe", "/walks/new/shop", "Seconds to find something")],
    59: [("ela", "/reports/programme", "reaction, learning, behaviour, results (after Kirkpatrick)")],
    60: [("ela", "/service/new/position", "Its part in service, in Turkish")],
    61: [
        ("ela", "/service/new/position", "Greeting, at least"),
        ("amir", "/service/jobs/{job_key}", "Targets of this job", "Discovering needs Developing"),
        ("chloe", "/expectations/people", "Set an expectation"),
    ],
    62: [("max", "/customers/public", "What is said in public", "Learned something new")],
    63: [("amir", "/service/book/playbook", "After the sale, by product")],
    64: [("amir", "/service/book/remedy", "Remedies and limits")],
    65: [
        ("amir", "/cards/late-delivery", "Late delivery"),
        ("ela", "/cards/late-delivery/change", "Valid from"),
        ("amir", "/cards/late-delivery/versions", "Version"),
    ],
    66: [("amir", "/roster", "Who is on duty now", "Seven days from today")],
    67: [("amir", "/roster", "who stands by when the first does not answer"), ("amir", "/roster/offline", "This is the roster as it was on")],
    68: [("amir", "/service/book/channel", "Channels and greeting")],
    69: [("ela", "/service/new/channel", "What it costs the customer")],
    70: [
        ("amir", "/roleplays/first-message/", "Chat"),
        ("amir", "/roleplays/public-complaint/", "Social media"),
        ("max", "/roleplays/three-questions/", "E-mail"),
    ],
    71: [("amir", "/walks/1", "Steps until one speaks with a person"), ("chloe", "/walks/new/web", "Steps until one speaks with a person")],
    72: [("chloe", "/complaints/1", "Hear it out", "Ask whether it is solved", "a step that does not fit is left out with a reason")],
    73: [("amir", "/service/book/routing", "Who handles which complaint"), ("chloe", "/complaints/1", "Owner", "Duty manager", "Answer by")],
    74: [("ela", "/complaints/file", "external_id, received_at")],
    75: [("chloe", "/complaints/1", "Duty manager, up to 500 TL", "Above your limit it waits for approval.")],
    76: [("chloe", "/complaints/1", "Why this, for this customer", "Cases like it")],
    77: [
        ("ela", BEFORE + "satisfied", "By what do we know a satisfied customer?"),
        ("max", "/service", "Good from"),
        ("max", "/customers", "as “How we serve” says"),
    ],
    78: [("chloe", "/people/{person_id}", "Seen at work", "Customers")],
    79: [("chloe", "/team", "the most pressing first", "Amir Kaya")],
    80: [("ela", "/surveys/{survey_id}", "Wave 1", "Wave before")],
    81: [("chloe", "/team/coverage", "By place in the company", "Front line", "Head office")],
    82: [("amir", "/goals", "Of one team", "aim 85%"), ("chloe", "/goals/new", "Why it matters to customers")],
    84: [("amir", "/pulse", "without a name", "whoever leads you"), ("amir", "/suggestions", "Every idea gets an answer within a week.")],
    85: [("chloe", "/people/{person_id}/observations/new?card=phone", "Seconds until the first word")],
    86: [("amir", "/skills/{skill}", "Rests on", "Ask for an observation at work")],
    87: [
        ("chloe", "/people/{person_id}/observations/new", "Professional", "Respectful"),
        ("amir", "/scorecards/phone", "Professional throughout", "Respectful throughout", "A contact without respect counts as level 1"),
    ],
    89: [("chloe", "/people/{person_id}/coaching?skill={skill}", "What was seen, said and missed, in one place.", "Rests on")],
    90: [("amir", "/pulse", "What the teams say", "5 or more of a team")],
    91: [("chloe", "/team", "the most pressing first", "Disputes an observation in Empathy.")],
    92: [("ela", "/reports/hours", "The cost is these hours at the rate you give"), ("ela", "/reports/training_record", "figures count it once")],
    93: [
        ("amir", "/skills", "What to work on", "Rests on"),
        ("amir", "/skills/{skill}", "Rests on"),
    ],
    94: [("amir", "/walks", "Bursa", "%")],
    95: [("amir", "/growth", "A day at chat."), ("chloe", "/people/{person_id}/growth", "Stretch task", "Peer coach")],
    96: [("beth", "/goals", "Shared by teams", "All teams")],
    97: [("amir", "/improvements", "To look into", "Nobody has said yet what is done."), ("amir", "/improvements/1", "Why it happens")],
    98: [
        ("hana", "/people/{leader}/expectations", "For everybody who leads people"),
        ("hana", "/people/{leader}/observations", "Observations of Chloe Irmak"),
    ],
    99: [("amir", "/expectations", "What is expected of me")],
    100: [("amir", "/expectations/{expectation_id}", "How it is monitored Observations at work", "Who sees it")],
    101: [("amir", "/suggestions/{suggestion_id}", "A bench by the door.")],
    102: [("max", "/service/baselines", "Where we are now"), ("max", "/service/baselines/1", "Frozen on")],
    103: [("ela", "/surveys", "Write a questionnaire"), ("ela", "/guides", "Surveys and interview guides")],
    104: [("ela", "/surveys/new", "A new survey"), ("ela", "/interviews/guides/new", "A new interview guide"), ("ela", "/interviews", "Strengths")],
    105: [("ela", "/surveys/{survey_id}", "Areas of concern", "No statement lies under it."), ("chloe", "/concerns", "Find out what happened")],
    107: [("chloe", "/interviews/{talk_id}", "What was said, coded")],
    108: [("amir", "/my-ratings", "A figure appears from 5 answers on."), ("chloe", "/people/{person_id}", "Seen at work", "Customers")],
    109: [("ela", "/surveys/choose", "What do you want to know?")],
    110: [("max", "/customers?measure=nps", "less detractors (0 to 6)")],
    111: [("max", "/customers?measure=nps", "is a common mistake", "60 of 100 who promote and 20 who detract make +40")],
    112: [("max", "/customers", "fewer than one year in twenty has a false alarm", "History")],
    113: [
        ("amir", "/my-ratings", "A figure appears from 5 answers on."),
        ("chloe", "/people/{person_id}/ratings", "A figure appears from 5 answers on."),
    ],
    83: [("chloe", "/calibration", "There are too few cases for you to score yet")],
    106: [("ela", "/surveys/{survey_id}", "Wave 1", "Stop asking"), ("ela", "/surveys/{survey_id}/edit", "What is asked just now keeps its words")],
    114: [
        ("ela", "/service/baselines/1", "Why is it so?", "What we decide, one line each", "Or: we change nothing, because"),
        ("amir", "/improvements", "To look into"),
    ],
}


def words(page: str) -> str:
    """What is read on a page, in one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page[page.find("<main") : page.rfind("</main>")])).split())


def test_whoever_a_row_speaks_of_reads_on_its_pages_what_it_promises(cast, as_, at):
    world = dict(make_world(cast, at)) | {"leader": cast.chloe, "ended": 2, "concern_id": 2}
    missing = []
    for row, looks in PROMISED.items():
        for who, address, *promised in looks:
            answer = as_(getattr(cast, who)).get(address.format(**world), headers={"Accept-Language": "en"})
            told = words(answer.text)
            missing += [(row, who, address, one) for one in promised if answer.status_code != 200 or one not in told]
    assert missing == []


def test_every_row_is_walked_but_those_that_point_to_others():
    rows = {int(number) for number in re.findall(r"^\| (\d+) \|", (ROOT / "docs" / "capabilities.md").read_text(encoding="utf-8"), re.MULTILINE)}
    assert rows - set(PROMISED) == {88}
