"""The bench's big table answers as the tests' own does."""

from __future__ import annotations

from typing import Any

import pytest

from infra.bench.big.cases import reference
from infra.bench.big.table import BigTable, Refused
from tests.faults.fake_table import FakeTable, wire_row

Json = dict[str, Any]
QUERIES: list[Json] = [
    {"KeyConditionExpression": "#0 = :0", "names": ["pk"], "values": ["R#a"]},
    {"KeyConditionExpression": "#0 = :0 AND begins_with(#1, :1)", "names": ["pk", "sk"], "values": ["R#a", "LOG#"]},
    {"KeyConditionExpression": "#0 = :0 AND #1 <= :1", "names": ["pk", "sk"], "values": ["R#a", "LOG#03"]},
    {"KeyConditionExpression": "#0 = :0 AND #1 BETWEEN :1 AND :2", "names": ["pk", "sk"], "values": ["R#a", "LOG#02", "LOG#04"]},
    {"KeyConditionExpression": "#0 = :0 AND #1 <= :1", "IndexName": "wake", "names": ["wpk", "wake_at"], "values": ["W", 30]},
    {"KeyConditionExpression": "#0 = :0", "IndexName": "wake", "names": ["wpk"], "values": ["W"], "ScanIndexForward": False},
]  # fmt: skip


def query(asked: Json) -> Json:
    more = {k: v for k, v in asked.items() if k not in ("names", "values")}
    values = {f":{n}": value for n, value in enumerate(asked["values"])}
    names = {f"#{n}": name for n, name in enumerate(asked["names"])}
    return {"TableName": "t", "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": wire_row(values), **more}  # fmt: skip


def tables() -> tuple[BigTable, FakeTable]:
    big, fake = BigTable(), FakeTable("t")
    for n in range(6):
        row = wire_row(
            {"pk": "R#a", "sk": f"LOG#{n:02d}", "wpk": "W", "wake_at": 50 - 10 * (n // 2)}
        )
        for table in (big, fake):
            table.call("PutItem", {"TableName": "t", "Item": row})
    return big, fake


@pytest.mark.parametrize("asked", QUERIES, ids=str)
def test_it_reads_what_the_tests_table_reads_page_by_page(asked: Json) -> None:
    big, fake = tables()

    def pages(table: Any) -> list[str]:
        found, more = [], {"Limit": 2}
        while True:
            answer = table.call("Query", {**query(asked), **more})
            found += [row["sk"]["S"] for row in answer["Items"]]
            if "LastEvaluatedKey" not in answer:
                return found
            more["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    assert pages(big) == pages(fake) != []


def test_a_condition_that_does_not_hold_is_refused_and_nothing_is_written() -> None:
    big, _ = tables()
    row = wire_row({"pk": "R#a", "sk": "LOG#00"})
    member = {"TableName": "t", "Item": row, "ConditionExpression": "attribute_not_exists(pk)"}
    with pytest.raises(Refused, match="ConditionalCheckFailed"):
        big.call("PutItem", member)
    with pytest.raises(Refused) as refused:
        big.call(
            "TransactWriteItems", {"TransactItems": [{"Delete": {"Key": row}}, {"Put": member}]}
        )
    assert refused.value.reasons == ["None", "ConditionalCheckFailed"]
    assert len(big.rows["R#a"]) == 6


def test_references_are_valid_and_each_is_another() -> None:
    from chalicelib.domain.ids import normalize_reference

    made = [reference(n) for n in range(1, 5000)]
    assert len(set(made)) == len(made)
    assert all(normalize_reference(one) == one for one in made[:50])
