"""The result of an A/B test on its page, in words."""

from django.utils import translation

from assessments.admin.experiment_panel import in_words
from experiments.evaluation import Arm, evaluate
from experiments.verdict import verdict


def test_points_have_the_decimal_mark_of_the_reader() -> None:
    found = verdict(evaluate([Arm("a", 1, 5000, 1000, 1000, 0), Arm("b", 1, 5000, 1300, 1300, 0)], 10.0))
    assert "+6.0" in in_words(found)
    with translation.override("de"):
        assert "+6,0" in in_words(found)
