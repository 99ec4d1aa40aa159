"""A birth date or a diagnosis of one child in a free text; and what speaks of harm."""

from __future__ import annotations

import re
from typing import Final

from chalicelib.domain import child_words as words
from chalicelib.domain.child_words import fold

_MONTHS: Final = (
    r"(?:jan(?:uary)?\b|feb(?:ruary)?\b|mar(?:ch)?\b|apr(?:il)?\b|may\b|june?\b|july?\b|aug(?:ust)?\b|sept?(?:ember)?\b"
    r"|oct(?:ober)?\b|nov(?:ember)?\b|dec(?:ember)?\b|enero|febrero|marzo|abril|mayo|junio|julio|agosto"
    r"|septiembre|setiembre|octubre|noviembre|diciembre)"
)
_DATE: Final = (
    rf"(?:\d{{1,2}}[/.-]\d{{1,2}}(?:[/.-]\d{{2,4}})?|\d{{4}}-\d{{1,2}}-\d{{1,2}}"
    rf"|{_MONTHS}\.? \d{{1,2}}(?:st|nd|rd|th)?(?:,? (?:of )?\d{{4}})?"
    rf"|\d{{1,2}}(?:st|nd|rd|th|°|º)?(?: of| de)? {_MONTHS}(?:,?(?: de| del)? \d{{4}})?"
    rf"|{_MONTHS}\.?,?(?: of| de| del)? \d{{4}})"
)
_GAP: Final = r"[ :,()-]{0,3}(?:is |was |on |in |the |date |of |es |el |dia |fue |en |de |=)*"
_BIRTH = re.compile(
    r"\b(?:d\.?o\.?b\.?|date of birth|birth ?date|birth ?day|b-?day|born|turns? (?:\d|one|two|three|four"
    r"|five|six)|turned (?:\d|one|two|three|four|five|six)|fecha de nacimiento|f\. ?n\.|nacio|nacid[oa]"
    r"|cumple(?: anos| \d| tres| cuatro| cinco| dos| uno)?|cumpleanos|naci)\b\.?" + _GAP + _DATE,
    re.I,
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_MANY = re.compile(
    r"\b(?:children|kids|babies|infants|students|ninos|ninas|bebes|alumnos|program|center|school|network"
    r"|programa|centro|escuela|i was|yo naci|every(?:one|body)?|all|those|staff|adults?|teacher|maestra)\b[^.!?\n]{0,25}$"
)
FIRST_CHILD_YEAR: Final = 2012  # whoever was born before is no child of five

_SIMPLE: Final = (
    r"autis(?:m|tic|mo|ta)(?: spectrum disorder)?|on the (?:autism )?spectrum|del espectro autista"
    r"|(?:en|dentro d)el espectro|attention[- ]deficit(?: hyperactivity)?(?: disorder)?"
    r"|oppositional defiant(?: disorder)?|down(?:'s)? syndrome|sindrome de \w+|cerebral palsy"
    r"|paralisis cerebral|fetal alcohol(?: syndrome)?|epilepsy|epilepsia|seizure disorder"
    r"|reactive attachment(?: disorder)?|bipolar(?: disorder)?|sensory processing disorder|apraxia"
    r"|conduct disorder|selective mutism|mutismo selectivo|anxiety disorder|separation anxiety disorder"
    r"|intellectual disability|discapacidad intelectual|fragile x|dyslexia|dislexia|asperger(?:'?s)?"
    r"|trastorno(?:s)? (?:de|del|por|negativista|oposicionista|generalizado)[^.,;!?\n]{0,40}"
    r"|deficit de atencion|tourette(?:'?s)?|cystic fibrosis|type 1 diabetes|leukemia"
    r"|developmental delay|global delay|speech delay|language delay|retraso (?:en|del|de) \w+(?: \w+)?"
)
_LETTERS: Final = r"ADHD|ADD|ASD|ODD|FASD|PTSD|RAD|SPD|OCD|TDAH|TEA|TOD|TEPT|PDD"
_TERM = re.compile(rf"\b(?:{_SIMPLE})\b", re.I)
_SHORT = re.compile(rf"\b(?:{_LETTERS})\b")
_DIAGNOSED = re.compile(
    r"\b(?:diagnosed (?:with|as)|diagnosis (?:of|is|:)|has a diagnosis|got a diagnosis|received a diagnosis"
    r"|le diagnosticaron|(?:lo|la) diagnosticaron|diagnosticad[oa] con|diagnostico (?:de|es|:)"
    r"|tiene (?:un )?diagnostico|su diagnostico)\b[^.;!?\n]{0,40}"
)
# Said of teaching, of many, or of grown people: nobody's diagnosis.
_GENERAL = re.compile(
    r"\b(?:train\w*|workshops?|webinars?|resources?|information|materials?|books?|learn\w*|class(?:es)? (?:on|about)"
    r"|strategies for|experience (?:with|in)|awareness|screenings? for|screen for|children with|kids with"
    r"|students with|children who|kids who|families of|families with|children on|kids on|questions? about"
    r"|what is|signs of|how to (?:support|include|help) (?:children|kids|students)|specialists? in|"
    r"capacitacion\w*|taller(?:es)?|recursos|informacion|materiales|aprender|estrategias para|experiencia con"
    r"|ninos con|ninas con|ninos y ninas con|alumnos con|familias de|familias con|senales de|preguntas sobre"
    r"|que es|curso|libros?|ninos que|conference|policy|policies|not diagnos\w*|do(?:es)? not diagnose|no diagnostic\w*"
    r"|can(?:not|'t) diagnose|asking for a diagnosis|don't diagnose)\b"
)
_GROWN = re.compile(
    r"\b(?:i (?:have|was|am|got)|i've|my own|tengo|me diagnosticaron|soy|my (?:husband|wife|mother|father|partner)"
    r"|mi (?:esposo|esposa|madre|padre|mama|papa))\b"
)
_HARM = re.compile(
    r"\b(?:abus(?:e|ed|es|ing|ive|o|ado|ada|an|aron)|molest(?:ed|s|ing|ation)|neglect(?:ed|s|ing)?|negligencia"
    r"|maltrat\w+|bruis(?:e|es|ed|ing)|moret(?:on|ones)|burn marks?|quemaduras?|sexual(?:ly)?|beaten|beats (?:him|her|them)"
    r"|(?:hit|hurt|slapped|beaten|burned|choked|shaken|punched|kicked|touched|locked up|whipped|spanked) by"
    r" (?:\w+ ){0,2}(?:parents?|mother|father|mom|dad|step\w+|uncle|aunt|teacher|adult|staff|boyfriend|girlfriend"
    r"|caregiver|grand\w+|guardian|someone|somebody|man|woman)"
    r"|(?:golpead|pegad|lastimad|tocad|quemad)[oa]s? por|(?:mama|papa|madre|padre|padrastro|madrastra|tio|abuelo|maestr[oa]"
    r"|adulto|novio) (?:que )?(?:le|la|lo|les|los) (?:pega|pego|golpea|golpeo|grita|toca|toco|lastima|maltrata)"
    r"|(?:parent|mother|father|mom|dad|stepdad|stepfather|stepmother|teacher|uncle|boyfriend) (?:is |was |has been |who )?"
    r"(?:hit|hits|hitting|beat|beats|beating|hurt|hurts|hurting|slapped|slaps|spanked|whipped)"
    r" (?:him|her|them|me|the (?:child|kid|boy|girl)|a child|his|their|\w+)"
    r"|(?:afraid|scared) (?:of|to go) (?:his|her|their|home)|le tiene miedo a su|domestic violence|violencia domestica"
    r"|violencia en (?:el|la) (?:hogar|casa|familia)|mandated report\w*|child protective|cps)\b"
)


def speaks_of_harm(folded: str) -> bool:
    """Whether a text (folded) tells of harm done to a child: such text is never stopped."""
    return _HARM.search(folded) is not None


def birth_dates(text: str) -> list[str]:
    """Dates that are said to be a child's birth date or birthday."""
    folded = fold(text)
    found = []
    for match in _BIRTH.finditer(folded):
        year = _YEAR.search(match.group())
        if year is not None and int(year.group()) < FIRST_CHILD_YEAR:
            continue
        if _MANY.search(folded[: match.start()]):
            continue
        found.append(_as_typed(text, folded, match.start(), match.end()))
    return found


def diagnoses(text: str) -> list[str]:
    """Diagnoses that are said of one child."""
    found = []
    for sentence in re.split(r"(?<=[.!?;\n])\s*", text):
        folded = fold(sentence)
        said = [(m.start(), m.end()) for m in _TERM.finditer(folded)]
        said += [(m.start(), m.end()) for m in _SHORT.finditer(sentence)]
        told = _DIAGNOSED.search(folded)
        if told is not None and not said:
            said = [(told.start(), told.end())]
        if said and _of_one_child(folded, told is not None):
            found += [_as_typed(sentence, folded, a, b) for a, b in sorted(said)]
    return found


def _of_one_child(folded: str, told: bool) -> bool:
    if _GENERAL.search(folded) or _GROWN.search(folded):
        return False
    plain = set(re.findall(r"[a-z-]+", folded))
    if plain & words.ONE_CHILD:
        return True
    if plain & words.ADULT_NOUNS:
        return False
    many = plain & {
        "children",
        "kids",
        "students",
        "ninos",
        "ninas",
        "alumnos",
        "families",
        "familias",
    }
    if many:
        return False
    has = plain & {
        "has",
        "tiene",
        "is",
        "es",
        "with",
        "con",
        "suspected",
        "possible",
        "may",
        "posible",
        "sospecha",
    }
    return told or bool(has) or len(plain) <= 5


def _as_typed(text: str, folded: str, start: int, end: int) -> str:
    """The words of the text itself, where folding did not move them."""
    return (text if len(text) == len(folded) else folded)[start:end].strip(" ,.;:()")
