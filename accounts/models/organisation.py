from django.db import models


class HubOrganisation(models.Model):
    """An organisation of the Hub that somebody here belongs to; known by `sub`, called by its handle."""

    sub = models.CharField(max_length=64, unique=True)
    handle = models.CharField(max_length=96, db_index=True)
    name = models.CharField(max_length=200)
    avatar_url = models.URLField(max_length=500, blank=True)

    class Meta:
        ordering = ("handle",)

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """That a person belonged to an organisation when they last signed in. An unknown role is empty."""

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(HubOrganisation, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=60, blank=True)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["user", "organisation"], name="one_membership_each"),)

    def __str__(self) -> str:
        return f"{self.user} in {self.organisation}"
