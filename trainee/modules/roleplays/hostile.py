"""Words nobody says to a customer who is to come back, whatever else a reply holds: insults, orders, scorn, refusals, blame turned round.

A rubric knows what its scene asks for. This knows what spoils every reply in it, so that rude words beside the right ones earn nothing. It looks
for forms ("if you had ...", "-seydiniz") where a cause has one, and for words where it has none.
"""

import re
from functools import lru_cache

from trainee.modules.roleplays.matching import clauses, plain

# All patterns are looked for in folded words: ı is i, ş is s.
_TURKISH = (
    # Insults, and what is said to somebody one looks down on.
    r"(?:aptal|salak|geri ?zekali|beyinsiz|ahmak|embesil|dangalak|mankafa|ukala|densiz|kustah|sahtekar|utanmaz|terbiyesiz)\w*",
    r"(?:cahil|saygisiz|yalanci|kafasiz|manyak|hadsiz|gorgusuz|nankor|beceriksiz|tembel|simarik|alingan)s[iu]n(?:iz)?",
    r"(?:lan|ulan|be adam|be kadin|hanim abla|oha|yuh)(?!\w)",
    r"(?:kafaniz|akliniz) (?:bas|al|er)m\w+",
    r"akliniz(?:i basiniza| yok)",
    r"laf anla(?:m\w+|tilmaz)",
    r"yalan soyl(?:uyor|emeyin)\w*|(?:atiyorsunuz|uyduruyorsunuz|abartiyorsunuz|abartmayin|buyutmeyin|sallamayin)(?!\w)|sacmala(?:ma|di)\w*|"
    r"sacma sapan",
    r"(?:kor|sagir) m[ui]s[ui]n\w*|insan biraz dusun\w*|demek ki siz|musteri her zaman hakli degil\w*|cok agl[ai]\w*|aglamayin|sizlanmayin",
    r"ne kadar (?:da )?(?:sabirsiz|titiz|hassas|inatci|sinirli|alingan)s[iu]niz|(?:siz|zaten) hic memnun ol\w+",
    r"her seye (?:de )?(?:alin|kiz)(?:iyor|gan)\w*",
    r"alinilmaz\w*",
    r"hep boylesiniz|ne (?:kadar )?(?:zor|cekilmez|inatci) (?:bir )?(?:insan|musteri)\w*|ben (?:de )?robot degil\w*|(?:anladiniz|"
    r"anlasildi|duydunuz) mi$",
    r"daha ne (?:istiyor|yapayim|diyeyim|bekliyor)\w*|bir zahmet|isi gucu var|isim gucum var|sizinle (?:mi )?ugras\w+|hadi bakalim",
    r"tek (?:musteri|siz) (?:siz )?degil\w*|(?:baska|sizden baska) musteriler\w* de var|siz de (?:biraz )?dikkat",
    r"bir dahaki sefere (?:siz )?(?:daha )?dikkat",
    r"sizin gibi(?:ler|lere|leri|lerle)?(?= (?:insan|adam|kadin)|ler)",
    # Orders.
    r"(?:sus(?:un|unuz)?(?! pay)|kes(?:in)? sesini\w*|sesinizi kes\w*|haddinizi \w+|kendinize gelin|terbiyenizi \w+)(?!\w)",
    r"sakin ol(?:un|unuz|sana)?(?!\w)",
    r"ba[gy]ir(?:ma|mayin|mayiniz|maniza gerek\w*|manin)(?!\w)",
    r"bagirip durmayin|soylenmeyin|soylenip durmayin|uzatmayin|kurcalamayin",
    r"kac (?:kere|kez|defa) (?:daha )?soyl(?:eyeyim|eyecegim|uyorum|edim|emem)\w*",
    r"(?:size|sana) kac (?:kere|kez|defa)",
    r"dedim ya(?!\w)|soyledim ya(?!\w)|anlamiyor musunuz|anlamadiniz mi(?! d)|duymuyor musunuz",
    r"acele etmeyin bakalim|bekleyin iste|bekleyeceksiniz artik|bekleyin artik|oturun bekleyin",
    # Refusals.
    r"(?:benim|bizim) (?:isim|isimiz|gorevim|gorevimiz|sorunum|sorunumuz|derdim|derdimiz) degil",
    r"(?:beni|bizi) (?:ilgilendirm\w+|mesgul \w+|rahatsiz et(?:mey|ti|iyor)\w*)|vaktimi(?:zi)? (?:cal|al)\w+|bos yere (?:beni|bizi)|"
    r"konusmayin bosuna|bosuna (?:konus|bagir|ugras|mesgul|caldir)\w*",
    r"zorunda degilim|zorunda miyim|yardim etm(?:eyecegim|em)(?!\w)|yuzunuze kapat\w+|bir daha bizden al\w*|size mi sor\w+|"
    r"sorun sizde(?! degil)",
    r"yine mi (?:siz|sorun|ayni)|bunun icin mi (?:ara|gel|yaz)\w*|buna da mi|git baska\w*",
    r"bana ?ne(?= bundan| sizin| yani|$)",
    r"umurum\w* degil|umurumda mi|ugrasamam|ugrasmam|cekemem|katlanamam|mecbur degilim|mecbur muyum",
    r"sizin (?:sorununuz|derdiniz|probleminiz|bileceginiz is)(?! degil|\w)",
    r"isinize gel(?:irse|mezse|miyorsa)|begenmiyorsaniz|hosunuza gitmiyorsa|ister inanin ister",
    r"(?:kime|nereye) (?:(?:isterseniz|istersen) (?:gid|sikayet|yaz|anlat)|sikayet)\w*",
    r"(?:istediginiz|dilediginiz) yere (?:gid|sikayet|yaz|git)\w*",
    r"gidin (?:baska|rakip|nereye)\w*",
    r"(?:ben|biz) ne yapa(?:yim|lim)(?: yani)?(?!\w)|ne yapayim yani|ne yapabilirim ki|ne diyeyim(?!\w)",
    r"(?:yapacak|yapabilecegim|yapilacak) (?:hic)?bir ?sey(?:im)? yok",
    r"elimden (?:hic)?bir ?sey gelm\w+|elimden gelen bu(?!\w)",
    r"biktim|biktik|biktirdiniz|usandim|yeter artik|yeter be(?!\w)|illallah|canima yetti",
    r"(?:bu kadar|o kadar) (?:iste|artik)(?= ?$)|napayim|naapalim|iyi be(?!\w)",
    # Scorn.
    r"(?:oldu|mutlu|memnun|rahatladiniz|tatmin|icin rahat|icin rahatladi)\w* (?:mu|mi)(?:sunuz|siniz)? (?:simdi|artik)|simdi (?:mutlu|memnun|"
    r"rahat) (?:musunuz|misiniz)",
    r"(?:ozur dilerim|tamam|pardon|oldu) (?:tamam|oldu) mi(?!\w)|tamam mi simdi|rahatladiniz mi|mutlu musunuz|memnun oldunuz mu simdi",
    r"hadi canim|pasa gonlunuz|aman efendim|allah allah|kiyamet\w* kopar\w*|vah vah|aman ne |ne buyuk (?:dert|felaket)|dunyanin sonu (?:degil|"
    r"gelmedi)|olmezsiniz|olmediniz ya|ne var bunda|buyutulecek|abartilacak",
    r"(?:bravo|aferin|helal) size|tebrik ederim dogrusu|pek (?:hassas|nazli|narin)siniz|hanimefendi hazretleri|beyefendi hazretleri|"
    r"allah askina",
    r"diyorum iste(?!\w)|takip ediyorum iste(?!\w)|bakiyoruz iste(?!\w)|bunu da bilin(?!\w)|siz bilirsiniz artik",
    r"daha iyi olur siz yap\w+|siz yapsaniz daha iyi\w*|(?:gelip|buyurun|cok biliyorsaniz) siz (?:yap|coz)\w*|cok biliyorsaniz",
    r"(?:sen|siz) kim(?:sin|siniz|oluyorsunuz)(?!\w)|siz kim oluyor\w+",
    # Blame turned round: "had you only ...", "why did you not ...".
    r"\w+s[ae]yd[iu]n(?:iz)?(?!\w)|\w+s[ae]niz bunlar olmazdi",
    r"(?:neden|niye|nicin)(?: \w+){0,4} (?!(?:al|ulas|bul|duy|kullan)ama|\w*e[dl]eme|gor[eu]me)\w+m[ae]din(?:iz)?(?!\w)",
    r"(?:suc|hata|kabahat) siz(?:de|in)(?! degil|\w)|sizin (?:hataniz|sucunuz|kabahatiniz|yuzunuzden)(?! degil|\w)|kendiniz (?:ettiniz|"
    r"kasindiniz)",
)
_ENGLISH = (
    r"(?:idiot|moron|imbecile|brainless|stupid|dumb|pathetic|loser)\w*",
    r"you(?:'re| are)(?: just| so| really| being| such| a| an| too){0,3} (?:liar|lying|fool|crazy|ridiculous|useless|ignorant|lazy|"
    r"rude|impossible|"
    r"difficult|childish|paranoid|oversensitive|sensitive|ungrateful|exaggerating|overreacting|making (?:this|it) up|making a fuss|"
    r"wasting my time)\w*",
    r"(?:people|customers) like you|you people|you lot|you(?:'re| are) always (?:like|late|complaining|the same|angry|so)|"
    r"typical of you|what is wrong with you|what's wrong with you",
    r"(?:stop|quit) (?:exaggerat|shout|yell|complain|whin|moan|going on|being|nagging|wasting)\w*|no need to (?:shout|yell|get angry|be so)|"
    r"don't be so(?!\w)",
    # Orders.
    r"calm down|stop talking|use (?:some |your )?common sense|shut up|get over it|grow up|hold your horses|use your (?:head|brain|eyes)|"
    r"watch your (?:tone|mouth|language)|listen here",
    r"how many times (?:do|must|should)|i (?:have )?(?:already|just) told you|are you deaf|can't you read|didn't you (?:read|hear|listen|look)",
    # Refusals.
    r"(?:not|isn't) (?:my|our) (?:job|problem|department|business|concern|fault)|(?:is|that's|is all) your (?:own )?problem",
    r"(?:i|we) (?:do not|don't|could not|couldn't) care|(?:^|tell (?:someone|somebody) )who cares|^(?:just |so |then )?deal with it|"
    r"tough luck|^too bad(?!\w)|take it or leave it|suit yourself",
    r"^(?:then |just |so )?(?:go|buy|shop) (?:elsewhere|somewhere else|away|and complain)|complain (?:to )?(?:who|where|all you)\w*",
    r"(?:does not|doesn't) concern (?:me|us)|(?:do not|don't) (?:bother (?:me|us)|exaggerate|talk nonsense|be silly|buy from us)|"
    r"if you (?:do not|don't) like it",
    r"(?:won't|will not|not going to|i (?:do not|don't) have to|i (?:do not|don't) want to) help|called (?:me |us )?(?:for|about) (?:that|"
    r"this)(?= ?$)|^(?:oh )?you again|^get lost",
    r"what else do you want|do i have to do everything|you must have (?:given|made|written|got|typed)|you complain (?:too|all|"
    r"about everything)|the problem is you(?!\w)|"
    r"not your servant",
    r"whatever(?= ?$)|what do you (?:want|expect) (?:from me|me to do)(?= ?$)|(?:i )?(?:can't|cannot) be bothered|leave me alone|i(?:'m|"
    r" am) (?:so |really )?(?:fed up|sick of)|"
    r"i(?:'ve| have)? had enough of",
    r"(?:there is |there's )?nothing (?:more |else )?(?:i|we) can do|not paid (?:to|for|enough)|you(?:'ll| will) (?:just )?have to wait|"
    r"just wait(?= ?$)",
    # Scorn.
    r"^(?:happy|yeah|blah blah)$|sorry not sorry|^how (?:impatient|fussy|sensitive|rude|difficult)(?: you are| of you)?$|"
    r"nothing is ever (?:good )?enough|"
    r"nothing is ever good",
    r"what more do you (?:want|expect)|stop bothering (?:me|us)|(?<!we will )(?<!i will )(?<!we'll )(?<!i'll )be more careful|"
    r"(?:everybody|everyone)(?: is|'s) busy|not the only (?:customer|one)",
    r"(?:i|we) have other customers|i(?:'m| am) not a robot|as if (?:that|it) (?:were|was) (?:our|my)|difficult person|hard to please",
    r"aren't you special|all this fuss (?:over|about)|are you blind|your excuses|blah blah|(?:happy|satisfied|pleased) now|are you (?:happy|"
    r"satisfied)(?= ?$)|big deal|boo hoo|poor (?:you|thing|baby)|your (?:highness|majesty)|for heaven's sake|"
    r"for god's sake|(?:not )?the end of the world|how tragic|what a tragedy|cry me|(?:i )?said (?:i am |i'm )?sorry|sorry okay|ok\? happy",
    r"who do you think you are|who are you to(?!\w)|how dare(?!\w)|if you know (?:so much|better|it all)|^(?:then |just |so )?do it yourself",
    # Blame turned round.
    r"if you (?:had|hadn't)(?: only| just| not)? (?:read|look|listen|check|call|tell|told|said|ask|pay|paid|come|came|been|answer|pick|"
    r"open|written)\w*|"
    r"if you'd (?:only |just )?(?:read|looked|listened|checked|called|told|said|asked|paid|come|answered|picked|opened)",
    r"you (?:should have|should've|ought to have|could have at least) (?:just |only )?(?:read|look|listen|check|call|tell|told|said|ask|paid|come|"
    r"answer|pick|open|known|thought|written|order|wait|been more)\w*|why (?:did you not|didn't you|did not you|haven't you)|"
    r"(?<!not )(?<!n't )your (?:own )?(?:fault|mistake|doing)(?!\w)",
    r"you claim(?!\w)|so you say(?!\w)",
)
_HOSTILE = {lang: re.compile(rf"(?<!\w)(?:{'|'.join(words)})") for lang, words in (("tr", _TURKISH), ("en", _ENGLISH))}
# Who asks not to be called so, repeats what was said, or takes the blame, is not rude.
_REPEATED = {
    "tr": re.compile(
        r"dem(?:eniz|eyin|eden|eye)|hitap|kabul ed|sozu|sozler|hakaret|konusma|demeden|dediniz|derken|bizim yuzumuzden|biz(?:den|im) kaynak"
    ),
    "en": re.compile(r"call(?:ed|ing)? me|words? like|such words|that word|without|name-calling|you said|you told|our fault|ours"),
}


@lru_cache(maxsize=1024)
def hostile(text: str, language: str) -> str | None:
    """The first words in it that no reply to a customer holds, as they are written there when folded; None when there are none."""
    lang = "en" if language == "en" else "tr"
    for clause in clauses(text):
        said = plain(clause)
        found = _HOSTILE[lang].search(said)
        if found and not _REPEATED[lang].search(said):
            return found[0].strip()
    return None
