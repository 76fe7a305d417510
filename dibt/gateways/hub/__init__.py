"""The Hugging Face Hub."""

from dibt.gateways.hub.hub import Hub, the_hub
from dibt.gateways.hub.values import Identity, Mount, NewSpace, Organisation, Published, Runtime

__all__ = ["Hub", "Identity", "Mount", "NewSpace", "Organisation", "Published", "Runtime", "the_hub"]
