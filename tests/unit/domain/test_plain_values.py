"""Classes of plain values behave as the dataclasses in whose place they stand."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable, Mapping
from dataclasses import FrozenInstanceError, dataclass, field, fields, replace
from typing import Any, ClassVar

import pytest

from chalicelib.domain.plain.values import frozen


@frozen
class Tree:
    """One of ours."""

    kingdom: ClassVar[str] = "plants"
    name: str
    height: int = 3
    marks: Mapping[str, str] = field(default_factory=dict)

    @property
    def tall(self) -> bool:
        """More than a house."""
        return self.height > 10


@frozen
class Fruit(Tree):
    """One that inherits, and looks at itself when it is made."""

    months: tuple[int, ...] = field(kw_only=True)
    sweet: bool = True

    def __post_init__(self) -> None:
        if not self.months:
            raise ValueError("never ripe")


@dataclass(frozen=True)
class OldTree:
    """The same as Python makes it."""

    name: str
    height: int = 3
    marks: Mapping[str, str] = field(default_factory=dict)


def test_values_are_given_by_place_or_name_and_the_rest_is_as_declared() -> None:
    assert (Tree("oak").height, Tree("oak", 30).tall, Tree(name="oak", height=2).tall) == (
        3,
        True,
        False,
    )
    assert Tree.kingdom == Fruit.kingdom == "plants"
    one, other = Tree("oak"), Tree("oak")
    assert one.marks == {} and one.marks is not other.marks
    pear = Fruit("pear", months=(9,), sweet=False)
    assert (pear.name, pear.height, pear.months, pear.sweet) == ("pear", 3, (9,), False)
    with pytest.raises(ValueError, match="never ripe"):
        Fruit("pear", months=())


@pytest.mark.parametrize(
    "make",
    [
        lambda kind: kind(),
        lambda kind: kind("oak", 1, {}, 4),
        lambda kind: kind("oak", name="elm"),
        lambda kind: kind("oak", age=1),
    ],
)
def test_what_a_dataclass_refuses_is_refused(make: Callable[[Any], object]) -> None:
    for kind in (OldTree, Tree):
        with pytest.raises(TypeError):
            make(kind)


def test_they_are_equal_by_value_and_type_and_can_be_keys() -> None:
    assert Tree("oak") == Tree("oak") != Tree("elm")
    other: object = OldTree("oak")
    assert Tree("oak") != other
    assert hash(Tree("oak", marks=frozenset())) == hash(Tree("oak", marks=frozenset()))  # type: ignore[arg-type]
    assert repr(Tree("oak")) == "Tree(name='oak', height=3, marks={})"


def test_nothing_in_them_changes_but_a_changed_copy_can_be_had() -> None:
    oak = Tree("oak")
    with pytest.raises(FrozenInstanceError):
        oak.height = 4  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        del oak.height
    assert replace(oak, height=4) == Tree("oak", 4)
    assert copy.copy(oak) == copy.deepcopy(oak) == oak
    assert pickle.loads(pickle.dumps(oak)) == oak
    assert [one.name for one in fields(Fruit)] == ["name", "height", "marks", "months", "sweet"]
