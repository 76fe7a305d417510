"""What the library says of Spaces, as our plain values, and the other way round."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Protocol, cast

from django.utils.translation import gettext as _
from huggingface_hub import SpaceHardware, SpaceInfo, SpaceRuntime, Volume

from dibt.gateways.errors import RefusedError
from dibt.gateways.hub.values import HardwareOffer, Listed, Mount, Runtime

MICRO = 1_000_000
PER_HOUR = {"second": 3600, "minute": 60, "hour": 1}


class Priced(Protocol):
    """A kind of hardware as the library tells of it; its class has no public name."""

    name: str
    pretty_name: str
    unit_cost_micro_usd: int
    unit_label: str


def runtime(seen: SpaceRuntime) -> Runtime:
    return Runtime(
        stage=str(seen.raw["stage"]),
        hardware=str(seen.hardware or ""),
        requested_hardware=str(seen.requested_hardware or ""),
        sleep_seconds=seen.sleep_time,
        mounts=tuple(
            Mount(each.source, each.mount_path) for each in seen.volumes or () if each.type == "bucket"
        ),
        error_message=str(seen.raw.get("errorMessage") or ""),
    )


def listed(found: Iterable[SpaceInfo]) -> dict[str, Listed]:
    """By repo id; a Space of which the Hub tells no runtime is left out."""
    return {
        space.id: Listed(runtime(space.runtime), bool(space.private))
        for space in found
        if space.runtime is not None
    }


def offer(priced: Priced) -> HardwareOffer:
    """What the hardware costs by the hour, whatever the Hub counts by."""
    if priced.unit_cost_micro_usd == 0:
        return HardwareOffer(priced.name, priced.pretty_name, Decimal(0))
    units = PER_HOUR.get(priced.unit_label)
    if units is None:
        raise RefusedError(
            _(
                "The Hub prices %(hardware)s by the %(unit)s, which we cannot turn into a price by the hour. "
                "Ask an organiser to tell the developers."
            )
            % {"hardware": priced.name, "unit": priced.unit_label}
        )
    return HardwareOffer(priced.name, priced.pretty_name, Decimal(priced.unit_cost_micro_usd * units) / MICRO)


def pairs(values: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in values.items()]


def volume(mount: Mount) -> Volume:
    return Volume(type="bucket", source=mount.bucket_id, mount_path=mount.path)


def flavor(hardware: str) -> SpaceHardware:
    """The library's list of hardware lags behind the Hub's, and the name is sent as it is."""
    return cast(SpaceHardware, hardware)
