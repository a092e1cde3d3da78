"""The practice platform as these checks need it: its administration, and the way to it."""

import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from urllib.parse import parse_qsl, urlsplit

import requests
from requests.adapters import HTTPAdapter

BASE = os.environ["PRACTICE_URL"].rstrip("/")
ADMIN = os.environ["PRACTICE_ADMIN_TOKEN"]
WECHAT = "https://api.weixin.qq.com"


def administer(method, path, body):
    """Asks practice administration; the answer is its JSON."""
    answer = requests.request(
        method,
        f"{BASE}/practice/admin/{path}",
        json=body,
        headers={"Authorization": f"Bearer {ADMIN}"},
        timeout=30,
    )
    answer.raise_for_status()
    return answer.json()


class ToPractice(HTTPAdapter):
    """Sends what is meant for WeChat to the practice platform. The one thing that is bent."""

    def send(self, request, **kwargs):
        request.url = BASE + request.url.removeprefix(WECHAT)
        return super().send(request, **kwargs)


def redirect(session):
    """Lets a library's own session reach the practice platform under WeChat's name."""
    session.mount(WECHAT, ToPractice())


class Sink:
    """An address for events: verifies like a shop's backend would, with the library's own functions."""

    def __init__(self, check_signature):
        arrived = self.arrived = Queue()

        class Handler(BaseHTTPRequestHandler):
            def answer(self, text):
                self.send_response(200)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text.encode())

            def do_GET(self):
                query = dict(parse_qsl(urlsplit(self.path).query))
                check_signature(query)
                self.answer(query["echostr"])

            def do_POST(self):
                query = dict(parse_qsl(urlsplit(self.path).query))
                arrived.put((query, self.rfile.read(int(self.headers["Content-Length"])).decode()))
                self.answer("success")

            def log_message(self, *_):
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{server.server_port}/events"

    def next(self):
        return self.arrived.get(timeout=20)
