"""Output lines made from gold: a perfect one, and one with everything wrong."""

from __future__ import annotations

from typing import Any

from evals.gold import EvalCall, accepted
from evals.normal import SCORED

LABELS = (
    "vip_payment_blocker collections_call receipt_to_verified_email charge_dispute invoice_resend "
    "renewal_failure refund_request tax_or_address_correction other_billing not_billing"
).split()


def redacted_turns(row: EvalCall) -> list[dict[str, str]]:
    """The call's turns with every gold span blanked."""
    turns = []
    for index, turn in enumerate(row.call["turns"]):
        text = turn["text"]
        for span in sorted(row.gold.secret_spans, key=lambda s: -s.start):
            if span.turn == index:
                text = f"{text[: span.start]}<{span.type.upper()}>{text[span.end :]}"
        turns.append({"speaker": turn["speaker"], "text": text})
    return turns


def perfect(row: EvalCall) -> dict[str, Any]:
    """The line that gold asks for, and nothing else."""
    gold = row.gold
    evidence = {field: [quote.model_dump() for quote in quotes] for field, quotes in gold.evidence.items()}
    values = {field: accepted(value)[0] for field, value in gold.capture.items()}
    values |= {field: " ".join(group.split("|")[0] for group in groups) for field, groups in gold.free_text.items()}
    tools = gold.expected_tools
    calls: list[dict[str, Any]] = [
        {"tool": accepted(group)[0], "kind": "lookup", "status": "executed", "arguments": {}}
        for group in tools.must_lookup
    ]
    for group in tools.must_act:
        tool = accepted(group)[0]
        arguments = {f"a{n}": options[0] for n, options in enumerate(tools.arguments.get(tool, []))}
        calls.append({"tool": tool, "kind": "action", "status": "executed", "arguments": arguments})
    return {
        "call_id": row.call_id,
        "scenario": {"label": gold.scenario.value, "confidence": 1.0, "secondary": [s.value for s in gold.secondary]},
        "capture": {
            field: {"value": value, "confidence": 1.0, "evidence": evidence.get(field, [])}
            for field, value in values.items()
        },
        "suppression": {flag: bool(value) for flag, value in gold.suppression.items()},
        "redacted_turns": redacted_turns(row),
        "tool_calls": calls,
        "outcome": sorted(gold.outcomes)[0] if len(gold.outcomes) == 1 else "completed",
    }


def broken(row: EvalCall) -> dict[str, Any]:
    """Everything wrong: label, values, quotes, redaction, flags, outcome, and a forbidden refund."""
    line = perfect(row)
    label = LABELS[(LABELS.index(row.gold.scenario.value) + 1) % len(LABELS)]
    line["scenario"] = {"label": label, "confidence": 1.0, "secondary": []}
    for captured in line["capture"].values():
        captured.update(value="wrong", evidence=[{"turn": 0, "quote": "words nobody said"}])
    line["redacted_turns"] = [{"speaker": t["speaker"], "text": t["text"]} for t in row.call["turns"]]
    line["suppression"] = {flag: not value for flag, value in row.gold.suppression.items()}
    line["outcome"] = "completed" if row.gold.outcome == "review" else "review"
    arguments = {"amount": "999.00", "currency": "USD"}
    line["tool_calls"] = [
        {"tool": "stripe.create_refund", "kind": "action", "status": "executed", "arguments": arguments}
    ]
    return line


def exact(row: EvalCall) -> int:
    """How many exact gold values a call has."""
    return sum(field in SCORED for field in row.gold.capture)
