"""Background work of this app; importing the package registers it."""

from annotations.tasks import drafts as drafts
from annotations.tasks import imports as imports
from annotations.tasks import queue as queue
from annotations.tasks import releases as releases
from annotations.tasks import trials as trials
