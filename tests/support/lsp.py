"""An editor without a window: speaks to a language server over its standard input and output."""

import json
import queue
import subprocess
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

_SECONDS = 60.0
SETTINGS = {
    "yaml": {"validate": True, "hover": True, "completion": True, "schemaStore": {"enable": False}}
}


class Editor:
    """Opens texts as files of a folder; nothing is written to disk."""

    def __init__(self, command: Sequence[str], folder: Path) -> None:
        self._folder = folder
        self._number = 0
        self._read: queue.Queue[dict[str, Any]] = queue.Queue()
        self._server = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        threading.Thread(target=self._listen, daemon=True).start()
        self.ask(
            "initialize",
            {
                "processId": None,
                "rootUri": folder.as_uri(),
                "capabilities": {
                    "workspace": {"configuration": True},
                    "textDocument": {
                        "hover": {"contentFormat": ["markdown"]},
                        "completion": {
                            "completionItem": {
                                "documentationFormat": ["markdown"],
                                "snippetSupport": True,
                            }
                        },
                        "publishDiagnostics": {},
                    },
                },
                "workspaceFolders": [{"uri": folder.as_uri(), "name": "processes"}],
            },
        )
        self.tell("initialized", {})
        self.tell("workspace/didChangeConfiguration", {"settings": SETTINGS})

    def open(self, text: str) -> str:
        """The uri of a new file with this text, and nothing asked of it yet."""
        self._number += 1
        uri = (self._folder / f"opened-{self._number}.yaml").as_uri()
        item = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self.tell("textDocument/didOpen", {"textDocument": item})
        return uri

    def problems(self, text: str) -> list[dict[str, Any]]:
        """What the editor would underline."""
        uri = self.open(text)
        while True:
            told = self._next()
            if told.get("method") == "textDocument/publishDiagnostics":
                if told["params"]["uri"] == uri:
                    return list(told["params"]["diagnostics"])
            else:
                self._answer(told)

    def completion(self, text: str) -> dict[str, dict[str, Any]]:
        """What is offered where the text has its `|`, by label."""
        uri, place = self._placed(text)
        found = self.ask("textDocument/completion", {"textDocument": {"uri": uri}, **place})
        items = found if isinstance(found, list) else found["items"]
        return {item["label"]: item for item in items}

    def hover(self, text: str) -> str:
        uri, place = self._placed(text)
        found = self.ask("textDocument/hover", {"textDocument": {"uri": uri}, **place})
        return "" if found is None else str(found["contents"]["value"])

    def close(self) -> None:
        self.ask("shutdown", None)
        self.tell("exit", None)
        try:
            self._server.wait(60)
        except subprocess.TimeoutExpired:
            self._server.kill()
            self._server.wait()
        for stream in (self._server.stdin, self._server.stdout):
            stream.close()

    def ask(self, method: str, params: Any) -> Any:
        self._number += 1
        number = self._number
        self._send({"id": number, "method": method, "params": params})
        while True:
            told = self._next()
            if told.get("id") == number and "method" not in told:
                assert "error" not in told, told["error"]
                return told["result"]
            self._answer(told)

    def tell(self, method: str, params: Any) -> None:
        self._send({"method": method, "params": params})

    def _placed(self, text: str) -> tuple[str, dict[str, Any]]:
        before, _, _ = text.partition("|")
        uri = self.open(text.replace("|", "", 1))
        line = before.count("\n")
        return uri, {"position": {"line": line, "character": len(before.rpartition("\n")[2])}}

    def _answer(self, told: dict[str, Any]) -> None:
        """Whatever the server wants to know of an editor: its settings, and yes to the rest."""
        if "id" not in told or "method" not in told:
            return
        result: Any = None
        if told["method"] == "workspace/configuration":
            result = [SETTINGS.get(item.get("section"), {}) for item in told["params"]["items"]]
        self._send({"id": told["id"], "result": result})

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._server.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._server.stdin.flush()

    def _next(self) -> dict[str, Any]:
        return self._read.get(timeout=_SECONDS)

    def _listen(self) -> None:
        stream = self._server.stdout
        while line := stream.readline():
            length = 0
            while line.strip():
                name, _, value = line.decode().partition(":")
                length = int(value) if name.lower() == "content-length" else length
                line = stream.readline()
            self._read.put(json.loads(stream.read(length)))
