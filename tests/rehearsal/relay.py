# SPDX-FileCopyrightText: Invigil contributors
# SPDX-License-Identifier: Apache-2.0
"""Stands between kiosk and server and writes down every message.

The connection is mutual TLS, so the relay needs what only a rehearsal has: the server's key to be the server towards
the kiosk, the kiosk's key to be the kiosk towards the server. Neither program knows or is changed.
"""

import hashlib
import http.client
import http.server
import json
import ssl
import threading
import time


def shortened(value):
    """The same with long texts (pictures) replaced by their size and digest, and without the key of a recording."""
    if isinstance(value, dict):
        return {key: "<secret>" if key == "film_key" and inner else shortened(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [shortened(inner) for inner in value]
    if isinstance(value, str) and len(value) > 20000:
        return f"<{len(value)} characters, sha256 {hashlib.sha256(value.encode()).hexdigest()}>"
    return value


class Relay:
    """Listens on a free loopback port; `messages` grows with every answer that went to the kiosk."""

    def __init__(self, upstream_port, server_certificate, server_key, ca, kiosk_certificate, kiosk_key, log):
        self.messages, self._lock, self._log = [], threading.Lock(), open(log, "w", encoding="utf-8")
        self._upstream_port = upstream_port
        self._upstream = ssl.create_default_context(cafile=str(ca))
        self._upstream.load_cert_chain(str(kiosk_certificate), str(kiosk_key))
        down = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        down.load_cert_chain(str(server_certificate), str(server_key))
        down.load_verify_locations(str(ca))
        down.verify_mode = ssl.CERT_REQUIRED  # the kiosk must show its certificate, as to the server
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self._handler(down))
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self):
        self._server.shutdown()
        self._server.server_close()
        with self._lock:
            self._log.close()

    def _record(self, method, path, request, status, body):
        message = {"at": time.time(), "request": f"{method} {path}", "status": status}
        try:
            message["body"] = json.loads(body) if body else None
        except ValueError:
            message["body"] = {"not_json": body.hex()}
        message["sent"] = json.loads(request) if request and request[:1] == b"{" else request and {"not_json": len(request)}
        with self._lock:
            self.messages.append(message)
            if not self._log.closed:
                self._log.write(json.dumps({**message, "body": shortened(message["body"]), "sent": shortened(message["sent"])},
                                           ensure_ascii=False) + "\n")
                self._log.flush()

    def _handler(relay, context):
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def setup(self):
                self.request = context.wrap_socket(self.request, server_side=True, do_handshake_on_connect=False)
                self.request.settimeout(60)
                super().setup()

            def handle(self):
                try:
                    self.request.do_handshake()
                    super().handle()
                except (OSError, ssl.SSLError):
                    self.close_connection = True

            def exchange(self):
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length) if length else None
                headers = {k: v for k, v in self.headers.items() if k.lower() not in (
                    "host", "connection", "accept-encoding", "content-length", "transfer-encoding")}
                if body is None and self.command in ("POST", "PUT"):
                    body = b""
                # A connection of its own for each message: none goes stale while the server is killed and started.
                up = http.client.HTTPSConnection("localhost", relay._upstream_port, context=relay._upstream, timeout=50)
                try:
                    up.request(self.command, self.path, body, headers)
                    reply = up.getresponse()
                    content = reply.read()
                except (OSError, http.client.HTTPException):
                    self.close_connection = True  # the server is away: the kiosk must feel that, not an error page
                    return
                finally:
                    up.close()
                relay._record(self.command, self.path, body, reply.status, content)
                self.send_response_only(reply.status)
                for name, value in reply.getheaders():
                    if name.lower() not in ("connection", "transfer-encoding", "content-length"):
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_PUT = do_DELETE = exchange

            def log_message(self, *_):
                pass

        return Handler
