"""Check of what decodes the streams."""

from ingest.hardware import Trial, try_device, try_devices
from ingest.settings import HardwareDecoding

from .finding import Finding, Verdict


def check_decoding(wanted: HardwareDecoding) -> Finding:
    """Tries every device that FFmpeg names on a short clip, and says which works and which is used."""
    trials = try_devices()
    if wanted not in (HardwareDecoding.OFF, HardwareDecoding.AUTO, *(trial.device for trial in trials)):
        trials.append(try_device(wanted))
    working = [trial.device for trial in trials if trial.fault is None]
    faults = "; ".join(_told(trial) for trial in trials if trial.fault is not None)
    used = wanted if wanted in working else next(iter(working), None) if wanted is HardwareDecoding.AUTO else None
    if used is not None:
        return Finding("decoding", Verdict.GOOD, f"streams are decoded by {used}, as set{faults and f'. {faults}'}")
    if wanted is not HardwareDecoding.OFF:
        found = f"streams are decoded by the processor, not by {wanted}: {faults or 'FFmpeg here has no devices'}"
        advice = "install the device's driver, or set streams.hardware_decoding to off"
        return Finding("decoding", Verdict.DOUBTFUL, found, advice)
    if working:
        others = f"{' and '.join(working)} would work: streams.hardware_decoding"
    else:
        others = f"no hardware works here: {faults}" if faults else "FFmpeg here has no devices"
    return Finding("decoding", Verdict.GOOD, f"streams are decoded by the processor, as set; {others}")


def _told(trial: Trial) -> str:
    return f"{trial.device}: {trial.fault}"
