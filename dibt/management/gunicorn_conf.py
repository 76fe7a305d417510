"""gunicorn as `./run` starts it: one process whose threads wait for each other's SQLite transactions."""

from dibt.management.processes import forks_die_with_us

worker_class = "gthread"
workers = 1
threads = 8
graceful_timeout = 5
loglevel = "warning"
control_socket_disable = True  # it would be a file in the home directory

forks_die_with_us()
