"""The hot path answers by hand what the serializers say."""

import json

import pytest
from rest_framework.renderers import JSONRenderer

from annotations.api import shapes
from annotations.api.serializers import SubmittedSerializer
from annotations.domain import responding
from annotations.models import Record
from tests.annotations.worlds import a_project, answer, taking_part

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("records", [1, 2])
def test_a_submitted_answer_and_the_next_record_are_told_as_described(records: int) -> None:
    project = a_project(records=records)
    Record.objects.update(suggestions={"quality": {"value": 3, "agent": "a-model"}})
    submitted = answer(project, taking_part(project))
    following = responding.record_after(submitted)

    by_hand = shapes.submitted(submitted, following)

    described = {"response": submitted.response, "repeated": submitted.repeated, "next": following}
    assert JSONRenderer().render(by_hand) == JSONRenderer().render(SubmittedSerializer(described).data)
    assert json.loads(JSONRenderer().render(by_hand))["next"] is None or records == 2
