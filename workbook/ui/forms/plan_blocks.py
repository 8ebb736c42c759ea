"""A plan and what it is for in words, for the forms that show one; never a reason."""

from __future__ import annotations

from workbook.content.words import Words, name_level, name_places, step_title
from workbook.domain.plan import Plan
from workbook.domain.shares import ACTS_OF_EVERYBODY
from workbook.rules.areas import area_of
from workbook.rules.turns import QUIET_REST
from workbook.ui.form import FormContext
from workbook.ui.widgets.prose import Block, h, p, pair


def name_intention(words: Words, key: str) -> str:
    """Return the name of what an evening can be for, such as ``"Unwind"``.

    A key that is no longer in the table has none.
    """
    if key == QUIET_REST:
        return words("forms.quiet_rest")
    return words.table("choices.intentions").get(key, "")


def state_intention(words: Words, key: str) -> str:
    """Return what the evening is for as a sentence; blank if nothing was settled.

    A key that is no longer in the table says nothing.
    """
    return words.table("choices.settled").get(key, "")


def name_areas(context: FormContext, plan: Plan) -> str:
    """Return the names of a plan's areas in one line, each once, in the plan's order."""
    keys = dict.fromkeys(area_of(part) for step in plan.steps for part in step.parts)
    return context.words.language.join_names(context.words(f"areas.names.{key}") for key in keys)


def name_firmest(words: Words, plan: Plan) -> str:
    """Return the name of the firmest level of a plan that has steps."""
    return name_level(words, max(step.level for step in plan.steps))


def make_plan_blocks(context: FormContext, plan: Plan) -> list[Block]:
    """Return a plan as blocks: technique, area, level, duration; never a reason."""
    say = context.words
    if not plan.steps:
        return [h(say("forms.plan_empty")), p(say("forms.plan_empty_help"))]
    blocks: list[Block] = [
        h(say("forms.plan_title", minutes=plan.minutes)),
        pair(say("forms.plan_position"), say(f"positions.{plan.position}")),
        pair(say("forms.plan_cover"), say(f"coverage.{plan.coverage}")),
        pair(say("forms.plan_product"), say(f"oils.names.{plan.product}")),
        pair(say("forms.plan_pace"), say(f"pace.{plan.pace}")),
    ]
    told = [*ACTS_OF_EVERYBODY, *sorted(plan.adaptations.difference(ACTS_OF_EVERYBODY))]
    blocks += [p(say(f"choices.adaptations.{a}")) for a in told]
    blocks.append(h(say("forms.plan_steps")))
    for number, step in enumerate(plan.steps, 1):
        clock = f"{step.seconds // 60}:{step.seconds % 60:02}"
        blocks.append(
            pair(
                f"{number}. {step_title(say, context.tables, step)}",
                say(
                    "forms.plan_step",
                    places=name_places(say, context.tables, step.parts),
                    level=name_level(say, step.level),
                    clock=clock,
                ),
            )
        )
    return blocks
