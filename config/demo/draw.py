"""Draws of what was told and what someone wants to give, within the bounds of a scene."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from random import Random

from config.demo.plan import Offer, Scene, TierPlan
from policies.authority import Ask
from policies.decision import Decision
from policies.facts import FactTerms, FactValue, read_value
from policies.rules import Rulebook

NOT_ASKED = 0.06  # how often a fact stays unknown
NOTED = 0.8
LESS_OF_THE_SAME = 0.5
MODEST = Decimal(12)  # what someone gives when it was not what they first had in mind


def facts_told(scene: Scene, asked: Sequence[FactTerms], random: Random) -> dict[str, FactValue]:
    """What the customer said to the questions that the reason code asks."""
    told: dict[str, FactValue] = {}
    for fact in asked:
        drawn = scene.facts[fact.key]
        value = str(random.randint(*drawn)) if isinstance(drawn, tuple) else random.choice(drawn)
        if random.random() >= NOT_ASKED:
            told[fact.key] = read_value(fact, value)
    return told


def order_value(scene: Scene, random: Random) -> Decimal:
    """A price that ends as prices do."""
    least, most = scene.order
    return Decimal(random.randrange(least * 20, most * 20) * 5) / 100


def channel(tier: TierPlan, random: Random) -> str:
    """Where it is told, to someone of this tier."""
    (drawn,) = random.choices(list(tier.channels), list(tier.channels.values()))
    return drawn


def note(scene: Scene, random: Random) -> str:
    """What the agent wrote down, if anything."""
    return random.choice(scene.notes) if random.random() < NOTED else ""


def usual_offers(scene: Scene, facts: Mapping[str, FactValue], random: Random) -> Sequence[Offer]:
    """What someone thinks of giving in this scene: one combination, drawn by weight."""
    fitting = [(w, combo) for w, combo in scene.gives if all(_fits(o, facts) for o in combo)]
    weights = [weight for weight, _ in fitting]
    return random.choices([combo for _, combo in fitting], weights)[0]


def ask_for(
    offer: Offer, rulebook: Rulebook, order: Decimal | None, amounts: int, random: Random
) -> Ask:
    """The offer as a wish: a quantity, or an amount that is `amounts` times as large."""
    remedy = rulebook.remedy(offer.remedy)
    if remedy is None:
        raise KeyError(offer.remedy)
    if offer.whole_order and order is not None:
        return Ask(remedy, order)
    least, step = Decimal(offer.least), Decimal(offer.step)
    most = Decimal(offer.most or offer.least)
    measure = least + step * random.randint(0, int((most - least) / step))
    return Ask(remedy, measure if remedy.by_quantity else measure * amounts)


def instead(refused: Decision, scene: Scene, random: Random) -> Ask | None:
    """What is given instead: less of the same, or what else is usual in this scene."""
    usual = {offer.remedy for _, combo in scene.gives for offer in combo if not offer.description}
    possible = [d for d in refused.alternatives if d.remedy.code in usual and d.limit >= 1]
    if not possible:
        return None
    same = [d for d in possible if d.remedy.id == refused.remedy.id]
    if same and random.random() < LESS_OF_THE_SAME:
        return Ask(same[0].remedy, max(same[0].limit * random.randint(2, 7) // 10, Decimal(1)))
    chosen = random.choice(possible)
    modest = MODEST if not chosen.remedy.by_quantity or chosen.remedy.most_in_a_case > MODEST else 1
    return Ask(chosen.remedy, min(chosen.limit // 1, Decimal(modest)))


def _fits(offer: Offer, facts: Mapping[str, FactValue]) -> bool:
    if offer.when is None:
        return True
    key, value = offer.when
    told = facts.get(key)
    if isinstance(value, int):
        return isinstance(told, Decimal) and told >= value
    return told is (value == "yes") if isinstance(told, bool) else told == value
