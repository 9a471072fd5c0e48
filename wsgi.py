"""For a production server: `gunicorn wsgi:app`, and `trainee worker` beside it for the timetable."""

from trainee import config
from trainee.app import create_app, settle
from trainee.kit import logs

_config = config.from_environment()
logs.setup(_config.log_level)
app = create_app(_config)
settle(app)
