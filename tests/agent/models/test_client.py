"""The model client against a mock transport: answers, re-asks and every kind of failure."""

from __future__ import annotations

import json
import logging
from typing import Any

import httpx2
import pytest
from pydantic import BaseModel, ConfigDict

from agent.errors import ModelError, ModelNonsense, ModelRefused, ModelUnavailable
from agent.models.client import open_model
from agent.models.seam import ModelClient
from agent.settings import STAND_IN, Settings
from tests.agent.models.wire import Reply, Server, completion

MESSAGES = [{"role": "system", "content": "read"}, {"role": "user", "content": "the call"}]
TOOL = {
    "type": "function",
    "function": {"name": "stripe__find_customer", "parameters": {"type": "object", "properties": {}}},
}


class Answer(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    count: int


def good(count: int = 3) -> httpx2.Response:
    return completion(tools=[("Answer", json.dumps({"count": count}))])


def bad() -> httpx2.Response:
    return completion(tools=[("Answer", '{"count": "marmalade"}')])


def client(*replies: Reply, retries: int = 0) -> tuple[ModelClient, Server]:
    server = Server(*replies)
    settings = Settings(model="some-model", model_retries=retries, model_timeout=5.0, openai_api_key="unused")
    return open_model(settings, transport=server.transport()), server


@pytest.mark.covers("C01", "C04")
def test_a_good_answer_is_validated_and_counted_once() -> None:
    model, server = client(good())
    got = model.structured(MESSAGES, Answer)
    assert got.value == Answer(count=3)
    assert got.raw == '{"count": 3}'
    assert (got.tokens.requests, got.tokens.prompt, got.tokens.completion) == (1, 11, 7)
    assert got.tokens.seconds >= 0
    assert list(got.messages) == MESSAGES
    sent = server.asked[0]
    assert sent["model"] == "some-model"
    assert sent["tool_choice"]["function"]["name"] == "Answer"
    assert not model.is_stand_in


def test_a_bad_answer_is_asked_again_once_and_tokens_are_not_counted_twice() -> None:
    model, server = client(bad(), good(5))
    got = model.structured(MESSAGES, Answer)
    assert got.value == Answer(count=5)
    assert (got.tokens.requests, got.tokens.prompt, got.tokens.completion) == (2, 22, 14)
    assert len(server.asked) == 2
    assert len(got.messages) > len(MESSAGES)


def test_two_bad_answers_give_no_value_and_the_last_text() -> None:
    model, server = client(bad())
    got = model.structured(MESSAGES, Answer)
    assert got.value is None
    assert got.raw == '{"count": "marmalade"}'
    assert len(server.asked) == 2
    assert (got.tokens.requests, got.tokens.prompt) == (2, 22)


def test_an_answer_in_words_instead_of_the_tool_gives_no_value() -> None:
    model, _ = client(completion(content="There were three."))
    got = model.structured(MESSAGES, Answer)
    assert got.value is None
    assert got.raw == "There were three."


def test_no_log_and_no_error_carries_model_output(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    model, _ = client(bad())
    model.structured(MESSAGES, Answer)
    with pytest.raises(ModelError) as caught:
        client(httpx2.Response(500, json={"error": {"message": "marmalade"}}))[0].structured(MESSAGES, Answer)
    assert "marmalade" not in caplog.text
    assert "marmalade" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_refusal_ends_the_call_at_once() -> None:
    model, server = client(completion(refusal="I cannot help with that."))
    with pytest.raises(ModelRefused) as caught:
        model.structured(MESSAGES, Answer)
    assert "cannot help" not in str(caught.value)
    assert len(server.asked) == 1


def test_a_content_filter_is_a_refusal() -> None:
    model, _ = client(completion(content="", finish="content_filter"))
    with pytest.raises(ModelRefused):
        model.structured(MESSAGES, Answer)


def test_an_answer_cut_off_at_its_length_is_nonsense() -> None:
    cut = completion(tools=[("Answer", '{"cou')], finish="length")
    for way in ("structured", "chat"):
        model, server = client(cut)
        with pytest.raises(ModelNonsense):
            _ask(model, way)
        assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (httpx2.Response(429, json={"error": {"message": "slow down"}}), ModelUnavailable),
        (httpx2.Response(500, json={}), ModelUnavailable),
        (httpx2.Response(503, text="busy"), ModelUnavailable),
        (httpx2.Response(401, json={"error": {"message": "bad key"}}), ModelUnavailable),
        (httpx2.Response(404, json={"error": {"message": "no such model"}}), ModelUnavailable),
        (httpx2.Response(400, json={"error": {"message": "too long"}}), ModelRefused),
        (httpx2.ReadTimeout("slow"), ModelUnavailable),
        (httpx2.ConnectError("no route"), ModelUnavailable),
        (httpx2.Response(200, json={"object": "list"}), ModelNonsense),
        (httpx2.Response(200, text="<html>a proxy page</html>"), ModelNonsense),
    ],
    ids=["429", "500", "503", "401", "404", "400", "timeout", "connection", "no choices", "html"],
)
@pytest.mark.parametrize("way", ["structured", "chat"])
def test_failures_by_who_must_act(reply: Reply, error: type[ModelError], way: str) -> None:
    model, _ = client(reply)
    with pytest.raises(error):
        _ask(model, way)


