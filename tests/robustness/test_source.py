"""Nothing in the library's source can be made to run what a file says."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import wordsight

FILES = sorted(Path(wordsight.__file__).parent.rglob("*.py"))
MODULES = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "marshal", "shelve", "yaml", "code", "pty", "commands"}
CALLS = {
    "eval", "exec", "compile", "__import__", "os.system", "os.popen", "os.execv", "os.execvp", "os.spawnl",
    "subprocess.getoutput", "subprocess.getstatusoutput", "tar.extractall", "tar.extract", "numpy.fromregex",
}  # fmt: skip


def problems(tree: ast.AST) -> list[str]:
    """Everything in a module that could run, unpickle or unpack what somebody else wrote."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names if alias.name.partition(".")[0] in MODULES]
        elif isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in MODULES:
            found.append(str(node.module))
        elif isinstance(node, ast.Call):
            name, given = ast.unparse(node.func), {k.arg: ast.unparse(k.value) for k in node.keywords}
            method = name.rpartition(".")[2]
            if name in CALLS or method in ("extractall", "read_pickle", "to_pickle", "trust_remote_code"):
                found.append(name)
            if name == "torch.load" and given.get("weights_only") != "True":
                found.append("torch.load without weights_only=True")
            if given.get("shell", "False") != "False" or given.get("allow_pickle", "False") != "False":
                found.append(ast.unparse(node))
            if name in ("np.load", "numpy.load") and "allow_pickle" not in given:
                found.append("np.load without allow_pickle=False")
            if given.get("trust_remote_code", "False") != "False":
                found.append("trust_remote_code")
            if method == "from_pretrained" and "AutoModel" in name and given.get("use_safetensors") != "True":
                found.append("a checkpoint that may be a pickle")
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_nothing_runs_what_a_file_says(path: Path) -> None:
    assert problems(ast.parse(path.read_text())) == []


@pytest.mark.parametrize(
    "code",
    [
        "import pickle",
        "from pickle import loads",
        "import joblib",
        "eval(x)",
        "exec('1')",
        "__import__(x)",
        "os.system('ls')",
        "subprocess.run('ls', shell=True)",
        "torch.load(path)",
        "torch.load(path, weights_only=False)",
        "np.load(path)",
        "np.load(path, allow_pickle=True)",
        "np.save(path, x, allow_pickle=True)",
        "tar.extractall(path)",
        "t.AutoModel.from_pretrained(name)",
        "t.AutoModel.from_pretrained(name, use_safetensors=True, trust_remote_code=True)",
    ],
)
def test_the_test_notices(code: str) -> None:
    assert problems(ast.parse(code))
