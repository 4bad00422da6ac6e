"""Function packages made of what npm installed, laid out as Lambda's Node runtime wants them."""

import io
import json
import pathlib
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
NODE_MODULES = HERE / "node_modules"


def zipped(files):
    """{path in the package: bytes} as the bytes of a zip."""
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(name, files[name])
    return package.getvalue()


def folder_files(folder, prefix):
    return {
        prefix + path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def with_dependencies(names):
    """node_modules/... of the named packages and of all that they depend on."""
    files, waiting, seen = {}, list(names), set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        files.update(folder_files(NODE_MODULES / name, f"node_modules/{name}/"))
        manifest = json.loads((NODE_MODULES / name / "package.json").read_text())
        waiting.extend(manifest.get("dependencies", {}))
    return files


def npm_streambot():
    """Streambot as it is on npm: its index.js on top, so that index.env and index.connector work.

    aws-sdk is not in it, as it came with Lambda's old Node runtimes.
    """
    folder = NODE_MODULES / "streambot"
    manifest = json.loads((folder / "package.json").read_text())
    files = with_dependencies(manifest["dependencies"])
    return zipped({**files, "index.js": (folder / "index.js").read_bytes()})


def npm_example():
    """A service of our own (functions/npm-example) that uses Streambot's wrapper from npm."""
    index = (HERE / "functions" / "npm-example" / "index.js").read_bytes()
    return zipped({**with_dependencies(["streambot"]), "index.js": index})
