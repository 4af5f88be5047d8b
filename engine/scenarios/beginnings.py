"""How a scenario begins: by hand, or as `starts:` says by a signal, a schedule or a cohort."""

from collections.abc import Mapping
from typing import Any

from engine.core.start_rules import StartRule
from engine.core.starting import NotMeant, Undecided, look
from engine.scenarios.stage import Stage
from engine.scenarios.written import NotAsWritten


def begin(stage: Stage, how: Any, data: Mapping[str, Any]) -> None:
    """Starts the case if the rule wants it; `data` is what somebody adds by hand.

    `how` is the scenario's `starts_by`; None: somebody starts it.
    """
    if how is None:
        stage.start(data)
        return
    rule, body = _rule(stage, how)
    looked = look(stage.definition, rule, stage.cast.subject, body, stage.now, stage.cast)
    if isinstance(looked, Undecided):
        raise NotAsWritten(f"Nobody can say whether “{rule.id}” starts a case: {looked.why}")
    if looked.subject != stage.cast.subject:
        raise NotAsWritten(
            f"“{rule.id}” would start a case about {looked.subject or 'nobody'}, and the test's "
            f"`people:` says `subject: {stage.cast.subject}`."
        )
    if isinstance(looked, NotMeant):
        stage.not_meant = looked.because
        return
    stage.start({**looked.data, **data})


def _rule(stage: Stage, how: Any) -> tuple[StartRule, Mapping[str, Any] | None]:
    rules = stage.definition.starts
    if isinstance(how, Mapping) and list(how) == ["signal"] and isinstance(how["signal"], Mapping):
        ((name, body),) = how["signal"].items()
        found = [rule for rule in rules if rule.signal == name]
        said: Mapping[str, Any] | None = dict(body or {})
    else:
        found = [rule for rule in rules if rule.id.startswith(str(how)) and rule.signal is None]
        said = None
    if len(found) == 1:
        return found[0], said
    known = "; ".join(rule.id for rule in rules) or "nothing but by hand"
    raise NotAsWritten(
        f"`starts_by` names {'no start' if not found else 'several starts'} of this process, which "
        f"has: {known}. Write `starts_by: {{signal: {{offer.accepted: {{…}}}}}}`, "
        "`starts_by: cohort yearly` or `starts_by: every year`."
    )
