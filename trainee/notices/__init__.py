"""Messages to people: why each is sent, when, what became of it, and how she wishes them."""

from trainee.notices import undelivered
from trainee.notices.commands import preview_day
from trainee.notices.decency import holidays, knows_country
from trainee.notices.delivering import deliver
from trainee.notices.kind import AHEAD, Asked, Kind, Occasion, Reader, kinds, morning, once
from trainee.notices.mailing import message_id
from trainee.notices.models import FREQUENCIES, Delivery, Notice, NoticeHabit, NoticeRule, NoticeStep, NoticeWish
from trainee.notices.planning import plan, tell
from trainee.notices.posting import Server, Taken, post
from trainee.notices.previewing import Coming, Preview, preview
from trainee.notices.readers import days_on_duty

__all__ = [
    "AHEAD",
    "FREQUENCIES",
    "Asked",
    "Coming",
    "Delivery",
    "Kind",
    "Notice",
    "NoticeHabit",
    "NoticeRule",
    "NoticeStep",
    "NoticeWish",
    "Occasion",
    "Preview",
    "Reader",
    "Server",
    "Taken",
    "days_on_duty",
    "deliver",
    "holidays",
    "kinds",
    "knows_country",
    "message_id",
    "morning",
    "once",
    "plan",
    "post",
    "preview",
    "preview_day",
    "tell",
    "undelivered",
]
