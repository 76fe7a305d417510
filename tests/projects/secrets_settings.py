"""The settings of the worker whose words are searched for secrets: the site's own, with all for Spaces at once."""

from datetime import timedelta

from dibt.settings import *  # noqa: F403
from dibt.settings import CELERY_BEAT_SCHEDULE as WHOLE_SCHEDULE

SPACE_FIRST_LOOK = timedelta(seconds=0.2)
CELERY_BEAT_SCHEDULE = {
    name: {**entry, "schedule": 1.0}
    for name, entry in WHOLE_SCHEDULE.items()
    if entry["task"].startswith(("dibt.", "projects.spaces."))
}
