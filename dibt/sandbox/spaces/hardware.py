"""What a Space can run on, and what that costs."""

from dataclasses import dataclass

from dibt.sandbox.fields import FieldError

FREE = "cpu-basic"
FREE_SLEEPS_AFTER = 48 * 3600
RTX = "RTX PRO 6000"


@dataclass(frozen=True, slots=True)
class Flavor:
    """A kind of machine; `hourly` in US dollars, billed by the minute."""

    name: str
    pretty_name: str
    cpu: str
    ram: str
    hourly: float
    accelerator: tuple[str, str, int] | None = None

    def as_json(self) -> dict[str, object]:
        micro = round(self.hourly * 1_000_000 / 60)
        gpu = None
        if self.accelerator is not None:
            model, memory, quantity = self.accelerator
            gpu = {
                "type": "gpu",
                "model": model,
                "manufacturer": "Nvidia",
                "vram": memory,
                "quantity": str(quantity),
            }
        return {
            "name": self.name,
            "prettyName": self.pretty_name,
            "cpu": self.cpu,
            "ram": self.ram,
            "accelerator": gpu,
            "unitCostMicroUSD": micro,
            "unitCostUSD": micro / 1_000_000,
            "unitLabel": "minute",
        }


FLAVORS = {
    flavor.name: flavor
    for flavor in (
        Flavor(FREE, "CPU Basic", "2 vCPU", "16 GB", 0.0),
        Flavor("cpu-upgrade", "CPU Upgrade", "8 vCPU", "32 GB", 0.03),
        Flavor("zero-a10g", "ZeroGPU", "8 vCPU", "64 GB", 0.0, ("RTX PRO 6000", "48 GB", 1)),
        Flavor("t4-small", "Nvidia T4 - small", "4 vCPU", "15 GB", 0.40, ("T4", "16 GB", 1)),
        Flavor("t4-medium", "Nvidia T4 - medium", "8 vCPU", "30 GB", 0.60, ("T4", "16 GB", 1)),
        Flavor("l4x1", "1x Nvidia L4", "8 vCPU", "30 GB", 0.80, ("L4", "24 GB", 1)),
        Flavor("l4x4", "4x Nvidia L4", "48 vCPU", "186 GB", 3.80, ("L4", "96 GB", 4)),
        Flavor("l40sx1", "1x Nvidia L40S", "8 vCPU", "62 GB", 1.80, ("L40S", "48 GB", 1)),
        Flavor("l40sx4", "4x Nvidia L40S", "48 vCPU", "382 GB", 8.30, ("L40S", "192 GB", 4)),
        Flavor("l40sx8", "8x Nvidia L40S", "192 vCPU", "1534 GB", 23.50, ("L40S", "384 GB", 8)),
        Flavor("a10g-small", "Nvidia A10G - small", "4 vCPU", "15 GB", 1.00, ("A10G", "24 GB", 1)),
        Flavor("a10g-large", "Nvidia A10G - large", "12 vCPU", "46 GB", 1.50, ("A10G", "24 GB", 1)),
        Flavor("a10g-largex2", "2x Nvidia A10G - large", "24 vCPU", "92 GB", 3.00, ("A10G", "48 GB", 2)),
        Flavor("a10g-largex4", "4x Nvidia A10G - large", "48 vCPU", "184 GB", 5.00, ("A10G", "96 GB", 4)),
        Flavor("a100-large", "Nvidia A100 - large", "12 vCPU", "142 GB", 2.50, ("A100", "80 GB", 1)),
        Flavor("a100x4", "4x Nvidia A100", "48 vCPU", "568 GB", 10.00, ("A100", "320 GB", 4)),
        Flavor("a100x8", "8x Nvidia A100", "96 vCPU", "1136 GB", 20.00, ("A100", "640 GB", 8)),
        Flavor("rtx-pro-6000", "Nvidia RTX PRO 6000", "23 vCPU", "256 GB", 2.75, (RTX, "96 GB", 1)),
        Flavor("rtx-pro-6000x2", "2x Nvidia RTX PRO 6000", "46 vCPU", "512 GB", 5.50, (RTX, "192 GB", 2)),
        Flavor("rtx-pro-6000x4", "4x Nvidia RTX PRO 6000", "92 vCPU", "1024 GB", 11.00, (RTX, "384 GB", 4)),
        Flavor("rtx-pro-6000x8", "8x Nvidia RTX PRO 6000", "184 vCPU", "2048 GB", 22.00, (RTX, "768 GB", 8)),
    )
}


def known(name: str) -> str:
    """`name`, if there is such hardware."""
    if name not in FLAVORS:
        raise FieldError(f'"flavor" must be one of {", ".join(FLAVORS)}')
    return name
