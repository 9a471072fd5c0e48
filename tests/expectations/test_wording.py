"""Wording that nobody can watch is caught in both languages, and what can be watched is let pass."""

import pytest

from trainee.expectations.wording import better_example, vague
from trainee.kit.words import Text
from trainee.skills import framework

VAGUE = {
    "en": [
        "Be friendlier.",
        "be more professional with customers",
        "Show a better attitude.",
        "Improve your communication skills",
        "Please try harder with difficult customers.",
        "Be a team player",
        "Should be polite and helpful.",
        "Friendly and professional at all times",
        "More empathy towards customers",
        "Go the extra mile for our guests.",
        "Listen better to what customers want",
        "Answer customers as soon as possible",
        "Provide good service in every contact",
        "Greet customers more warmly",
        "Stay positive under pressure",
        "Takes her work seriously and is motivated",
        "Handle complaints properly and efficiently",
        "Empathy!",
        "Greets within ten seconds. Be friendlier.",
    ],
    "tr": [
        "Daha güler yüzlü olun.",
        "DAHA GÜLERYÜZLÜ OLUN",
        "Daha ILIMLI ve daha NAZİK olun",
        "Müşteriye karşı daha profesyonel davranın",
        "Müşterilere nazik ve saygılı olun.",
        "İletişimini güçlendirmesi bekleniyor.",
        "Elinizden gelenin en iyisini yapın",
        "Görüşmelerde gereken özeni gösterin",
        "Şikâyetleri en kısa sürede çözün",
        "Her zaman pozitif ve enerjik çalışın",
        "Empati kurun, müşteriyi anlayın",
        "Motive olun ve ekibe destek verin",
        "Müşteri odaklı çalışın lütfen",
        "Müşteri memnuniyetini artırmak için çaba gösterin",
        "Kaliteli hizmet verin her müşteriye",
        "Daha iyi dinleyin müşteriyi",
        "İlgili davranın.",
        "Gerektiği gibi davranmak",
        "Sorumluluk bilinciyle hareket edin",
        "Güler yüz!",
        "Selamı on saniye içinde verir. Daha sıcak olun.",
    ],
}
GOOD = {
    "en": [
        "Greets every customer within 10 seconds and gives her name.",
        "Says how long the next step takes before beginning it.",
        "Lets the customer finish, pauses, then sums up in her own words.",
        "Asks one open question before suggesting a product.",
        "Writes the agreed date into the promise book during the call.",
        "Calls back at the promised time, also when there is no news.",
        "Opens with a friendly “Welcome, I am Kerem”.",
        "Repeats the customer's concern before offering an option.",
        "Reads the order number back and waits for a yes.",
        "In three of four observed contacts the customer is not interrupted.",
        "Names the customer's feeling and what caused it.",
        "Offers two options within her authority and lets the customer choose.",
        "Apologises without a “but”.",
        "Hands over with a sentence that says what was agreed, so nobody asks twice.",
        "Tells a waiting customer politely that it will take five minutes.",
        "Checks the warranty card before saying what is covered.",
        "Records the complaint with number, owner and date before the customer leaves.",
        "Thanks the customer for telling us.",
        "Shows the professional cleaning kit and explains the quality seal.",
        "Puts the receiver down last.",
    ],
    "tr": [
        "Her müşteriyi 10 saniye içinde selamlar ve adını söyler.",
        "Bir sonraki adımın ne kadar süreceğini başlamadan söyler.",
        "Müşterinin sözünü kesmez, susar, sonra kendi cümlesiyle özetler.",
        "Ürün önermeden önce açık uçlu bir soru sorar.",
        "Anlaşılan günü görüşme sırasında söz defterine yazar.",
        "Haber olmasa da söz verdiği saatte geri arar.",
        "Görüşmeyi güler yüzle “Hoş geldiniz, ben Kerem” diyerek açar.",
        "Seçenek sunmadan önce müşterinin derdini tekrarlar.",
        "Sipariş numarasını okur ve onay bekler.",
        "Gözlenen dört görüşmenin üçünde müşterinin sözü kesilmez.",
        "Müşterinin duygusunu ve nedenini adıyla söyler.",
        "Yetkisi içinde iki seçenek sunar, seçimi müşteriye bırakır.",
        "İçinde “ama” olmadan özür diler.",
        "Bekleyen müşteriye nazikçe beş dakika süreceğini haber verir.",
        "Neyin garantide olduğunu söylemeden önce garanti belgesine bakar.",
        "Müşteri ayrılmadan şikâyeti numara, sorumlu ve tarihle kaydeder.",
        "Bize haber verdiği için müşteriye teşekkür eder.",
        "Profesyonel temizlik setini gösterip kalite belgesini açıklar.",
        "IŞIK saçan vitrini her sabah açılıştan önce siler ve işaretler.",
        "İadeyi onaylamadan önce fişi ister.",
    ],
}


@pytest.mark.parametrize("text", [text for texts in VAGUE.values() for text in texts])
def test_what_nobody_can_watch_is_caught(text):
    assert vague(text) is not None


@pytest.mark.parametrize("text", [text for texts in GOOD.values() for text in texts])
def test_what_can_be_watched_is_let_pass(text):
    assert vague(text) is None


def test_no_anchor_of_ours_is_held_up(app):
    anchors = [words for skill in framework().skills for level in skill.anchors.values() for words in level]
    assert len(anchors) > 100
    held = [(lang, words.of(lang)) for words in anchors for lang in ("tr", "en") if vague(words.of(lang))]
    assert held == []


def test_it_says_which_words_it_means_as_they_were_typed():
    found = vague("Says hello within five seconds. Please be MORE professional.")
    assert (found.sentence, found.words) == ("Please be MORE professional.", "be MORE")
    found = vague("Görüşmelerde DAHA GÜLER YÜZLÜ olun")
    assert found.words == "DAHA GÜLER YÜZLÜ"


def test_nothing_written_is_nothing_vague():
    assert vague("") is None
    assert vague("  \n ") is None


def test_the_example_is_the_anchor_closest_to_what_was_meant():
    anchors = [Text(tr="Adını söyler", en="States own name"), Text(tr="Müşterinin sözünü kesmez", en="Does not interrupt the customer")]
    assert better_example("Do not keep interrupting people", anchors, "en") == "Does not interrupt the customer"
    assert better_example("Müşterinin sözüne değer verin", anchors, "tr") == "Müşterinin sözünü kesmez"
    assert better_example("Be nice", anchors, "en") == "States own name"
    assert better_example("Be nice", [], "en") == ""
