"""Which of the amounts said is the one the request is about, which is a credit asked for, which a threshold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from agent.models.stand_in.facts import Found
from agent.models.stand_in.transcript import Heard, Line, Place, compiled
from agent.values import FoundMoney, read_amounts

_MONEY_BEFORE = (
    r"\b(for|paid|pay(ing|ment)?( of)?|charg(e|ed|es|ing)( of| me| us)?|amount( is| of| was)?|total(s| is| of)?|invoice|bill(ed)?|owe[sd]?|owing|balance|refund( of)?|"
    r"due|took|taken|take|debit(ed)?|deducted|monthly|annual|cost|fee|receipt|showing|comes? to|it'?s|that'?s|was|is|there'?s|subscription|renewal|price)\b[^.?!]{0,22}$"
)
_MONEY_AFTER = r"^[\s,]{0,2}[^.?!]{0,24}\b(was |got |been )?(charg\w+|paid|taken|invoice|bill(ed)?|payment|refund\w*|due|debit\w*|came out|went out|a month|per month|a year|monthly|open|outstanding|overdue|back|on (the|my))\b"
_THRESHOLD_BEFORE = (
    r"\b(anything|everything|payments?|refunds?|invoices?|amounts?|bills?|items?|spend|purchases?|that'?s|is|it'?s|goes|go|limit( is| of)?|threshold( is| of)?|authority( is)?( up to)?|only|sign( off)?)?"
    r"[ ,]*\b(above|over|more than|exceed\w*|beyond|north of|upwards of|greater than|up to|limit (is|of)|threshold (is|of)|at or above|past|bigger than|under|below|less than)( about| around| the)? ?$"
)
_APPROVAL = r"\b(approv\w*|treasurer|president|needs?|has to|must|sign(s|ed|ing)?|author\w+|limit|threshold|controller|finance|director|permission|manager|board|c ?f ?o|f ?d|release|yes to|goes (up )?to|supervisor|okay(ed)?|second pair|sanction)\b"
_BACK = r"^[\s,]{0,2}(\w+ ){0,2}(back|credit(ed)?|refund(ed)?)\b"
_CREDIT_BEFORE = r"\b(credit|refund|back|reimburse|return|off|want|like|whole|difference( of)?)( me| us| for| of| the| my| that| just| only| at least)* ?$"
_PART = r"\b(i|we)('ll| will| can| could| shall)( \w+){0,4} (give|pay|send|transfer|do|manage|put)( \w+){0,3} ?$|\b(instal?l?ments? of|deposit of|down payment of|half|first|offer|now and|a week|each of|at least)( \w+){0,2} ?$"
_PART_AFTER = r"^[\s,]*((\w+ ){0,2}(i|we)('ll| will| can| could)( \w+){0,2} (give|pay|send|do|transfer)|now|today and|a week|per instal\w*|every friday)"
_INSTEAD = (
    r"\b(should(n't| not)? (have )?(be(en)?|cost|only)|supposed to be|meant to be|quoted( me| us)?|agreed( on| at)?|used to (be|pay)|instead of|normally|usually|last (year|month) (it )?was|"
    r"told (me|us)?( it was| it'?d be)?|rather than|was expecting|expected|signed up (for|at)|not|price (was|is)|advertised( at)?|before it was|usual)( \w+){0,3} ?$"
)
_ELSEWHERE = r"\b(salary|wage|market|feed|sat at|trading|worth|pocket|budget|revenue|turnover|set ?up|per (seat|user)|cash ?back|deductible|fine|pledge of|tip)\b"
_ABROAD = (("CAD", r"^,? ?canadian\b"), ("AUD", r"^,? ?(aussie|australian)\b"), ("USD", r"^,? ?(us|u s|american)\b"))
_CORRECTS = r"^[^.]{0,4}[\s,.–—-]*\b(no|sorry|wait|hang on|hold on|i mean|actually|scratch that|correction|rather|make that|let me|excuse me|i tell a lie|not that|wrong)\b"
_STREET_AFTER = (
    r"^ ([A-Z]?\w+ ){1,3}(street|road|avenue|lane|drive|row|mews|close|crescent|way|terrace|court|square|suite)\b"
)
_ONLY_SCALE = re.compile(
    r"(?:a |the )?(?:grand|k|mille|mil|cent|hundred|thousand|lakh|one|uno|un|una|ein|eine)", re.IGNORECASE
)
_RECORD = r"\b(i (can )?(see|have|got)|showing|on (the|your) (account|screen|invoice|record)|it says|here|that one is|looks like|yep|so that'?s|there'?s)\b"


@dataclass(slots=True)
class _Candidate:
    """One distinct amount over all its mentions."""

    amount: Decimal
    currency: str | None
    score: float = 0.0
    places: list[Place] = field(default_factory=list)


class MoneyFacts:
    """The amounts of one call. What was ``injected`` (by turn, from an offset on) is no fact."""

    def __init__(self, heard: Heard, injected: Mapping[int, int] | None = None) -> None:
        self.heard = heard
        self.threshold: Found | None = None
        self.credit: Place | None = None
        self.candidates: list[_Candidate] = []
        for line in heard.lines:
            self._read(line, (injected or {}).get(line.turn, len(line.text)))

    def _read(self, line: Line, until: int) -> None:
        every = read_amounts(line.text, self.heard.currency)
        amounts = [money for money in every if money.end <= until and not _noise(line, money)]
        for at, money in enumerate(amounts):
            place = Place(line, money.start, money.end)
            if self._is_threshold(place):
                self.threshold = self.threshold or Found(
                    "approval_threshold", plain(money.amount), (place,), 0.85 if money.currency else 0.78
                )
                continue
            score = self._score(place, money)
            between = line.text[money.end : amounts[at + 1].start] if at + 1 < len(amounts) else ""
            if between and len(between) < 60 and compiled(_CORRECTS).search(between):
                score -= 4.0
            self._add(money, place, score)

    def _is_threshold(self, place: Place) -> bool:
        if not compiled(_THRESHOLD_BEFORE).search(place.before[-45:]):
            return False
        return compiled(_APPROVAL).search(place.before[-70:] + " # " + place.after[:80]) is not None

    def _score(self, place: Place, money: FoundMoney) -> float:
        before, after = place.before[-48:], place.after
        score = 1.0 + 0.8 * (money.currency is not None) + 0.3 * (money.amount % 1 != 0) - 0.4 * money.bare
        score += 0.2 * place.line.by_caller
        score += 0.6 * (compiled(_MONEY_BEFORE).search(before) is not None)
        score += 0.4 * (compiled(_MONEY_AFTER).search(after) is not None)
        score += 0.5 * (place.line.speaker == "agent" and compiled(_RECORD).search(place.line.text) is not None)
        score += 0.9 * (
            compiled(r"^[\s,]*(altogether|in total|total|in all|all in|all together)\b").search(after) is not None
        )
        score -= 0.7 * (
            compiled(r"\bat ?$").search(before) is not None
            or compiled(r"^ (each|apiece|a head|per)\b").search(after) is not None
        )
        score -= 1.6 * (compiled(_PART).search(before) is not None or compiled(_PART_AFTER).search(after) is not None)
        score -= 2.2 * (compiled(_INSTEAD).search(before) is not None)
        score -= 1.6 * (compiled(_ELSEWHERE).search(before + after[:16]) is not None)
        if compiled(_BACK).search(after[:30]) or compiled(_CREDIT_BEFORE).search(before):
            self.credit = place
            score -= 0.5
        return score

    def _add(self, money: FoundMoney, place: Place, score: float) -> None:
        named = next((code for code, words in _ABROAD if compiled(words).search(place.after[:14])), None)
        currency = named or money.currency
        for known in self.candidates:
            merged = _same(known, money)
            if merged is not None:
                if known.amount != merged:
                    known.amount, known.places = merged, []
                known.currency = named or known.currency or currency
                known.score = (
                    max(known.score, score) + (0.8 if len(known.places) < 3 else 0.0) - (0.8 if score < -1 else 0.0)
                )
                if money.amount == merged:
                    known.places.append(place)
                return
        early = 0.25 if not self.candidates else 0.0
        self.candidates.append(_Candidate(money.amount, currency, score + early, [place]))

    def found(self) -> Iterator[Found]:
        """The amount with its currency, and the threshold that was spoken of."""
        if self.threshold:
            yield self.threshold
        ranked = sorted(self.candidates, key=lambda c: (-c.score, c.places[0].turn))
        if not ranked or ranked[0].score < 0.6:
            return
        best = ranked[0]
        margin = best.score - (ranked[1].score if len(ranked) > 1 else 0.0)
        sure = 0.58 + 0.09 * min(best.score, 3.0) + 0.08 * min(margin, 1.5)
        proof = self._best_places(best)
        yield Found("amount", plain(best.amount), proof, sure)
        code = best.currency or next((c.currency for c in ranked if c.currency), None)
        if code:
            place = proof if best.currency else tuple(p for c in ranked if c.currency == code for p in c.places[:1])
            place = _abroad(self.heard, code) or place
            yield Found("currency", code, place[:1], sure + 0.03 if best.currency else 0.6)

    def _best_places(self, best: _Candidate) -> tuple[Place, ...]:
        """The fullest wording first: most often the one with the currency in it."""
        full = sorted(best.places, key=lambda p: -len(p.text))
        return tuple(full[:2])


def _abroad(heard: Heard, code: str) -> tuple[Place, ...]:
    """Where another country's dollars were named: "U S dollars", "Canadian"."""
    words = {
        "USD": r"\b(us|u\.? ?s\.?|american) dollars?\b",
        "CAD": r"\bcanadian dollars?\b",
        "AUD": r"\baustralian dollars?\b",
    }
    place = heard.first(words[code]) if code in words else None
    return (place,) if place else ()


