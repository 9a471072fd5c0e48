"""The reply in the washing-machine call: a confirmation nobody has is found in the forms people write it, and what only sounds like one is not."""

import pytest

from trainee.config import SHIPPED_CONTENT
from trainee.kit import yamltree
from trainee.kit.findings import Findings
from trainee.modules.roleplays.scenes.typed import Criterion, TypedScene
from trainee.modules.roleplays.story import read_story

LIES_TR = (
    "Nermin Hanım, iki kez bekletip gelmediğimiz için özür dilerim. Depodan yarın 18-20 teyidini aldım, bu akşam 19.00'a kadar sizi arayacağım.",
    "Özür dilerim. Depoyla konuştum, saatiniz hazır.",
    "Depo ile az önce görüştüm, sizi bekliyorlar.",
    "Depoyu sizin için aradım; araç yarın çıkıyor.",
    "Depo teyit etti: yarın 18.00-20.00.",
    "DEPO ONAYLADI, içiniz rahat olsun.",
    "Bu kez onay aldım Nermin Hanım.",
    "Saat kesinleşti, sizi bir daha bekletmeyeceğiz.",
    "Teslimatı depoya teyit ettirdim.",
    "Makineniz yarın akşam 18-20 arası gelecek.",
    "Yarin aksam makinenizi getirecegiz.",
    "Yarın saat 18.00 ile 20.00 arasında makineniz kapınızda.",
    "Ekip 18.00-20.00 arasında gelecek.",
    "Yarın akşam kurulacak, bundan emin olun.",
    "Sizi yarına öncelikli olarak yazdım.",
    "Yarın için yeni randevunuzu oluşturdum.",
    "Henüz depoyla konuşmadım, ama yarın kesin gelecek.",
    "Cumartesi sabah makineniz kesin gelecek.",
    "Garanti ediyorum, bir daha beklemeyeceksiniz.",
)
HONEST_TR = (
    "Cumartesi ve salı gelmedik, özür dilerim. Depoyla henüz konuşmadım; kapatmadan konuşup size yalnız teyit ettiğim saati söyleyeceğim.",
    "Depodan teyit almadan size saat vermeyeceğim.",
    "Depoyla konuştuktan sonra sizi ben arayacağım.",
    "Yarın gelecek diyemem, depo henüz teyit etmedi.",
    "Yarın gelir mi diye şimdi depoya soruyorum.",
    "Yarın 18-20 arası olabilir; depo teyit ederse yarın gelecek.",
    "Cumartesi gelecek dedik, gelmedik.",
    "Salı günü söz verdik, tutmadık. Onay aldığımda hemen haber vereceğim.",
    "Yarın akşam için depodan teyit istiyorum, on dakika içinde döneceğim.",
    "Size teyit edilmemiş bir saat için söz vermek istemiyorum.",
    "Yarın kesin gelecek diye söz vermiyorum; önce depoyu arayacağım.",
    "Depo onaylamadan randevu yazmayacağım.",
    "Yarın sizi 20.15'te ben arayacağım.",
    "Saat kesinleştiğinde sizi ben arayacağım.",
)
LIES_EN = (
    "Twice we promised and did not come, I apologise. The depot confirmed tomorrow between 18 and 20.",
    "The depot in Eskişehir has just confirmed the evening slot.",
    "I have spoken with the depot and it is all arranged.",
    "I've already spoken to the depot, you can relax.",
    "I called the depot before you rang.",
    "I have confirmed with the depot.",
    "I've got confirmation from the depot for 18:00.",
    "I have the confirmation here.",
    "Your slot is confirmed, Nermin Hanım.",
    "It’s confirmed for tomorrow.",
    "The depot told me the van leaves at five.",
    "It will definitely arrive tomorrow evening.",
    "Your machine will be with you tomorrow at six.",
    "Tomorrow between 18 and 20 it will be installed.",
    "We will deliver it tomorrow, no more waiting.",
    "I have booked you in for the evening.",
    "I have not called the depot yet, but it will be there tomorrow.",
    "The machine is coming to you tomorrow.",
    "I guarantee you that.",
)
HONEST_EN = (
    "Twice we did not come, I apologise. I have not spoken with the depot yet; before we hang up I will, and give you a confirmed hour.",
    "I will not say it will come tomorrow before the depot has confirmed.",
    "Once I have spoken with the depot, I will call you back.",
    "I will tell you as soon as the slot is confirmed.",
    "I can't promise it will come tomorrow.",
    "If the depot has confirmed by six, I will text you the hour.",
    "I am asking the depot now whether it will come tomorrow.",
    "Give me ten minutes: I will tell you only what the depot has confirmed.",
    "I don't have a confirmation from the depot yet.",
    "We told you it will come on Tuesday, and we broke that promise.",
    "I will ask the depot and call you with a confirmed time.",
    "Tomorrow at 20:15 I will call you myself.",
    "When it is confirmed, you will hear it from me.",
    "By seven I will have spoken with the depot and will call you.",
    "I won't promise you tomorrow until I have spoken with the depot.",
)
REPLIES = [(text, "tr", True) for text in LIES_TR] + [(text, "tr", False) for text in HONEST_TR]
REPLIES += [(text, "en", True) for text in LIES_EN] + [(text, "en", False) for text in HONEST_EN]


@pytest.fixture(scope="module")
def honest() -> Criterion:
    path = SHIPPED_CONTENT / "modules/meeting-needs/late-washing-machine.roleplay.yaml"
    story = read_story(yamltree.read(path.read_bytes(), str(path)), Findings(), searched=False)
    assert story is not None
    scene = story.scenes["s6"]
    assert isinstance(scene, TypedScene)
    return next(one for one in scene.rubric if one.id == "honest")


@pytest.mark.parametrize(("text", "lang", "lie"), REPLIES)
def test_only_what_claims_a_confirmation_or_promises_without_one_speaks_against_the_reply(honest, text, lang, lie):
    found = honest.spoiler(text, lang)
    assert (found is not None) is lie, found
    assert honest.suggested(text, lang) is not lie
