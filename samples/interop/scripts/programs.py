"""How the programs of `clients/` and `servers/` are run, by the ending of their names."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parent
BUILD = SCRIPTS.parent / ".build"

# These use libraries that Debian offers to its own Python only.
DEBIAN_PYTHON = {"soup", "qt"}

# What programs in C and C++ are linked with.
LIBRARIES = {"libwebsockets": ["-lwebsockets"], "websocketpp": ["-lz", "-lpthread"], "beast": ["-lpthread"]}


def command(side, name, *arguments):
    [path] = [path for path in (SCRIPTS / side).glob(f"{name}.*") if path.suffix != ".html"]
    match path.suffix:
        case ".py":
            # -P: aiohttp.py is a program here, `aiohttp` a library.
            start = ["/usr/bin/python3" if name in DEBIAN_PYTHON else sys.executable, "-P", path]
        case ".js":
            start = ["node", path]
        case ".pl":
            start = ["perl", f"-I{SCRIPTS}", path]
        case ".rb":
            start = ["ruby", f"-I{SCRIPTS}", path]
        case ".go" | ".c" | ".cpp":
            start = [built(path)]
        case ".sh":
            start = ["bash", path]
    return [*start, *map(str, arguments)]


def built(source):
    """The program made from a source, made again if what it is made from is newer."""
    program, shared = BUILD / f"{source.parent.name}-{source.stem}", SCRIPTS / f"peer{source.suffix}"
    sources = [path for path in (source, shared) if path.exists()]
    if program.exists() and all(path.stat().st_mtime < program.stat().st_mtime for path in sources):
        return program
    BUILD.mkdir(exist_ok=True)
    more = {}
    if source.suffix == ".go":
        # Go wants all files of a program in one directory. Debian's packages are sources and not modules.
        directory = BUILD / "go" / program.name
        directory.mkdir(parents=True, exist_ok=True)
        for path in sources:
            shutil.copy(path, directory)
        compiler = ["go", "build", "-o", program, *(directory / path.name for path in sources)]
        more = {"GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOFLAGS": "", "GOCACHE": str(BUILD / "go" / "cache")}
    elif source.suffix == ".c":
        compiler = ["cc", "-O1", f"-I{SCRIPTS}", "-o", program, source, *LIBRARIES[source.stem]]
    else:
        compiler = ["c++", "-std=c++17", "-O0", f"-I{SCRIPTS}", "-o", program, source, *LIBRARIES[source.stem]]
    subprocess.run(compiler, check=True, env=os.environ | more)
    return program


def environment():
    # Node.js packages of Debian are found here; no program is to look for a proxy.
    cleared = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    return cleared | {"NODE_PATH": "/usr/share/nodejs", "PYTHONPATH": str(SCRIPTS), "PYTHONDONTWRITEBYTECODE": "1",
                      "PYTHONUNBUFFERED": "1"}
