"""An emergency stop that stops nothing must not look like one."""

from __future__ import annotations

import pytest

from tests.agent.cli.conftest import Command


@pytest.mark.parametrize("name", ["stripe.refund", "strip", "stripe.", "*"])
def test_a_scope_that_is_no_operation_and_no_system_is_refused(command: Command, name: str) -> None:
    ran = command("pause", "--tool", name, "--store", "s.db")
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert "--tool" in ran.err
    assert "nothing is paused" in command("pause", "--list", "--store", "s.db").out


@pytest.mark.parametrize("name", ["stripe", "STRIPE", "stripe.create_refund", "Stripe.Create_Refund"])
def test_a_scope_is_known_however_it_is_written(command: Command, name: str) -> None:
    ran = command("pause", "--tool", name, "--store", "s.db")
    assert ran.code == 0
    assert ran.out.startswith(name.lower())
    assert command("resume", "--tool", name, "--store", "s.db").code == 0
