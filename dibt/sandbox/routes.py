"""Every address of the sandbox. The pages come last: theirs are the widest."""

from dibt.sandbox import buckets, control, whoami
from dibt.sandbox.argilla import endpoints as argilla
from dibt.sandbox.files import lfs, reading, uploads
from dibt.sandbox.pages import avatars, front, layout
from dibt.sandbox.repos import creating, info, refs
from dibt.sandbox.routing import Router
from dibt.sandbox.signin import authorize, discovery, token
from dibt.sandbox.spaces import apps, configuring, endpoints

PARTS = (
    control,
    discovery,
    authorize,
    token,
    whoami,
    endpoints,
    configuring,
    buckets,
    creating,
    info,
    refs,
    uploads,
    lfs,
    reading,
    argilla,
    apps,
    layout,
    avatars,
    front,
)


def all_routes() -> Router:
    """One router with everything, in the order in which addresses are tried."""
    router = Router()
    router.include(*(part.router for part in PARTS))
    return router