def _noise(line: Line, money: FoundMoney) -> bool:
    text = line.text[money.start : money.end]
    if money.bare and compiled(_STREET_AFTER).search(line.text[money.end : money.end + 30]):
        return True
    if money.amount <= 0 or (money.bare and (_ONLY_SCALE.fullmatch(text) or money.amount < 3)):
        return True
    follows = line.text[money.end : money.end + 12].lower().lstrip()
    return money.bare and follows.startswith(
        ("percent", "%", "people", "users", "days", "years", "o'clock", "am ", "pm ")
    )


def _same(known: _Candidate, money: FoundMoney) -> Decimal | None:
    """The amount both mentions mean: equal, one reading of the other, or a rounded repeat of it."""
    if known.currency and money.currency and known.currency != money.currency:
        return None
    if known.amount == money.amount or known.amount in money.others:
        return known.amount
    if known.amount >= 10 and money.amount == known.amount // 1:
        return known.amount
    if money.amount >= 10 and known.amount == money.amount // 1 and money.amount % 1:
        return money.amount
    return None


def plain(amount: Decimal) -> str:
    """Major units with at least two decimals: ``49.00``."""
    text = f"{amount.normalize():f}"
    whole, _, cents = text.partition(".")
    return f"{whole}.{cents.ljust(2, '0')}"
