"""The rule that asks a question only after certain answers to an earlier one."""

from dataclasses import dataclass

from dibt.lib.json_node import JsonNode


@dataclass(frozen=True, kw_only=True)
class ShowIf:
    """Asked only if the question of that name has one of these values; of several labels one is enough.

    A question that is not asked itself has no value, so that rules may follow one another.
    """

    question: str
    values: tuple[int | str, ...]

    def fits(self, value: object) -> bool:
        """Whether this answer to the earlier question, or one of its labels, is among the values."""
        chosen = value if isinstance(value, list | tuple) else (value,)
        return any(one in self.values for one in chosen)

    def to_json(self) -> dict[str, object]:
        return {"question": self.question, "values": list(self.values)}

    @classmethod
    def from_json(cls, node: JsonNode) -> "ShowIf":
        rule = cls(question=node.text("question"), values=node.choices("values"))
        node.finish()
        return rule
