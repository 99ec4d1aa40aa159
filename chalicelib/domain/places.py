"""California's 58 counties by Cal OES region, and the languages in which care is given."""

from __future__ import annotations

from typing import Final, NamedTuple


def N_(text: str) -> str:  # noqa: N802 - the gettext marker's usual name
    """Mark an English text for translation and give it back unchanged."""
    return text


class County(NamedTuple):
    """A county: its name as written on a map, and its Cal OES mutual aid region (I to VI)."""

    name: str
    region: str


# Source: Cal OES mutual aid regions.
_BY_REGION: Final = {
    "I": "Los Angeles, Orange, San Luis Obispo, Santa Barbara, Ventura",
    "II": "Alameda, Contra Costa, Del Norte, Humboldt, Lake, Marin, Mendocino, Monterey, Napa, "
    "San Benito, San Francisco, San Mateo, Santa Clara, Santa Cruz, Solano, Sonoma",
    "III": "Butte, Colusa, Glenn, Lassen, Modoc, Plumas, Shasta, Sierra, Siskiyou, Sutter, "
    "Tehama, Trinity, Yuba",
    "IV": "Alpine, Amador, Calaveras, El Dorado, Nevada, Placer, Sacramento, San Joaquin, "
    "Stanislaus, Tuolumne, Yolo",
    "V": "Fresno, Kern, Kings, Madera, Mariposa, Merced, Tulare",
    "VI": "Imperial, Inyo, Mono, Riverside, San Bernardino, San Diego",
}

COUNTIES: Final[dict[str, County]] = {
    name.lower().replace(" ", "_"): County(name, region)
    for name, region in sorted(
        (name, region) for region, names in _BY_REGION.items() for name in names.split(", ")
    )
}
"""Slug -> county, in alphabetical order. County names are proper names: not translated."""

REGIONS: Final = tuple(_BY_REGION)
OUTSIDE: Final = "outside"
OUTSIDE_LABEL: Final = N_("Outside California")


def region_of(county: str | None) -> str | None:
    """The Cal OES region of a county slug; None when the slug is not a California county."""
    found = COUNTIES.get(county or "")
    return found.region if found else None


LANGUAGES: Final[dict[str, str]] = {
    "en": N_("English"),
    "es": N_("Spanish"),
    "ar": N_("Arabic"),
    "hy": N_("Armenian"),
    "yue": N_("Cantonese"),
    "cmn": N_("Mandarin"),
    "zh": N_("Chinese (other or not sure)"),
    "fa": N_("Farsi"),
    "hi": N_("Hindi"),
    "hmn": N_("Hmong"),
    "ium": N_("Mien"),
    "ja": N_("Japanese"),
    "km": N_("Khmer (Cambodian)"),
    "ko": N_("Korean"),
    "lo": N_("Lao"),
    "mix": N_("Mixteco"),
    "pa": N_("Punjabi"),
    "ru": N_("Russian"),
    "ase": N_("American Sign Language"),
    "tl": N_("Tagalog"),
    "th": N_("Thai"),
    "trc": N_("Triqui"),
    "uk": N_("Ukrainian"),
    "vi": N_("Vietnamese"),
    "zap": N_("Zapoteco"),
}
"""BCP 47 tag -> English name (a msgid). ``ium`` is Iu Mien."""
