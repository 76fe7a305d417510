"""The hot path answers by hand what the serializers say."""

import json

import pytest
from rest_framework.renderers import JSONRenderer

from annotations.api import shapes
from annotations.api.serializers import HeldSerializer, NextSerializer, SubmittedSerializer
from annotations.domain import responding
from annotations.models import Record
from tests.annotations.worlds import a_project, answer, taking_part

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("records", [1, 2, 4])
def test_a_submitted_answer_and_the_next_records_are_told_as_described(records: int) -> None:
    project = a_project(records=records)
    Record.objects.update(suggestions={"quality": {"value": 3, "agent": "a-model"}})
    submitted = answer(project, taking_part(project))
    following = responding.held_after(submitted)

    by_hand = shapes.submitted(project, submitted, following)

    held = {"guidelines_version": 1, "next": following[0] if following else None, "held": following}
    described = {**held, "response": submitted.response, "repeated": submitted.repeated}
    assert JSONRenderer().render(by_hand) == JSONRenderer().render(SubmittedSerializer(described).data)
    assert JSONRenderer().render(shapes.held(project, following)) == JSONRenderer().render(
        NextSerializer(held).data
    )
    assert JSONRenderer().render(shapes.held_alone(project, following)) == JSONRenderer().render(
        HeldSerializer(held).data
    )
    assert len(json.loads(JSONRenderer().render(by_hand))["held"]) == records - 1
