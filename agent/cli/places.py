"""Opening what a command needs: settings and the store."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agent.settings import Settings
    from agent.store import Store


def store_path(arguments: argparse.Namespace) -> Path:
    """The store's file, from the option, the environment, or the default."""
    return Path(arguments.store or os.environ.get("BILLING_AGENT_STORE") or ".billing-agent/store.db")


def open_store(arguments: argparse.Namespace) -> Store:
    """The store, to be closed by the caller. Raises StorageError."""
    from agent.store import Store

    return Store(store_path(arguments))


def settings_for(arguments: argparse.Namespace) -> Settings:
    """Settings with the command's options winning over the environment. Raises ConfigurationError."""
    from agent.settings import Settings

    return Settings.load(store=str(store_path(arguments)), model=getattr(arguments, "model", None))
