"""The model client: OpenAI SDK for the wire, Instructor for the structured call, one transport seam.

A hosted model, a local OpenAI-compatible server and the offline stand-in differ only in address and
transport. Failures come back as the three model errors of ``agent.errors``, classified by their cause
and never worded with a third party's text: Instructor's own errors and logs carry model output.

    429, 5xx, time-out, no connection, wrong key or address    ModelUnavailable
    message.refusal, content filter, request rejected          ModelRefused
    cut off at the length limit, no chat completion at all     ModelNonsense
    an answer that twice missed the schema                     no error: Structured(value=None, raw=...)
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from agent.errors import ModelError, ModelNonsense, ModelRefused, ModelUnavailable
from agent.models.seam import Chat, M, Message, ModelClient, Structured, Tokens, WantedTool
from agent.settings import STAND_IN, Settings

if TYPE_CHECKING:
    import httpx2
    from openai import OpenAI
    from openai.types.chat import ChatCompletion

RE_ASKS = 1
HOSTED = "https://api.openai.com/v1"
OFFLINE = "http://stand-in.invalid/v1"
_MISCONFIGURED = {401: "its key is not accepted", 403: "access is not allowed", 404: "no such model or address"}


def open_model(settings: Settings, *, transport: httpx2.BaseTransport | None = None) -> ModelClient:
    """The client for ``settings.model``; ``transport`` replaces the network (tests, cassettes).

    The stand-in needs no key and no network: its transport is the rule reader in this process.
    """
    import httpx2
    from openai import OpenAI

    _silence_third_party_logs()
    offline = settings.model == STAND_IN
    if offline and transport is None:
        from agent.models.stand_in import stand_in_transport

        transport = stand_in_transport()
    sdk = OpenAI(
        api_key=settings.openai_api_key or "unused",
        base_url=OFFLINE if offline else settings.openai_base_url or HOSTED,
        timeout=settings.model_timeout,
        max_retries=settings.model_retries,
        http_client=httpx2.Client(transport=transport, timeout=settings.model_timeout, follow_redirects=False),
    )
    return OpenAIModel(sdk, settings.model, is_stand_in=offline)


def _silence_third_party_logs() -> None:
    # Instructor logs failed answers with their values at ERROR, the SDK whole request bodies at DEBUG.
    logging.getLogger("instructor").setLevel(logging.CRITICAL + 1)
    for name in ("openai", "httpx2", "httpcore2"):
        logging.getLogger(name).setLevel(logging.WARNING)


class _Ended(BaseException):
    """Ends a structured call inside Instructor's hook, with the error to raise: hooks swallow every
    Exception, and a refusal would otherwise be taken for a validation error and asked again."""

    def __init__(self, error: ModelError) -> None:
        super().__init__()
        self.error = error


class _Attempts:
    """What Instructor's hooks saw of one structured call."""

    def __init__(self) -> None:
        self.messages: tuple[Message, ...] = ()
        self.answers = 0
        self.raw = ""

    def sent(self, *_: Any, **kwargs: Any) -> None:
        self.messages = tuple(dict(message) for message in kwargs.get("messages", ()))

    def answered(self, completion: Any) -> None:
        self.answers += 1
        self.raw = _answer_text(completion)
        if _choice(completion) is None:
            raise _Ended(_no_completion())
        if _refused(completion):
            raise _Ended(ModelRefused())


