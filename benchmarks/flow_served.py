"""The product for wrk, which shows one header of a name: the cookie of the session again, as X-Session."""

from collections.abc import Callable, Iterable
from typing import Any

from config.wsgi import application as product


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    if "start" not in environ["PATH_INFO"]:
        return product(environ, start_response)

    def answer(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
        own = [
            value.partition(";")[0]
            for name, value in headers
            if name == "Set-Cookie" and value.lstrip().startswith("__Host-assessment")
        ]
        return start_response(status, [*headers, *(("X-Session", cookie) for cookie in own)], *rest)

    return product(environ, answer)
