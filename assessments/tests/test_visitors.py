import pytest

from assessments.lifecycle.visitors import browser_info, campaign_values, referrer_host, visitor_of

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.0 Mobile/15E148 Safari/604.1"
)
IPAD = IPHONE.replace("iPhone; CPU iPhone OS 17_0", "iPad; CPU OS 17_0")
ANDROID = "Mozilla/5.0 (Linux; Android 13; SM-G991B) AppleWebKit/537.36 Chrome/112.0.0.0 Mobile Safari/537.36"
ANDROID_TABLET = ANDROID.replace("Mobile ", "")
LINUX = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36"
)
ROBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"


@pytest.mark.parametrize(
    ("user_agent", "device"),
    [
        (IPHONE, "mobile"),
        (IPAD, "tablet"),
        (ANDROID, "mobile"),
        (ANDROID_TABLET, "tablet"),
        (LINUX, "desktop"),
        (ROBOT, "bot"),
        ("", "desktop"),
    ],
)
def test_a_user_agent_has_a_device_class(user_agent: str, device: str) -> None:
    assert browser_info(user_agent)["device"] == device


def test_browser_version_and_system_are_told() -> None:
    assert browser_info(LINUX) == {"device": "desktop", "browser": "Chrome", "version": "120", "os": "Linux"}


def test_an_unknown_browser_leaves_out_what_is_unknown() -> None:
    assert browser_info("something else") == {"device": "desktop"}


def test_a_huge_user_agent_is_read_in_part() -> None:
    assert browser_info(LINUX + "x" * 100_000)["browser"] == "Chrome"


TAGGED = (
    *("north-hall, for example", "[DE] Q4: AI Check", "Jetzt prüfen!", "What's new", "20% off", "#AIweek"),
    *("Video A (DE) \u2013 Retargeting", "R&D news", "01.11.2026-30.11.2026", "+ai +governance"),
    *("20261101-20261130", "2026.11.01-2026.11.30", "11/01/2026 - 11/30/2026", "Copy 2026-11-28 10:15"),
    *("28/11/2026", "Sale 2026-11-28 (2)", "2026-11-28T10:15"),
)


@pytest.mark.parametrize(
    ("sent", "stored"),
    [("🚀 Launch <b>", "Launch b"), ("a\nb", "a b"), ("x" * 150, "x" * 100), ("say “hi”", "say hi")],
)
def test_a_campaign_value_loses_its_odd_characters_and_stays(sent: str, stored: str) -> None:
    assert campaign_values({"utm_campaign": sent}) == {"utm_campaign": stored}


def test_the_names_of_campaign_parameters_may_be_written_in_capitals() -> None:
    assert campaign_values({"UTM_Source": "newsletter"}) == {"utm_source": "newsletter"}


def test_a_link_whose_ampersands_were_escaped_twice_keeps_its_campaign() -> None:
    sent = {"utm_source": "newsletter", "amp;utm_medium": "mail", " utm_campaign": "autumn"}
    assert campaign_values(sent) == {
        "utm_source": "newsletter",
        "utm_medium": "mail",
        "utm_campaign": "autumn",
    }


def test_click_ids_are_not_stored() -> None:
    assert campaign_values({"gclid": "abc", "fbclid": "abc", "msclkid": "abc"}) == {}


def test_a_campaign_keeps_plain_words() -> None:
    assert campaign_values({"utm_source": "newsletter", "utm_term": " ai roi ", "other": "x"}) == {
        "utm_source": "newsletter",
        "utm_term": "ai roi",
    }


@pytest.mark.parametrize(
    "value",
    [
        *(
            "ada@engines.example",
            "ada%40engines.example",
            "ada\uff20engines.example",
            "\0",
            "🚀",
            "+49.30.1234.5678",
        ),
        *("ada%2540engines.example", "ada [at] engines.example", "ada{at}engines", "ada&#64;engines.example"),
        *("d41d8cd98f00b204e9800998ecf8427e", "em-" + "0a1b2c3d" * 8, "3f2504e0-4f89-11d3-9a0c-0305e82c3301"),
        *("+202611281", "20261128 030 5550199", "2026-11-28 0171 1234567"),
        *("+44 20 7946 0000", "44 20 7946 0000", "+442079460000", "02079460000", "call 030/5550-199"),
    ],
)
def test_a_campaign_value_that_could_be_an_address_or_a_phone_number_is_dropped(value: str) -> None:
    assert campaign_values({"utm_content": value}) == {}


@pytest.mark.parametrize("value", [*("20456789012", "2026-11-21", "spring 2026", "v1.2.3", "c++"), *TAGGED])
def test_the_number_of_a_campaign_is_no_phone_number(value: str) -> None:
    assert campaign_values({"utm_content": value}) == {"utm_content": value}


@pytest.mark.parametrize(
    ("referrer", "host"),
    [
        ("https://news.example/article?reader=ada", "news.example"),
        ("//news.example", "news.example"),
        ("https://form.example/step/2/", None),
        ("", None),
        ("not an address", None),
        ("https://[broken", None),
        ("https://user:secret@news.example/", "news.example"),
    ],
)
def test_of_a_referrer_only_the_host_is_kept(referrer: str, host: str | None) -> None:
    assert referrer_host(referrer, own_host="form.example:8000") == host


def test_nothing_of_a_user_agent_is_kept_but_browser_version_and_system() -> None:
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0 qvk-marvin@example.com"
    seen = visitor_of(agent, parameters={}, referrer="", client_hash=None, variants={})
    assert seen.user_agent == "Firefox 128 on Linux"
