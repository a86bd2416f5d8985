"""Open real data: what its labels mean, on small tables of the same form and on the data itself where it lies."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from agent.errors import BadInput
from evals import cli
from evals.redaction.real import measure_real, read_multidogo, read_natcs
from evals.redaction.run import product

ROOT = Path(__file__).resolve().parents[3]
DATA = Path(os.environ.get("BILLING_AGENT_SHARED") or ROOT.parent / "shared") / "data"
HEAD = "conversationId\tturnNumber\tutteranceId\tutterance\tslot-labels\tintent\n"


def table(folder: Path, *rows: tuple[str, str]) -> Path:
    path = folder / "multidogo-dev" / "finance-dev.tsv"
    path.parent.mkdir(exist_ok=True)
    path.write_text(HEAD + "".join(f"c1\t{n}\tu{n}\t{text}\t{labels}\tx\n" for n, (text, labels) in enumerate(rows)))
    return path


@pytest.mark.parametrize(
    ("turns", "rule"),
    [
        ([("my ssn is 4471", "O O O ssn")], "tax"),
        ([("the last of my social", "O O O O O"), ("4471", "ssn")], "tax"),
        ([("4471", "ssn")], "unseen"),
        ([("i lost my card", "O O O O"), ("4471 2203 9917 5528", " ".join(["card_number"] * 4))], "payment"),
        ([("4111111111111111", "card_number")], "payment"),
        ([("4111111111111112", "card_number")], "unseen"),
        ([("card 5512", "O card_number")], "keep"),
        ([("446 e 15", "card_number card_number card_number")], None),
        ([("my checking account is 7474973627", "O O O O account_number")], "payment"),
        ([("my account is 7474973627", "O O O account_number")], "unseen"),
        ([("account 4471", "O account_number")], "keep"),
        ([("25633254400", "account_id")], "keep"),
        ([("6785 4326 6789", "account_id account_id account_id")], "unseen"),
        ([("43269", "charge_date")], None),
        ([("06032018", "charge_date")], "keep"),
        ([("ishan kishan", "name name")], "keep"),
        ([("to", "target_account_number")], None),
    ],
)
def test_what_a_label_means(tmp_path: Path, turns: list[tuple[str, str]], rule: str | None) -> None:
    (call,) = read_multidogo(table(tmp_path, *turns))
    assert [span.class_ for span in call.spans] == ([rule] if rule not in ("keep", None) else [])
    assert len(call.keep) == len(call.keep_tags) == (rule == "keep")
    assert len(call.turns) == len(turns)


def test_a_label_on_words_around_a_number_is_drawn_in(tmp_path: Path) -> None:
    (call,) = read_multidogo(table(tmp_path, ("my ssn no er 4471 ok", "O O ssn ssn ssn O")))
    assert [(span.text, span.piece) for span in call.spans] == [("4471", "4471")]


def test_a_whole_data_set_is_scored(tmp_path: Path) -> None:
    table(tmp_path, ("my ssn is 4471", "O O O ssn"), ("hello", "O"), ("paid 500", "O charge_amount"))
    (report,) = measure_real(tmp_path, lambda turns: ["my ssn is <SSN_1>", "hello", "paid 500"])
    assert report.headline["identifiers"] == 1
    assert report.headline["leaked"] == report.headline["keep_lost"] == 0
    assert (report.unseen, report.unseen_taken) == (0, 0)
    table(tmp_path, ("hi", "O"), ("4471", "ssn"))
    (report,) = measure_real(tmp_path, lambda turns: ["hi", "<SSN_1>"])
    assert (report.unseen, report.unseen_taken) == (1, 1)


def test_marks_by_character(tmp_path: Path) -> None:
    folder = tmp_path / "natcs-insurance"
    folder.mkdir()
    text = "the card is 4111 1111 1111 1111 and policy 5501, born 1962"
    marks = [("card", "redact", "4111 1111 1111 1111"), ("policy", "keep", "5501"), ("dob", "either", "1962")]
    rows = [
        {"id": "i1", "start": text.index(w), "end": text.index(w) + len(w), "kind": k, "rule": r} for k, r, w in marks
    ]
    (folder / "spans.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (folder / "utterances.jsonl").write_text(json.dumps({"utterance_id": "i1", "utterance": text}) + "\n")
    (call,) = read_natcs(folder)
    assert [(span.type, span.class_, span.text) for span in call.spans] == [
        ("card_number", "payment", "4111 1111 1111 1111"),
        ("dob", "unseen", "1962"),
    ]
    assert (call.keep, call.keep_tags) == (("5501",), ("policy",))


def test_what_is_not_there_or_broken_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="neither"):
        cli.run(["redaction", "--real", str(tmp_path)])
    path = table(tmp_path)
    path.write_text("a\tb\nc\td\n")
    with pytest.raises(BadInput, match="not a table"):
        read_multidogo(path)
    (tmp_path / "natcs-insurance").mkdir()
    (tmp_path / "natcs-insurance" / "spans.jsonl").write_text("no json\n")
    with pytest.raises(BadInput, match="JSON lines"):
        read_natcs(tmp_path / "natcs-insurance")


@pytest.mark.skipif(not (DATA / "multidogo-dev").is_dir(), reason="no real data beside the checkout")
def test_the_real_data_is_read_and_the_product_keeps_it(capsys: pytest.CaptureFixture[str]) -> None:
    reports = {report.name: report for report in measure_real(DATA, product())}
    assert {name: report.headline["identifiers"] for name, report in reports.items()} == {
        "natcs-insurance": 6,
        "multidogo finance": 152,
        "multidogo media": 5,
    }
    assert all(report.headline["leak_rate"] <= 0.05 for report in reports.values())
    assert all(report.headline["missing"] == 0 for report in reports.values())
    assert cli.run(["redaction", "--real", str(DATA)]) == 0
    assert "multidogo finance" in capsys.readouterr().out
