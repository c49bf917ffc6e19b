"""`{% part a b %}…{% endpart %}`: a piece of a page that is the same for everybody, rendered once a process.

Its text may depend on the language, on where the pages are (below a key, in a frame) and on the values named,
and on nothing else: no person, no token, no setting that is not named.
"""

from collections.abc import Iterable

from django import template
from django.template import Context, Node, NodeList
from django.template.base import FilterExpression, Parser, Token
from django.urls import get_script_prefix
from django.utils.safestring import SafeString

from web.languages import current_language

MOST = 100  # of some kilobytes each
PLACE = "parts.place"

register = template.Library()


class PartNode(Node):
    def __init__(self, nodes: NodeList, varies_on: Iterable[FilterExpression]) -> None:
        self.nodelist = nodes
        self.child_nodelists = ()  # Django looks for blocks in each page anew: here are none
        self._varies_on = tuple(varies_on)
        self._rendered: dict[tuple[str, ...], SafeString] = {}

    def render(self, context: Context) -> SafeString:
        key = (*place_of(context), *[str(each.resolve(context)) for each in self._varies_on])
        if (found := self._rendered.get(key)) is not None:
            return found
        if len(self._rendered) >= MOST:
            self._rendered.clear()
        return self._rendered.setdefault(key, self.nodelist.render(context))


def place_of(context: Context) -> tuple[str, ...]:
    """The language and where the pages are, asked once for all parts of a template."""
    found: tuple[str, ...] | None = context.render_context.get(PLACE)
    if found is None:
        match = getattr(context.get("request"), "resolver_match", None)
        found = (current_language(), get_script_prefix(), match.namespace if match else "")
        context.render_context[PLACE] = found
    return found


@register.tag
def part(parser: Parser, token: Token) -> PartNode:
    varies_on = [parser.compile_filter(word) for word in token.split_contents()[1:]]
    nodes = parser.parse(("endpart",))
    parser.delete_first_token()
    return PartNode(nodes, varies_on)
