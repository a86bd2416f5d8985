"""A sweep takes what today's rules find out of everything stored, and changes nothing that decides."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from pathlib import Path

import pytest

from agent.capture import BillingCapture, Evidence, Extracted
from agent.errors import RedactionError, StorageError
from agent.ledger import AlreadyDone, EffectState, Refused, fingerprint, ledger_key
from agent.redaction import RULES_VERSION, Redactor
from agent.store import Group, Store, TextRow
from agent.store.texts import MASKED, SWEPT
from agent.sweep import Report, sweep, sweeping
from agent.sweep.rows import Masked, mask_rows
from tests.agent.store.helpers import NO_CAPS, intent, redacted_call
from tests.agent.sweep.planted import CARD, PLACES, SPACED, SPOKEN, bytes_of, dump, fill, plant, plant_turns, raw

REDACTOR = Redactor()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    fill(tmp_path / "store.db")
    return tmp_path / "store.db"


def swept(path: Path, *, dry_run: bool = False) -> Report:
    with Store(path) as store:
        return sweep(store, lambda _: REDACTOR, dry_run=dry_run)


def counts(report: Report) -> dict[str, int]:
    return {f"{table}.{column}": count for (table, column, _), count in report.swept.items()}


def test_every_swept_column_is_planted_in() -> None:
    assert {f"{table}.{column}" for table, columns in SWEPT.items() for column in columns} == set(PLACES)


@pytest.mark.parametrize("place", PLACES)
def test_a_card_in_any_column_is_gone_from_the_file(path: Path, place: str) -> None:
    plant(path, place)
    assert CARD.encode() in bytes_of(path)
    report = swept(path)
    table, column = place.split(".")
    assert report.swept == {(table, column, "CREDIT_CARD"): 1}
    assert (report.failed, report.rewritten) == (0, True)
    assert CARD.encode() not in bytes_of(path)
    assert swept(path).swept == {}, "a second sweep takes nothing"


def test_cards_in_all_columns_go_at_once_in_every_writing(tmp_path: Path) -> None:
    for number, value in enumerate((CARD, SPACED, SPOKEN)):
        path = tmp_path / f"{number}.db"
        fill(path)
        plant(path, *PLACES, value=value)
        report = swept(path)
        assert set(counts(report)) == set(PLACES)
        assert value.encode() not in bytes_of(path)
        assert swept(path).swept == {}


def test_a_store_without_anything_to_take_is_left_byte_for_byte(path: Path) -> None:
    before = dump(path)
    report = swept(path)
    after = dump(path)
    assert (report.calls, report.taken, report.failed, report.rewritten) == (2, 0, 0, True)
    assert {name: rows for name, rows in after.items() if name != "sweeps"} == {
        name: rows for name, rows in before.items() if name != "sweeps"
    }


def test_a_dry_run_counts_the_same_and_changes_nothing(path: Path) -> None:
    plant(path, *PLACES)
    before = dump(path)
    tried = swept(path, dry_run=True)
    assert dump(path) == before
    assert tried.dry_run
    assert tried.swept == swept(path).swept


def test_keys_states_times_and_ids_stay(path: Path) -> None:
    before = dump(path)
    plant(path, *PLACES)
    swept(path)
    after = dump(path)
    for table in SWEPT:
        for old, new in zip(before[table], after[table], strict=True):
            own = {name for name in old if name not in SWEPT[table]} - {"fingerprint"}
            assert {name: new[name] for name in own} == {name: old[name] for name in own}, table


def test_what_is_stored_can_be_read_and_resumed_afterwards(path: Path) -> None:
    plant(path, *PLACES)
    swept(path)
    with Store(path) as store:
        assert store.run("call_a").line is not None
        assert store.redacted_call("ws_fern", "call_a").summary == "the card is <CARD_1>"
        assert store.case("case_1").decisions[0].reason == "the card is <CARD_1>"
        assert store.effects("ws_fern", "call_a")[0].state is EffectState.CONFIRMED
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            store._db._connection().execute("UPDATE steps SET title = 'another'")  # a sweep leaves no door open


def test_a_number_over_three_turns_goes_from_the_call_the_line_the_quotes_and_the_prompt(path: Path) -> None:
    plant_turns(path, "it is four five three two oh one five one", "mm-hmm, one two eight three oh three double six")
    heard = "it is four five three two oh one five one"
    capture = BillingCapture(
        customer_claim=Extracted[str](
            value="the card four five three two oh one",
            evidence=(Evidence(turn=1, quote="four five three two oh one"),),
        )
    )
    with Store(path) as store:
        ended = store.run("call_a").line
        assert ended is not None
        store.replace_line("run_of_call_a", ended.model_copy(update={"capture": capture}))
        store.begin(redacted_call("call_c"), run_id="run_c", model="stand-in", world=None)
        store.append("run_of_call_a", 1, "model", "again", {"messages": [{"content": f"x\n[1] caller: {heard}\n[2]"}]})
    report = swept(path)
    assert report.failed == 0
    stored = json.dumps(dump(path))
    for said in ("four five", "five three two", "double six", "one two eight"):
        assert said not in stored
    with Store(path) as store:
        call, ended = store.redacted_call("ws_fern", "call_a"), store.run("call_a").line
    assert ended is not None
    assert [turn.text for turn in ended.redacted_turns] == [turn.text for turn in call.turns]
    assert ended.redactions == call.redactions
    assert {row.placeholder for row in call.redactions} == {"<CARD_1>"}
    for row in call.redactions:
        assert call.turns[row.turn].text[row.start : row.end] == row.placeholder
    quote = ended.capture.customer_claim.evidence[0]
    assert quote.quote in ended.redacted_turns[quote.turn].text
    assert ended.suppression.card_number


def test_old_rows_move_with_their_placeholders_and_new_ones_take_the_next_number(path: Path) -> None:
    plant_turns(path, f"card {SPACED} and the other one <CARD_1>, yes", "mm-hmm")
    row = {"turn": 1, "start": 44, "end": 52, "entity": "CREDIT_CARD", "class": "card", "placeholder": "<CARD_1>"}
    with raw(path) as connection:
        connection.execute("UPDATE calls SET body = json_set(body, '$.redactions', json(?))", (json.dumps([row]),))
    swept(path)
    with Store(path) as store:
        call = store.redacted_call("ws_fern", "call_a")
    assert call.turns[1].text == "card <CARD_2> and the other one <CARD_1>, yes"
    assert [(r.placeholder, r.start) for r in call.redactions] == [("<CARD_2>", 5), ("<CARD_1>", 32)]


def test_the_trace_tells_of_the_rows_as_they_are_now(path: Path) -> None:
    plant_turns(path, "the sort code is 30 91 44", "and then 1234 5678 9012 3456 7890 was all they said")
    with Store(path) as store:
        store.append(
            "run_of_call_a", 1, "redacted", "nothing to remove", {"classes": [], "flagged": False, "redactions": []}
        )
        store.append("run_of_call_a", 1, "redacted", "of another", {"classes": ["x"], "redactions": [{"turn": 9}]})
    swept(path)
    with Store(path) as store:
        told, other = (step.data for step in store.run("call_a").steps if step.kind == "redacted")
        call = store.redacted_call("ws_fern", "call_a")
    assert told == {
        "classes": ["bank", "card"], "flagged": True, "redactions": [row.model_dump(mode="json") for row in call.redactions]
    }  # fmt: skip
    assert other == {"classes": ["x"], "redactions": [{"turn": 9}]}


def test_a_document_nested_beyond_measure_is_left_and_counted(path: Path) -> None:
    with raw(path) as connection:
        connection.execute(
            "UPDATE ledger SET arguments = ?",
            (json.dumps({"a": f"card {CARD}"})[:-1] + ', "b": ' + "[" * 900 + "]" * 900 + "}",),
        )
        connection.execute("UPDATE pauses SET reason = ?", (f"card {CARD}",))
    report = swept(path)
    assert (report.failed, counts(report)) == (1, {"pauses.reason": 1})


def test_a_long_number_flags_the_call(path: Path) -> None:
    plant_turns(path, "and then 1234 5678 9012 3456 7890 was all they said", "mm-hmm")
    swept(path)
    with Store(path) as store:
        assert store.redacted_call("ws_fern", "call_a").flagged


def test_an_effect_that_was_done_stays_done(path: Path) -> None:
    """With its target, object, customer and arguments masked, it is neither done again nor lost to locks."""
    card_intent = intent(target=CARD, arguments={"charge": CARD}, lock=("stripe", "money", CARD), customer=CARD)
    with raw(path) as connection:
        key = ledger_key("ws_fern", "call_a", "stripe.create_refund", CARD)
        values = (key, CARD, CARD, CARD, json.dumps({"charge": CARD}), fingerprint({"charge": CARD}))
        connection.execute(
            "UPDATE ledger SET key = ?, target = ?, lock_object = ?, customer = ?, arguments = ?, fingerprint = ?",
            values,
        )
    with Store(path) as store:
        store.resume()
        assert isinstance(store.reserve(card_intent, NO_CAPS), AlreadyDone)
    swept(path)
    (row,) = dump(path)["ledger"]
    assert (row["key"], row["state"], row["lock_object"], row["customer"]) == (key, "confirmed", MASKED, MASKED)
    assert row["target"].startswith(f"{MASKED}~")
    assert row["fingerprint"] == fingerprint(json.loads(row["arguments"]))
    with Store(path) as store:
        again = store.reserve(card_intent, NO_CAPS)
        assert isinstance(again, Refused)
        assert again.rule == "ledger.fingerprint", "the same effect with other arguments goes to a person"
        other = store.reserve(intent("call_z", target="ch_2", lock=("stripe", "money", "ch_2")), NO_CAPS)
        assert isinstance(other, Refused)
        assert other.rule == "ledger.lock", "an object nobody knows any more may be any object"
        assert store.effects("ws_fern", "call_a")[0].state is EffectState.CONFIRMED


def test_a_fingerprint_that_was_not_of_these_arguments_stays(path: Path) -> None:
    with Store(path) as store:
        kept = store.effects("ws_fern", "call_a")[0].fingerprint
    with raw(path) as connection:
        connection.execute("UPDATE ledger SET arguments = ?", (json.dumps({"note": f"card {CARD}"}),))
    swept(path)
    (row,) = dump(path)["ledger"]
    assert (row["arguments"], row["fingerprint"]) == ('{"note":"card <CARD_1>"}', kept)


def test_ordinary_numbers_ids_and_links_stay(path: Path) -> None:
    with raw(path) as connection:
        connection.execute(
            "UPDATE ledger SET vendor_id = '1795221085.000001', url = 'https://x.example/re/2026030212345'"
        )
        data = json.dumps({"data": {"call": "call_a", "seconds": 1.234567, "key": "0f3a98442255119933774400aa55bb66"}})
        connection.execute("INSERT INTO steps VALUES ('run_of_call_a', 2, 1, 'model', 'request 2', '', ?)", (data,))
    assert swept(path).swept == {}


def test_the_calls_own_id_stays_also_where_a_text_names_it(tmp_path: Path) -> None:
    path, own = tmp_path / "ids.db", "202603021234567"
    with Store(path) as store:
        call = redacted_call(own).model_copy(update={"summary": f"Call {own}, then number 998877665544332"})
        store.begin(call, run_id="run_1", model="stand-in", world=None)
    swept(path)
    with Store(path) as store:
        kept = store.redacted_call("ws_fern", own)
    assert kept.summary == f"Call {own}, then number <NUMBER_1>"


def test_a_call_whose_id_is_a_card_is_counted_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "ids.db"
    with Store(path) as store:
        store.begin(redacted_call(CARD), run_id="run_1", model="stand-in", world=None)
    report = swept(path)
    assert (report.ids, report.swept) == (1, {})
    with Store(path) as store:
        assert store.redacted_call("ws_fern", CARD).call_id == CARD


def test_columns_that_are_no_json_any_more_are_texts(path: Path) -> None:
    with raw(path) as connection:
        connection.execute("UPDATE ledger SET arguments = ?", (f"card {CARD}",))
        connection.execute("UPDATE calls SET body = ? WHERE call_id = 'call_b'", (f"{{broken, card {CARD}",))
    report = swept(path)
    assert counts(report) == {"ledger.arguments": 1, "calls.body": 1}
    assert CARD.encode() not in bytes_of(path)


def test_rows_that_belong_to_no_call_are_swept_too(path: Path) -> None:
    with raw(path) as connection:
        connection.execute("INSERT INTO steps VALUES ('run_lost', 1, 1, 'model', ?, '', '{}')", (f"card {CARD}",))
        connection.execute("INSERT INTO decisions VALUES ('case_lost', 1, ?)", (f"card {CARD}",))
        connection.execute("INSERT INTO case_locks VALUES ('case_lost', 'stripe', 'money', ?)", (CARD,))
        connection.execute("UPDATE ledger SET call_id = 'call_erased', vendor_id = ?", (CARD,))
        connection.execute("UPDATE cases SET call_id = 'call_gone', body = ?", (f"card {CARD}",))
    report = swept(path)
    assert set(counts(report)) == {
        "steps.title", "decisions.body", "case_locks.object", "ledger.vendor_id", "cases.body",
    }  # fmt: skip
    assert CARD.encode() not in bytes_of(path)


def test_the_sweep_is_recorded_with_what_it_took(path: Path) -> None:
    plant(path, "steps.title", "pauses.reason")
    report = swept(path)
    swept(path)
    with Store(path) as store:
        first, second = store.sweeps()
    assert first.swept == report.swept
    assert (first.rules_version, first.calls, first.failed, first.rewritten) == (RULES_VERSION, 2, 0, True)
    assert first.finished_at is not None
    assert first.finished_at >= first.started_at
    assert second.swept == {}


def test_a_call_that_cannot_be_read_is_counted_and_the_others_are_swept(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(path, "calls.body", "pauses.reason")

    def fails(rows: tuple[TextRow, ...], redactor: Redactor, own_ids: Iterable[str]) -> Masked:
        if "call_a" in own_ids:
            raise RedactionError
        return mask_rows(rows, redactor, ())

    monkeypatch.setattr(sweeping, "mask_rows", fails)
    report = swept(path)
    assert (report.failed, counts(report)) == (1, {"pauses.reason": 1})


def test_a_call_that_changes_meanwhile_is_read_again(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(path, "steps.title")
    with Store(path) as store:
        real = store.texts_of
        seen: list[Group] = []

        def texts_of(group: Group) -> object:
            rows = real(group)
            if group.call_id == "call_a" and not seen:
                seen.append(group)
                store.append("run_of_call_a", 1, "model", f"another card {CARD}", {})
            return rows

        monkeypatch.setattr(store, "texts_of", texts_of)
        report = sweep(store, lambda _: REDACTOR)
    assert counts(report) == {"steps.title": 2}
    assert CARD.encode() not in bytes_of(path)


def test_a_call_that_never_stops_changing_is_left_and_counted(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(path, "steps.title")
    with Store(path) as store:
        monkeypatch.setattr(store, "put_texts", lambda *_: False)
        report = sweep(store, lambda _: REDACTOR)
    assert (report.failed, report.taken) == (1, 0)


def test_while_another_process_reads_the_file_is_rewritten_by_the_next_sweep(path: Path) -> None:
    plant(path, "steps.title")
    with Store(path) as store, raw(path) as reader:
        store._db._connection().execute("PRAGMA busy_timeout = 20")
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM steps").fetchall()
        report = sweep(store, lambda _: REDACTOR)
        assert (counts(report), report.rewritten) == ({"steps.title": 1}, False)
        assert not store.sweeps()[-1].rewritten
        reader.execute("ROLLBACK")
        later = sweep(store, lambda _: REDACTOR)
        assert (later.taken, later.rewritten) == (0, True)
        assert CARD.encode() not in bytes_of(path)
        assert all(one.rewritten for one in store.sweeps())


def test_a_locked_store_is_named(path: Path) -> None:
    plant(path, "steps.title")
    with Store(path) as store, raw(path) as writer:
        store._db._connection().execute("PRAGMA busy_timeout = 20")
        writer.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageError, match="locked by another process"):
            sweep(store, lambda _: REDACTOR)
        writer.execute("ROLLBACK")


def test_each_workspace_is_swept_by_its_own_rules(path: Path) -> None:
    plant_turns(path, "my account number is 4412876, thanks", "mm-hmm")
    assert swept(path).swept == {}
    asked = []

    def redactor_for(workspace_id: str) -> Redactor:
        asked.append(workspace_id)
        return Redactor(bare_account_number="bank")

    with Store(path) as store:
        assert {entity for _, _, entity in sweep(store, redactor_for).swept} == {"BANK_ACCOUNT"}
    assert set(asked) == {"ws_fern", ""}
