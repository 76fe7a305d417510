"""Many people who annotate by the API without a pause, from one process: `python -m tests.bench.crowd` reads what to
do as JSON from its input and writes what happened as JSON to its output.

One loop for all connections, and no more of HTTP than needed: what the people cost is taken from the server's cores.
"""

import asyncio
import json
import sys
import time
from dataclasses import dataclass, field

LENGTH = b"content-length: "


@dataclass
class Person:
    """One connection that stays open, with the token of one person."""

    port: int
    token: str
    seconds: list[float] = field(default_factory=list)
    answers: int = 0
    refused: int = 0

    async def connect(self) -> None:
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)

    async def post(self, path: str, body: dict[str, object]) -> tuple[int, dict[str, object]]:
        content = json.dumps(body).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {self.token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
        )
        self.writer.write(head.encode() + content)
        headers = await self.reader.readuntil(b"\r\n\r\n")
        lower = headers.lower()
        length = int(lower[lower.index(LENGTH) + len(LENGTH) :].split(b"\r\n", 1)[0])
        answer = await self.reader.readexactly(length)
        return int(headers[9:12]), json.loads(answer)


async def annotate(person: Person, task: dict[str, object], until: float) -> None:
    """Answer one record after the other: with `in_one` the next comes with the answer, else by a request of its own.
    With `pause` seconds from one answer to the next at least, and holding `count` records."""
    path, in_one = str(task["path"]), bool(task["in_one"])
    pause, several = float(str(task["pause"])), {"count": task["count"]}
    await person.connect()
    _status, given = await person.post(f"{path}next/", several)
    due = time.perf_counter() + pause
    while (held := given.get("next")) and time.perf_counter() < until:
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        due += pause
        said = {"record": held["record"]["id"], "values": {"quality": 4}, "schema": task["schema"]} | several  # type: ignore[index]
        began = time.perf_counter()
        status, given = await person.post(f"{path}responses/", said)
        person.answers += status == 201
        person.refused += status != 201
        if not in_one:
            _status, given = await person.post(f"{path}next/", {})
        person.seconds.append(time.perf_counter() - began)
    person.writer.close()


async def main(task: dict[str, object]) -> dict[str, object]:
    tokens: list[str] = task["tokens"]  # type: ignore[assignment]
    people = [Person(int(str(task["port"])), token) for token in tokens]
    began = time.perf_counter()
    until = began + float(str(task["seconds"]))
    await asyncio.gather(*(annotate(person, task, until) for person in people))
    return {
        "took": time.perf_counter() - began,
        "answers": sum(person.answers for person in people),
        "refused": sum(person.refused for person in people),
        "seconds": [second for person in people for second in person.seconds],
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main(json.load(sys.stdin)))))
