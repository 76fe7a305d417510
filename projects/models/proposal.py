"""What a project says of itself: first in the application, and word for word in the project made of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TaskKind(models.TextChoices):
    """What contributors do; each kind has a preset of the same name in `projects.schema.presets`."""

    PROMPT_RATING = "prompt_rating", _("Prompt rating")
    TEXT_CLASSIFICATION = "text_classification", _("Text classification")
    PREFERENCE = "preference", _("Preference between two answers")
    TRANSLATION_REVIEW = "translation_review", _("Translation review")
    NAMED_ENTITIES = "named_entities", _("Named entities")


class Domain(models.TextChoices):
    GENERAL = "general", _("General")
    CONVERSATION = "conversation", _("Conversation")
    NEWS = "news", _("News and media")
    SOCIAL_MEDIA = "social_media", _("Social media")
    EDUCATION = "education", _("Education")
    HEALTH = "health", _("Health")
    LAW = "law", _("Law and public life")
    SCIENCE = "science", _("Science and technology")
    CULTURE = "culture", _("Culture and literature")
    OTHER = "other", _("Something else")


class Licence(models.TextChoices):
    """Licences of the resulting dataset, by the Hub's identifiers."""

    CC0 = "cc0-1.0", "CC0 1.0"
    CC_BY = "cc-by-4.0", "CC BY 4.0"
    CC_BY_SA = "cc-by-sa-4.0", "CC BY-SA 4.0"
    APACHE = "apache-2.0", "Apache 2.0"
    MIT = "mit", "MIT"
    ODC_BY = "odc-by", "ODC-BY"


LICENCE_TEXTS = {
    Licence.CC0: "https://creativecommons.org/publicdomain/zero/1.0/",
    Licence.CC_BY: "https://creativecommons.org/licenses/by/4.0/",
    Licence.CC_BY_SA: "https://creativecommons.org/licenses/by-sa/4.0/",
    Licence.APACHE: "https://www.apache.org/licenses/LICENSE-2.0",
    Licence.MIT: "https://opensource.org/license/mit",
    Licence.ODC_BY: "https://opendatacommons.org/licenses/by/1-0/",
}


class Access(models.TextChoices):
    OPEN = "open", _("Everybody")
    ORGANISATION = "organisation", _("Members of one Hub organisation")


class Proposal(models.Model):
    """The fields that an application and its project share."""

    title = models.CharField(_("title"), max_length=120)
    pitch = models.TextField(_("pitch"), max_length=2000)
    languages = models.JSONField(_("languages"), default=list)
    domain = models.CharField(_("domain"), max_length=20, choices=Domain)
    task_kind = models.CharField(_("task"), max_length=30, choices=TaskKind)
    data_source = models.TextField(_("where the data comes from"), max_length=1000)
    licence = models.CharField(_("licence"), max_length=20, choices=Licence)
    target = models.PositiveIntegerField(_("records to annotate"), default=500)
    access = models.CharField(_("who may take part"), max_length=12, choices=Access, default=Access.OPEN)
    organisation = models.ForeignKey(
        "accounts.HubOrganisation", models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        abstract = True

    @property
    def licence_url(self) -> str:
        """Where the licence can be read."""
        return LICENCE_TEXTS[Licence(self.licence)]

    @property
    def members_only(self) -> bool:
        return self.access == Access.ORGANISATION


PROPOSAL_FIELDS = tuple(field.name for field in Proposal._meta.local_fields)
