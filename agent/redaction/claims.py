"""Claims: which announcing phrase a number belongs to, and how firmly it holds it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from agent.redaction.context import BY_NAME, OWN_ACCOUNT, Label
from agent.redaction.labels import COPULAS, ENDINGS, Claim, Labels
from agent.redaction.pieces import FILLING, GAP_WORDS, Piece
from agent.redaction.view import CallText, Words

_REMEMBERED = 5
_REACH = 18
_FAR = 40
_TURNS_BACK = 4
_TURNS_FAR = 8  # a question this far back still holds for a number that proves itself
_OPENING = COPULAS | frozenset("that this the your our my a an oh ah no yeah yes right so ok okay just".split())
_PREPOSITIONS = frozenset(
    "on for of with in behind under at above para per pour fur voor di del della de da sur auf zu linked associated registered tied connected attached".split()
)
_OF = _PREPOSITIONS | frozenset(
    "the your my our this that his her and to linked associated registered tied connected attached its it's tiny itself again for".split()
)
_EVENTS = frozenset(
    "charged declined billed debited taken took used refused blocked stolen lost expired cancelled canceled refunded bounced "
    "rejected failed hit swiped charge gave cobraron cobrado cobran belastet abgebucht preleve debite addebitato".split()
)
_INDIAN_TRANSFERS = frozenset("neft rtgs imps upi lakh lakhs crore crores rupees".split())
_OWNERS = frozenset("hers his mine theirs wifes husbands wife's husband's daughter's son's".split())
_ASKING = (("is", "there"), ("do", "you"), ("have", "you"), ("what", "is"), ("may", "i"), ("could", "i"), ("can", "i"))
_GOING_ON = frozenset("what's whats and could can now".split())
_TAKING = frozenset("took charged hit billed debited charging billing".split())
_DENYING = frozenset("don't dont can't cant cannot not isn't isnt wasn't wasnt never".split())
_NUMBER_NOUNS = frozenset("number numbers num no id ids code reference ref".split())
_KNOWN_WORDS = frozenset(
    "the a an my your our his her its their this that these those is are was were be been it's that's i you he she we they me him us them "
    "to of in on at by for from with about and or but so if then than as not no yes yeah yep ok okay right well just like here there where "
    "have has had do does did can could will would shall should may might must get got give gave take took say says said see saw read reads "
    "tell told put need want think know look looks go goes going come comes start starts begin begins end ends write wrote called call use "
    "used new old same other one ones first last next whole full long short big little small correct right good fine great perfect sure thanks "
    "thank please sorry sir madam maam mister miss mate love dear darling hi hello now again still also too very really actually hang hold wait "
    "moment second minute ready let let's lets what which who how when why again card visa mastercard amex debit credit bank account number "
    "numbers digits digit code is it ah oh er um uh hmm mhm ehm haan ji theek acha achha ka hai ki si sí oui ja ok ist es le la el il lo un una "
    "chase barclays lloyds natwest hsbc santander monzo starling revolut halifax wells fargo citi hdfc sbi icici axis kotak anz westpac nab "
    "ugh argh oops whoops geez jeez gosh blimey crikey cheers ta aye ach och aw eh hey yo alrighty okey righto lovely brilliant cool "
    "being up ends be would reads goes gonna "
    "hmph phew wow sheesh bah bless coming reading typing looking "
    "commbank ing rabobank sparkasse deutsche bnp boursorama intesa unicredit bbva capital discover maestro".split()
)


class Claims:
    """Finds the claim of every piece, in order."""

    def __init__(
        self,
        call: CallText,
        words: Words,
        labels: Labels,
        pieces: Sequence[Piece],
        plain: Sequence[bool],
        replaced: Sequence[int] = (),
    ) -> None:
        """``replaced``: the words of placeholders, where an earlier pass found an identifier, in order."""
        self._replaced = replaced
        self._call = call
        self._words = words
        self._labels = labels
        self._pieces = pieces
        self._plain = plain
        self._piece_at = {i: at for at, piece in enumerate(pieces) for i in range(piece.first, piece.last + 1)}
        self._found: list[Claim | None] = []
        self._explained: dict[str, Label] = {}

    def all(self) -> list[Claim | None]:
        """One entry a piece."""
        for at, piece in enumerate(self._pieces):
            self._found.append(self._recalled(piece, self._claim(at, piece)))
        return self._found

    def _recalled(self, piece: Piece, claim: Claim | None) -> Claim | None:
        """A number that was said to be an order or a phone number stays one when it is read back."""
        if len(piece.chars) < _REMEMBERED:
            return claim
        said = {value for reading in piece.readings(32) for value in (reading, "".join(filter(str.isdigit, reading)))}
        said = {value for value in said if len(value) >= _REMEMBERED}
        if claim is not None and claim.label.stays:
            if claim.label.strong and claim.turns in (-1, 0, 1) and piece.digits <= claim.label.limit:
                self._explained.update(dict.fromkeys(said, claim.label))
            return claim
        known = next(
            (
                label
                for value, label in self._explained.items()
                if any(part in value or (len(value) >= 8 and value in part) for part in said)
            ),
            None,
        )
        firm = claim is not None and claim.label.strong and claim.turns == 0 and not (claim.passed or claim.mention)
        if known is None or (firm and claim is not None and _fits(claim.label, said)):
            return claim
        return Claim(known, 0)

    def _claim(self, at: int, piece: Piece) -> Claim | None:
        before = self._before(at, piece)
        told = self._labels.behind(piece.last)
        if told is not None:
            behind, linked = told
            if behind.label.stays and self._has_number(behind.label):
                told = None
        if told is not None:
            behind, linked = told
            story = behind.label.stays and behind.label.limit <= 11
            if linked and not story and (before is None or before.distance > 1 or before.mention):
                asked = self._earlier(piece) if behind.label.stays and before is None else None
                return behind if asked is None or asked.label.stays or not asked.direct else asked
            if (behind.label.kinds or before is None) and (
                before is None or before.distance > 4 or (before.label.stays and before.distance > behind.distance)
            ):
                return behind
        if before is not None:
            return self._weighed(before, piece)
        called = self._named_behind(piece)
        if called is not None:
            return called
        claim = self._earlier(piece)
        answer = self._next_turn(piece, claim is not None and claim.label.kinds != ())
        if answer is not None and (claim is None or answer.label.stays or claim.turns > 1):
            return answer
        return None if claim is None else self._weighed(claim, piece)

    def _weighed(self, claim: Claim, piece: Piece) -> Claim:
        """``claim`` with what weakens it: a story instead of an announcement, an unknown noun before the number."""
        same = claim.turns == 0
        if "uk_utr" in claim.label.kinds and self._bank_transfer(piece):
            return replace(claim, label=replace(claim.label, kinds=(), limit=40))
        if claim.label.stays:
            late = same and self._sentence_ends(claim.label.last, piece.first)
            return replace(claim, passed=claim.passed or (late and claim.label.limit <= 11), loose=claim.loose or late)
        begin = claim.label.last + 1 if same else self._words.first[piece.turn]
        between = self._words.folded[begin : piece.first]
        # In its own turn an event tells a story; in the question before ("which card was charged?") as well.
        after = between if same else self._words.folded[claim.label.last + 1 : claim.label.last + 4]
        mention = not _EVENTS.isdisjoint(after) or self._denied(claim.label)
        if not same and claim.passed and self._whose(piece):
            claim = replace(claim, passed=False, turns=1)
        late = (
            same
            and claim.distance >= 5
            and self._sentence_ends(claim.label.last, piece.first)
            and not self._meant(piece)
        )
        return replace(
            claim,
            mention=mention,
            foreign=claim.foreign or late or self._unknown_before(piece, begin, claim.label),
        )

    def _whose(self, piece: Piece) -> bool:
        """Said as "hers is ...": the same kind of number, of somebody else."""
        begin = max(self._words.first[piece.turn], piece.first - 3)
        before = self._words.folded[begin : piece.first]
        named = any(word.endswith("'s") and after in ("is", "was", "number") for word, after in pairwise(before))
        return not _OWNERS.isdisjoint(before) or named

    def _bank_transfer(self, piece: Piece) -> bool:
        """Whether "UTR" is India's reference of a bank transfer: letters in it, or the transfer's name near."""
        begin = self._words.first[max(0, piece.turn - 2)]
        near = self._words.folded[begin : self._words.first[piece.turn + 1]]
        return sum(c.isalpha() for c in piece.chars[:5]) > 1 or not _INDIAN_TRANSFERS.isdisjoint(near)

    def _denied(self, label: Label) -> bool:
        """Said as "not the card", "took my card for ..."."""
        begin = max(self._words.first[self._words.turn[label.first]], label.first - 3)
        before = self._words.folded[begin : label.first]
        return not _DENYING.isdisjoint(before) or not _TAKING.isdisjoint(before)

    def _has_number(self, label: Label) -> bool:
        """Whether a number follows the phrase in its own turn, a few words on."""
        low = bisect_left(self._pieces, label.last + 1, key=lambda p: p.first)
        following = self._pieces[low : low + 1]
        return (
            bool(following)
            and following[0].turn == self._words.turn[label.last]
            and following[0].first - label.last <= 4
        )

    def _stated(self, label: Label) -> bool:
        """The label's turn ends in a full stop: it asks for nothing."""
        end = self._call.end_of(self._words.turn[label.last])
        return self._call.text[end - 1 : end] == "."

    def _last_word(self, label: Label) -> int:
        """The last word of the label's turn."""
        return self._words.first[self._words.turn[label.last] + 1] - 1

    def _sentence_ends(self, left: int, right: int) -> bool:
        text = self._call.text[self._words.end[left] : self._words.start[right]]
        return any(mark in text for mark in ".?!;")

    def _meant(self, piece: Piece) -> bool:
        """The number's sentence is "It's ..." and nothing else: it is what was spoken of."""
        at = piece.first - 1
        begin = self._words.first[piece.turn]
        while at >= begin and not self._sentence_ends(at, at + 1):
            if self._words.folded[at] not in COPULAS and self._words.folded[at] not in GAP_WORDS:
                return False
            at -= 1
        return True

    def _unknown_before(self, piece: Piece, begin: int, label: Label) -> bool:
        """A plain word we know nothing of stands right before the number, only links between: "supplier 70412"."""
        at = piece.first - 1
        while at >= begin and (
            self._words.folded[at] in FILLING
            or self._words.folded[at] in ("is", "was", "number", "no", "dash", "nummer", "numero", "at")
        ):
            at -= 1
        if at < begin or at in self._labels.at or at in self._piece_at:
            return False
        word = self._words.folded[at]
        if len(word) <= 5 and any(BY_NAME[name].letters for name in label.kinds if name in BY_NAME):
            return False  # perhaps the letters it begins with
        joined = not any(
            mark in self._call.text[self._words.end[at] : self._words.start[piece.first]] for mark in ".?!,"
        )
        return joined and len(word) >= 3 and word.isalpha() and word not in _KNOWN_WORDS and word not in GAP_WORDS

    def _before(self, at: int, piece: Piece) -> Claim | None:
        """The nearest phrase before the piece in its own turn."""
        begin = self._words.first[piece.turn]
        word, steps, passed, stayed = piece.first - 1, 0, False, None
        while word >= begin and steps < _FAR:
            label = self._labels.at.get(word)
            if label is not None:
                claim = Claim(label, steps, passed=passed or steps >= _REACH)
                if label.kinds and stayed is not None:
                    return self._over(claim, stayed)
                if label.kinds:
                    return replace(claim, label=self._long_number_on(self._asked_of(label)))
                if not passed and stayed is None and steps < _REACH and (label.strong or steps <= 4):
                    stayed = claim
                elif stayed is not None and stayed.label.limit <= 11 < label.limit and self._of(label, stayed.label):
                    stayed = replace(claim, distance=stayed.distance)
                word, steps = label.first - 1, steps + 1
                continue
            other = self._piece_at.get(word)
            if other is None and self._is_replaced(word):
                passed, word, steps = True, word - 1, steps + 1
                continue
            if other is not None and len(self._pieces[other].chars) >= 3 and not self._plain[other]:
                if self._listed(other, piece):
                    return self._found[other]
                if stayed is not None:
                    return stayed
                passed = True
                word = self._pieces[other].first - 1
                steps += 2
                continue
            word, steps = word - 1, steps + 1
        return stayed

    def _of(self, label: Label, other: Label) -> bool:
        """Said as "the confirmation for the payment"."""
        between = self._words.folded[label.last + 1 : other.first]
        return bool(between) and between[0] in _PREPOSITIONS and len(between) <= 4

    def _is_replaced(self, word: int) -> bool:
        at = bisect_left(self._replaced, word)
        return at < len(self._replaced) and self._replaced[at] == word

    def _over(self, claim: Claim, stayed: Claim) -> Claim:
        """Two phrases before a number, "card number for the order ...": the nearer unless it hangs on the farther."""
        between = self._words.folded[claim.label.last + 1 : stayed.label.first]
        hangs = bool(between) and between[0] in _PREPOSITIONS and len(between) <= 3
        if (
            hangs
            and claim.label.strong
            and self._sentence_ends(stayed.label.last, stayed.label.last + stayed.distance + 1)
        ):
            return claim
        first = stayed.label.last + 1
        pause = first < len(self._words) and self._call.text[
            self._words.end[first - 1] : self._words.start[first]
        ].strip() in (",", ":")
        aside = (
            not _PREPOSITIONS.isdisjoint(between[-3:])
            and len(between) <= 6
            and stayed.distance >= 1
            and self._words.folded[first] in COPULAS
            and self._words.folded[claim.label.last] in _NUMBER_NOUNS
        )
        if aside:
            return claim
        if not hangs or (stayed.distance == 0 and not pause):
            return stayed
        return claim if claim.label.strong and len(between) <= 2 else replace(claim, passed=True)

    def _asked_of(self, label: Label) -> Label:
        """The code on the card, the phone number on the account: what is asked stands before card or account."""
        side = label.kinds == ("cvv",) and not label.strong
        if not side and not {"card", OWN_ACCOUNT, "bank_account"} & set(label.kinds):
            return label
        begin = self._words.first[self._words.turn[label.first]]
        word = label.first - 1
        of = not _PREPOSITIONS.isdisjoint(self._words.folded[max(begin, label.first - 2) : label.first])
        while word >= max(begin, label.first - (12 if of else 3)):
            other = self._labels.at.get(word)
            if other is not None:
                beside = {"cvv", "expiry", "pin"} & set(other.kinds) and "card" in label.kinds
                return other if (of or beside) and (other.stays or other.kinds != label.kinds) else label
            if word in self._piece_at or (not of and self._words.folded[word] not in _OF):
                break
            if self._sentence_ends(word, label.first):
                break
            word -= 1
        return label

    def _listed(self, other: int, piece: Piece) -> bool:
        """Two numbers with nothing but "and" between them share one announcement."""
        between = self._words.folded[self._pieces[other].last + 1 : piece.first]
        joined = len(between) <= 3 and not {"and", "or", "plus"}.isdisjoint(between)
        return joined and all(word in GAP_WORDS or word in ("or", "plus") for word in between)

    def _named_behind(self, piece: Piece) -> Claim | None:
        """Said as "the 230 611 948 order", "the 0161 number, or a mobile": what stays is named right behind."""
        turn_end = self._words.first[piece.turn + 1]
        for at in range(piece.last + 1, min(piece.last + 5, turn_end)):
            label = self._labels.at.get(at)
            if label is not None and self._has_number(label):
                return None
            if label is not None:
                return Claim(label, at - piece.last - 1) if label.stays and label.limit > 11 else None
            if self._words.folded[at] not in ("number", "or", "a"):
                return None
        return None

    def _earlier(self, piece: Piece) -> Claim | None:
        """The question before the answer, for up to some turns while nothing else is announced."""
        lead = piece.first - self._words.first[piece.turn]
        if lead > _REACH:
            return None
        for back in range(1, min(_TURNS_FAR, piece.turn) + 1):
            for label in reversed(self._labels.of_turn(piece.turn - back)):
                asked = back == 1 and not self._sentence_ends(label.last, self._last_word(label))
                if not label.strong and ((label.stays and not asked) or back > _TURNS_BACK):
                    continue
                if label.stays and back > 2:
                    continue
                label = self._long_number_on(self._hung_on(label))
                answered = self._answered(label, piece) or (
                    label.kinds != () and not self._asks(label, self._call.speakers[piece.turn])
                )
                if label.stays and label.limit <= 11 and self._sentence_ends(label.last, self._last_word(label)):
                    continue
                if label.stays and label.limit <= 11 and (self._stated(label) or piece.digits > label.limit):
                    continue
                if answered and label.stays:
                    if back == 1 and len(piece.chars) <= 4 and label.strong:
                        return Claim(label, lead, turns=back)
                    continue
                stated = label.stays and self._stated(label)
                return Claim(self._asked_of(label), lead, turns=back, passed=answered, loose=stated)
        return None

    def _hung_on(self, label: Label) -> Label:
        """The tax code for the invoice, the card on the order: what is asked for stands in front."""
        if not label.stays:
            return self._firmer(label)
        begin = self._words.first[self._words.turn[label.first]]
        for before in reversed(self._labels.between(max(begin, label.first - 12), label.first)):
            if before.stays:
                continue
            between = self._words.folded[before.last + 1 : label.first]
            aim = between[:1] in (["to"], ["so"]) and between[1:2] not in (
                ["me"],
                ["us"],
                ["you"],
                ["him"],
                ["her"],
                ["them"],
            )
            linked = bool(between) and (aim or not _PREPOSITIONS.isdisjoint(between[-3:]))
            loose = not before.strong and {"card", "bank_account", OWN_ACCOUNT} & set(before.kinds)
            hangs = linked and len(between) <= 6 and not loose
            own = before.kinds == (OWN_ACCOUNT,)  # the account number on the bill is the business's own
            aside = before.strong and self._aside(before, label)
            return before if before.kinds and (hangs or aside) and not own else label
        return label

    def _firmer(self, label: Label) -> Label:
        """A chance word behind the real announcement: "the security code to run it again"."""
        if label.strong or len(label.kinds) != 1 or label.first != label.last or label.kinds[0] not in BY_NAME:
            return label
        if label.kinds[0] != "card" and BY_NAME[label.kinds[0]].identifier_class != "tax":
            return label
        asks = "?" in self._call.text[self._words.end[label.last] : self._call.end_of(self._words.turn[label.last])]
        begin = self._words.first[self._words.turn[label.first]]
        for before in reversed(self._labels.between(begin, label.first)):
            named = self._words.folded[before.last] in _NUMBER_NOUNS
            apart = self._sentence_ends(before.last, label.first)
            if before.strong and before.kinds and (not apart or (named and not asks)):
                return before
        return label

    def _aside(self, announced: Label, label: Label) -> bool:
        """A thing named in passing in the sentence that asks for a number: "your social if you don't have the bill"."""
        named = self._words.folded[label.last] in _NUMBER_NOUNS
        listed = not {"and", "or", "plus"}.isdisjoint(
            self._words.folded[max(announced.last + 1, label.first - 2) : label.first]
        )
        return not named and not listed and not self._sentence_ends(announced.last, label.first)

    def _long_number_on(self, label: Label) -> Label:
        """The long number on the confirmation is no card's."""
        if label.kinds != ("card",) or self._words.folded[label.last] not in ("number", "digits"):
            return label
        end = self._words.first[self._words.turn[label.last] + 1]
        for other in self._labels.between(self._words.first[self._words.turn[label.first]], label.first):
            named = self._words.folded[other.last] in _NUMBER_NOUNS
            near = label.first - other.last <= 4
            if other.stays and named and (near or not self._sentence_ends(other.last, label.first)):
                return other
        behind = self._words.folded[label.last + 1 : min(label.last + 8, end)]
        owner = next(
            (
                after
                for (one, two), after in zip(pairwise(behind), behind[2:], strict=False)
                if (one, two) == ("of", "the")
            ),
            "card",
        )
        if owner != "card":
            return replace(label, kinds=(), limit=40)
        for other in self._labels.between(label.last + 1, min(label.last + 5, end)):
            between = self._words.folded[label.last + 1 : other.first]
            if other.stays and not _PREPOSITIONS.isdisjoint(between):
                return other
        return label

    def _asks(self, label: Label, speaker: str) -> bool:
        """Whether the phrase stands in the last sentence of its turn, or nearly: what follows answers it."""
        turn = self._words.turn[label.last]
        end = self._words.first[turn + 1]
        if speaker == self._call.speakers[turn]:
            return end - label.last <= 8
        rest = self._call.text[self._words.end[label.last] : self._words.end[end - 1]]
        return not any(mark in rest for mark in ".?!") or end - label.last <= 7

    def _answered(self, label: Label, piece: Piece) -> bool:
        """Whether another number stands between the phrase and the piece."""
        low = bisect_left(self._pieces, label.last, key=lambda p: p.first)
        high = bisect_left(self._pieces, piece.first, key=lambda p: p.first)
        if label.many:
            return False
        if bisect_left(self._replaced, label.last) < bisect_left(self._replaced, piece.first):
            return True
        return any(
            len(self._pieces[i].chars) >= 4
            and self._pieces[i].digits > 0
            and not self._plain[i]
            and not self._is_ending(self._pieces[i])
            for i in range(low, high)
        )

    def _is_ending(self, piece: Piece) -> bool:
        """The last four digits that name a card on file answer no question."""
        begin = max(self._words.first[piece.turn], piece.first - 4)
        return len(piece.chars) == 4 and not ENDINGS.isdisjoint(self._words.folded[begin : piece.first])

    def _next_turn(self, piece: Piece, asked: bool) -> Claim | None:
        """Said as "Please, I don't need the card", "That's the order number": what the other takes the number for."""
        if piece.turn + 1 >= len(self._call.starts) or self._words.first[piece.turn + 1] - piece.last > 12:
            return None
        put_right = None if asked else self._put_right(piece)
        if put_right is not None:
            return put_right
        begin = self._words.first[piece.turn + 1]
        for label in self._labels.of_turn(piece.turn + 1):
            if label.stays and label.strong and label.limit > 11 and not asked and self._asks_which(piece.turn + 1):
                return None
            opening = self._words.folded[begin : label.first]
            asks = opening[:1] and opening[0] in ("is", "was", "are")
            opens = not asks and len(opening) <= 5 and not COPULAS.isdisjoint(opening) and _OPENING.issuperset(opening)
            if label.stays and label.strong and label.limit > 11 and opens and not self._has_its_own(label, piece):
                return Claim(label, label.first - begin, turns=-1)
            if (
                not asked
                and label.kinds
                and label.first - begin <= 9
                and not self._has_its_own(label, piece)
                and not self._asks_anew(label)
            ):
                return Claim(label, label.first - begin, turns=-1)
        return None

    def _asks_anew(self, label: Label) -> bool:
        """Said as "Is there a taxpayer number on that letter?": the next thing is asked for."""
        begin = self._words.first[self._words.turn[label.first]]
        opening = self._words.folded[begin : label.first]
        announces = self._words.folded[label.last] == "is"
        asks = any(pair in _ASKING for pair in pairwise(opening))
        return announces or asks or not _GOING_ON.isdisjoint(opening)

    def _asks_which(self, turn: int) -> bool:
        """Said as "is that the claim number, or did you mean your card?"."""
        return "or" in self._words.folded[self._words.first[turn] : self._words.first[turn + 1]]

    def _put_right(self, piece: Piece) -> Claim | None:
        """The speaker says what it was: "is that your account with us?" "No, that's the E I N"."""
        own = piece.turn + 2
        if own >= len(self._call.starts) or self._call.speakers[own] != self._call.speakers[piece.turn]:
            return None
        begin = self._words.first[own]
        for label in self._labels.of_turn(own)[:1]:
            opening = self._words.folded[begin : label.first]
            if len(opening) <= 5 and not COPULAS.isdisjoint(opening) and _OPENING.issuperset(opening) and label.strong:
                return None if self._has_its_own(label, piece) else Claim(label, label.first - begin, turns=-1)
        return None

    def _has_its_own(self, label: Label, piece: Piece) -> bool:
        """Whether the phrase announces another number in its own turn, not one that repeats ``piece``."""
        low = bisect_left(self._pieces, label.last, key=lambda p: p.first)
        for other in self._pieces[low : low + 4]:
            if other.turn != self._words.turn[label.last] or self._labels.between(label.last + 1, other.first):
                return False
            if len(other.chars) >= 4 and other.chars not in piece.chars:
                return True
        return False


def _fits(label: Label, values: set[str]) -> bool:
    """Whether any value has the form of what the label announces."""
    kinds = [BY_NAME[name] for name in label.kinds if name in BY_NAME]
    return not kinds or any(kind.fits(value) for kind in kinds for value in values)
