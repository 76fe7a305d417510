"""What the card says of a release, and of whom."""

import json
from pathlib import Path

import pytest
import yaml

from accounts.domain import people
from accounts.models import ShownAs
from annotations.releasing.front_matter import size_category
from tests.annotations.releasing import a_contributor, all_bytes, answered_project, built, folder, give
from tests.annotations.worlds import a_project

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _releases_folder(settings, tmp_path: Path) -> None:
    settings.RELEASE_DIR = tmp_path


def test_people_who_hide_appear_nowhere_and_the_others_as_they_chose():
    project = a_project(records=1, overlap=5)
    shown = {
        "hedwig-hubname": ShownAs.HUB_NAME,
        "paula-pseudonymous": ShownAs.PSEUDONYM,
        "henri-hidden": ShownAs.HIDDEN,
    }
    by_name = {}
    for name, choice in shown.items():
        by_name[name] = a_contributor(project, name)
        people.choose_shown_as(by_name[name].user, shown_as=choice)
        give(project, by_name[name], "prompt-0", {"quality": 3})

    release = built(project)

    everything = all_bytes(release)
    assert b"- hedwig-hubname\n" in everything
    assert f"- {by_name['paula-pseudonymous'].pseudonym}\n".encode() in everything
    assert b"1 more contributor chose not to be named" in everything
    hidden = [
        "paula-pseudonymous",
        "henri-hidden",
        by_name["henri-hidden"].pseudonym,
        by_name["hedwig-hubname"].pseudonym,
        *(each.user.hub_sub for each in by_name.values()),
    ]
    assert [text for text in hidden if text.encode() in everything] == []
    assert (release.contents.contributors, release.contents.named) == (3, 2)


def test_the_card_is_complete():
    project = answered_project(records=2, people=3, overlap=3)

    release = built(project)

    _start, front, text = (folder(release) / "README.md").read_text().split("---\n", 2)
    assert yaml.safe_load(front) == {
        "language": ["en"],
        "license": "cc-by-4.0",
        "pretty_name": project.title,
        "tags": ["argilla", "data-is-better-together", "human-feedback"],
        "annotations_creators": ["crowdsourced"],
        "multilinguality": ["monolingual"],
        "size_categories": ["n<1K"],
        "task_categories": ["text-classification", "text-generation"],
        "configs": [
            {
                "config_name": "default",
                "data_files": [{"split": "train", "path": "data/train-00000-of-00001.parquet"}],
                "default": True,
            },
            {
                "config_name": "responses",
                "data_files": [{"split": "train", "path": "responses/train-00000-of-00001.parquet"}],
            },
        ],
    }
    for part in (
        "Prompts worth answering.",
        "Written by people.",
        "| Records | 2, of which 2 completed |",
        "| Answers | 6 |",
        "once 3 different people have answered it",
        "> ## What makes a prompt good",
        "`quality.mean` is the arithmetic mean",
        f'load_dataset("data-is-better-together/{project.slug}", "responses", split="train", revision="v1")',
        "CC BY 4.0",
    ):
        assert part in text
    for placeholder in ("TODO", "More Information Needed", "None", "{{", "{name}", "[[", "lorem"):
        assert placeholder not in text


def test_argilla_finds_the_settings_it_needs():
    release = built(answered_project(records=1, people=1))

    settings = json.loads((folder(release) / ".argilla/settings.json").read_text())

    assert settings["distribution"] == {"strategy": "overlap", "min_submitted": 2}
    assert [question["name"] for question in settings["questions"]] == ["quality"]
    assert json.loads((folder(release) / ".argilla/dataset.json").read_text())["name"] == release.project.slug


@pytest.mark.parametrize(("records", "name"), [(999, "n<1K"), (1_000, "1K<n<10K"), (10_000, "10K<n<100K")])
def test_size_categories_are_half_open(records, name):
    assert size_category(records) == name
