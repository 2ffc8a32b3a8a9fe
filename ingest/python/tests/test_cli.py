"""The command."""

import hashlib

import pytest

from spectrawatch_tap.cli import main


def test_layers_are_listed_with_their_shapes(capsys, monkeypatch, tmp_path):
    pytest.importorskip("torch", reason="torch is not installed")
    (tmp_path / "some_model.py").write_text(
        "from torch import nn\n"
        "def make():\n"
        "    return nn.Sequential(nn.Embedding(9, 4), nn.Linear(4, 6), nn.Linear(6, 2))\n"
    )
    monkeypatch.chdir(tmp_path)

    assert main(["list", "some_model:make", "--input", "int64:1x16"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split() for line in lines[1:4]] == [
        ["*", "0", "EMBEDDING", "4", "1x16x4", "output", "of", "Embedding"],
        ["*", "1", "HIDDEN", "6", "1x16x6", "output", "of", "Linear"],
        ["*", "2", "LOGITS", "2", "1x16x2", "output", "of", "Linear"],
    ]


def test_digests(capsys, tmp_path):
    (tmp_path / "w.bin").write_bytes(b"weights")

    assert main(["digest", str(tmp_path / "w.bin")]) == 0
    assert capsys.readouterr().out.strip() == hashlib.sha256(b"weights").hexdigest()


def test_the_fingerprint_as_it_stands_in_a_record(capsys):
    assert main(["schema"]) == 0
    assert capsys.readouterr().out == "ActivationSnapshot 2 0db4a5a4bb759add\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["list", "nothing"], "expected module:function, found 'nothing'"),
        (["list", "no_such_module:f"], "No module named"),
        (["digest", "/no/such/file"], "No such file"),
    ],
)
def test_errors_are_one_line(capsys, arguments, message):
    assert main(arguments) == 1
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1
