"""What the rubrics of shipped role-plays make of replies: good ones, rude ones that use the right words, and good ones turned round."""

from functools import cache

import pytest

from trainee.config import SHIPPED_CONTENT
from trainee.kit import yamltree
from trainee.kit.findings import Findings
from trainee.modules.roleplays.story import Story, read_story

GOOD = {
    ("wrong-invoice", "tr"): [
        "Faturanızı üç kez yanlış kestik, her seferinde de size anlattırdık. Özür dilerim. Nedenini siz hattayken ben araştırıyorum, konu bende.",
        "Haklısınız, yanlış fatura bizim hatamız. Bunun için özür dilerim. Şimdi muhasebeyle ben konuşuyorum, kapatmadan size haber veriyorum.",
    ],
    ("wrong-invoice", "en"): [
        "We got your invoice wrong three times and made you explain each. I apologise. I am looking for the reason while you are on the line.",
        "You are right, three wrong invoices is our failure. I am sorry. I will find the cause and tell you before we hang up.",
    ],
    ("late-washing-machine", "tr"): [
        "Cumartesi de salı da sözümüzü tutmadık, geri de aramadık. Özür dilerim. Bu iş bende; depoyla siz hattayken konuşuyorum.",
        "Size iki kez söz verip gelmedik, bunun için özür dilerim. Ben takip ediyorum, yarım saat içinde sizi arayıp ne öğrendiğimi söyleyeceğim.",
    ],
    ("late-washing-machine", "en"): [
        "We promised you Saturday and Tuesday and did not come. I apologise. I take this on and will ask the depot while you are on the line.",
        "You waited twice for us, we missed both visits. I am sorry. I will call you back by six with what the depot tells me.",
    ],
    ("two-at-once", "tr"): [
        "Sayın Gökalp, ekip sizi üç kez aramış ama ulaşamamış. Yeni saat için depoya soru yolladım. Size nasıl ulaşalım?",
        "Hatice Hanım, buzdolabınız depoda, telefonla ulaşılamamış. Depoya şimdi soruyorum. Mesajla haber vermemizi ister misiniz?",
    ],
    ("two-at-once", "en"): [
        "Dear Ms Gökalp, the team phoned three times and could not reach you. I am asking the depot for a time. How would you like us to reach you?",
    ],
    ("limit-and-open-door", "tr"): [
        "Dondurucunuzu çalıştırmak için buradayım. Bana beyinsiz demenizi kabul edemem, lütfen böyle hitap etmeyin. Şimdi servis notuna dönelim.",
        "Esra Hanım, size yardım etmek istiyorum. Hakaret etmeden konuşalım. Servis kaydınız önümde.",
    ],
    ("limit-and-open-door", "en"): [
        "I want to help you. Please don't call me brainless. Let us go back to the note of the service.",
        "I am here to help with your freezer. I cannot go on while being insulted. Let us look at the service note together.",
    ],
    ("gas-smell", "tr"): [
        "Recep Bey'in evinde gaz kokusu var, ocak bugün takıldı. Üç kişi dışarıda, içlerinde bir çocuk. 187'yi aramalarını söyledim. "
        "Ekip 7'yi durdurmanı istiyorum.",
    ],
    ("gas-smell", "en"): [
        "There is a gas smell after today's installation. The couple and a four-year-old have gone out into the road; they are calling 187. "
        "Please halt team 7 and book service.",
    ],
    ("second-breakdown", "en"): [
        "Your machine leaked again after the repair and you'd like it swapped. TR-5581 is the record; I'll ring you in three minutes.",
    ],
    ("seller-who-interrupts", "tr"): [
        "9 Mayıs'ta çift su tüketimini sorarken üç kez başka modele geçtiniz; sustular ve çıktılar. Neyi hedefliyordunuz?",
    ],
}

