"""Several questionnaires at once: each under its key, `/<key>/...`, and one of them at `/`.

The pages are the same. What follows the key is resolved as usual, with the key as the prefix of every URL
that is built meanwhile, as WSGI has it for an application below a path.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from constance import config
from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver, get_resolver, get_script_prefix, set_script_prefix
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from assessments.web.api_errors import rate_limit_exceeded
from scorecard import versions
from scorecard.editing.search import search_live_questions
from web import rate_limits
from web.client_address import client_hash
from web.languages import current_language
from web.rate_limits import TooManyRequests

KEYED = re.compile(r"/([a-z][a-z0-9_]{0,49})(/.*)?", re.ASCII)
ELSEWHERE = ("/admin", "/api", "/metrics", "/robots.txt", "/sitemap.xml")  # are not below a key


class QuestionnaireMiddleware:
    """Take the key of a live questionnaire off the path and make it the prefix of URLs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        found = KEYED.fullmatch(request.path_info)
        if found is None or found[1] in own_paths() or not is_live(found[1]):
            return self.get_response(request)
        key, rest = found[1], found[2]
        if rest is None:
            return HttpResponseRedirect(f"{request.path}/")
        if rest.startswith(ELSEWHERE):
            return self.get_response(request)
        before = get_script_prefix()
        request.path_info = rest
        request.questionnaire = key  # type: ignore[attr-defined]  # read by requested_key
        set_script_prefix(f"{before}{key}/")
        try:
            return self.get_response(request)
        finally:
            set_script_prefix(before)


@lru_cache(maxsize=1)
def own_paths() -> frozenset[str]:
    """The first parts of the paths of pages: a questionnaire of that name has no path of its own."""
    return frozenset(first_parts(get_resolver().url_patterns))


def first_parts(patterns: Iterable[URLPattern | URLResolver]) -> Iterator[str]:
    for pattern in patterns:
        first = str(pattern.pattern).partition("/")[0]
        if first:
            yield first
        elif isinstance(pattern, URLResolver):
            yield from first_parts(pattern.url_patterns)


def is_live(key: str) -> bool:
    """Whether the key is that of a live questionnaire. A database that does not answer knows none."""
    try:
        return key in versions.live_keys()
    except Error:
        return False


def default_key() -> str:
    """The questionnaire at `/`: of the run-time setting if it is live, else of the environment."""
    chosen: str = config.QUESTIONNAIRE
    return chosen if chosen and is_live(chosen) else settings.DEFAULT_QUESTIONNAIRE


def requested_key(request: HttpRequest) -> str:
    """The questionnaire of this page."""
    return getattr(request, "questionnaire", "") or default_key()


@require_safe
@cache_control(public=True, max_age=60)
def list_questionnaires(request: HttpRequest) -> JsonResponse:
    """`GET /api/questionnaires`: the live questionnaires, with `?industry=` or `?tag=` those that have it."""
    default = default_key()
    industry, tag = request.GET.get("industry", ""), request.GET.get("tag", "")
    found = []
    for key in versions.live_keys():
        version = versions.current(key)
        definition = version.in_language(current_language())
        if (industry and industry != definition.industry) or (tag and tag not in definition.tags):
            continue
        found.append(
            {
                "key": key,
                "name": definition.name,
                "description": definition.description,
                "estimatedTime": definition.estimated_time,
                "questions": len(definition.questions),
                "version": version.number,
                "languages": [
                    code for code in (version.definition.language, *sorted(version.translations)) if code
                ],
                "hasScore": definition.has_score,
                "industry": definition.industry,
                "tags": list(definition.tags),
                "isDefault": key == default,
            }
        )
    return JsonResponse(found, safe=False)


@require_safe
def found_questions(request: HttpRequest) -> JsonResponse:
    """`GET /api/questionnaires/search?q=WORDS`: the questions of live questionnaires that hold the words."""
    try:
        rate_limits.enforce_limit("result_views", client_hash(request))
    except TooManyRequests as error:
        return rate_limit_exceeded(request, error)
    words = request.GET.get("q", "").replace("\0", "")[:200]
    found = search_live_questions(words) if words.strip() else []
    return JsonResponse(
        [
            {
                "questionnaire": key,
                "key": question.key,
                "text": question.text,
                "helpText": question.help_text,
                "type": question.type,
            }
            for key, question in found
        ],
        safe=False,
    )
