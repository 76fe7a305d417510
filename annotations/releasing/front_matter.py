"""The YAML at the head of a dataset card: what the Hub reads to list, filter and load the dataset."""

import yaml

from annotations.models import Release
from annotations.releasing.facts import Tally
from dibt.lib import languages
from projects.models import Project, TaskKind

RECORDS_FILE = "data/train-00000-of-00001.parquet"
RESPONSES_FILE = "responses/train-00000-of-00001.parquet"
CONFIGS = (("default", RECORDS_FILE), ("responses", RESPONSES_FILE))
# The Hub's own list of sizes: half-open, a thousand is no longer "n<1K".
SIZES = (
    (1_000, "n<1K"),
    (10_000, "1K<n<10K"),
    (100_000, "10K<n<100K"),
    (1_000_000, "100K<n<1M"),
    (10_000_000, "1M<n<10M"),
)
LARGEST = "10M<n<100M"
CATEGORIES = {
    TaskKind.PROMPT_RATING: ["text-classification", "text-generation"],
    TaskKind.TEXT_CLASSIFICATION: ["text-classification"],
    TaskKind.PREFERENCE: ["text-generation", "reinforcement-learning"],
    TaskKind.TRANSLATION_REVIEW: ["translation"],
    TaskKind.NAMED_ENTITIES: ["token-classification"],
}


def size_category(records: int) -> str:
    return next((name for limit, name in SIZES if records < limit), LARGEST)


def front_matter(release: Release, tally: Tally) -> str:
    """The lines between the two `---`."""
    project = release.project
    data: dict[str, object] = {
        "language": sorted({_iso(code) for code in project.languages}),
        "license": project.licence,
        "pretty_name": project.title,
        "tags": ["argilla", "data-is-better-together", "human-feedback"],
        "annotations_creators": ["crowdsourced"],
        "multilinguality": [_multilinguality(project)],
        "size_categories": [size_category(tally.records)],
        "task_categories": CATEGORIES[TaskKind(project.task_kind)],
        "configs": [
            {"config_name": name, "data_files": [{"split": "train", "path": path}]}
            | ({"default": True} if name == "default" else {})
            for name, path in CONFIGS
        ],
    }
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=1_000)


def _iso(code: str) -> str:
    """`yo` of `yor_Latn`: the two letters of ISO 639-1 where there are any, else the three of 639-3."""
    language = languages.get(code)
    return language.iso639_1 or language.iso639_3


def _multilinguality(project: Project) -> str:
    if project.task_kind == TaskKind.TRANSLATION_REVIEW:
        return "translation"
    return "multilingual" if len(project.languages) > 1 else "monolingual"
