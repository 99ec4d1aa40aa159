"""Which words of a free text are a child's name, told by the words around them.

A name of a grown person, a place or a program is left alone wherever it stands, once the text says
what it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from chalicelib.domain import child_words as words
from chalicelib.domain.child_words import fold

NO_INITIALS: Final = frozenset(
    [
        "us",
        "usa",
        "la",
        "am",
        "pm",
        "iep",
        "ece",
        "tk",
        "pe",
        "sf",
        "dc",
        "ba",
        "ma",
        "rn",
        "rr",
        "cps",
        "ap",
        "ad",
        "id",
        "ok",
        "tv",
        "ssi",
        "eeuu",
        "phd",
        "bs",
        "pd",
        "ie",
        "eg",
    ]
)
_TOKEN = re.compile(
    r"(?:[A-Z]\. ?){2,4}(?![a-z])|[^\W_]+(?:['’&-][^\W_]+)*|[.,;:!?()\n\"“”«»]", re.UNICODE
)
_ENDS = frozenset(".!?;\n")


@dataclass(frozen=True)
class _Word:
    text: str
    bare: str  # folded, without a possessive ending
    owns: bool
    capital: bool
    begins: bool  # the first word of its sentence


def _words(text: str) -> list[_Word]:
    found: list[_Word] = []
    begins = True
    for match in _TOKEN.finditer(text):
        piece = match.group().strip()
        bare = fold(piece)
        owns = bare.endswith("'s")
        bare = bare.removesuffix("'s")
        ends = piece in _ENDS or piece == ""
        if ends and found and piece == "." and found[-1].bare in words.TITLES:
            continue  # "Ms. Lopez" is no end of a sentence
        if len(piece) > 1 and "." in piece:
            bare = bare.replace(".", "").replace(" ", "")
        found.append(_Word(piece or "\n", bare, owns, piece[:1].isupper(), begins))
        begins = ends or (begins and not piece[:1].isalnum())
    return found


def names(text: str) -> list[str]:
    """Every likely name of a child in a text, as it was typed, each once."""
    told = _words(text)
    adults: set[str] = set()
    for i, word in enumerate(told):
        if _may_be_name(told, i) and (_adult(told, i) or _joins(told, i, adults)):
            adults.add(word.bare)
    found = []
    for i, word in enumerate(told):
        if word.bare in adults or not word.text[:1].isalpha():
            continue
        if _initials(told, i) or (_may_be_name(told, i) and _of_a_child(told, i)):
            found.append(word.text.removesuffix("'s").removesuffix("’s"))
    return list(dict.fromkeys(found))


def names_somebody(text: str) -> bool:
    """Whether a text seems to name anybody or any place at all; a capital after a full stop alone is
    no name."""
    told = _words(text)
    return any(
        one.capital and (_known(one) or (not one.begins and _may_be_name(told, i)))
        for i, one in enumerate(told)
    )


def _known(word: _Word) -> bool:
    return word.bare in words.CHILD_NAMES or word.bare in words.ANY_NAMES


def _may_be_name(told: list[_Word], i: int) -> bool:
    """A name that we know, or a word with a capital that is no other word that we know."""
    word = told[i]
    if _known(word):
        return True
    if not word.capital or len(word.bare) < 2 or word.text.isupper() or not word.bare.isalpha():
        return False
    other = word.bare in words.COMMON | words.ADULT_NOUNS | words.PLACES_AFTER | words.CHILD_NOUNS
    return not other and not word.bare.endswith(
        ("ing", "ly", "tion", "ness", "ment", "cion", "mente")
    )


def _at(told: list[_Word], i: int) -> str:
    return told[i].bare if 0 <= i < len(told) else ""


def _named_as_adult(told: list[_Word], i: int) -> bool:
    """A title or a grown person's role stands before, as in "the teacher is Ana"."""
    between = {",", ":", "is", "es", "was", "se", "llama", "(", "the", "la"} | words.NAMED
    back = i - 1
    while _at(told, back) in between:
        back -= 1
    noun = _at(told, back)
    return noun in words.TITLES | words.ADULT_NOUNS and noun not in words.CHILD_NOUNS


def _adult(told: list[_Word], i: int) -> bool:
    """A grown person, a place or a program, by the words around it."""
    before, after = _at(told, i - 1), _at(told, i + 1)
    if _named_as_adult(told, i):
        return True
    if _says_who(told, i) or _signs(told, i):
        return True
    if told[i - 1].capital and i and before in words.PLACES_BEFORE:
        return True
    if after in words.ROOMS or before in words.ROOMS:
        return True
    ahead = i + 1
    if ahead < len(told) and told[ahead].capital and _may_be_name(told, ahead):
        ahead += 1  # a family name
    if _is_of_a_place(told, ahead):
        return True
    if _at(told, ahead) in {"and", "y"} and _at(told, ahead + 1) in {"i", "yo"}:
        return told[i].bare not in words.CHILD_NAMES
    return _called_adult(told, ahead)


def _is_of_a_place(told: list[_Word], ahead: int) -> bool:
    """What follows makes it a place, or somebody from an organization."""
    if ahead < len(told) and told[ahead].capital and _at(told, ahead) in words.PLACES_AFTER:
        return True
    if _at(told, ahead) not in {"from", "at", "with", "of", "de", "del"}:
        return False
    return bool({_at(told, ahead + n) for n in (1, 2, 3)} & words.ORGANIZATIONS)


def _joins(told: list[_Word], i: int, adults: set[str]) -> bool:
    """ "Our aides, Ana and Rosa": the second is what the first is."""
    return _at(told, i - 1) in {"and", "y", "&"} and _at(told, i - 2) in adults


