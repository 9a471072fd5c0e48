"""What a column of a file of people can be, and what it probably is by its heading, in Turkish or English."""

import re
from collections.abc import Mapping, Sequence

from trainee.kit import trtext
from trainee.kit.i18n import _l

FIELDS = {
    "employee_no": _l("Employee number"),
    "name": _l("First and last name"),
    "first_name": _l("First name"),
    "last_name": _l("Last name"),
    "username": _l("User name"),
    "email": _l("E-mail"),
    "job": _l("Job title"),
    "team": _l("Team"),
    "unit": _l("Unit"),
    "supervisor": _l("Supervisor (number, user name, e-mail or name)"),
    "dotted": _l("Second supervisor (dotted line)"),
    "roles": _l("Roles"),
    "hired_on": _l("First working day"),
    "left_on": _l("Last working day"),
    "status": _l("Works here or has left"),
    "language": _l("Language"),
}
# By one of these somebody is known again; a file without any of them could not be told from a second one.
KEYS = ("employee_no", "username", "email")
LEFT_OUT = ""

# As headings are written in files of Turkish and English personnel systems, folded; an exact one is sure, a part of one a guess.
_EXACT = {
    "employee_no": "sicil|sicil no|sicil numarasi|sicil kodu|personel no|personel numarasi|personel kodu|personel id|calisan no|calisan kodu|isci no"
    "|employee no|employee number|employee id|employee code|personnel no|personnel number|personnel id|staff no|staff id|badge|emp no|emp id|no|id",
    "name": "ad soyad|adi soyadi|ad ve soyad|adi ve soyadi|isim soyisim|isim soy isim|ad soyadi|adsoyad|isim|personel|personel adi|calisan"
    "|calisan adi|personel adi soyadi|calisan adi soyadi|full name|name|employee name|employee|display name|name surname|name and surname",
    "first_name": "ad|adi|on ad|ilk ad|first name|firstname|given name|forename",
    "last_name": "soyad|soyadi|soy ad|soyisim|soy isim|last name|lastname|surname|family name",
    "username": "kullanici|kullanici adi|kullanici kodu|user|user name|username|login|account|account name|samaccountname|logon name",
    "email": "e posta|eposta|e mail|email|mail|e posta adresi|eposta adresi|mail adresi|e mail adresi|kurumsal e posta|is e postasi|sirket maili"
    "|email address|e mail address|mail address|work email|business email|work e mail",
    "job": "unvan|unvani|gorev|gorevi|pozisyon|pozisyonu|meslek|kadro|job|job title|title|position|role|function",
    "team": "ekip|ekibi|takim|takimi|ekip adi|takim adi|grup|vardiya|team|team name|group|crew",
    "unit": "birim|birimi|bolum|bolumu|departman|departmani|mudurluk|sube|magaza|bolge|lokasyon|unit|department|dept|division|branch|store|location"
    "|organisation|organization|org unit|business unit",
    "supervisor": "yonetici|yoneticisi|amir|amiri|ust|ustu|sorumlu|sorumlusu|bagli oldugu|bagli oldugu kisi|bagli oldugu yonetici|ilk amir"
    "|birinci amir|yonetici sicil|yonetici sicil no|yonetici sicili|amir sicil|amir sicil no|yonetici adi|ekip lideri|takim lideri"
    "|supervisor|manager|line manager|reports to|report to|manager id|manager no|supervisor id|supervisor no|manager name|supervisor name|team leader"
    "|manager email",
    "dotted": "ikinci yonetici|ikinci yonetici sicil|ikinci yonetici sicil no|ikinci amir|2 yonetici|2 amir|fonksiyonel yonetici|matris yonetici"
    "|dolayli yonetici|kesikli yonetici|second supervisor|second manager|dotted supervisor|dotted line|dotted line manager|functional manager"
    "|matrix manager|secondary manager",
    "roles": "roller|rol|rolu|rolleri|yetki|yetkiler|yetkileri|site rolu|roles|user role|user roles|access role|site role|permissions",
    "hired_on": "ise giris|ise giris tarihi|giris tarihi|ise baslama|ise baslama tarihi|baslama tarihi|baslangic tarihi|hire date|hired on|hired"
    "|ise baslayis|start date|date of hire|joining date|join date|first working day|date joined|started on",
    "left_on": "isten cikis|isten cikis tarihi|cikis tarihi|ayrilis tarihi|ayrilma tarihi|isten ayrilma tarihi|termination date|leaving date|end date"
    "|exit date|left on|last working day|date left",
    "status": "durum|durumu|calisma durumu|statu|aktif|aktif mi|aktif pasif|personel durumu|status|active|state|employment status|is active",
    "language": "dil|dili|iletisim dili|language|locale|preferred language",
}
_PARTS = (
    ("left_on", "cikis tarih|ayrilis tarih|ayrilma tarih|termination|leaving"),
    ("hired_on", "giris tarih|baslama tarih|baslangic tarih|hire|joining"),
    ("dotted", "ikinci yonetici|ikinci amir|dotted|second supervisor|second manager|functional manager|matrix manager"),
    ("supervisor", "yonetici|amir|supervisor|manager|reports to"),
    ("employee_no", "sicil|personel no|employee n|employee id|personnel n"),
    ("email", "e posta|eposta|mail"),
    ("username", "kullanici|user name|username|login"),
    ("last_name", "soyad|soyisim|surname|last name"),
    ("first_name", "first name|given name"),
    ("job", "unvan|pozisyon|job title|position"),
    ("team", "ekip|takim|team"),
    ("unit", "birim|bolum|departman|department|division"),
    ("status", "durum|status"),
)
_BY_HEADING = {heading: field for field, headings in _EXACT.items() for heading in headings.split("|")}
# National identity numbers are not needed here, and are not a personnel number however alike the headings look.
_DIGITS = 11
_NATIONAL = re.compile(r"\b(t ?c|tckn|kimlik|national|passport|pasaport|ssn|sgk)\b")


