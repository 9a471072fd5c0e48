"""The designer's bench: every macro in every state at /patterns, in debug and in tests only."""

from flask import Flask, Response, request

from trainee.kit.errors import NotFound, Refusal
from trainee.kit.i18n import _
from trainee.kit.web import Blueprint, public, show
from trainee.kit.words import Text

CHANNELS = ("phone", "chat", "email", "social", "shop", "meeting")

bp = Blueprint("patterns", __name__)


class Example:
    """What a page of the bench talks about: real sentences in both languages, because a layout is only tested by real sentences."""

    customer = Text("Nermin Aksoy", "Nermin Aksoy")
    about = Text("46 yaşında, öğretmen, Eskişehir", "46, teacher, Eskişehir")
    line = Text(
        "Cumartesi gelecekti, gelmedi. Salı dediniz, okuldan izin aldım, yine gelmedi. Şimdi hepsini baştan mı anlatacağım?",
        "It was due Saturday and did not come. You said Tuesday, I took leave from school, nothing. Must I tell it all again?",
    )
    first = Text("Alo? İki kere aradım, ikisinde de “yirmi dört saat” dediniz. Makinem nerede?", "Hello? I have called twice. Where is my machine?")
    second = Text(
        "Ben Deniz, sizi dinliyorum. İki kez arayıp sonuç alamamışsınız. Önce sizden duyayım.",
        "I am Deniz and I am listening. You called twice and got nowhere. Let me hear it from you first.",
    )
    good = Text(
        "Hayır, kaydınız önümde: cumartesi ve salı randevusu, iki aramanız, salı günkü yanlış mesaj. Eklemem gereken bir şey var mı?",
        "No, I have your record here: the Saturday and Tuesday slots, your two calls, the wrong text on Tuesday. Have I missed anything?",
    )
    poor = Text("Notlar bende görünmüyor, kısaca baştan alalım isterseniz.", "I cannot see the notes; shall we take it from the start?")
    fair = Text("Anladım, hemen yarına yeni randevu açıyorum.", "Got it, opening a new appointment for tomorrow right away.")
    thought = Text("Üçüncü kez aynı şeyi anlatmak beni bitiriyor.", "Telling it a third time wears me out.")
    why = Text(
        "Müşterinin emeğini azalttınız. Aynı şeyi tekrar anlattırmamak, kolaylık duygusunun en güçlü parçalarından biridir.",
        "You cut her effort. Not making people repeat themselves is among the strongest parts of ease.",
    )
    question = Text(
        "Canlı sohbette bir müşteri yazıyor: “Kitaplar yarınki sınav içindi, hâlâ yolda görünüyor.” Hangi yanıt en iyisidir?",
        "In live chat a customer writes: “The books were for tomorrow's exam and they still show as on the way.” Which reply is best?",
    )
    module = Text("Empati", "Empathy")
    roleplay = Text("Gelmeyen çamaşır makinesi", "The washing machine that did not come")
    lesson = Text("Somut söylemek", "Saying it concretely")
    subject = Text("İki randevu, gelmeyen makine (MK-204817)", "Two appointments, no machine (MK-204817)")
    long = Text(
        "Müşterilerimizin beklentilerini gerçekleştirebilecek miyiz, değerlendirebildiniz mi?", "Will we be able to meet our customers' expectations?"
    )


def _in_theme() -> str:
    theme = request.args.get("theme", "")
    return theme if theme in {"light", "dark"} else ""


@bp.route("/patterns")
@public
def bench() -> Response:
    return show("patterns/bench.html", example=Example, channels=CHANNELS, theme=_in_theme())


@bp.route("/patterns/stage/<channel>")
@public
def stage(channel: str) -> Response:
    if channel not in CHANNELS:
        raise NotFound
    return show("patterns/stage.html", example=Example, channel=channel, theme=_in_theme())


@bp.route("/patterns/lesson")
@public
def lesson() -> Response:
    return show("patterns/lesson.html", example=Example, theme=_in_theme())


@bp.route("/patterns/player", methods=["GET", "POST"])
@public
def player() -> Response:
    """A player without a game: the answer says what the server shall do with it."""
    answer = request.form.get("answer", "")
    step = request.values.get("step", 1, type=int)
    if answer == "refuse":
        raise Refusal(_("This attempt is finished. Nothing was changed."))
    if answer == "break":
        raise RuntimeError("asked for by the bench")
    status = 422 if request.method == "POST" and not answer else 200
    step += status == 200 and request.method == "POST"
    return show("patterns/player.html", fragment="patterns/_player.html", status=status, example=Example, step=step, wrong=status == 422)


def init_app(app: Flask) -> None:
    """Put up the bench; call it in debug and in tests only."""
    app.register_blueprint(bp)
