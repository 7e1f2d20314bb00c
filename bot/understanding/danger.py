"""
Whether a message is a crisis: reviewed rules and the NLU's odds weighed together.

Either alone errs.  The rules see 鼠药 in the price of rat poison; the NLU has never read
the next way to say goodbye.  A rule that fires needs little from the NLU, the NLU needs no
rule where it is sure, and some rules are so rarely wrong that they stand by themselves.
"""

import enum

from bot.understanding.crisis import CrisisSign, danger_points, sounds_past_or_unreal

# On 740 messages (85 crises; 85 of the others with words of danger) that neither rules nor
# NLU had seen:
#                                               found    false alarms   among words of danger
#   rules alone                                 68/85       42/655            14/85
#   NLU alone, from .3                          82/85        5/655             1/85
#   SEEN_FROM, or HINTED_FROM with a rule       84/85        9/655             3/85
#   the same, or with small signs (below)       85/85       12/655             5/85
SEEN_FROM = 0.3
"""Odds from which the NLU alone is believed."""
CALM_FROM = 0.4
"""The same where the text tells of a film, of long ago, or asks for the rule."""
HINTED_FROM = 0.05
"""Odds from which it is believed where a rule fired or small signs of danger add up."""
SIGNS_THAT_HINT = 3
"""Points of small signs (data/crisis.yaml)."""
SUSPECTED_FROM = 0.15
"""Odds from which a person should read the message soon."""


class Danger(enum.IntEnum):
    """How much there is to fear."""

    NONE = 0
    SUSPECTED = 1
    CRISIS = 2


def weigh(text: str, *, sign: CrisisSign | None, odds: float | None) -> Danger:
    """Say how dangerous *text* is; *odds* is None where the NLU did not read it."""
    if odds is None:
        return Danger.CRISIS if sign else Danger.NONE
    if sign and sign.firm:
        return Danger.CRISIS
    if odds >= (CALM_FROM if sounds_past_or_unreal(text) else SEEN_FROM):
        return Danger.CRISIS
    if odds < HINTED_FROM:
        return Danger.NONE
    if sign or danger_points(text) >= SIGNS_THAT_HINT:
        return Danger.CRISIS
    return Danger.SUSPECTED if odds >= SUSPECTED_FROM else Danger.NONE