RUDE = {
    ("wrong-invoice", "tr"): [
        "Kusura bakmayın, üç kez yanlış fatura demişsiniz ama bende öyle görünmüyor. Bugün sistem kapalı, şimdi yapacak bir şey yok.",
        "Özür dilerim ama faturayı ben kesmedim, muhasebe üç kez yanlış kesmiş. Takip ediyorum, siz hattayken ne diyeyim.",
    ],
    ("wrong-invoice", "en"): [
        "All right, three wrong invoices, sorry, are you happy now? I'm looking for the reason while you're on the line.",
        "Sorry, but you claim it was wrong three times. I will see, right now there is nothing I can do.",
        "I am sorry, three wrong invoices is accounts and not my department. I'll look today, whatever.",
    ],
    ("late-washing-machine", "tr"): [
        "İki kez gelmedik, özür dilerim, ama bağırmanıza gerek yok; bugün ben takip ediyorum, hatta bekleyin.",
        "Üzgünüm, iki kez gelmedik ama trafik var, elimden bir şey gelmez. Takip ediyorum, saat 18'de kapanıyoruz.",
        "Kusura bakmayın, salı gelmedik diyorsunuz da evde değildiniz. Bugün bakıyorum, bekleyeceksiniz.",
    ],
    ("late-washing-machine", "en"): [
        "Sorry we did not come on Tuesday, but you have to understand. I will call when I can, nothing I can do today.",
        "I am sorry, we missed it twice, not my job though. I'll look at it right away, you will have to wait.",
    ],
    ("two-at-once", "tr"): [
        "Hatice Hanım sizi üç kez aradık açmadınız, yazılı mesaj da attık, soruyorum size neden bakmadınız? Telefonunuza baksanız bunlar olmazdı.",
    ],
    ("two-at-once", "en"): [
        "Hatice Hanım, we called you three times. Why did you not pick up? I'll text you again, in writing, if you had looked it would be there.",
    ],
    ("limit-and-open-door", "tr"): [
        "Bana hakaret edemezsiniz, siz kimsiniz! Servisi çözmek istemiyorum artık, hakaret edene bakmam.",
    ],
    ("limit-and-open-door", "en"): [
        "Who do you think you are to insult me? I do not want to help people like that. Your freezer and your service can wait.",
    ],
    ("gas-smell", "tr"): [
        "Gaz kokusu varmış, çocuk falan var, 187 dedim, durdur ekibi bak işte. Adam yaşlı bir amca.",
    ],
    ("gas-smell", "en"): [
        "Gas smell somewhere, a child is there, I told them 187, can you deal with it. He is an old man and panicking.",
    ],
    ("second-breakdown", "tr"): [
        "İkinci kez su kaçırmış, değişimi seçtiniz, TR-5581. Üç dakikada ben arıyorum, açın da boşuna çaldırmayayım.",
    ],
    ("seller-who-interrupts", "tr"): [
        "9 Mayıs 14.20'de çiftin sözünü üç kez kestiniz, kadın sustu. Amacınız neydi Allah aşkına, hep böylesiniz.",
    ],
}

TURNED = {
    ("wrong-invoice", "tr"): ["Üç kez yanlış fatura kesilmiş, özür dilemiyorum, bunu takip etmiyorum, siz hattayken arayamam da."],
    ("wrong-invoice", "en"): ["Three wrong invoices, fine, but I am not apologising for that, I will not follow it up and I won't call now."],
    ("late-washing-machine", "tr"): ["Cumartesi gelmedik ama bunun için özür dilemeyeceğim; takip etmem, siz hattayken depoyu arayamam."],
    ("late-washing-machine", "en"): ["We did not come on Saturday, but I do not apologise, I will not follow it and I won't call the depot today."],
}


@cache
def _story(name: str) -> Story:
    path = next(SHIPPED_CONTENT.glob(f"modules/*/{name}.roleplay.yaml"))
    story = read_story(yamltree.read(path.read_bytes(), str(path)), Findings(), searched=False)
    assert story is not None
    return story


def _band(name: str, lang: str, reply: str) -> tuple[int, int]:
    """Which band of the typed scene the reply falls into as the machine suggests it, 0 the best, and how many there are."""
    scene = next(scene for scene in _story(name).scenes.values() if scene.typed)
    points = scene.points(scene.suggest(reply, lang))
    return next(number for number, band in enumerate(scene.bands) if points >= band.min), len(scene.bands)


def _cases(table: dict[tuple[str, str], list[str]]) -> list[tuple[str, str, str]]:
    return [(name, lang, reply) for (name, lang), replies in table.items() for reply in replies]


@pytest.mark.parametrize(("name", "lang", "reply"), _cases(GOOD))
def test_a_good_reply_in_words_of_ones_own_comes_into_one_of_the_two_best_bands(name, lang, reply):
    assert _band(name, lang, reply)[0] <= 1


@pytest.mark.parametrize(("name", "lang", "reply"), _cases(RUDE))
def test_a_rude_reply_that_holds_the_right_words_is_in_the_lower_half(name, lang, reply):
    band, bands = _band(name, lang, reply)
    assert band >= bands // 2


@pytest.mark.parametrize(("name", "lang", "reply"), _cases(TURNED))
def test_a_reply_turned_round_is_in_the_lower_half(name, lang, reply):
    band, bands = _band(name, lang, reply)
    assert band >= bands // 2
