"""Form fields as trees."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

import pytest

from connector.hosts.v1.parameters import tree


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("a=1&b=2", {"a": "1", "b": "2"}),
        ("o[quality]=75&o[page_range]=1-2", {"o": {"quality": "75", "page_range": "1-2"}}),
        ("input[s3][bucket]=b", {"input": {"s3": {"bucket": "b"}}}),
        ("files[]=x&files[]=y", {"files": ["x", "y"]}),
        ("files[0]=x&files[1]=y", {"files": ["x", "y"]}),
        ("o[a]=None&o[b]=null&c=&d=0", {"d": "0"}),
        ("a=1&a[b]=2", {"a": "1"}),
    ],
)
def test_trees(query: str, found: dict[str, Any]) -> None:
    assert tree(parse_qsl(query, keep_blank_values=True)) == found
