"""How the web server runs (`gunicorn --config deskscim/gunicorn.py`), in demo, production and benchmark.

The number of processes is the operator's (`--workers` or WEB_CONCURRENCY); two for each core is a beginning.
"""

wsgi_app = "deskscim.wsgi:application"
worker_class = "deskscim.worker.Worker"  # keeps connections open, which the default class does not
threads = 4  # a page can be read beside a write that waits for the disk
keepalive = 75  # seconds; longer than a proxy in front keeps its idle connections
limit_request_line = 8190  # bytes, the most there can be: a filter of SCIM_MAX_FILTER_LENGTH and its escapes
forwarder_headers = ""  # no header says where the application is mounted
control_socket_disable = True
