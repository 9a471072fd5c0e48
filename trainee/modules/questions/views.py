"""No pages of its own: it lets Jinja find each type's `ask.html` and `review.html` beside its class."""

from trainee.kit.web import Blueprint

bp = Blueprint("questions", __name__, template_folder="..")
