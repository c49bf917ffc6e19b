from assessments.results.radar import RADIUS, Radar, radar

FOUR = [("Strategy", 100), ("Customers", 50), ("Control", 0), ("People", 75)]


def chart(scores: list[tuple[str, int]]) -> Radar:
    found = radar(scores)
    assert found
    return found


def test_the_first_area_points_upwards_and_the_others_follow_clockwise() -> None:
    assert [(spoke.name, spoke.x, spoke.y) for spoke in chart(FOUR).spokes] == [
        ("Strategy", 0, -RADIUS),
        ("Customers", RADIUS, 0),
        ("Control", 0, RADIUS),
        ("People", -RADIUS, 0),
    ]


def test_a_score_lies_so_far_out_on_its_spoke() -> None:
    assert [tuple(map(float, point.split(","))) for point in chart(FOUR).shape.split()] == [
        (0, -RADIUS),
        (RADIUS / 2, 0),
        (0, 0),
        (-RADIUS * 3 / 4, 0),
    ]


def test_labels_grow_away_from_the_middle() -> None:
    assert [spoke.anchor for spoke in chart(FOUR).spokes] == ["middle", "start", "middle", "end"]


def test_a_long_name_beside_the_chart_takes_a_line_for_each_word() -> None:
    beside = chart([("North", 1), ("Far away east", 1), ("South and on", 1), ("West", 1)]).spokes
    assert [[word for word, _ in spoke.lines] for spoke in beside] == [
        ["North"],
        ["Far", "away", "east"],
        ["South and on"],
        ["West"],
    ]
    assert [y for _, y in beside[1].lines] == [-12.0, 4.0, 20.0]


def test_two_areas_make_no_shape() -> None:
    assert radar(FOUR[:2]) is None