class OpenAIModel:
    """A model behind the OpenAI chat-completions protocol; safe to share between threads."""

    def __init__(self, sdk: OpenAI, name: str, *, is_stand_in: bool = False) -> None:
        import instructor

        self.name = name
        self.is_stand_in = is_stand_in
        self._sdk = sdk
        self._instructor = instructor.from_openai(sdk, mode=instructor.Mode.TOOLS)

    def structured(self, messages: Sequence[Message], response_model: type[M]) -> Structured[M]:
        """One Instructor call in TOOLS mode, re-asked once on a validation error.

        ``context=`` is never passed: with it Instructor renders every message as a template, and a
        transcript is untrusted text.
        """
        from instructor.core.exceptions import IncompleteOutputException, InstructorRetryException
        from instructor.core.hooks import Hooks

        seen, hooks, began = _Attempts(), Hooks(), time.monotonic()
        hooks.on("completion:kwargs", seen.sent)
        hooks.on("completion:response", seen.answered)
        try:
            value, completion = self._instructor.create_with_completion(
                model=self.name,
                messages=cast("Any", [dict(message) for message in messages]),
                response_model=response_model,
                max_retries=RE_ASKS,
                hooks=hooks,
            )
            usage = completion.usage
            # Instructor hangs the raw answer onto its value; a fresh one holds the facts only.
            value = response_model.model_validate(value.model_dump())
        except _Ended as ended:
            raise ended.error from None
        except IncompleteOutputException:
            raise ModelNonsense("the model's answer was cut off at its length limit") from None
        except InstructorRetryException as error:
            _raise_unless_misfit(error.__cause__)
            value, usage = None, error.total_usage
        # Instructor sums usage over the attempts in place; adding attempts again would count twice.
        tokens = _tokens(usage, seen.answers, time.monotonic() - began)
        return Structured(value, seen.raw, tokens, seen.messages)

    def chat(self, messages: Sequence[Message], tools: Sequence[dict[str, Any]]) -> Chat:
        """One turn of the tool loop; tool arguments come back as the text the model wrote."""
        import openai

        began = time.monotonic()
        offered: dict[str, Any] = {"tools": list(tools)} if tools else {}
        try:
            completion = self._sdk.chat.completions.create(
                model=self.name,
                messages=cast("Any", [dict(message) for message in messages]),
                **offered,
            )
        except openai.OpenAIError as error:
            raise _classified(error) from None
        except json.JSONDecodeError:
            raise ModelNonsense("the model server's answer is not JSON") from None
        return _chat(completion, time.monotonic() - began)


def _chat(completion: ChatCompletion, seconds: float) -> Chat:
    choice = _choice(completion)
    if choice is None:
        raise _no_completion()
    if _refused(completion):
        raise ModelRefused
    if choice.finish_reason == "length":
        raise ModelNonsense("the model's answer was cut off at its length limit")
    wanted = tuple(
        WantedTool(call.id, call.function.name, call.function.arguments)
        for call in choice.message.tool_calls or ()
        if call.type == "function"
    )
    message: Message = {"role": "assistant", "content": choice.message.content}
    if wanted:
        message["tool_calls"] = [
            {"id": w.id, "type": "function", "function": {"name": w.name, "arguments": w.arguments}} for w in wanted
        ]
    return Chat(choice.message.content, wanted, message, _tokens(completion.usage, 1, seconds))


def _choice(completion: Any) -> Any:
    choices = getattr(completion, "choices", None)
    choice = choices[0] if choices else None
    return choice if getattr(choice, "message", None) is not None else None


def _refused(completion: Any) -> bool:
    choice = _choice(completion)
    if choice is None:
        return False
    return bool(choice.message.refusal) or choice.finish_reason == "content_filter"


def _answer_text(completion: Any) -> str:
    choice = _choice(completion)
    if choice is None:
        return ""
    for call in choice.message.tool_calls or ():
        if call.type == "function":
            return str(call.function.arguments)
    return choice.message.content or ""


def _tokens(usage: Any, requests: int, seconds: float) -> Tokens:
    prompt, completion = (_count(getattr(usage, name, 0)) for name in ("prompt_tokens", "completion_tokens"))
    return Tokens(requests=requests, prompt=prompt, completion=completion, seconds=seconds)


def _count(value: Any) -> int:
    """A token count as the provider gave it; what is no count is nought."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def _raise_unless_misfit(cause: BaseException | None) -> None:
    """Return for an answer that missed the schema; raise the model error for anything else."""
    import openai
    from instructor.core.exceptions import ResponseParsingError
    from pydantic import ValidationError

    if isinstance(cause, (ValidationError, json.JSONDecodeError, ResponseParsingError)):
        return
    if isinstance(cause, openai.OpenAIError):
        raise _classified(cause) from None
    raise _no_completion() from None


def _no_completion() -> ModelError:
    return ModelNonsense("the model server's answer is not a chat completion")


def _classified(error: BaseException) -> ModelError:
    """The model error for an SDK error, by who must act next; its message holds no server text."""
    import openai

    if isinstance(error, openai.APITimeoutError):
        return ModelUnavailable("the model did not answer in time; try again later")
    if isinstance(error, openai.APIConnectionError):
        return ModelUnavailable("the model server cannot be reached; try again later")
    if not isinstance(error, openai.APIStatusError):
        return _no_completion()
    status = error.status_code
    if status in _MISCONFIGURED:
        return ModelUnavailable(f"the model server answered {status}: {_MISCONFIGURED[status]}")
    if status in (408, 409, 429) or status >= 500:
        return ModelUnavailable(f"the model server answered {status}; try again later")
    return ModelRefused(f"the model server rejected the request ({status}); a person should read this call")
