"""How the parts are put together, and what is refused before any call is handled."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.errors import ConfigurationError
from agent.settings import Settings
from agent.wiring import Options, Wiring


def wiring(folder: Path, text: str = "", *, world: bool = False, **changes: str) -> Wiring:
    folder.mkdir(exist_ok=True)
    path = folder / "shop.toml"
    path.write_text(f'id = "ws_1"\n{text}')
    sandbox = folder / "world.json"
    sandbox.write_text("{}")
    environ = {"BILLING_AGENT_STORE": str(folder / "store.db"), **changes}
    return Wiring(Settings.load(environ), Options(world=sandbox if world else None, workspace=path))


@pytest.mark.covers("S49")
@pytest.mark.parametrize("name", ["stripe.creat_refund", "strip.create_refund"])
def test_a_policy_for_an_operation_that_does_not_exist_is_refused_at_load(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigurationError, match=f"policy.*{name}"):
        wiring(tmp_path, f'[policy]\n"{name}" = "deny"').prepare()


@pytest.mark.covers("S18", "S48")
@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:8000", "http://localhost:8000", "https://[::1]/x", "http://agent.localhost", "http://0.0.0.0"],
)
def test_a_live_workspace_needs_a_public_address_that_others_can_open(tmp_path: Path, url: str) -> None:
    with pytest.raises(ConfigurationError, match="BILLING_AGENT_PUBLIC_URL"):
        wiring(tmp_path, 'mode = "live"', BILLING_AGENT_PUBLIC_URL=url).prepare()


def test_shadow_mode_a_sandbox_and_a_real_address_are_fine(tmp_path: Path) -> None:
    for one in (
        wiring(tmp_path / "shadow"),
        wiring(tmp_path / "sandbox", 'mode = "live"', world=True),
        wiring(tmp_path / "live", 'mode = "live"', BILLING_AGENT_PUBLIC_URL="https://agent.example"),
    ):
        with one:
            one.prepare()
            assert one.deps_for("ws_1").workspace.id == "ws_1"


def test_the_price_of_a_model_bounds_a_call(tmp_path: Path) -> None:
    prices = {"BILLING_AGENT_MODEL_PRICE_IN": "0.25", "BILLING_AGENT_MODEL_PRICE_OUT": "2"}
    with wiring(tmp_path, world=True, **prices, BILLING_AGENT_MODEL_COST_MAX="0.05") as one:
        limits = one.deps_for("ws_1").limits
        assert limits.price is not None
        assert limits.price.cost(1_000_000, 500_000) == pytest.approx(1.25)
        assert limits.cost_usd == 0.05


@pytest.mark.parametrize(
    "environ",
    [
        {"BILLING_AGENT_MODEL_PRICE_IN": "1"},
        {"BILLING_AGENT_MODEL_PRICE_OUT": "1"},
        {"BILLING_AGENT_MODEL_COST_MAX": "1"},
        {"BILLING_AGENT_MODEL_PRICE_IN": "nan", "BILLING_AGENT_MODEL_PRICE_OUT": "1"},
        {"BILLING_AGENT_MODEL_PRICE_IN": "inf", "BILLING_AGENT_MODEL_PRICE_OUT": "1"},
    ],
)
def test_half_a_price_is_refused(environ: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError, match="BILLING_AGENT_MODEL_"):
        Settings.load(environ)
