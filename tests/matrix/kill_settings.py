"""The settings of the workers that are killed: the site's own, swept more often and looked at sooner."""

from datetime import timedelta

from dibt.settings import *  # noqa: F403
from dibt.settings import CELERY_BEAT_SCHEDULE as WHOLE_SCHEDULE

# So short that a killed worker is missed by the time its successor has started.
SPACE_LEASE = timedelta(seconds=3)
SPACE_FIRST_LOOK = timedelta(seconds=0.2)
# The sweeper alone: what else the beat does would come in between the calls of the Space that is set up.
CELERY_BEAT_SCHEDULE = {"ring-again": {**WHOLE_SCHEDULE["ring-again"], "schedule": 1.0}}
