"""Other redactors as plain functions: a text goes in, the text with everything they found replaced comes out.

None of them knows turns, so they see a call turn by turn. What a tool calls a phone, a person, an address or a web
page is left alone here, since that has to stay in a billing call: without this rule a tool would pay for doing its
own job. Nothing is loaded before it is asked for; a tool that is not installed is None.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version
from typing import Any

from agent.words import HOMOPHONES, REPEATS, TEENS, TENS, UNITS

Found = Iterable[tuple[int, int]]
"""(start, end) of what a tool found, in any order, overlapping or not."""

_ABOUT_OTHER_THINGS = re.compile(
    "EMAIL|PHONE|URL|TWITTER|SKYPE|PERSON|NAME|LOCATION|ADDRESS|ORGANI[SZ]ATION$|CITY|DATE|AGE$|GENDER|OCCUPATION|GEO_|"
    "MAC_|UUID|IMEI|VIN$|PASSPORT|LICEN[SC]E|FUEHRERSCHEIN|VEHICLE|KFZ|PLATE|POSTAL|POSTCODE|PLZ|ZIP|PIN_CODE|VOTER|"
    "HEALTH|MEDICAL|MEDICARE|NHS|NPI|MBI|PRESCRIPTION|AUTHORIZATION|REFERRAL|CLAIM|BSNR|LANR|RESIDENCE|TRAFFIC|CRYPTO"
)
"""Kinds, in any tool's spelling, that are neither a payment nor a tax identifier."""


@dataclass(frozen=True, slots=True)
class Tool:
    """A redactor: its name with its version, and what it makes of one text."""

    name: str
    redact: Callable[[str], str]

    def call(self, turns: Iterable[tuple[str, str]]) -> list[str]:
        """The texts of a call, each redacted by itself."""
        return [self.redact(text) for _, text in turns]


def of_payment_or_tax(kind: str) -> bool:
    """Whether a tool's own name for what it found, in any case, may be a payment or a tax identifier."""
    return _ABOUT_OTHER_THINGS.search(kind.upper()) is None


def replaced(text: str, found: Found) -> str:
    """``text`` with every stretch, joined where they overlap, replaced by a placeholder."""
    out: list[str] = []
    at = 0
    for start, end in sorted(found):
        if start >= at:
            out += [text[at:start], "<GONE>"]
        at = max(at, end)
    return "".join(out) + text[at:]


def presidio_full() -> tuple[Any, int]:
    """Presidio's analyzer with every pattern recognizer and the phone one on a blank pipeline, and their number.

    A blank pipeline has no lemmas, without which Presidio's own context words never count; lower-case words stand in.
    """
    from presidio_analyzer import AnalyzerEngine, PatternRecognizer, RecognizerRegistry, predefined_recognizers

    kinds: list[tuple[str, Any]] = inspect.getmembers(predefined_recognizers, inspect.isclass)
    patterns = [kind for _, kind in kinds if issubclass(kind, PatternRecognizer) and kind is not PatternRecognizer]
    every = [*(kind(supported_language="en") for kind in patterns), predefined_recognizers.PhoneRecognizer()]
    registry = RecognizerRegistry(recognizers=every, supported_languages=["en"])
    engine = AnalyzerEngine(registry=registry, nlp_engine=blank_engine(), supported_languages=["en"])
    return engine, len(every)


def presidio_defaults() -> Any:
    """Presidio's analyzer with the recognizers that it loads for English by itself, none of which needs a model."""
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry

    registry = RecognizerRegistry(supported_languages=["en"])
    registry.load_predefined_recognizers(languages=["en"])
    return AnalyzerEngine(registry=registry, nlp_engine=blank_engine(), supported_languages=["en"])


