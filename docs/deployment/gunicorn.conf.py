"""One web node: `gunicorn --config docs/deployment/gunicorn.conf.py`, always behind a proxy that buffers requests and answers."""

import multiprocessing
import os

wsgi_app = "wsgi:app"
bind = os.environ.get("BIND", "127.0.0.1:8000")
# Processes first: threads cost a Flask process a third of its speed. Two threads each, so that a slow statement does not keep the next page waiting.
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", 2 * multiprocessing.cpu_count()))
threads = 2
# The content is read once and shared; `trainee.app.settle` lets go of the database before the processes divide.
preload_app = True
# Whom to believe about the reader's address and the scheme is said in one place only: PROXIES. This server believes nobody.
forwarded_allow_ips = ""
# Longer than the proxy keeps an idle line, so that it never sends a request into one that is just being closed.
keepalive = 75
timeout = 60
graceful_timeout = 30
# A door for commands to the running server, in its owner's home; systemd is the one who commands here.
control_socket_disable = True
# Where the processes show that they are alive; on a disk a busy moment could be taken for death.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None
