"""A child for the supervisor's tests: ``child_server.py PORT [--frozen | --broken | --parent]``."""

import http.server
import subprocess
import sys
import time


class Health(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_args: object) -> None:
        pass


if "--broken" in sys.argv:
    sys.stdout.write("cannot start\n")
    sys.exit(3)
if "--parent" in sys.argv:  # leaves a grandchild behind, which ignores SIGTERM
    grandchild = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(600)",
        ]
    )
    sys.stdout.write(f"grandchild {grandchild.pid}\n")
sys.stdout.flush()
server = http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Health)
if "--frozen" in sys.argv:  # answers once, then lives on without answering
    server.handle_request()
    time.sleep(600)
server.serve_forever()
