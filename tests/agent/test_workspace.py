"""Workspace files: what is accepted, and the one sentence that refuses the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.capture import Scenario
from agent.errors import ConfigurationError
from agent.ledger import CapRules
from agent.run import Verdict
from agent.workspace import Workspace, load_workspace


def load(folder: Path, text: str) -> Workspace:
    path = folder / "shop.toml"
    path.write_text(f'id = "ws_1"\n{text}')
    return load_workspace(path)


@pytest.mark.covers("S43", "S52", "S61")
@pytest.mark.parametrize(
    ("text", "key", "word"),
    [
        ('[limits.USD]\nauto_refund = "Infinity"', "limits.USD.auto_refund", "plain decimal"),
        ('[limits.USD]\nauto_refund = "NaN"', "limits.USD.auto_refund", "plain decimal"),
        ('[limits.USD]\nauto_refund = "5e1"', "limits.USD.auto_refund", "plain decimal"),
        ('[limits.USD]\nauto_refund = "-5"', "limits.USD.auto_refund", "plain decimal"),
        ('[limits.USD]\nauto_refund = "1,000"', "limits.USD.auto_refund", "plain decimal"),
        ('[limits.USD]\nauto_refund = "\u0665\u0660"', "limits.USD.auto_refund", "plain decimal"),
        ("[limits.USD]\nauto_refund = 50.0", "limits.USD.auto_refund", "plain decimal"),
        ('[limits.USD]\nauto_refund = "60"\nhigh_value = "59.99"', "limits.USD", "high_value"),
        (
            '[limits.USD]\nauto_refund = "60"\ncustomer_refunds_per_day = "59.99"',
            "limits.USD",
            "customer_refunds_per_day",
        ),
        (
            '[limits.USD]\nauto_refund = "60"\nworkspace_refunds_per_day = "59.99"',
            "limits.USD",
            "workspace_refunds_per_day",
        ),
        ('[caps]\ncustomer_refunds_per_day = "50"', "caps.customer_refunds_per_day", "unknown key"),
        ('[policy]\n"quickbooks.create_credit_memo" = "allow"', "policy", "quickbooks.create_credit_memo"),
        ('[policy]\n"gmail.send_message" = "allow"', "policy", "gmail.send_message"),
        ('[templates.receipt]\nsubject = "Hi"\nbody = "for {custmer}"', "templates.receipt.body", "custmer"),
        ('[templates.receipt]\nsubject = "{Number}"\nbody = "x"', "templates.receipt.subject", "Number"),
        ('[templates.receipt]\nsubject = "a\\nb"\nbody = "x"', "templates.receipt.subject", "one line"),
        ('secure_payment_url = "http://pay.example/x"', "secure_payment_url", "https"),
        ('secure_tax_form_url = "pay.example"', "secure_tax_form_url", "https"),
        ('secure_payment_url = "https:///x"', "secure_payment_url", "https"),
        ("destinations = []", "destinations", "at least"),
        ("[thresholds]\ndefault = nan", "thresholds.default", ""),
        ("[thresholds]\naction_field = inf", "thresholds.action_field", ""),
    ],
)
def test_a_bad_value_is_refused_in_one_sentence_that_names_its_key(
    tmp_path: Path, text: str, key: str, word: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load(tmp_path, text)
    told = str(caught.value)
    assert f": {key}" in told
    assert word in told
    assert "\n" not in told
    assert "Value error" not in told


def test_what_a_workspace_may_say_is_accepted(tmp_path: Path) -> None:
    own = load(
        tmp_path,
        'secure_payment_url = "https://pay.example/x"\n[policy]\n"stripe.create_refund" = "allow"\n'
        '"quickbooks.send_invoice" = "review"\n[limits.JPY]\nauto_refund = "5000"\nhigh_value = "100000"\n'
        '[templates.receipt]\nsubject = "{number}"\nbody = "{customer} {amount} {date} {link}"\n',
    )
    assert own.limits["JPY"].auto_refund == "5000"


@pytest.mark.covers("S61")
def test_caps_follow_the_limits_of_their_currency(tmp_path: Path) -> None:
    own = load(
        tmp_path,
        '[caps]\nauto_refunds_per_customer_30d = 2\n[limits.JPY]\nauto_refund = "5000"\nhigh_value = "90000"\n'
        '[limits.EUR]\nauto_refund = "60"\ncustomer_refunds_per_day = "75.50"\nworkspace_refunds_per_day = "600"\n',
    )
    assert CapRules.of(own, "EUR") == CapRules(2, 7550, 60_000)
    assert CapRules.of(own, "JPY") == CapRules(2, 10_000, 100_000)
    assert CapRules.of(own, "USD") == CapRules(2, 0, 0)
    assert CapRules.of(Workspace(), "GBP") == CapRules(1, 5000, 100_000)


def test_the_example_of_the_documentation_is_valid() -> None:
    example = load_workspace(Path(__file__).parents[2] / "docs" / "workspace.example.toml")
    assert (example.id, example.currency, example.mode) == ("ws_harbourlight", "GBP", "shadow")
    assert example.thresholds.scenario(Scenario.REFUND_REQUEST) == 0.92
    assert example.tightened("gdrive.upload_file", Verdict.ALLOW) is Verdict.REVIEW
