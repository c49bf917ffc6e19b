"""The mailbox in a process of its own, until it is told to stop."""

import argparse
import signal
import sys
from collections.abc import Sequence
from mailbox.page import Pages
from mailbox.smtp import HOST, smtp_server
from mailbox.store import MailStore
from threading import Thread
from types import FrameType

USAGE_ERROR = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """0 after SIGTERM or SIGINT; 2 when it cannot start, with one line that says why."""
    parser = argparse.ArgumentParser(prog="python -m mailbox", description=__doc__)
    parser.add_argument("--smtp-port", type=int, default=8025, help="takes mail (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8011, help="shows it (default: %(default)s)")
    options = parser.parse_args(arguments)
    store = MailStore()
    try:
        pages = Pages(store, options.port)
        smtp = smtp_server(store, options.smtp_port)
        smtp.start()
    except OSError as error:
        print(f"Mailbox: cannot start: {error.strerror or error}", file=sys.stderr)
        return USAGE_ERROR

    def stop(_signal: int, _frame: FrameType | None) -> None:
        # shutdown() waits for serve_forever, which runs on this very thread
        Thread(target=pages.shutdown).start()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    print(f"Mailbox: http://{HOST}:{pages.server_port}/", flush=True)
    pages.serve_forever(poll_interval=0.1)
    smtp.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
