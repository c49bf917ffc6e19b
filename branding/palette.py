"""The palette derived from a brand's two colours: contrast checks, and the nearest colour that passes.

Paper, ink and line colours are the same for every brand and defined in `static/css/site.css`; a test
compares the two.
"""

from dataclasses import dataclass

from branding.contrast import PARTS, TEXT, mix, ratio
from web import gettext_noop as _

BLACK, WHITE = "#000000", "#ffffff"
DARK_INK = "#10151a"  # on filled buttons where it contrasts better than white
STEPS = 200  # between a colour and black or white, in the search for a readable one


@dataclass(frozen=True, slots=True)
class Scheme:
    """The fixed colours of a page in light or dark mode."""

    name: str
    paper: str
    surface: str
    ink: str
    control: str
    track: str
    towards: str  # colours shift towards this on hover
    emphasis: float  # by this share
    tinting: float  # share of the primary colour in a selected item


LIGHT = Scheme("light", "#f7f5f0", "#ffffff", "#1b2025", "#7b8189", "#dcdfdb", BLACK, 0.25, 0.1)
DARK = Scheme("dark", "#12161a", "#1b2127", "#ecebe6", "#818a93", "#343c44", WHITE, 0.35, 0.13)


@dataclass(frozen=True, slots=True)
class Tones:
    """The brand's derived colours in one scheme."""

    primary: str  # links, buttons, selected items
    strong: str  # primary on hover
    on_primary: str
    tint: str
    accent: str  # charts


DEFAULT_LIGHT = Tones("#0b5c57", "#08443f", "#ffffff", "#e6f1ee", "#0b5c57")
DEFAULT_DARK = Tones("#74cdc1", "#a1e0d7", "#06211e", "#17302f", "#74cdc1")
DEFAULTS = {LIGHT: DEFAULT_LIGHT, DARK: DEFAULT_DARK}


def derive_tones(scheme: Scheme, primary: str, accent: str) -> Tones:
    """Derive the tones from two colours; those of the default colours are tuned by hand."""
    default = DEFAULTS[scheme]
    if (primary, accent) == (default.primary, default.accent):
        return default
    strong = mix(primary, scheme.towards, scheme.emphasis)
    on_primary = max((WHITE, DARK_INK), key=lambda ink: min(ratio(ink, primary), ratio(ink, strong)))
    return Tones(primary, strong, on_primary, mix(scheme.surface, primary, scheme.tinting), accent)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two adjacent colours and their minimum contrast ratio."""

    what: str
    front: str
    back: str
    least: float

    @property
    def readable(self) -> bool:
        return ratio(self.front, self.back) >= self.least

    @property
    def found(self) -> str:
        """The ratio, truncated: 4.499 fails 4.5."""
        return f"{int(ratio(self.front, self.back) * 100) / 100:.2f}"

    def __str__(self) -> str:
        return f"{self.what}: {self.front} on {self.back} is {self.found}:1, needed is {self.least:g}:1"


def primary_pairs(scheme: Scheme, primary: str) -> tuple[Pair, ...]:
    """The pairs of the primary colour, and of tones derived from it, with other colours."""
    own = derive_tones(scheme, primary, primary)
    return (
        Pair(_("Links on the page"), primary, scheme.paper, TEXT),
        Pair(_("Links on cards"), primary, scheme.surface, TEXT),
        Pair(_("Links on tinted fields"), primary, own.tint, TEXT),
        Pair(_("Text of buttons"), own.on_primary, primary, TEXT),
        Pair(_("Text of buttons under the pointer"), own.on_primary, own.strong, TEXT),
        Pair(_("Text of chosen answers"), scheme.ink, own.tint, TEXT),
        Pair(_("Edges of controls on chosen answers"), scheme.control, own.tint, PARTS),
    )


def accent_pairs(scheme: Scheme, accent: str) -> tuple[Pair, ...]:
    """The pairs of charts and progress bars with their backgrounds."""
    return (
        Pair(_("Charts on the page"), accent, scheme.paper, PARTS),
        Pair(_("Charts on cards"), accent, scheme.surface, PARTS),
        Pair(_("Bars on their track"), accent, scheme.track, PARTS),
    )


PAIRS = {"primary": primary_pairs, "accent": accent_pairs}


def unreadable_pairs(role: str, scheme: Scheme, color: str) -> list[Pair]:
    """The pairs below minimum contrast if `color` is the scheme's primary or accent colour."""
    return [pair for pair in PAIRS[role](scheme, color) if not pair.readable]


def nearest_readable(role: str, scheme: Scheme, color: str) -> str:
    """The readable colour of the same hue that is closest in lightness."""
    for step in range(STEPS + 1):
        for end in (BLACK, WHITE):
            candidate = mix(color, end, step / STEPS)
            if not unreadable_pairs(role, scheme, candidate):
                return candidate
    raise AssertionError("Black or white can be read on every paper of ours.")


def css(light: Tones, dark: Tones) -> str:
    """CSS custom properties for the tokens that differ from site.css; '' if none does."""
    if (light, dark) == (DEFAULT_LIGHT, DEFAULT_DARK):
        return ""
    on_dark = f"@media screen and (prefers-color-scheme:dark){{:root{{{tokens(dark)}}}}}"
    return f":root{{{tokens(light)}}}{on_dark}\n"


def tokens(own: Tones) -> str:
    return (
        f"--accent:{own.primary};--accent-strong:{own.strong};--on-accent:{own.on_primary};"
        f"--tint:{own.tint};--chart:{own.accent}"
    )


def band_css(color: str) -> str:
    """The custom property --band of a page in the colour of its score band, light and dark."""
    light, dark = nearest_readable("accent", LIGHT, color), nearest_readable("accent", DARK, color)
    return f":root{{--band:{light}}}@media screen and (prefers-color-scheme:dark){{:root{{--band:{dark}}}}}\n"
