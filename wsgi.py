"""For a production server: `gunicorn wsgi:app`."""

from trainee.app import create_app

app = create_app()
