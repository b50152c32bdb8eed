"""What an audit has to say of the five simulated models, whose truth is known.

`faults(report)` returns, per model, the list of what the audit said wrongly; empty lists mean that
every verdict is right. Only contrasts in the study's primary metric count: the others (metrics per
group) illustrate and do not decide.
"""

MODELS = ("learned", "drug_means", "ids_only", "leaked", "noise")
FEATURE_HYPOTHESES = ("beyond_identity", "cell_features", "drug_chemistry")
VOIDING_FLAGS = {"better_than_noise", "copied_test_rows"}


def verdicts(report, model):
    """{(hypothesis, split): finding} of the model's contrasts in the primary metric."""
    primary = report["study"]["primary_metric"]
    return {(f["hypothesis"], f["split"]): f for f in report["findings"]
            if f["predictor"] == model and f["metric"] == primary}


def numbers(finding):
    """The evidence of a finding, for a message."""
    return "{} {} on {}: {} against {}, {} gain {:+.4g} [{:.4g}, {:.4g}], margin {:.3g}, p {:.3g}".format(
        finding["predictor"], finding["hypothesis"], finding["split"], finding["verdict"],
        finding["against"], finding["metric"],
        *(finding[k] if finding[k] is not None else float("nan")
          for k in ("estimate", "low", "high", "margin", "p_adjusted")))


def must_be(found, hypothesis, split, verdict):
    finding = found.get((hypothesis, split))
    if finding is None:
        return [f"{hypothesis} on {split}: no such finding"]
    return [] if finding["verdict"] == verdict else [f"should be {verdict}: {numbers(finding)}"]


def never(found, verdict, hypotheses=None):
    return [f"should not be {verdict}: {numbers(finding)}" for (hypothesis, _), finding in found.items()
            if finding["verdict"] == verdict and (hypotheses is None or hypothesis in hypotheses)]


def flags_of(report, model):
    return {note["code"] for note in report["protocol"] if note.get("model") == model}


def faults(report):
    """{model: [what was said wrongly]}."""
    found = {model: verdicts(report, model) for model in MODELS}
    wrong = {model: [] if found[model] else ["the report has no finding for it"] for model in MODELS}
    wrong["learned"] += must_be(found["learned"], "beyond_identity", "mixed", "learned")
    wrong["learned"] += must_be(found["learned"], "cell_features", "cancer_blind", "learned")
    wrong["learned"] += must_be(found["learned"], "drug_chemistry", "drug_blind", "learned")
    for model in ("drug_means", "ids_only"):
        wrong[model] += never(found[model], "learned", FEATURE_HYPOTHESES)
    wrong["ids_only"] += must_be(found["ids_only"], "beyond_distribution", "mixed", "learned")
    wrong["leaked"] += never(found["leaked"], "learned")
    if not VOIDING_FLAGS & flags_of(report, "leaked"):
        wrong["leaked"].append("neither better_than_noise nor copied_test_rows was raised")
    wrong["noise"] += never(found["noise"], "learned")
    if not any(f["verdict"] == "worse" for f in found["noise"].values()):
        wrong["noise"].append("is worse nowhere")
    for model in ("learned", "drug_means", "ids_only", "noise"):
        for flag in sorted(VOIDING_FLAGS & flags_of(report, model)):
            wrong[model].append(f"flagged {flag}, but saw no test row")
    return wrong
