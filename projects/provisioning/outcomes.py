"""How one run of a step can end, besides by a GatewayError."""

from dataclasses import dataclass

from projects.models import Proof


@dataclass(frozen=True, slots=True)
class Done:
    """The world is as this step wants it. `stage` and `url` are what was seen on the way, empty if nothing was."""

    stage: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Further:
    """A part of the proof is done: to be written down before the next part, which can begin at once.

    NONE: what is about to be done makes void what was proven. Written down only afterwards, that would be lost with
    a worker that dies in between, since whoever goes on finds nothing left to do.
    """

    proof: Proof


@dataclass(frozen=True, slots=True)
class Wait:
    """Not yet, but it is on its way: look again later. `rebuilding` when that is because it was built anew.

    `reason` is what there is to say about it beyond the stage.
    """

    stage: str = ""
    rebuilding: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Broken:
    """It will not come right by itself; `sentence` tells a person what is and what to do."""

    sentence: str
    stage: str = ""
    log_tail: str = ""


Outcome = Done | Further | Wait | Broken
