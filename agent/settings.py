"""Settings from the environment, read in one place; command-line options win over them."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from agent.errors import ConfigurationError

PREFIX = "BILLING_AGENT_"
STAND_IN = "stand-in"


def _number(environ: Mapping[str, str], name: str, default: float) -> float:
    text = environ.get(PREFIX + name)
    if text is None:
        return default
    try:
        number = float(text)
    except ValueError:
        raise ConfigurationError(f"{PREFIX}{name} must be a number") from None
    if number < 0 or not math.isfinite(number):
        raise ConfigurationError(f"{PREFIX}{name} must be a plain number and not negative")
    return number


@dataclass(frozen=True, slots=True)
class Price:
    """What a model costs, in US dollars per million tokens."""

    per_million_in: float
    per_million_out: float

    def cost(self, prompt: int, completion: int) -> float:
        """The price of so many tokens, in US dollars."""
        return (prompt * self.per_million_in + completion * self.per_million_out) / 1_000_000


def _price(environ: Mapping[str, str]) -> Price | None:
    """The price of the model where both halves of it are set."""
    names = ("MODEL_PRICE_IN", "MODEL_PRICE_OUT")
    missing = [name for name in names if PREFIX + name not in environ]
    if len(missing) == 1:
        raise ConfigurationError(f"{PREFIX}{missing[0]} is missing: a model has a price for both directions")
    return None if missing else Price(_number(environ, names[0], 0.0), _number(environ, names[1], 0.0))


def _cost_max(environ: Mapping[str, str], price: Price | None) -> float | None:
    """The most that one call may cost, which only a known price can bound."""
    if PREFIX + "MODEL_COST_MAX" not in environ:
        return None
    if price is None:
        raise ConfigurationError(f"{PREFIX}MODEL_COST_MAX needs {PREFIX}MODEL_PRICE_IN and {PREFIX}MODEL_PRICE_OUT")
    return _number(environ, "MODEL_COST_MAX", 0.0)


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things are and which model reads the calls.

    ``model`` is ``stand-in`` (offline rules, sandbox worlds only) unless a model is named or
    OPENAI_API_KEY / OPENAI_BASE_URL is set. ``model_timeout`` is in seconds per request,
    ``model_retries`` counts HTTP retries after the first try. ``model_price`` is None when it is not
    known; ``model_cost_max`` bounds what the tool choosing of one call may cost, in US dollars.
    """

    store: Path = Path(".billing-agent/store.db")
    model: str = STAND_IN
    model_timeout: float = 60.0
    model_retries: int = 2
    model_concurrency: int = 4
    public_url: str = "http://127.0.0.1:8000"
    openai_api_key: str | None = field(default=None, repr=False)
    openai_base_url: str | None = None
    model_price: Price | None = None
    model_cost_max: float | None = None
    environ: Mapping[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def load(
        cls, environ: Mapping[str, str] | None = None, *, store: str | None = None, model: str | None = None
    ) -> Settings:
        """From ``environ`` (default: the process's), with explicit options winning.

        Raises ConfigurationError that names the variable.
        """
        env = dict(os.environ if environ is None else environ)
        key, base = env.get("OPENAI_API_KEY") or None, env.get("OPENAI_BASE_URL") or None
        named = model or env.get(PREFIX + "MODEL") or (("gpt-5-mini") if (key or base) else STAND_IN)
        if named != STAND_IN and not (key or base):
            raise ConfigurationError(
                f"model {named!r} needs OPENAI_API_KEY or OPENAI_BASE_URL; --model stand-in needs neither"
            )
        price = _price(env)
        return cls(
            store=Path(store or env.get(PREFIX + "STORE") or ".billing-agent/store.db"),
            model=named,
            model_timeout=_number(env, "MODEL_TIMEOUT", 60.0),
            model_retries=int(_number(env, "MODEL_RETRIES", 2)),
            model_concurrency=max(1, int(_number(env, "MODEL_CONCURRENCY", 4))),
            public_url=(env.get(PREFIX + "PUBLIC_URL") or "http://127.0.0.1:8000").rstrip("/"),
            openai_api_key=None if named == STAND_IN else (key or "unused"),
            openai_base_url=None if named == STAND_IN else base,
            model_price=price,
            model_cost_max=_cost_max(env, price),
            environ=env,
        )
