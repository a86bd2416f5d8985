"""Every failure of the agent, split by who must act next.

    AgentError                      exit code
    ├── BadInput                    2   the sender or caller of the command: fix the input
    │   └── NotFound                2   the named call, run or case does not exist
    ├── ConfigurationError          3   the operator: fix settings, workspace file, credentials, disk
    │   ├── WorldError              3   a sandbox world file of the wrong shape
    │   └── StorageError            3   the store cannot be read or written (disk full, locked, corrupt)
    ├── ModelError                  1   the model or its provider
    │   ├── ModelUnavailable        1   time-out, 429, 5xx, connection: try again later
    │   ├── ModelRefused            1   the model declined to answer: a person looks
    │   └── ModelNonsense           1   no usable answer after the re-ask: a person looks
    ├── RedactionError              1   redaction failed: the run stops, nothing that was said is stored or sent
    ├── NeedsPerson                 1   a decision that only a reviewer can make (stale or closed case)
    ├── Superseded                  1   nobody: another worker has this run or effect and goes on with it
    └── GateFailed                  4   an eval gate is red

Connector failures live in ``tools.connector`` (tools know nothing of the agent). A message is one
clear sentence that names the field or thing and what to do; it never carries transcript text,
model output or a secret, and ``str()`` of a caught third-party error is never put into it.
"""

from __future__ import annotations


class AgentError(Exception):
    """Something went wrong in the billing agent."""

    exit_code = 1

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (self.__doc__ or "").strip().splitlines()[0])


class BadInput(AgentError):
    """The input cannot be used as it is; the message names the field."""

    exit_code = 2


class NotFound(BadInput):
    """There is no such call, run or case in this store."""


class ConfigurationError(AgentError):
    """A setting, workspace file or credential is missing or wrong."""

    exit_code = 3


class WorldError(ConfigurationError):
    """The sandbox world file has the wrong shape."""


class StorageError(ConfigurationError):
    """The store cannot be read or written; check free disk space and permissions."""


class ModelError(AgentError):
    """The language model gave no usable answer."""


class ModelUnavailable(ModelError):
    """The model could not be reached or is over its limit; try again later."""


class ModelRefused(ModelError):
    """The model declined to answer; a person should read this call."""


class ModelNonsense(ModelError):
    """The model's answer did not fit the schema, also after being asked again."""


class RedactionError(AgentError):
    """Redaction failed, so this call was stopped before anything that was said was stored or sent."""


class NeedsPerson(AgentError):
    """Only a reviewer can take this further."""


class Superseded(AgentError):
    """Another worker took this over; this one stops without doing anything more."""


class GateFailed(AgentError):
    """An eval gate is red."""

    exit_code = 4
