"""Full-text search over the questions of drafts, with seed 002's index `idx_questions_text_search`."""

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.db.models import F, QuerySet

from scorecard import versions
from scorecard.definition import Question as LiveQuestion
from scorecard.models import Question

# As the index has it: PostgreSQL compares the expressions.
VECTOR = SearchVector("text", "help_text", config="english")
MOST = 50


def search_questions(words: str) -> QuerySet[Question]:
    """The questions whose wording or help holds all words, in the forms of English; the best first."""
    asked = SearchQuery(words, config="english", search_type="websearch")
    found = Question.objects.annotate(found=VECTOR).filter(found=asked, questionnaire__archived_at=None)
    ranked = found.annotate(rank=SearchRank(F("found"), asked)).order_by("-rank", "key")
    return ranked.select_related("questionnaire", "section")[:MOST]


def search_live_questions(words: str) -> list[tuple[str, LiveQuestion]]:
    """(key of the questionnaire, question as published) of live ones, without what is only in a draft."""
    live = versions.live_keys()
    found = []
    for row in search_questions(words):
        key = row.questionnaire.key
        published = versions.current(key).definition.questions.get(row.key) if key in live else None
        if published:
            found.append((key, published))
    return found
