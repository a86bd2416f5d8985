"""A run as a person reads it: heard, understood, looked up, decided, done, handed off. Pure views.

Everything shown comes from the stored run, which holds redacted material only. ``as_json`` is the same
for programs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from agent.capture import CAPTURE_FIELDS, Extracted
from agent.loop.wording import done, worded
from agent.run import Handoff, Outcome, ProcessLine, Run, Step, ToolCall, ToolStatus, Verdict

_STATUS_STYLES = {
    ToolStatus.EXECUTED: "green",
    ToolStatus.PROPOSED: "yellow",
    ToolStatus.DENIED: "red",
    ToolStatus.FAILED: "red",
    ToolStatus.UNKNOWN: "bold red",
}
STAND_IN_NOTE = "read by the offline stand-in: rules, not a language model"


def as_json(run: Run) -> dict[str, Any]:
    """The whole run as plain data: its steps in order and its output line."""
    return run.model_dump(mode="json")


def stripped(line: ProcessLine) -> str:
    """What was removed from the call, in words: ``2 card, 1 bank``, or ``nothing``."""
    removed = {(redaction.entity, redaction.placeholder): redaction.identifier_class for redaction in line.redactions}
    counts = {name: list(removed.values()).count(name) for name in ("card", "bank", "tax")}
    return ", ".join(f"{count} {name}" for name, count in counts.items() if count) or "nothing"


def why(line: ProcessLine) -> str:
    """The shortest true reason for the outcome: what failed, what needs a person, else what was done."""
    if line.error:
        return line.error
    if line.outcome is Outcome.REVIEW and line.review and line.review.reasons:
        first, *others = line.review.reasons
        return first.text + (f" (and {len(others)} more)" if others else "")
    did = [done(call.tool, call.arguments) for call in line.tool_calls if _changed_something(call)]
    reason = line.handoff.reason if line.handoff else ""
    return f"{reason}: {'; '.join(did)}" if did else reason


def _changed_something(call: ToolCall) -> bool:
    return call.kind == "action" and call.status is ToolStatus.EXECUTED and worded(call.tool)


def confidence(value: float | None) -> str:
    """A measured confidence with two decimals; nothing where nobody measured one."""
    return "" if value is None else f"{value:.2f}"


def render(run: Run) -> RenderableType:
    """The run for a terminal."""
    parts: list[RenderableType] = [_head(run)]
    if run.line is not None:
        parts.extend(_sections(run.line))
    if run.steps:
        parts.append(_titled("Steps", _steps(run.steps)))
    return Group(*parts)


def _sections(line: ProcessLine) -> Iterator[RenderableType]:
    yield _titled("Heard, after redaction", _heard(line))
    yield _titled("Understood", understood(line))
    lookups = [call for call in line.tool_calls if call.kind == "lookup"]
    actions = [call for call in line.tool_calls if call.kind == "action"]
    yield _titled("Looked up and matched", _looked_up(line, lookups))
    yield _titled("Decided and done", _calls(actions) if actions else Text("no action was called for"))
    if line.review:
        yield _titled("Why a person looks", _reasons(line))
    if line.handoff:
        yield _titled("Hand-off", _handoff(line.handoff))


def _titled(title: str, body: RenderableType) -> RenderableType:
    return Panel(body, title=title, title_align="left", border_style="dim")


def _grid(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, show_header=any(columns), header_style="dim")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def plain(*cells: object) -> list[Text]:
    """Cells as they are: text from outside never carries markup or control characters into the terminal."""
    return [Text("".join(map(_visible, str(cell)))) for cell in cells]


def _visible(char: str) -> str:
    if char.isprintable() or char == "\n":
        return char
    return " " if char.isspace() else "\ufffd"


def _head(run: Run) -> RenderableType:
    line = run.line
    outcome = line.outcome.value if line else "under way"
    place = f"sandbox {run.world}" if run.world else "live systems"
    reader = f"{run.model} ({STAND_IN_NOTE})" if run.model == "stand-in" else run.model
    table = _grid("", "")
    for name, value in (
        ("call", f"{run.call_id} in {run.workspace_id}"),
        ("run", f"{run.run_id}, attempt {run.attempt}, {run.started_at:%Y-%m-%d %H:%M:%S} UTC"),
        ("outcome", outcome + (f": {line.error}" if line and line.error else "")),
        ("against", place),
        ("model", reader),
    ):
        table.add_row(*plain(name, value))
    if line:
        table.add_row(*plain("used", _usage(line)))
    return table


def _usage(line: ProcessLine) -> str:
    usage = line.usage
    cost = "" if usage.cost_usd is None else f", {usage.cost_usd:.4f} USD"
    tokens = f"{usage.prompt_tokens} + {usage.completion_tokens} tokens"
    return f"{usage.requests} requests, {tokens}{cost}, {usage.seconds:.1f} s"


def _heard(line: ProcessLine) -> RenderableType:
    table = _grid("", "", "")
    for index, turn in enumerate(line.redacted_turns):
        said = plain(turn.text)[0]
        for redaction in line.redactions:
            if redaction.turn == index:
                said.stylize("bold magenta", redaction.start, redaction.end)
        table.add_row(*plain(index, turn.speaker), said)
    return Group(table, Text(f"removed: {stripped(line)}", style="dim"))


def understood(line: ProcessLine) -> RenderableType:
    """What was understood: each value with its confidence and quotes, and the signals heard."""
    table = _grid("what", "value", "confidence", "said")
    if line.scenario:
        others = ", ".join(label.value for label in line.scenario.secondary)
        label = line.scenario.label.value + (f" (also {others})" if others else "")
        table.add_row(*plain("scenario", label, confidence(line.scenario.confidence), ""))
    for name in CAPTURE_FIELDS:
        extracted: Extracted[Any] = getattr(line.capture, name)
        failed = [check for check in extracted.checks if not check.passed]
        if extracted.value is None and not failed:
            continue
        value = "" if extracted.value is None else str(extracted.value)
        table.add_row(
            *plain(name, value, confidence(extracted.confidence), _quotes(extracted, [c.reason for c in failed]))
        )
    for heard in line.signals:
        quotes = "; ".join(f"[{e.turn}] “{e.quote}”" for e in heard.evidence)
        table.add_row(*plain("signal", heard.signal.value, "", quotes))
    return table


def _quotes(extracted: Extracted[Any], failures: list[str]) -> str:
    quotes = [f"[{evidence.turn}] “{evidence.quote}”" for evidence in extracted.evidence]
    return "; ".join([*quotes, *(f"dropped: {reason}" for reason in failures)])


def _looked_up(line: ProcessLine, lookups: list[ToolCall]) -> RenderableType:
    parts: list[RenderableType] = [_calls(lookups) if lookups else Text("nothing was looked up")]
    if line.handoff:
        caller = line.handoff.matched_caller
        record = f" {caller.name or ''} ({caller.system} {caller.id})" if caller.id else ""
        facts = f"; agrees: {', '.join(caller.agreeing)}" if caller.agreeing else ""
        against = f"; contradicts: {', '.join(caller.contradicting)}" if caller.contradicting else ""
        parts.extend(plain(f"caller {caller.verdict}{record}{' VIP' if caller.vip else ''}{facts}{against}"))
    return Group(*parts)


def _calls(calls: list[ToolCall]) -> RenderableType:
    table = _grid("tool", "arguments", "ended", "policy")
    for call in calls:
        given = ", ".join(f"{name}={value}" for name, value in call.arguments.items() if value is not None)
        decision = f"{call.policy.verdict.value} by {call.policy.rule}"
        if call.kind == "action" or call.policy.verdict is not Verdict.ALLOW:
            decision += f": {call.policy.reason}"
        ended = Text(call.status.value, style=_STATUS_STYLES.get(call.status, ""))
        tool, arguments, policy = plain(call.tool, given, decision + (f" ({call.error})" if call.error else ""))
        table.add_row(tool, arguments, ended, policy)
    return table


def _reasons(line: ProcessLine) -> RenderableType:
    assert line.review is not None
    table = _grid("", "")
    for reason in line.review.reasons:
        table.add_row(*plain(reason.text, f"[{reason.rule}]"))
    if line.review.case_id:
        table.add_row(*plain(f"case {line.review.case_id}", ""))
    return table


def _handoff(handoff: Handoff) -> RenderableType:
    table = _grid("", "")
    record = handoff.affected_record
    rows = (
        ("to", handoff.destination),
        ("record", f"{record.type} {record.id}" if record else None),
        ("reason", handoff.reason),
        ("owner", handoff.owner),
        ("status", f"{handoff.status}, urgency {handoff.urgency}"),
        ("next step", handoff.next_step),
        ("deadline", handoff.deadline),
        *((name, url) for name, url in handoff.links.items()),
    )
    for name, value in rows:
        if value:
            table.add_row(*plain(name, value))
    return Group(*plain(handoff.summary), Text(""), table)


def _steps(steps: tuple[Step, ...]) -> RenderableType:
    table = _grid("", "at", "step", "")
    first = steps[0].at
    for step in _one_line_each(steps):
        after = f"+{(step.at - first).total_seconds():.3f} s"
        table.add_row(*plain(step.seq, after, step.kind, _ended(step)))
    return table


def _one_line_each(steps: tuple[Step, ...]) -> Iterator[Step]:
    """The steps, with one for each lookup or action: how it ended stands for what was decided and sent before."""
    last = {step.data["tool"]: step.seq for step in steps if _is_end(step)}
    for step in steps:
        about = step.title.split(":", 1)[0].removesuffix(" answered")
        before = step.kind in ("policy", "lookup", "action") and not _is_end(step)
        if not (before and last.get(about, 0) > step.seq):
            yield step


def _is_end(step: Step) -> bool:
    return step.kind in ("lookup", "action") and "tool" in step.data and "status" in step.data


def _ended(step: Step) -> str:
    if not _is_end(step):
        return step.title
    rule = step.data.get("policy", {}).get("rule")
    return f"{step.title}: {step.data['status']}" + (f", {rule}" if rule else "")
