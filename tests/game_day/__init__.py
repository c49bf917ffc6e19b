"""A game day: what happens on a throw-away product when its parts break. See tests/game_day/cases.py."""