def blank_engine() -> Any:
    """A spaCy pipeline without a model, whose lemmas are the lower-case words."""
    import spacy
    from presidio_analyzer.nlp_engine import SpacyNlpEngine
    from spacy.language import Language

    def lower(doc: Any) -> Any:
        for token in doc:
            token.lemma_ = token.lower_
        return doc

    Language.component("benchmark_lower_lemma", func=lower)
    blank = spacy.blank("en")
    blank.add_pipe("benchmark_lower_lemma")
    engine: Any = SpacyNlpEngine(models=[{"lang_code": "en", "model_name": "blank"}])
    engine.nlp = {"en": blank}
    return engine


def presidio_tools() -> Iterator[Tool]:
    """The full set with everything it finds, then payment and tax alone at 0.4, then the defaults likewise."""
    release = version("presidio-analyzer")
    _offline_suffixes()
    full, recognizers = presidio_full()
    yield Tool(f"presidio {release}, all {recognizers}, 0, every entity", _presidio(full, None, 0.0))
    yield Tool(f"presidio {release}, all {recognizers}, 0.4, payment and tax", _presidio(full, _wanted(full), 0.4))
    few = presidio_defaults()
    yield Tool(f"presidio {release}, defaults, 0.4, payment and tax", _presidio(few, _wanted(few), 0.4))


def _offline_suffixes() -> None:
    """Presidio's e-mail recognizer asks for the list of public suffixes on the network; the one in the package will do."""
    import tldextract

    tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


def _wanted(engine: Any) -> list[str]:
    return sorted(filter(of_payment_or_tax, engine.get_supported_entities(language="en")))


def _presidio(engine: Any, entities: list[str] | None, threshold: float) -> Callable[[str], str]:
    def redact(text: str) -> str:
        results = engine.analyze(text, language="en", entities=entities, score_threshold=threshold)
        return replaced(text, ((row.start, row.end) for row in results))

    return redact


def _scrubadub(module: Any) -> Callable[[str], str]:
    scrubber = module.Scrubber()

    def redact(text: str) -> str:
        return replaced(text, ((filth.beg, filth.end) for filth in scrubber.iter_filth(text) if _names(filth)))

    return redact


def _names(filth: Any) -> bool:
    """Whether any part of what scrubadub found is of payment or tax; it merges findings that overlap."""
    return any(of_payment_or_tax(str(part.type)) for part in getattr(filth, "filths", None) or [filth])


def _datafog(module: Any) -> Callable[[str], str]:
    def redact(text: str) -> str:
        found = module.scan(text, engine="regex", locales=["de"]).entities
        return replaced(text, ((row.start, row.end) for row in found if of_payment_or_tax(row.type)))

    return redact


def _depii(module: Any) -> Callable[[str], str]:
    redactor = module.Redactor()

    def redact(text: str) -> str:
        return replaced(text, ((row.start, row.end) for row in redactor.scan(text) if of_payment_or_tax(row.entity)))

    return redact


OTHERS: dict[str, Callable[[Any], Callable[[str], str]]] = {
    "scrubadub": _scrubadub,
    "datafog": _datafog,
    "depii": _depii,
}
"""Packages of the ``bench`` extra: name -> what makes a redactor of the imported module."""


def other(name: str) -> Tool | None:
    """One of ``OTHERS``, None when it is not installed."""
    try:
        module = import_module(name)
    except ImportError:
        return None
    return Tool(f"{name} {version(name)}", OTHERS[name](module))


def every_number() -> Tool:
    """No tool: every digit and every number word goes. What leaks here is not in the numbers; what is lost is the price."""
    words = "|".join(
        sorted({*UNITS, *TEENS, *TENS, *REPEATS, *HOMOPHONES, "hundred", "thousand"}, key=len, reverse=True)
    )
    number = re.compile(rf"(?:\b(?:{words})\b|\w*\d\w*)(?:[\s,.-]+(?:\b(?:{words})\b|\w*\d\w*))*", re.IGNORECASE)
    return Tool("mask every number", lambda text: number.sub("<GONE>", text))
