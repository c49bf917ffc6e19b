"""Invented people and companies, and how visitors of such a form come and when. Pure."""

FIRST_NAMES = (
    *("Anna", "Ben", "Carla", "David", "Elif", "Felix", "Greta", "Hannah", "Ivan", "Jana", "Karim", "Lena"),
    *("Marco", "Nora", "Oskar", "Paula", "Quentin", "Rosa", "Samir", "Tessa", "Uwe", "Vera", "Wanja", "Yara"),
    *("Amelia", "Brian", "Chloe", "Daniel", "Emily", "George", "Isla", "Jack", "Olivia", "Thomas"),
)
LAST_NAMES = (
    *("Albrecht", "Becker", "Çelik", "Dietrich", "Engel", "Fischer", "Groß", "Hoffmann", "Jansen", "Köhler"),
    *("Lehmann", "Müller", "Neumann", "Özdemir", "Peters", "Richter", "Schäfer", "Thiele", "Vogel", "Wagner"),
    *("Adams", "Brown", "Clarke", "Davies", "Evans", "Foster", "Hughes", "Morgan", "Parker", "Walker"),
)
COMPANIES = (
    *("Alster Logistik GmbH", "Bergblick Versicherung AG", "Cobalt Retail Ltd", "Deichwerk Energie GmbH"),
    *("Elbtal Maschinenbau GmbH", "Fjord Shipping Ltd", "Granit Bau AG", "Harbour Health Ltd"),
    *("Isar Software AG", "Juniper Foods Ltd", "Kranich Reisen GmbH", "Lindenhof Kliniken"),
    *("Meridian Bank AG", "Nordlicht Medien GmbH", "Orchard Insurance Ltd", "Pinnacle Telecom Ltd"),
    *("Quarz Elektronik GmbH", "Rheinufer Chemie AG"),
)
SOURCES: tuple[tuple[int, str | None, dict[str, str]], ...] = (  # (share, referrer, campaign parameters)
    (30, None, {}),
    (22, "www.google.com", {}),
    (
        16,
        "www.linkedin.com",
        {"utm_source": "linkedin", "utm_medium": "social", "utm_campaign": "ai-reality"},
    ),
    (14, None, {"utm_source": "newsletter", "utm_medium": "email", "utm_campaign": "october-issue"}),
    (10, "www.bing.com", {}),
    (8, None, {"utm_source": "conference", "utm_medium": "qr", "utm_campaign": "ai-days"}),
)
DEVICES = (
    (58, {"device": "desktop", "browser": "Chrome", "os": "Windows"}),
    (12, {"device": "desktop", "browser": "Safari", "os": "macOS"}),
    (26, {"device": "mobile", "browser": "Safari", "os": "iOS"}),
    (4, {"device": "tablet", "browser": "Safari", "os": "iPadOS"}),
)
HOURS = (*(1 for _ in range(7)), 3, 9, 12, 12, 11, 8, 10, 11, 10, 8, 6, 4, 4, 4, 3, 2, 1)  # of a day, in UTC
WEEKDAYS = (10, 11, 11, 10, 8, 3, 3)
