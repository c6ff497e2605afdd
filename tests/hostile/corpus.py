"""All hostile files, by family."""

from __future__ import annotations

from tests.hostile import bombs, shapes, strangers, structures
from tests.hostile.base import Recipe

FAMILIES: dict[str, tuple[Recipe, ...]] = {
    "bombs": (bombs.bombs,),
    "cycles": (structures.cycles,),
    "out of proportion": (structures.proportions,),
    "wrong types": (shapes.wrong_types,),
    "contradictions": (shapes.wrong_trees,),
    "cut off": (shapes.cut,),
    "bytes changed": (shapes.flipped, shapes.spliced),
    "Word parts": (shapes.word_parts,),
    "actions": (strangers.actions,),
    "references": (strangers.references,),
    "locked": (strangers.locked,),
    "texts": (strangers.typed,),
    "identities": (strangers.identities,),
}
