"""The extraction stage: ask once, keep what fits, prove it, and say how sure we are (C04)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import prompts
from agent.call import RedactedCall
from agent.capture import (
    CAPTURE_FIELDS,
    BillingCapture,
    Check,
    Extracted,
    Extraction,
    Scenario,
    ScenarioReading,
    Signal,
)
from agent.extraction.confidence import CalibrationMap, field_score, load_map, scenario_score
from agent.extraction.grounding import DOCUMENT_KIND, Grounded, GroundedFact, ground
from agent.extraction.prompting import PROMPT, WINDOW_TOKENS, render_messages, windows
from agent.extraction.reading import Reading
from agent.extraction.salvage import salvage
from agent.models.seam import Message, ModelClient, Tokens
from agent.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question to the model and its answer, exactly as the trace keeps them (redacted material only)."""

    messages: tuple[Message, ...] = field(repr=False)
    answer: str = field(repr=False)
    tokens: Tokens
    prompt_version: str
    fitted: bool = True


@dataclass(frozen=True, slots=True)
class ExtractedCall:
    """What the stage gives: the proved extraction, its exchanges with the model, and their cost."""

    extraction: Extraction
    exchanges: tuple[Exchange, ...]
    tokens: Tokens


@dataclass(frozen=True, slots=True)
class Understood:
    """A call as the model read it and grounding let it stand, before any confidence; ``lost`` are the
    parts of an answer that did not fit the schema."""

    reading: Reading
    grounded: Grounded
    exchanges: tuple[Exchange, ...]
    lost: tuple[Check, ...]


def extract(
    call: RedactedCall, *, client: ModelClient, workspace: Workspace, window_tokens: int = WINDOW_TOKENS
) -> ExtractedCall:
    """Read the billing facts of ``call``, and say how sure each is.

    Raises ModelUnavailable and ModelRefused as the client does, and ModelNonsense when an answer is of no use.
    """
    found = understand(call, client=client, workspace=workspace, window_tokens=window_tokens)
    extraction = assemble(found.reading, found.grounded, load_map(client.name), found.lost)
    tokens = sum((exchange.tokens for exchange in found.exchanges), Tokens())
    return ExtractedCall(extraction, found.exchanges, tokens)


def understand(
    call: RedactedCall, *, client: ModelClient, workspace: Workspace, window_tokens: int = WINDOW_TOKENS
) -> Understood:
    """Ask and prove: one structured model call, or one for each window of a long call. What ``eval
    calibrate`` measures. Raises as ``extract`` does.
    """
    readings: list[Reading] = []
    exchanges: list[Exchange] = []
    lost: list[Check] = []
    for window in windows(call, window_tokens, client.name):
        reading, exchange, dropped = _ask(call, client, workspace, window)
        readings.append(reading)
        exchanges.append(exchange)
        lost.extend(dropped)
    merged = merge(readings)
    return Understood(merged, ground(merged, call, workspace), tuple(exchanges), tuple(lost))


def _ask(
    call: RedactedCall, client: ModelClient, workspace: Workspace, window: tuple[int, int]
) -> tuple[Reading, Exchange, tuple[Check, ...]]:
    messages = render_messages(call, workspace, window)
    structured = client.structured(messages, Reading)
    version = prompts.load(PROMPT).version
    if structured.value is not None:
        answer = structured.raw or structured.value.model_dump_json()
        return structured.value, Exchange(structured.messages, answer, structured.tokens, version), ()
    reading, dropped = salvage(structured.raw)
    exchange = Exchange(structured.messages, structured.raw, structured.tokens, version, fitted=False)
    return reading, exchange, dropped


def merge(readings: Sequence[Reading]) -> Reading:
    """One reading of a call from the readings of its windows, in order.

    The surest label about billing is the scenario and the others become secondary; facts are kept in order,
    so that grounding lets the latest statement stand. A call that was cut off only at the end of a window,
    or had a request open there, is judged by the last window alone.
    """
    if len(readings) == 1:
        return readings[0]
    billing = [reading for reading in readings if reading.scenario is not Scenario.NOT_BILLING] or list(readings)
    first = max(billing, key=lambda reading: reading.scenario_confidence)
    labels = [label for reading in billing for label in (reading.scenario, *reading.secondary)]
    secondary = [label for label in dict.fromkeys(labels) if label is not first.scenario]
    last = {heard.signal for heard in readings[-1].signals}
    signals = [
        heard
        for reading in readings
        for heard in reading.signals
        if heard.signal not in _OF_THE_END or (reading is readings[-1] and heard.signal in last)
    ]
    return Reading(
        scenario=first.scenario,
        scenario_confidence=first.scenario_confidence,
        secondary=secondary,
        facts=[fact for reading in readings for fact in reading.facts],
        signals=signals,
    )


_OF_THE_END = frozenset({Signal.CUT_OFF, Signal.WITHDRAWN, Signal.ANSWERED})


def assemble(
    reading: Reading, grounded: Grounded, calibration: CalibrationMap | None, lost: Sequence[Check] = ()
) -> Extraction:
    """The extraction that the rest of the house sees, with calibrated confidence or none."""
    shown = {name: _extracted(fact, calibration) for name, fact in grounded.facts.items()}
    capture = BillingCapture.model_validate({name: shown[name] for name in CAPTURE_FIELDS if name in shown})
    document: Mapping[str, Any] = {"document_kind": shown[DOCUMENT_KIND]} if DOCUMENT_KIND in shown else {}
    return Extraction.model_validate(
        {
            "scenario": _scenario(reading, grounded, calibration),
            "capture": capture,
            **document,
            "signals": grounded.signals,
            "mentions": grounded.mentions,
            "dropped": (*lost, *grounded.dropped),
            "complete": not lost,
        }
    )


def _scenario(reading: Reading, grounded: Grounded, calibration: CalibrationMap | None) -> ScenarioReading:
    confidence = calibration.scenario_confidence(raw_scenario_score(reading, grounded)) if calibration else None
    secondary = (label for label in dict.fromkeys(reading.secondary) if label is not reading.scenario)
    kept = tuple(label for label in secondary if label is not Scenario.NOT_BILLING)
    return ScenarioReading(
        label=reading.scenario,
        confidence=confidence,
        secondary=() if reading.scenario is Scenario.NOT_BILLING else kept,
    )


def raw_scenario_score(reading: Reading, grounded: Grounded) -> float:
    """The score of the scenario label before calibration; what ``eval calibrate`` fits."""
    proved = sum(fact.value is not None for fact in grounded.facts.values())
    return scenario_score(reading.scenario_confidence, proved, len(grounded.facts) - proved)


def raw_score(fact: GroundedFact) -> float:
    """The score of a proved value before calibration; what ``eval calibrate`` fits."""
    return field_score(fact.stated, fact.strength, agreed=fact.agreed, attributed=fact.attributed)


def _extracted(fact: GroundedFact, calibration: CalibrationMap | None) -> dict[str, Any]:
    confidence = None
    if fact.value is not None and calibration is not None:
        confidence = calibration.field_confidence(fact.field, raw_score(fact))
    return Extracted[Any](
        value=fact.value, confidence=confidence, evidence=fact.evidence, checks=fact.checks
    ).model_dump()
