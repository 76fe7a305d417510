"""What the API says of projects, progress, people and records."""

from typing import Any

from rest_framework import serializers

from annotations.domain import boards, queue, totals
from annotations.models import Assignment, Contributor, FlagReason, Record, Response, ResponseEdit
from projects.models import Project


class TotalsSerializer(serializers.Serializer[totals.Totals]):
    """Counts of one project; they equal those on its pages."""

    records = serializers.IntegerField()
    complete = serializers.IntegerField(help_text="Records that have all the answers they need.")
    responses = serializers.IntegerField(help_text="Submitted answers, surplus ones included.")
    contributors = serializers.IntegerField(help_text="People with at least one answer.")
    share_complete = serializers.FloatField(help_text="From 0 to 1.")


class DaySerializer(serializers.Serializer[totals.Day]):
    day = serializers.DateField(help_text="In UTC.")
    responses = serializers.IntegerField()


class ProgressSerializer(serializers.Serializer[Any]):
    project = serializers.SlugField()
    state = serializers.CharField()
    overlap = serializers.IntegerField(help_text="Answers by different people that complete a record.")
    target = serializers.IntegerField()
    totals = TotalsSerializer()
    days = DaySerializer(many=True, help_text="Days with answers in the last 90 days, oldest first.")


class ProjectSerializer(serializers.ModelSerializer[Project]):
    organisation = serializers.CharField(
        source="organisation.handle",
        default=None,
        allow_null=True,
        help_text="Who it is for, if members only.",
    )
    cohort = serializers.SlugField(source="cohort.slug")
    # Named, because a limit of the database at hand has no place in the description.
    target = serializers.IntegerField(help_text="Records the project set out to complete.")
    overlap = serializers.IntegerField(help_text="Answers by different people that complete a record.")
    guidelines_version = serializers.IntegerField(
        source="guidelines_number",
        allow_null=True,
        help_text="The number of the guidelines that hold now; null where there are none yet.",
    )
    totals = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField(help_text="The project's page.")

    class Meta:
        model = Project
        fields = (
            "slug", "title", "pitch", "languages", "domain", "task_kind", "licence", "target", "access",
            "organisation", "cohort", "state", "overlap", "opened_at", "guidelines_version", "totals", "url",
        )  # fmt: skip

    def get_totals(self, project: Project) -> TotalsSerializer:
        return TotalsSerializer(totals.of(project)).data  # type: ignore[return-value]  # the type is for OpenAPI

    def get_url(self, project: Project) -> str:
        return str(self.context["request"].build_absolute_uri(project.get_absolute_url()))


class ContributorSerializer(serializers.Serializer[Contributor]):
    """A line of the leaderboard, shown as that person chose."""

    rank = serializers.IntegerField()
    name = serializers.CharField()
    responses = serializers.IntegerField()

    def to_representation(self, instance: Contributor) -> dict[str, object]:
        line = boards.standing(instance, person=self.context["request"].user)
        return {"rank": line.rank, "name": line.name, "responses": line.responses}


class HiddenSerializer(serializers.Serializer[boards.Hidden]):
    people = serializers.IntegerField()
    responses = serializers.IntegerField()


class ContributorPageSerializer(serializers.Serializer[Any]):
    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ContributorSerializer(many=True)
    hidden = HiddenSerializer()


class OverallSerializer(serializers.Serializer[totals.Overall]):
    """Totals over all public projects."""

    projects = serializers.IntegerField()
    open_projects = serializers.IntegerField()
    records = serializers.IntegerField()
    complete = serializers.IntegerField()
    responses = serializers.IntegerField()
    people = serializers.IntegerField(
        help_text="Everybody counted once, whatever the number of their projects."
    )


class RecordSerializer(serializers.ModelSerializer[Record]):
    class Meta:
        model = Record
        fields = ("id", "external_id", "fields", "suggestions")


class AssignmentSerializer(serializers.ModelSerializer[Assignment]):
    """A record that is with somebody until `expires_at`."""

    record = RecordSerializer()

    class Meta:
        model = Assignment
        fields = ("record", "expires_at")


class CountSerializer(serializers.Serializer[Any]):
    """How many records to have at the same time. Those that you hold already are among them."""

    count = serializers.IntegerField(min_value=1, max_value=10, default=1)


class GuidelinesSerializer(serializers.Serializer[Any]):
    guidelines_version = serializers.IntegerField(
        required=False,
        allow_null=True,
        default=None,
        help_text="The number of the guidelines that its author had before them, the present ones if not said.",
    )


