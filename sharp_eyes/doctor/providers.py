"""Checks of what computes the networks, and of which of a model's files it runs."""

from importlib.metadata import packages_distributions

from inference.choice import best_precision, missing_file
from inference.fit import ModelSession
from inference.processor import int8_instruction
from inference.providers import has, needs
from inference.settings import Provider

from .finding import Finding, Verdict


def check_provider(wanted: Provider, opened: ModelSession) -> Finding:
    """What computes the detector `opened`, and what another provider than `wanted` would need."""
    owners = sorted(set(packages_distributions().get("onnxruntime", [])))
    if len(owners) > 1:
        found = f"ONNX Runtime is installed {len(owners)} times over itself: {', '.join(owners)}"
        advice = f"keep the one for {wanted}, in a new environment: see Providers in docs/guide/operations.md"
        return Finding("provider", Verdict.BAD, found, advice)
    if opened.refusal is not None:
        found = f"the CPU computes {opened.card.name}: {opened.refusal.message}"
        return Finding("provider", Verdict.DOUBTFUL, found, opened.refusal.hint)
    others = "; ".join(_other(provider) for provider in Provider if provider not in (wanted, Provider.CPU))
    batches = ", several pictures at a time" if opened.batches else ""
    found = f"{wanted} computes {opened.card.name}, as set{batches}. {others}"
    return Finding("provider", Verdict.GOOD, found)


def check_file(opened: ModelSession) -> Finding:
    """Which of the card's files runs, and why."""
    name, which = opened.card.name, opened.precision
    if (missing := missing_file(opened)) is not None:
        advice = f"sharp-eyes models pull {name}, or sharp-eyes models add FILE --card {name}"
        return Finding("file", Verdict.DOUBTFUL, missing, advice)
    best, why = best_precision(opened.provider, int8_instruction())
    if which is None:
        return Finding("file", Verdict.GOOD, f"{name} runs the one file that its card lists")
    if which is best:
        return Finding("file", Verdict.GOOD, f"{name} runs its {which} file: {why}")
    found = f"{name} runs its {which} file, the only one of its card, though {best} would be faster: {why}"
    if opened.provider is Provider.CPU:
        return Finding("file", Verdict.GOOD, found)
    return Finding("file", Verdict.DOUBTFUL, found, f"name a model with a {best} file as detector.model")


def _other(provider: Provider) -> str:
    if has(provider):
        return f"{provider} is in this build of ONNX Runtime; it is tried where detector.provider names it"
    return f"{provider} would need {needs(provider)}"