def _ask(model: ModelClient, way: str) -> Any:
    return model.structured(MESSAGES, Answer) if way == "structured" else model.chat(MESSAGES, [TOOL])


def test_http_retries_are_the_clients_own() -> None:
    model, server = client(httpx2.Response(500, json={}, headers={"retry-after-ms": "1"}), good(), retries=1)
    got = model.structured(MESSAGES, Answer)
    assert got.value == Answer(count=3)
    assert len(server.asked) == 2


@pytest.mark.parametrize("text", ["{{ secret }} and {% if x", "}}{{ 7*7 }}", "{0} %s ${HOME}", "{# gone #}"])
def test_braces_in_a_transcript_pass_through_untouched(text: str) -> None:
    model, server = client(good())
    model.structured([{"role": "user", "content": text}], Answer)
    assert server.asked[0]["messages"][-1]["content"] == text


def test_chat_gives_parallel_tool_calls_in_order() -> None:
    wanted = [("stripe__find_customer", '{"name": "Quill"}'), ("zendesk__find_user", '{"name": "Quill"}')]
    model, server = client(completion(tools=wanted))
    got = model.chat(MESSAGES, [TOOL])
    assert [(tool.name, tool.arguments) for tool in got.wanted] == wanted
    assert [tool.id for tool in got.wanted] == ["t0", "t1"]
    assert got.message["tool_calls"][1]["function"] == {"name": wanted[1][0], "arguments": wanted[1][1]}
    assert got.tokens.requests == 1
    assert server.asked[0]["tools"] == [TOOL]


def test_chat_passes_malformed_arguments_through_as_text() -> None:
    model, _ = client(completion(tools=[("stripe__find_customer", '{"name": ')]))
    assert model.chat(MESSAGES, [TOOL]).wanted[0].arguments == '{"name": '


def test_chat_without_tools_sends_none_and_gives_the_text() -> None:
    model, server = client(completion(content="Nothing to do.", tokens=None))
    got = model.chat(MESSAGES, [])
    assert (got.text, got.wanted) == ("Nothing to do.", ())
    assert got.message == {"role": "assistant", "content": "Nothing to do."}
    assert "tools" not in server.asked[0]
    assert (got.tokens.prompt, got.tokens.completion) == (0, 0)


def test_chat_refusal() -> None:
    model, _ = client(completion(refusal="no"))
    with pytest.raises(ModelRefused):
        model.chat(MESSAGES, [TOOL])


def test_the_stand_in_is_named_and_needs_no_key() -> None:
    model = open_model(Settings())
    assert model.is_stand_in
    assert model.name == STAND_IN
