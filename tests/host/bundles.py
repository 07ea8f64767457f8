"""Small bundles the tests run, each one file: plain WSGI, no sdk."""

from pathlib import Path

HELLO = """
def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"WORD"]
"""

OBEDIENT = '''
"""Runs what the test posts, as a hostile plugin would run its own; answers with the value of `result`."""
import json, traceback

def application(environ, start_response):
    if environ["REQUEST_METHOD"] == "GET":
        start_response("200 OK", [])
        return [b"alive"]
    code = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])).decode()
    space = {"environ": environ, "result": None}
    try:
        exec(code, space)
        answer = space["result"]
    except BaseException as error:
        answer = {"error": type(error).__name__, "errno": getattr(error, "errno", None), "text": str(error)}
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(answer, default=str).encode()]
'''

ECHO = """
import json

def application(environ, start_response):
    seen = {k: v for k, v in environ.items() if isinstance(v, str)}
    seen["person"] = environ["lumbung.person"]
    start_response("200 OK", [
        ("Content-Type", "application/json"),
        ("Set-Cookie", "a=1; Domain=localhost"),
        ("Set-Cookie", "__Host-lumbung=forged; Path=/; Secure"),
        ("Set-Cookie", "fine=1; Path=/"),
        ("X-Accel-Redirect", "/etc/passwd"),
        ("X-Lumbung-Revision", "999"),
    ])
    return [json.dumps(seen).encode()]
"""

COUNTER = """
import os, pathlib
DATA = pathlib.Path(os.environ["DATA_DIR"])

def migrate():
    (DATA / "schema").write_text("VERSION")

def application(environ, start_response):
    count = DATA / "count"
    number = int(count.read_text()) if count.exists() else 0
    if environ["REQUEST_METHOD"] == "POST":
        number += 1
        count.write_text(str(number))
    schema = (DATA / "schema").read_text() if (DATA / "schema").exists() else "-"
    start_response("200 OK", [])
    return [f"VERSION {schema} {number}".encode()]
"""

SLOW = """
import os, pathlib, time
DATA = pathlib.Path(os.environ["DATA_DIR"])

def application(environ, start_response):
    if environ["PATH_INFO"] == "/slow":
        (DATA / "begun").touch()
        while not (DATA / "enough").exists():
            time.sleep(0.05)
    start_response("200 OK", [])
    return [b"done"]
"""


def begun(data: Path) -> bool:
    """Whether the request for /slow is with the plugin whose data this is."""
    return (data / "begun").exists()


def enough(data: Path) -> None:
    """It may be answered."""
    (data / "enough").touch()


def counter(version: str) -> str:
    return COUNTER.replace("VERSION", version)


def hello(word: str) -> str:
    return HELLO.replace("WORD", word)
