from assessments.radar import Radar, radar

FOUR = [("Strategy", 100), ("Customers", 50), ("Control", 0), ("People", 75)]


def chart(scores: list[tuple[str, int]]) -> Radar:
    found = radar(scores)
    assert found
    return found


def test_the_first_area_points_upwards_and_the_others_follow_clockwise() -> None:
    assert [(spoke.name, spoke.x, spoke.y) for spoke in chart(FOUR).spokes] == [
        ("Strategy", 0, -100),
        ("Customers", 100, 0),
        ("Control", 0, 100),
        ("People", -100, 0),
    ]


def test_a_score_lies_so_far_out_on_its_spoke() -> None:
    assert [tuple(map(float, point.split(","))) for point in chart(FOUR).shape.split()] == [
        (0, -100),
        (50, 0),
        (0, 0),
        (-75, 0),
    ]


def test_labels_grow_away_from_the_middle() -> None:
    assert [spoke.anchor for spoke in chart(FOUR).spokes] == ["middle", "start", "middle", "end"]


def test_two_areas_make_no_shape() -> None:
    assert radar(FOUR[:2]) is None
