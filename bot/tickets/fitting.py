"""What each rule of data/routing.yaml asks: whether it matters to a ticket, and who meets it."""

from collections.abc import Callable, Mapping, Sequence

from bot.people.areas import exactness, within
from bot.tickets.candidates import Candidate
from bot.tickets.rules import Rules, Steer, StepId
from bot.tickets.tables import Level
from bot.tickets.wanted import Wanted

People = Sequence[Candidate]
Matters = Callable[[Wanted, Rules], bool]
Meets = Callable[[Candidate, Wanted, Rules], bool]
Fitting = Callable[[People, Wanted, Rules], People]


def steering(wanted: Wanted, rules: Rules) -> Steer | None:
    """Return the first arrangement that holds for this matter."""
    return next((steer for steer in rules.steer if _holds(steer, wanted)), None)


def used(person: Candidate, wanted: Wanted, rules: Rules) -> float:
    """Return how much of somebody's capacity is used once they have this too."""
    return (person.load.weight + rules.weight(wanted.level)) / max(person.capacity, 1)


def _each(meets: Meets) -> Fitting:
    def fitting(pool: People, wanted: Wanted, rules: Rules) -> People:
        return [person for person in pool if meets(person, wanted, rules)]

    return fitting


def _cleared(person: Candidate, wanted: Wanted, rules: Rules) -> bool:
    lane = rules.lanes.get(wanted.lane)
    by_role = lane is not None and person.role in lane.roles
    return by_role or wanted.lane in person.lanes


def _specially_cleared(person: Candidate, wanted: Wanted, _: Rules) -> bool:
    return wanted.lane in person.lanes


def _of_no_other(person: Candidate, wanted: Wanted, _: Rules) -> bool:
    return person.organisation_id in {None, wanted.organisation_id}


def _of_the_same(person: Candidate, wanted: Wanted, _: Rules) -> bool:
    return person.organisation_id == wanted.organisation_id


def _first_called(pool: People, _: Wanted, __: Rules) -> People:
    first = min((person.crisis_rung for person in pool if person.crisis_rung), default=0)
    return [person for person in pool if first and person.crisis_rung == first]


def _speaks(person: Candidate, wanted: Wanted, _: Rules) -> bool:
    return not set(wanted.languages).isdisjoint(person.languages)


def _does(person: Candidate, wanted: Wanted, _: Rules) -> bool:
    return not person.services or wanted.service in person.services


def _specialises(person: Candidate, wanted: Wanted, _: Rules) -> bool:
    return wanted.service in person.services


def _serves(person: Candidate, wanted: Wanted, _: Rules) -> bool:
    return not person.area_codes or _nearness(person, wanted) > 0


def _nearness(person: Candidate, wanted: Wanted) -> int:
    """Return how exactly the person's areas name the place; 0: none of them does."""
    named = [exactness(area) for area in person.area_codes if within(wanted.area_code, area)]
    return max(named, default=0)


def _nearest(pool: People, wanted: Wanted, _: Rules) -> People:
    nearest = max((_nearness(person, wanted) for person in pool), default=0)
    return [person for person in pool if nearest and _nearness(person, wanted) == nearest]


def _has_room(person: Candidate, wanted: Wanted, rules: Rules) -> bool:
    return used(person, wanted, rules) <= 1


def _steered(person: Candidate, wanted: Wanted, rules: Rules) -> bool:
    steer = steering(wanted, rules)
    return steer is not None and (person.login in steer.to.logins or person.team in steer.to.teams)


def _takes_new(person: Candidate, _: Wanted, __: Rules) -> bool:
    return person.desk


def _holds(steer: Steer, wanted: Wanted) -> bool:
    when = steer.when
    return (
        (not when.services or wanted.service in when.services)
        and (not when.areas or any(within(wanted.area_code, area) for area in when.areas))
        and (not when.languages or not set(when.languages).isdisjoint(wanted.languages))
        and (not when.lanes or wanted.lane in when.lanes)
        and (not when.levels or wanted.level in when.levels)
    )


def _in_a_lane(wanted: Wanted, _: Rules) -> bool:
    return wanted.lane != ""


def _has_organisation(wanted: Wanted, _: Rules) -> bool:
    return wanted.organisation_id is not None


def _is_crisis(wanted: Wanted, _: Rules) -> bool:
    return wanted.level == Level.CRISIS


def _foreign(wanted: Wanted, _: Rules) -> bool:
    return len(wanted.languages) > 0


def _has_service(wanted: Wanted, _: Rules) -> bool:
    return wanted.service != ""


def _has_place(wanted: Wanted, _: Rules) -> bool:
    return wanted.area_code != ""


def _is_steered(wanted: Wanted, rules: Rules) -> bool:
    return steering(wanted, rules) is not None


def _always(_: Wanted, __: Rules) -> bool:
    return True


STEPS: Mapping[StepId, tuple[Matters, Fitting]] = {
    "lane": (_in_a_lane, _each(_cleared)),
    "lane_own": (_in_a_lane, _each(_specially_cleared)),
    "organisation": (_has_organisation, _each(_of_no_other)),
    "own_organisation": (_has_organisation, _each(_of_the_same)),
    "crisis_roster": (_is_crisis, _first_called),
    "language": (_foreign, _each(_speaks)),
    "service": (_has_service, _each(_does)),
    "area": (_has_place, _each(_serves)),
    "room": (_always, _each(_has_room)),
    "steer": (_is_steered, _each(_steered)),
    "specialist": (_has_service, _each(_specialises)),
    "local": (_has_place, _nearest),
    "roster": (_always, _each(_takes_new)),
}
