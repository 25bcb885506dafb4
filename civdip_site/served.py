"""The application as each worker process of the production server loads it.

A worker leaves the terminal's process group: Ctrl-C reaches the server's main process alone, which tells its
workers to finish. One that is told twice, by the terminal and by the main process, does not stop by itself.
Until its own signal handlers stand, a worker that is told to stop stops at once.
"""

import os
import signal

os.setpgid(0, 0)
signal.signal(signal.SIGTERM, signal.SIG_DFL)

from civdip_site.wsgi import application  # noqa: E402 (loading it takes a second, in which signals may come)

__all__ = ["application"]
