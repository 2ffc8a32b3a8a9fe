"""What the pages say of the tap."""

import ast
import json
import textwrap
from pathlib import Path

import pytest
from avro import AVRO

from spectrawatch_tap import Stats

ROOT = Path(__file__).resolve().parents[3]
PAGES = [
    ROOT / "ops" / "docs" / "tap.md",
    ROOT / "ops" / "docs" / "tap-engines.md",
    ROOT / "ingest" / "python" / "README.md",
]


def test_every_reason_to_refuse_has_its_mend():
    reasons = json.loads((AVRO / "RejectionReason.avsc").read_text())["symbols"]
    page = PAGES[0].read_text()
    table = page[page.index("## When records are refused") : page.index("## When nothing comes")]
    told = {}
    for line in table.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| `"):
            assert len(cells) == 3, line
            told.update(dict.fromkeys(cells[0].replace("`", "").split(", "), cells[1:]))

    assert sorted(told) == sorted(reasons)
    for reason, (happened, mend) in told.items():
        assert len(happened) > 10, reason
        assert len(mend) > 10, reason


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_python_in_pages_can_be_parsed(page):
    blocks = page.read_text().split("```python\n")[1:]
    for block in blocks:
        ast.parse(textwrap.dedent(block.split("```")[0]))
    assert blocks


def test_counts_that_the_page_explains_exist():
    page = PAGES[0].read_text()
    for name in ("published", "queued", "failed", "dropped", "invalid", "mended"):
        assert name in Stats.__dataclass_fields__
        assert f"`{name}` " in page or f".{name}`" in page
