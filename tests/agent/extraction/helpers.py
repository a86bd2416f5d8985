"""Calls and readings made for the tests of this folder."""

from __future__ import annotations

from datetime import UTC, datetime

from agent.call import RedactedCall, RedactedTurn, Speaker
from agent.capture import Scenario, Signal
from agent.extraction.grounding import Grounded, GroundedFact, ground
from agent.extraction.reading import Fact, FieldName, Heard, Quote, Reading
from agent.workspace import Workspace

LINES: tuple[tuple[Speaker, str], ...] = (
    (Speaker.AGENT, "Norrlund Glass billing, this is Petra."),
    (Speaker.CALLER, "Hi Petra, it's Imke Vantongeren from Brambletea House. You took  the wrong money."),
    (Speaker.AGENT, "Sorry to hear. Which invoice is it?"),
    (
        Speaker.CALLER,
        "K R eight two oh five. It says two hundred and ninety one, no, two hundred and nineteen pounds sixty.",
    ),
    (Speaker.AGENT, "Two nineteen sixty, yes. It was due the ninth and it bounced on Monday."),
    (Speaker.CALLER, "I do not want to cancel the plan. My card is <CARD_1> and I’d like the fee of “£12.50” back."),
    (
        Speaker.AGENT,
        "Right. Someone from finance will ring you by Friday at three, and e-mail imke at brambletea dot example.",
    ),
    (
        Speaker.CALLER,
        "Not Friday. Make that Tuesday the twentieth. My cell is two oh two, triple five, oh one four four.",
    ),
    (
        Speaker.AGENT,
        "Tuesday the twentieth it is. Anything above four thousand dollars our controller, Rolf Ekdahl, signs.",
    ),
    (Speaker.CALLER, "We're in Germany, if that matters. Thanks."),
)


def make_call(
    *lines: tuple[Speaker, str], ended_at: datetime | None = datetime(2026, 10, 15, 13, 0, tzinfo=UTC)
) -> RedactedCall:
    """A redacted call of ``lines`` (the standard ones when none are given)."""
    return RedactedCall(
        call_id="call-1",
        workspace_id="w",
        ended_at=ended_at,
        direction="inbound",
        from_number="+442079460133",
        turns=tuple(RedactedTurn(speaker=speaker, text=text) for speaker, text in lines or LINES),
    )


def fact(field: FieldName, value: str, *quotes: tuple[int, str], confidence: float = 0.9) -> Fact:
    """A fact with its quotes as ``(turn, words)``."""
    return Fact(
        field=field,
        value=value,
        quotes=[Quote(turn=turn, quote=quote) for turn, quote in quotes],
        confidence=confidence,
    )


def heard(signal: Signal, *quotes: tuple[int, str]) -> Heard:
    """A signal with its quotes."""
    return Heard(signal=signal, quotes=[Quote(turn=turn, quote=quote) for turn, quote in quotes])


def reading(*facts: Fact, signals: tuple[Heard, ...] = (), scenario: Scenario = Scenario.CHARGE_DISPUTE) -> Reading:
    """A reading with these facts and signals."""
    return Reading(scenario=scenario, scenario_confidence=0.9, secondary=[], facts=list(facts), signals=list(signals))


def grounded(*facts: Fact, call: RedactedCall | None = None, workspace: Workspace | None = None) -> Grounded:
    """The facts after proof on the standard call."""
    return ground(reading(*facts), call or make_call(), workspace or Workspace())


def one(item: Fact, call: RedactedCall | None = None, workspace: Workspace | None = None) -> GroundedFact:
    """A single fact after proof."""
    return grounded(item, call=call, workspace=workspace).facts[item.field]


def failed_checks(item: GroundedFact) -> list[str]:
    """Names of the checks a fact failed."""
    return [check.name for check in item.checks if not check.passed]