class AnswerSerializer(CountSerializer, GuidelinesSerializer):
    """An answer as it is sent. `values` has one entry for each answered question, by its name.

    Marks in a text are a list of `{"start": 0, "end": 5, "label": "place"}`, in Unicode code points of the field that
    the question marks; an empty list says that there is nothing to mark.
    """

    record = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    values = serializers.JSONField()
    schema_version = serializers.IntegerField(
        required=False,
        allow_null=True,
        default=None,
        help_text=(
            "The version of the task that was answered, the present one if not said. An answer to an older one is "
            "taken where nothing has changed since that it may not fit, else kept as your draft (409, `outdated`)."
        ),
    )


class RecordIdSerializer(CountSerializer):
    record = serializers.IntegerField(min_value=1, max_value=2**63 - 1)


class FlagSerializer(RecordIdSerializer):
    """What is wrong with a record. Two people who say personal data or toxic take it out of the queue."""

    reason = serializers.ChoiceField(choices=FlagReason.values)
    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=500)


class ConsentSerializer(serializers.Serializer[Any]):
    """What is asked once before the first answer of a person in a project."""

    licence = serializers.CharField(help_text="The project's licence, repeated, to say that you accept it.")
    shown_as = serializers.ChoiceField(
        choices=["hub_name", "pseudonym", "hidden"],
        required=False,
        help_text="Needed if never chosen before.",
    )


class ResponseSerializer(serializers.ModelSerializer[Response]):
    id = serializers.UUIDField(source="public_id")
    project = serializers.SlugField(source="project.slug")
    record = serializers.IntegerField(source="record_id")
    schema_version = serializers.IntegerField(source="schema_version.number")
    guidelines_version = serializers.IntegerField(
        source="guidelines_version.number",
        default=None,
        allow_null=True,
        help_text="The number of the guidelines that it was given under.",
    )
    trial = serializers.BooleanField(
        help_text="Given before its author signed in; it counts since `submitted_at`."
    )

    class Meta:
        model = Response
        fields: tuple[str, ...] = (
            "id",
            "project",
            "record",
            "values",
            "schema_version",
            "guidelines_version",
            "surplus",
            "trial",
            "submitted_at",
        )


class EarlierSerializer(serializers.ModelSerializer[ResponseEdit]):
    """What an answer was until `until`, when its author changed it."""

    until = serializers.DateTimeField(source="at")
    schema_version = serializers.IntegerField(source="schema_version.number")

    class Meta:
        model = ResponseEdit
        fields = ("until", "values", "schema_version")


class OwnResponseSerializer(ResponseSerializer):
    """An own answer with what it was before each change of it, the latest first."""

    earlier = EarlierSerializer(source="edits", many=True)

    class Meta(ResponseSerializer.Meta):
        fields = (*ResponseSerializer.Meta.fields, "earlier")


class ValuesSerializer(serializers.Serializer[Any]):
    """All values of an answer: a question that is left out has none."""

    values = serializers.JSONField()
    guidelines_version = serializers.IntegerField(
        required=False,
        allow_null=True,
        default=None,
        help_text=(
            "The number of the guidelines that its author had before them. If not said, the answer stays one that was "
            "given under those that it names."
        ),
    )


class CurrentSerializer(serializers.Serializer[Any]):
    guidelines_version = serializers.IntegerField(
        allow_null=True,
        help_text="The number of the guidelines that hold now. Send the one that people have before them with answers.",
    )


class NextSerializer(CurrentSerializer):
    next = AssignmentSerializer(allow_null=True, help_text="Null when nothing is left for you now.")
    held = AssignmentSerializer(many=True, help_text="The next one first, then as many as you asked for.")


class SubmittedSerializer(NextSerializer):
    """The saved answer, and the next record so that no second request is needed."""

    response = ResponseSerializer()
    repeated = serializers.BooleanField(help_text="The same answer had been saved before; nothing was added.")


class HeldSerializer(CurrentSerializer):
    held = AssignmentSerializer(many=True, help_text="First the one you had first.")


class RecordIdsSerializer(serializers.Serializer[Any]):
    records = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1), max_length=queue.MOST
    )


class LeaveSerializer(RecordIdsSerializer):
    seen = serializers.IntegerField(
        min_value=1,
        max_value=2**63 - 1,
        allow_null=True,
        default=None,
        help_text="The one on your screen: it stays yours for a minute.",
    )


class ReturnedSerializer(serializers.Serializer[Any]):
    returned = serializers.IntegerField(help_text="How many records go to others now.")


class AlongSerializer(serializers.Serializer[Any]):
    count = serializers.IntegerField(min_value=1, max_value=queue.MOST, default=queue.MOST)


class SkippedSerializer(serializers.Serializer[Any]):
    waiting = serializers.IntegerField()


class OfferedAgainSerializer(serializers.Serializer[Any]):
    offered_again = serializers.IntegerField()
