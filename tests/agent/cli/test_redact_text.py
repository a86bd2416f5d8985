"""Texts whose layout must come back byte for byte, and outputs and inputs that cannot be used."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.agent.cli.conftest import Command
from tests.agent.cli.test_process import call, write
from tests.agent.intake.test_subtitles import SRT, VTT

SPOKEN = ("my social is two one nine", "zero nine", "nine nine nine nine")


def cues(*words: str, times: str = "00:00:0{0},000 --> 00:00:0{0},900", head: str = "", end: str = "\n") -> str:
    body = [f"{n}{end}{times.format(n)}{end}{said}{end}{end}" for n, said in enumerate(words, 1)]
    return head + "".join(body)


def through(command: Command, text: str, name: str, tmp_path: Path) -> str:
    """What comes out of a file and, the same, out of standard input; always with exit code 0."""
    (tmp_path / name).write_bytes(text.encode())
    from_file = command("redact", name)
    piped = command("redact", stdin=text.encode())
    assert (from_file.code, piped.code, from_file.out, from_file.err) == (0, 0, piped.out, "")
    return piped.out


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("name", "head", "times"),
    [
        ("a.srt", "", "00:00:0{0},000 --> 00:00:0{0},900"),
        ("a.vtt", "WEBVTT\n\n", "00:0{0}.000 --> 00:0{0}.900 line:0 align:start"),
    ],
)
def test_a_number_spoken_over_three_cues_goes_and_nothing_else(
    command: Command, tmp_path: Path, name: str, head: str, times: str, end: str
) -> None:
    out = through(command, cues(*SPOKEN, times=times, head=head, end=end), name, tmp_path)
    assert out == cues("my social is <SSN_1>", "<SSN_1>", "<SSN_1>", times=times, head=head, end=end)


@pytest.mark.parametrize("voice", ["{}: {}", "<v {}>{}</v>"])
def test_a_question_and_an_answer_by_two_voices(command: Command, tmp_path: Path, voice: str) -> None:
    told = [
        ("Agent", "what is your social?"),
        ("Customer", "two one nine"),
        ("Agent", "mm-hm"),
        ("Customer", "09 9999"),
    ]
    text = cues(*(voice.format(*one) for one in told))
    out = through(command, text, "a.srt", tmp_path)
    clean = [(who, said if who == "Agent" else "<SSN_1>") for who, said in told]
    assert out == cues(*(voice.format(*one) for one in clean))


def test_words_with_a_time_each_are_read_together(command: Command) -> None:
    words = "four two four two four two four two four two four two four two four two".split()
    text = "WEBVTT\n\n00:01.000 --> 00:09.000\nmy card is" + "".join(
        f"<00:0{n % 9}.500><c> {word}</c>" for n, word in enumerate(words)
    )
    out = command("redact", stdin=text.encode()).out
    assert "four" not in out
    assert "two" not in out
    assert [f"<00:0{n % 9}.500><c>" in out for n in range(16)] == [True] * 16


@pytest.mark.parametrize("text", [SRT.replace("two one\nnine", "it was late"), VTT.replace("two<", "hello<")])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_subtitles_without_identifiers_come_back_byte_for_byte(
    command: Command, tmp_path: Path, text: str, mark: str
) -> None:
    for end in ("\n", "\r\n", "\r"):
        given = mark + text.replace("\n", end)
        assert through(command, given, "a.vtt", tmp_path) == given


def test_a_card_number_in_a_note_or_a_time_line_goes(command: Command) -> None:
    text = "WEBVTT\n\nNOTE card 4242 4242 4242 4242\n\n00:01.000 --> 00:02.000 4242424242424242\nhello\n"
    out = command("redact", stdin=text.encode()).out
    assert "4242" not in out
    assert "00:01.000 --> 00:02.000 <CARD_1>\nhello\n" in out


@pytest.mark.parametrize("between", ["00:09 Speaker 2\n", "Speaker 2 (0:09):\n", "[00:09] ", "Speaker 2: "])
def test_marks_between_the_parts_of_a_number_are_kept(command: Command, between: str) -> None:
    text = "".join(between + said + "\n" for said in SPOKEN)
    out = command("redact", stdin=text.encode()).out
    assert out == "".join(between + said + "\n" for said in ("my social is <SSN_1>", "<SSN_1>", "<SSN_1>"))


def test_explain_names_the_line_of_the_file(command: Command) -> None:
    ran = command("redact", "--explain", stdin=cues(*SPOKEN).encode())
    rows = [line.split() for line in ran.err.splitlines() if "<SSN_1>" in line]
    assert [row[0] for row in rows] == ["3", "7", "11"]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le"])
@pytest.mark.parametrize(
    "said", ["my card is 4242 4242 4242 4242\n", "मेरा कार्ड 4242 4242 4242 4242 है\n", "一一一一 4242 4242 4242 4242\n"]
)
def test_text_of_wide_characters_is_refused(command: Command, encoding: str, said: str, tmp_path: Path) -> None:
    data = said.encode(encoding)
    (tmp_path / "a.txt").write_bytes(data)
    for ran in (command("redact", stdin=data), command("redact", "a.txt")):
        assert ran.code == 2
        assert ran.rows == [{"id": None, "error": "the input is UTF-16; save it as UTF-8"}]


def test_a_stray_null_character_is_no_wide_text(command: Command) -> None:
    ran = command("redact", stdin=b"hello \x00 there, my invoice is late")
    assert (ran.code, ran.out) == (0, "hello \x00 there, my invoice is late")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("text", [b"hello", b'{"id": "a", "turns": []}\n'])
def test_an_output_that_cannot_be_written_is_one_sentence(text: bytes) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "agent.cli", "redact"], input=text, stdout=full, stderr=subprocess.PIPE, check=False
        )
    told = b"billing-agent: the output cannot be written; check free disk space and permissions\n"
    assert (done.returncode, done.stderr) == (3, told)


def test_a_call_whose_redaction_fails_is_told_on_stderr(
    command: Command, tmp_path: Path, world: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from agent.errors import RedactionError
    from agent.redaction.session import Session

    def fails(self: object, turns: object) -> None:
        raise RedactionError

    path = write(tmp_path / "a.json", call("c1", "my card is 4242 4242 4242 4242"))
    monkeypatch.setattr(Session, "conversation", fails)
    ran = command("process", path, "--json", "--world", world)
    assert (ran.code, ran.rows[0]["outcome"]) == (1, "failed")
    assert ran.err == f"billing-agent: c1: {RedactionError()}\n"
    assert "4242" not in ran.out + ran.err