def _called_adult(told: list[_Word], ahead: int) -> bool:
    """What follows says the role: "Rosa, our lead teacher", "Rosa is the aide"."""
    if _at(told, ahead) not in {
        ",",
        "(",
        "is",
        "was",
        "es",
        "era",
        "who",
        "quien",
        "works",
        "trabaja",
    }:
        return False
    if _at(told, ahead) in {"works", "trabaja"}:
        return True
    for n in range(1, 6):
        word = _at(told, ahead + n)
        if word in words.ADULT_NOUNS or word in {"works", "teaches", "trabaja", "ensena"}:
            return True
        if word in words.CHILD_NOUNS or word in _ENDS or not word:
            return False
    return False


def _says_who(told: list[_Word], i: int) -> bool:
    """ "I am Rosa", "my name is Rosa", "me llamo Rosa": who writes may say their name."""
    before = " ".join(_at(told, n) for n in range(max(0, i - 3), i))
    return bool(
        re.search(r"(?:\bi am|\bi'm|my name is|this is|\bsoy|me llamo|mi nombre es)$", before)
    )


def _signs(told: list[_Word], i: int) -> bool:
    """A name after a closing word, or alone in the last line."""
    rest = [word for word in told[i + 1 :] if word.text not in ("\n", ".", ",")]
    if len(rest) > 2 or any(not word.capital for word in rest):
        return False
    back = i - 1
    while back >= 0 and (
        told[back].text in "\n,.!" or (told[back].capital and _may_be_name(told, back))
    ):
        back -= 1
    if _at(told, back) in words.CLOSINGS:
        return True
    return i > 2 and told[i - 1].text == "\n" and told[i].capital


PRONOUNS = frozenset({"his", "her", "el", "ella", "he", "she"})


def _belongs(told: list[_Word], i: int, back: int, linked: bool) -> bool:
    """As in "her name is Ana", "Ana's tantrums", "los berrinches de Ana"."""
    if linked and _at(told, back) in PRONOUNS:
        return True
    if told[i].owns and _at(told, i + 1) in words.OWNED:
        return True
    return _at(told, i - 1) == "de" and _at(told, i - 2) in words.OWNED


def _back_to_noun(told: list[_Word], i: int) -> tuple[int, bool]:
    """Where the word stands that a name may belong to, and whether "named" or the like links them."""
    between = {",", ":", "is", "es", "se", "llama", "(", "was", "whose", "su", "mi"} | words.NAMED
    back, linked = i - 1, False
    while _at(told, back) in between:
        linked = linked or _at(told, back) in words.NAMED | {"llama", ":"}
        back -= 1
    return back, linked


def _of_a_child(told: list[_Word], i: int) -> bool:
    word, known = told[i], _known(told[i])
    named = known or word.capital
    back, linked = _back_to_noun(told, i)
    told_apart = known or linked
    if _at(told, back) in words.CHILD_NOUNS and (told_apart or back == i - 1):
        # "Child Care": two capitals are a title, not a child.
        return told_apart or not told[back].capital
    if linked and _at(told, i - 1) == "llama":
        return named and _at(told, back) not in words.THINGS | words.ADULT_NOUNS
    if _belongs(told, i, back, linked):
        return named
    if not named:
        return False
    return _does(told, i + 1) or (word.bare in words.CHILD_NAMES and word.capital)


def _does(told: list[_Word], ahead: int) -> bool:
    """What follows is what one child does."""
    if (
        ahead < len(told)
        and told[ahead].capital
        and len(told[ahead].bare) > 1
        and _known(told[ahead])
    ):
        ahead += 1
    for n in range(4):
        word = _at(told, ahead + n)
        if word in words.DOES:
            return True
        if word in words.WONT or word == "no":
            return _does_not(word, _at(told, ahead + n + 1))
        if word in {"has", "had", "having", "tiene", "hace", "throws"}:
            near = {_at(told, ahead + n + m) for m in (1, 2, 3)}
            if near & words.NEEDS_FIT:
                return True
        if word not in words.BETWEEN and word not in {"has", "had", "tiene", "hace"}:
            return False
    return False


def _does_not(word: str, after: str) -> bool:
    """ "won't share", "no come"."""
    if after in words.WONT_WHAT or after in words.DOES:
        return True
    spanish = {"quiere", "duerme", "come", "comparte", "escucha", "habla", "juega", "para"}
    return word == "no" and after in spanish


def _could_be_initials(word: _Word) -> bool:
    """Up to three capitals that are no word, two where no dot stands between them."""
    letters, dotted = word.bare, "." in word.text
    if not word.text[:1].isupper() or letters in NO_INITIALS or len(letters) > 3:
        return False
    short = word.text.isupper() and (dotted or len(letters) <= 2) and letters.isalpha()
    return short and (dotted or letters not in words.COMMON)


def _initials(told: list[_Word], i: int) -> bool:
    """ "J.R. bites", "my student M.", "a boy (J.R.)"."""
    if not _could_be_initials(told[i]):
        return False
    letters, dotted = told[i].bare, "." in told[i].text
    back = i - 1
    while _at(told, back) in {",", "(", ":"} | words.NAMED:
        back -= 1
    ahead = i + 1
    while _at(told, ahead) in {")", "."} and ahead < i + 3:
        ahead += 1
    if len(letters) == 1:
        if letters in "abxi":  # "Child A" is nobody; "I" is who writes
            return False
        return _at(told, back) in words.CHILD_NOUNS or _does(told, ahead)
    if _at(told, back) in words.CHILD_NOUNS | {"little"} or _does(told, ahead):
        return True
    return dotted and _at(told, ahead) in {"is", "has", "was", "es", "tiene", "esta"}
