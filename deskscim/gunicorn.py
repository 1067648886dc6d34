"""How the web server runs (`gunicorn --config deskscim/gunicorn.py`), in demo, production and benchmark.

The number of processes is the operator's (`--workers` or WEB_CONCURRENCY); two for each core is a beginning.
"""

wsgi_app = "deskscim.wsgi:application"
worker_class = "gthread"  # keeps connections open; the default class closes each after one answer
threads = 4  # a page can be read beside a write that waits for the disk
keepalive = 75  # seconds; longer than a proxy in front keeps its idle connections
control_socket_disable = True
