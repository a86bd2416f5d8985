"""Due date, and the follow-up deadline that somebody set; both need the words that make them one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Literal

from agent.capture import Scenario
from agent.models.stand_in.facts import Found
from agent.models.stand_in.transcript import Heard, Line, Place, compiled
from agent.values import FoundDate, read_dates

_DUE_BEFORE = (
    r"\b(due( date| on| by| since| back| was| is)*|payable( by| on)?|was meant to be paid( by| on)?|should have been paid( by| on)?|overdue since|unpaid since|"
    r"pay(ment)? (deadline|date)|payment (was|is) (due|for)|scadenza|f[äa]llig( am)?|f[äa]lligkeit|[ée]ch[ée]ance|vencimiento|vervaldatum)\b[^.?!]{0,24}$"
)
_PAST_DUE = r"\b(was|were|overdue|past due|since|unpaid|declined|bounced|failed|late|come back|never)\b"
_DUE_AFTER = r"^[\s,]*(was|is|'s)? ?(the|your|its)? ?(due|payment) date\b|^[\s,]*(it )?(was|is) due\b"
_LIMIT = r"\b(by|before|within|no later than|not later than|at the latest|latest|end of|entro|bis|avant|antes( de)?|voor)( the| close of| end of)?[^.?!\w]{0,2}( \w+){0,3},? ?$"
_CONTACT = (
    r"\b(call\w*|text\w*|contact\w*|ring|rings|phone\w*|mail\w*|e-?mail\w*|send\w*|get back|got back|revert|hear|come back|reply|update\w*|write|confirm\w*|respon\w+|over to you|have it|"
    r"follow(ing)? up|let you know|look at|look into|resolved?|sorted|done|will do|process\w*|in touch|need (it|this|that|them)|must have|get it|answer|decision|fixed|reviewed?|letter|form|link|hand it|give you)\b"
)
_PROMISE = r"\b(will|'ll|i'm (sending|going)|we're going|going to|gonna|phones|mails|rings|calls|can have|should have|shall|expect)\b"
_DEMAND = r"\b(need|must|call me|ring me|phone me|please|could (it|you|i|we)|can (you|it|i|we)|want|would like|has to|by then|latest|hoping)\b"
_NOT_DEADLINE = (
    r"\b(due|renew\w*|charged|comes? out|came out|went out|take[sn]? the|moved? to|from|since|paid( on)?|expire[sd]?|kicks? off|launch\w*|start(s|ed|ing)?|good through|"
    r"try (it|again)|retry|bounced|declined|failed|dated|until then|invoice (of|from)|opened|cancell?ed|signed up|received|got (it|your)|sent (it )?|called (you|in)|spoke|"
    r"meeting|auditors?|payroll|wages|holiday|away|back from|stays on|runs)( (the|on|in|this|last|at|for|back|until|till|from|next))* ?$"
)
_HAPPENED = r"\b(paid|charged|taken|took|bought|billed|debited|went out|came out|happened|dated)\b[^.?!]{0,24}\b(on|of|from) (the )?$"
_NOTED = r"\b(noted|make a note|i('?ll| will) (note|mention|put|write) (it|that|this|down)|as your wish|put that (on|in|down))\b"
_PAYS = r"\b(i|we)('ll| will| can| shall)( \w+){0,5} (pay|give|transfer|settle|clear|deposit)\b|\b(money|payment|card|refund|amount|account) (back|onto|will|should)\b|\bback (on|to|onto) (your|the|my)\b"


def dates(heard: Heard, label: Scenario | None = None) -> Iterator[Found]:
    """The due date and the follow-up deadline, as ISO text; none without a call date."""
    today = heard.today
    if today is None:
        return
    due = _due(heard, today, label)
    if due:
        yield due
    deadline = _deadline(heard, today, label)
    if deadline:
        yield deadline


def _due(heard: Heard, today: date, label: Scenario | None) -> Found | None:
    late = label in (Scenario.VIP_PAYMENT_BLOCKER, Scenario.COLLECTIONS_CALL, Scenario.RENEWAL_FAILURE)
    best: Found | None = None
    for line in heard.lines:
        if not compiled(
            r"\b(due|payable|paid by|unpaid since|overdue|scadenza|f[äa]llig\w*|[ée]ch[ée]ance|vencimiento|vervaldatum|payment date)\b"
        ).search(line.text):
            continue
        tense: Literal["past", "future"] = "past" if late or compiled(_PAST_DUE).search(line.text) else "future"
        for day in read_dates(line.text, today, region=heard.region, prefer=tense):
            place = Place(line, day.start, day.end)
            if day.computed or (line.by_caller and not _of_a_bill(place)):
                continue
            if compiled(_DUE_BEFORE).search(place.before[-55:]) or compiled(_DUE_AFTER).search(place.after[:30]):
                sure = 0.86 if line.speaker == "agent" else 0.8
                if best is None or sure > best.sure:
                    best = Found("due_date", _nearest_day(day, today), (_with_cue(place, _DUE_BEFORE),), sure)
    return best


def _of_a_bill(place: Place) -> bool:
    """Whether the caller speaks of money that falls due, not of work or a report."""
    return (
        compiled(r"\b(invoice|bill|payment|balance|(was|is|were|'s) due|due date|due on|pay)\b").search(
            place.sentence().text
        )
        is not None
    )


def _nearest_day(day: FoundDate, today: date) -> str:
    """A due date without a year lies near the call: "due on the twentieth" may be past or to come."""
    days = [one.date() if isinstance(one, datetime) else one for one in day.readings]
    first = days[0]
    close = [one for one in days if abs((one - today).days) < 60]
    chosen = first if abs((first - today).days) < 120 or not close else close[0]
    if abs((chosen - today).days) > 200 and chosen.replace(year=chosen.year + 1) > today:
        chosen = chosen.replace(year=chosen.year + 1)
    return chosen.isoformat()


def _with_cue(place: Place, pattern: str) -> Place:
    """The date with the words before it that make it what it is: "due the fifteenth"."""
    cue = compiled(pattern).search(place.before[-55:])
    if cue is None:
        return place
    offset = max(0, len(place.before) - 55) + cue.start()
    return Place(place.line, offset, place.end)


def _deadline(heard: Heard, today: date, label: Scenario | None) -> Found | None:
    best: tuple[float, Place, FoundDate] | None = None
    for line in heard.lines:
        for day in read_dates(line.text, today, region=heard.region, prefer="future"):
            place = Place(line, day.start, day.end)
            if _day_of(day) < today:
                continue
            if day.computed and (
                line.by_caller or not compiled(rf"{_PROMISE}|{_DEMAND}").search(place.sentence().text)
            ):
                continue
            score = _deadline_score(heard, line, place)
            if label is Scenario.COLLECTIONS_CALL and line.by_caller and _pays_then(heard, place):
                score = max(score, 1.9)
            if best and line.turn - best[1].turn <= 3 and line.turn > best[1].turn and _replaces(heard, place, best[1]):
                score = max(score, best[0] + 0.05)
            if score >= 1.5 and (best is None or score >= best[0]):
                best = (score, place, day)
    if best is None:
        return None
    score, place, day = best
    return Found("follow_up_deadline", iso_day(day, time=True), (place,), min(0.93, 0.52 + 0.13 * score))


def _deadline_score(heard: Heard, line: Line, place: Place) -> float:
    before = place.before[-60:]
    if compiled(_NOT_DEADLINE).search(before[-34:]) or compiled(_HAPPENED).search(before):
        return 0.0
    sentence = place.sentence().text
    context = sentence if len(sentence) < 240 else before + place.text + place.after[:60]
    score = 1.0 * (
        compiled(_LIMIT).search(before) is not None
        or compiled(r"\b(by|before|within|tonight|latest)\b").search(place.text) is not None
    )
    score += 0.5 * (compiled(r"^[\s,]*(at the )?latest\b|^ at the latest").search(place.after[:20]) is not None)
    score += 1.0 * (compiled(_CONTACT).search(context) is not None)
    if not line.by_caller and compiled(_NOTED).search(line.text):
        score += 1.0
    if not line.by_caller:
        score += 0.5 + 0.5 * (compiled(_PROMISE).search(context) is not None)
    else:
        score += 0.7 * (compiled(_DEMAND).search(context) is not None)
    score -= 1.0 * (compiled(_PAYS).search(context) is not None)
    return score


def _pays_then(heard: Heard, place: Place) -> bool:
    """Whether the caller promises money for that day, which is the next date of a collections call."""
    sentence = place.sentence().text
    asked = " ".join(line.text for line in heard.before(place.line, 1))
    offered = compiled(r"\b(when|anything you could|how soon|what could)\b").search(asked)
    return (
        bool(offered)
        or compiled(r"\b(pay|clear|settle|transfer|give|deposit|send|do|bucks|dollars|pounds|euros?|rupees)\b").search(
            sentence
        )
        is not None
    )


def _replaces(heard: Heard, place: Place, old: Place) -> bool:
    """Whether a date right after a deadline takes its place: "Friday's no good. Thursday?" "Thursday then"."""
    words = place.line.text
    if place.line.speaker == "agent":
        return compiled(r"\b(then|instead|make it)\b").search(words) is not None
    refused = compiled(
        r"\b(no good|can'?t|cannot|won'?t|not (good|free|in)|rather|instead|doesn'?t work|sooner|earlier|too late)\b"
    ).search(words)
    return bool(refused)


def _day_of(day: FoundDate) -> date:
    return day.value.date() if isinstance(day.value, datetime) else day.value


def iso_day(day: FoundDate, *, time: bool = False) -> str:
    """``2026-09-15``, or with the time of day where one was said and ``time`` is wanted."""
    if time and isinstance(day.value, datetime):
        return day.value.isoformat(timespec="minutes")
    return _day_of(day).isoformat()
