"""The Hugging Face Hub."""

from dibt.gateways.hub.hub import Hub, the_hub
from dibt.gateways.hub.values import (
    HardwareOffer,
    Identity,
    Listed,
    Mount,
    NewSpace,
    Organisation,
    Published,
    Runtime,
)

__all__ = [
    "HardwareOffer",
    "Hub",
    "Identity",
    "Listed",
    "Mount",
    "NewSpace",
    "Organisation",
    "Published",
    "Runtime",
    "the_hub",
]
