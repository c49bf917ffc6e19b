"""Short browser descriptions: of a user agent, only name, major version and operating system are stored."""

import ua_parser


def device_name(user_agent: str) -> str:
    """'Firefox 128 on Linux'; 'Unknown browser' for an unrecognised user agent."""
    seen = ua_parser.parse(user_agent[:500])
    browser = seen.user_agent
    name = f"{browser.family} {browser.major or ''}".strip() if browser else "Unknown browser"
    return f"{name} on {seen.os.family}"[:80] if seen.os else name[:80]