def key_of(heading: str) -> str:
    """A heading as it is remembered: case, accents and punctuation make no difference."""
    return " ".join(re.findall(r"[^\W_]+", trtext.fold(heading)))[:120]


def holds_national(heading: str, cells: Sequence[str]) -> bool:
    """Whether a column seems to hold national identity numbers: by its heading, unless the numbers in it can be none, or by the numbers alone."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    if _NATIONAL.search(key_of(heading)) is not None:
        return not (filled and all(cell.isdigit() and len(cell) != _DIGITS for cell in filled))
    return bool(filled) and all(map(_is_national, filled))


def _is_national(written: str) -> bool:
    """Whether this is a Turkish identity number: eleven digits, the last two of which are worked out of the others."""
    if not (written.isascii() and written.isdigit() and len(written) == _DIGITS and written[0] != "0"):
        return False
    digits = [int(sign) for sign in written]
    tenth = (7 * sum(digits[0:9:2]) - sum(digits[1:8:2])) % 10
    return digits[9] == tenth and digits[10] == sum(digits[:10]) % 10


def is_known(heading: str) -> bool:
    """Whether this surely is a heading."""
    return key_of(heading) in _BY_HEADING


def _guess(heading: str) -> str:
    key = key_of(heading)
    if not key or _NATIONAL.search(key):
        return LEFT_OUT
    if key in _BY_HEADING:
        return _BY_HEADING[key]
    return next((field for field, parts in _PARTS if any(f" {part}" in f" {key}" for part in parts.split("|"))), LEFT_OUT)


def guesses(headings: Sequence[str], remembered: Mapping[str, str], samples: Sequence[Sequence[str]]) -> list[str]:
    """What each column probably is: as it was settled before, else by its heading, else by what stands in it. No field twice."""
    found: list[str] = []
    # What was settled once goes before what is only a guess, wherever it stands.
    settled = {remembered[key] for heading in headings if (key := key_of(heading)) in remembered}
    for place, heading in enumerate(headings):
        key = key_of(heading)
        field = remembered[key] if key in remembered else _guess(heading)
        if (
            not field
            and key not in remembered
            and "email" not in settled
            and _looks_like_addresses([row[place] for row in samples if place < len(row)])
        ):
            field = "email"
        if field in found or (key not in remembered and field in settled):
            field = LEFT_OUT
        found.append(field)
    if "name" in found and ("first_name" in found or "last_name" in found):
        # A whole name makes its halves superfluous.
        return [LEFT_OUT if field in ("first_name", "last_name") else field for field in found] if _whole(found) else _halves(found)
    if "first_name" in found and "last_name" not in found and "name" not in found:
        return ["name" if field == "first_name" else field for field in found]
    if "team" not in found and "unit" in found and "unit" not in settled:
        # People work in teams; a file that knows one kind of place means that one.
        return ["team" if field == "unit" else field for field in found]
    return found


def _whole(found: Sequence[str]) -> bool:
    return not {"first_name", "last_name"} <= set(found)


def _halves(found: Sequence[str]) -> list[str]:
    return [LEFT_OUT if field == "name" else field for field in found]


def _looks_like_addresses(values: Sequence[str]) -> bool:
    filled = [value for value in values if value]
    return len(filled) > 1 and all(re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value) for value in filled)
