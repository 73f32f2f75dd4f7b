"""What nobody should fill in: strings, numbers, addresses, file names and JSON that break careless programs."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

STRINGS = {
    "empty": "",
    "spaces": "   \t ",
    "NUL": "a\0b",
    "a megabyte": "x" * (1 << 20),
    "emoji": "🗂️👩‍👩‍👧",
    "right to left": "invoice\u202efdp.exe",
    "combining": "e" + "\u0301" * 200,
    "lone surrogate": "\ud800.png",
    "template": "{{7*7}}",
    "shell": "${x}`id`$(id)",
    "steps": "../../etc/passwd",
    "encoded steps": "%2e%2e%2fusers%2fme",
    "SQL": "' OR '1'='1'; --",
    "a header": "x\r\nX-Injected: 1",
    "a request": "x HTTP/1.1\r\nHost: evil.example\r\n\r\nGET /stolen",
    "a query": "x?admin=1&b=2#c",
    "format": "{0.__class__} %s %n",
    "digits": "9" * 5000,
    "one step": "..",
    "line separators": "a\u2028b\u0085c",
    "backslashes": "\\\\evil.example\\share",
    "markup": "<script>alert(1)</script>",
}

NUMBERS: tuple[Any, ...] = (
    *(-1, 0, 1, 2**31, 2**63, -(2**63), 10**4000, 1e308, -0.5, 3.0),
    *(
        float("nan"),
        float("inf"),
        "10",
        " 10 ",
        "1e3",
        "0x10",
        "\u0661\u0660",
        "1_000",
        "NaN",
        "",
        True,
        False,
        None,
        [1],
        {"a": 1},
    ),
)

FOREIGN = (
    *("@evil.example/x", ".evil.example/x", ":80@evil.example/", "//evil.example/x", "https://evil.example/"),
    *("/\\evil.example", "\\\\evil.example", "/\tevil", "/x y", "/x#y", "", "v2/users/me", "?x", "#x", ";x", " /v2"),
    *("/v2/\r\nX-Injected: 1", "/\u2028", "/é", "/\ud800", "javascript:alert(1)", "file:///etc/passwd", "/" * 2 + "v2"),
)
"""Paths that would lead a person's own request to another host, or that no request line can hold."""

NO_ADDRESSES = (
    *("http://{host}:0/", "http://{host}:99999/", "http://{host}:x/", "ftp://{host}/", "file:///etc/passwd"),
    *(
        "javascript:alert(1)",
        "gopher://{host}/",
        "//{host}/",
        "http:/{host}",
        "http://",
        "http:///path",
        "https://[::1",
    ),
    *("http://exa mple.com/", "http://{host}/\r\nX: 1", "data:,x", "http://\ud800/"),
)
ODD_ADDRESSES = (
    "http://user:pass@{host}/",
    "http://{host}/a?b=c#d",
    "HTTP://{host}/",
    "http://{host}/%2e%2e/x",
    "http://{host}\\@x/",
)
"""Allowed, since whoever fetches them judges them."""

PRIVATE = ("127.0.0.1", "2130706433", "0x7f.1", "0177.0.0.1", "127.1", "[::ffff:127.0.0.1]", "localhost", "127.0.0.1.")
"""Spellings of this machine, which an address can be reached under."""

NAMES = (
    *(
        "..\\..\\win.ini",
        "C:\\x.txt",
        "../../etc/passwd",
        "/etc/passwd",
        "a\0b",
        "..",
        ".",
        "",
        " . ",
        "dir/",
        "a\nb.txt",
    ),
    *(
        "invoice\u202efdp.exe",
        "-rf",
        "--output=x",
        ".htaccess",
        "report.pdf. . ",
        'a<b>c:d"e|f?g*h.txt',
        "con",
        "NUL.txt",
    ),
    *(
        "Com1.tar.gz",
        "lpt1.",
        "aux .txt",
        "COM\u00b9.txt",
        "conin$",
        "CONOUT$.log",
        "a" * 300 + ".pdf",
        "報" * 300 + ".pdf",
    ),
    *(
        "\ud800.png",
        "x.txt::$DATA",
        "~root",
        "$HOME",
        "%00.txt",
        "a\r\nSet-Cookie: x=1",
        "file.txt\u200b",
        "..%2f..%2fx",
    ),
    *("....//....//x", "\\\\server\\share\\x", "x/../../y", "\u202e", "con\u00a0.txt", "PRN", "a.\u200d"),
)

_SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from([text for text in STRINGS.values() if len(text) < 10_000])
    | st.sampled_from(NUMBERS)
)
_KEYS = st.sampled_from(["url", "name", "data", "headers", "key", "value", "operation", "input"]) | st.text(max_size=5)
json_values = st.recursive(
    _SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=3), max_leaves=6
)
"""Arbitrary JSON, with words in it that fields look for."""

python_values = json_values | st.binary(max_size=10) | st.tuples(json_values, st.binary(max_size=3)) | st.just(object())
"""And what only a Python caller can hand over."""
