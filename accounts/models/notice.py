from django.db import models
from django.utils.translation import gettext_lazy as _


class MailState(models.TextChoices):
    NONE = "none", _("no mail")
    PENDING = "pending", _("waiting to be sent")
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed")


class Notice(models.Model):
    """Something the site tells one person: on their notices page, and by mail if they gave an address.

    `kind` names the templates `notices/<kind>.subject.txt` and `.body.txt`, filled with `params` when it is
    read, so that the text is in the reader's language.
    """

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="notices")
    kind = models.SlugField(max_length=60)
    params = models.JSONField(default=dict)
    url = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    mail_state = models.CharField(max_length=8, choices=MailState, default=MailState.NONE)
    mail_attempts = models.PositiveSmallIntegerField(default=0)
    mail_after = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-created_at", "-pk")
        indexes = (
            models.Index(fields=["user"], condition=models.Q(read_at=None), name="notice_unread"),
            models.Index(fields=["mail_after"], condition=models.Q(mail_state="pending"), name="notice_mail"),
        )

    def __str__(self) -> str:
        return f"{self.kind} for {self.user}"
