"""Answers of the table as they come: a row over the wire is JSON that says the type of each value itself.

botocore looks at every value of every row once for each type that it might have, which is two thirds of
what it costs to read five hundred rows. No row holds bytes, the one type that JSON cannot say.
"""

from __future__ import annotations

import json

from botocore.parsers import JSONParser, ResponseParserFactory

from chalicelib.aws.attribute_values import Item

# The shapes of answers that hold rows, by botocore's names.
_WITH_ROWS = frozenset({"GetItemOutput", "BatchGetItemOutput", "QueryOutput", "UpdateItemOutput"})


class _PlainParser(JSONParser):  # type: ignore[misc] # botocore has no types
    def parse(self, response: Item, shape: object) -> Item:
        """What was asked for, or an error as botocore has it."""
        if response["status_code"] != 200 or getattr(shape, "name", "") not in _WITH_ROWS:
            answer: Item = super().parse(response, shape)
            return answer
        answer = json.loads(response["body"])
        headers = {name.lower(): value for name, value in response["headers"].items()}
        answer["ResponseMetadata"] = {"HTTPStatusCode": 200, "HTTPHeaders": headers}
        if "x-amzn-requestid" in headers:
            answer["ResponseMetadata"]["RequestId"] = headers["x-amzn-requestid"]
        return answer


class PlainParsers(ResponseParserFactory):  # type: ignore[misc]
    """A session's parsers, as botocore asks for them by protocol."""

    def create_parser(self, protocol_name: str) -> object:
        """Ours for JSON, botocore's own for any other."""
        if protocol_name == "json":
            return _PlainParser(**self._defaults)
        found: object = super().create_parser(protocol_name)
        return found
