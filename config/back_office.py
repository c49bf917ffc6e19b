"""Settings of unfold, the admin theme; its callbacks are in operations/backoffice.py."""

UNFOLD = {
    "SITE_TITLE": "Reality Check",
    "SITE_HEADER": "Reality Check",
    "SITE_SUBHEADER": "operations.backoffice.subheader",
    "SITE_URL": "/",
    "SITE_SYMBOL": "fact_check",
    "SITE_FAVICONS": [{"rel": "icon", "href": "operations.backoffice.favicon_url", "type": "image/svg+xml"}],
    "SHOW_VIEW_ON_SITE": False,
    "COLORS": "operations.backoffice.colors",
    "STYLES": ["operations.backoffice.stylesheet_url"],
    "SCRIPTS": ["operations.backoffice.script_url"],
    "SIDEBAR": {"navigation": "operations.backoffice.navigation"},
    "DASHBOARD_CALLBACK": "operations.dashboard.dashboard",
}
