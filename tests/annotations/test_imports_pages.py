"""The pages on which records come in, and the preview: what they show, and to whom."""

import re
from collections.abc import Callable
from http import HTTPStatus

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from annotations.domain import imports
from annotations.models import Import, ImportState, Response
from annotations.tasks import imports as work
from projects.models import Project, ProjectState
from tests.annotations.import_worlds import check, external_ids, fresh, imported, lead_of, prompts, uploaded
from tests.factories import a_project, organiser, person

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


def url(project: Project, page: str, *args: object) -> str:
    return reverse(f"records:{page}", args=[project.slug, *args])


def led(project: Project) -> Client:
    client = Client()
    client.force_login(lead_of(project))
    return client


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined]  # a response of the test client


def a_file(content: bytes, name: str = "prompts.jsonl") -> dict[str, object]:
    return {"file": SimpleUploadedFile(name, content)}


# --- Who may --------------------------------------------------------------------------------------


PAGES: list[tuple[str, str, bool]] = [
    ("get", "list", False),
    ("post", "upload", False),
    ("post", "overlap", False),
    ("get", "preview", False),
    ("post", "preview", False),
    ("get", "import", True),
    ("get", "progress", True),
    ("post", "check", True),
    ("post", "commit", True),
    ("post", "cancel", True),
    ("get", "refused", True),
]


@pytest.mark.parametrize(("method", "page", "of_import"), PAGES)
def test_every_address_asks_who_is_there(client: Client, method: str, page: str, of_import: bool):
    import_ = check(uploaded(a_project(), prompts(2) + b"{\n"))
    address = url(import_.project, page, *([import_.pk] if of_import else []))

    def ask() -> int:
        return int(getattr(client, method)(address).status_code)

    assert ask() == 302
    client.force_login(person("stranger"))
    assert ask() == HTTPStatus.NOT_FOUND
    Project.objects.update(state=ProjectState.PAUSED)
    assert ask() == HTTPStatus.FORBIDDEN
    assert fresh(import_).state == ImportState.CHECKED


@pytest.mark.parametrize("page", ["upload", "overlap", "check", "commit", "cancel"])
def test_looking_changes_nothing(page: str):
    import_ = check(uploaded(a_project(), prompts(2)))
    of_import = [] if page in {"upload", "overlap"} else [import_.pk]

    assert led(import_.project).get(url(import_.project, page, *of_import)).status_code == 405


def test_an_import_of_another_project_is_not_there():
    import_, other = uploaded(a_project(), prompts(1)), a_project()

    assert led(other).get(url(other, "import", import_.pk)).status_code == 404


def test_organisers_see_the_records_too(client: Client):
    project = a_project()
    client.force_login(organiser())

    assert client.get(url(project, "list")).status_code == 200


# --- Uploading --------------------------------------------------------------------------------------


def test_an_uploaded_file_leads_to_its_mapping_with_a_guess_filled_in():
    project = a_project()
    content = b'{"id": "a", "instances": [{"input": "Deep"}], "prompt": "One", "model": "m"}\n'

    answer = led(project).post(url(project, "upload"), a_file(content), follow=True)

    import_ = Import.objects.get()
    page = text(answer)
    assert answer.redirect_chain == [(import_.get_absolute_url(), 302)]
    assert '<option value="prompt" selected>prompt — One</option>' in page
    assert '<option value="instances[0].input">instances[0].input — Deep</option>' in page
    assert '<option value="id" selected>id — a</option>' in page


def test_a_file_that_cannot_be_read_leads_back_with_a_sentence():
    project = a_project()
    back = {"HTTP_REFERER": f"http://testserver{url(project, 'list')}"}

    answer = led(project).post(url(project, "upload"), a_file(b"PK\x03\x04"), follow=True, **back)

    assert "This is a spreadsheet or a ZIP archive." in text(answer)
    assert not Import.objects.exists()


def test_a_file_beyond_the_cap_is_refused_with_a_sentence(settings: Settings):
    settings.IMPORT_MAX_BYTES = 100_000
    project = a_project()
    back = {"HTTP_REFERER": f"http://testserver{url(project, 'list')}"}

    answer = led(project).post(url(project, "upload"), a_file(b"x" * 3_000_000), follow=True, **back)

    assert "This file is larger than" in text(answer)
    assert not Import.objects.exists()


def test_a_form_without_a_file_is_told_so():
    project = a_project()

    answer = led(project).post(url(project, "upload"))

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "No file came with the form." in text(answer)


def test_an_upload_without_the_token_of_its_form_is_refused():
    project = a_project()
    client = Client(enforce_csrf_checks=True)
    client.force_login(lead_of(project))

    answer = client.post(url(project, "upload"), a_file(prompts(1)))

    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert not Import.objects.exists()


# --- Mapping, checking, importing ---------------------------------------------------------------------


def test_a_path_written_by_hand_counts_before_the_column_beside_it():
    import_ = uploaded(a_project(), b'{"a": "One", "deep": [{"in": "Two"}]}\n')
    sent = {"field-prompt": "a", "field-prompt-path": "deep[0].in", "question-quality-agent": ""}

    answer = led(import_.project).post(url(import_.project, "check", import_.pk), sent)
    work.check(import_.pk)

    assert answer.headers["Location"] == import_.get_absolute_url()
    assert fresh(import_).report["drafts"][0]["fields"] == {"prompt": "Two"}


def test_two_rows_with_one_id_are_refused_as_guessed_naming_the_row():
    import_ = check(uploaded(a_project(), b'{"id": "a", "prompt": "One"}\n{"id": "a", "prompt": "Two"}\n'))

    page = text(led(import_.project).get(import_.get_absolute_url()))

    assert "The id “a” is also that of row 1. Each row needs an id of its own." in page


def test_only_who_compares_responses_is_warned_of_their_order():
    pair, prompt = a_project(task_kind="preference"), a_project()
    content = b'{"prompt": "p", "chosen": "good", "rejected": "bad"}\n'

    warned, other = (
        text(led(project).get(uploaded(project, content).get_absolute_url())) for project in (pair, prompt)
    )

    assert "let chance decide which is A" in warned
    assert '<option value="chosen" selected>' not in warned
    assert "let chance decide" not in other


def test_what_cannot_be_mapped_is_told_at_its_column_and_nothing_typed_is_lost():
    import_ = uploaded(a_project(), prompts(1))

    answer = led(import_.project).post(
        url(import_.project, "check", import_.pk), {"question-quality-agent": "judge-7"}
    )

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Choose the column for the field “Prompt”; it is required." in text(answer)
    assert 'value="judge-7"' in text(answer)
    assert fresh(import_).state == ImportState.UPLOADED


def test_while_a_worker_has_the_file_the_page_asks_again_and_then_stops():
    import_ = uploaded(a_project(), prompts(2))
    client, project = led(import_.project), import_.project
    client.post(url(project, "check", import_.pk), {"field-prompt": "prompt"})
    imports.told(import_, 1_500)

    moving = client.get(url(project, "import", import_.pk))
    news = client.get(url(project, "progress", import_.pk), **HTMX)
    work.check(import_.pk)
    done = client.get(url(project, "progress", import_.pk), **HTMX)

    assert 'hx-trigger="every 1s"' in text(moving)
    assert "1,500 rows read so far" in text(news)
    assert "<html" not in text(news)
    assert (done.headers["HX-Refresh"], text(done)) == ("true", "")
    assert "hx-trigger" not in text(client.get(url(project, "import", import_.pk)))


def test_the_result_shows_good_rows_as_they_would_look_and_refused_ones_with_their_reasons():
    project = a_project(languages=["arb_Arab"])
    content = '{"id": 1, "prompt": "<b>مرحبا</b> \u202eabc"}\n{"id": 2}\n'.encode()
    import_ = check(uploaded(project, content))

    page = text(led(project).get(url(project, "import", import_.pk)))

    assert 'lang="ar" dir="rtl">&lt;b&gt;مرحبا' in page
    assert "The field “prompt” is empty." in page
    assert "1 row has invisible characters" in page
    assert "Import 1 good row" in page


def test_importing_is_one_click_and_a_second_one_is_told_that_it_was_done():
    project = a_project()
    import_ = check(uploaded(project, prompts(2)))
    client, address = led(project), url(project, "commit", import_.pk)

    first = client.post(address, {"build": import_.build})
    work.commit(import_.pk)
    second = client.post(address, {"build": import_.build})

    assert first.headers["Location"] == import_.get_absolute_url()
    assert second.status_code == HTTPStatus.CONFLICT
    assert "is “Imported” now" in text(second)
    assert project.records.count() == 2
    assert "2 records are imported" in text(client.get(import_.get_absolute_url()))


def test_the_lead_chooses_how_the_records_stand_in_the_queue():
    project = a_project()
    imported(project, prompts(2))
    import_ = check(uploaded(project, prompts(30, start=2)))
    client = led(project)
    asked = text(client.get(import_.get_absolute_url()))

    client.post(
        url(project, "commit", import_.pk), {"build": import_.build, "order": "shuffled", "priority": "first"}
    )
    work.commit(import_.pk)

    checked = re.findall(r'name="(order|priority)" value="(\w+)"[^>]*checked', asked)
    assert checked == [("order", "file"), ("priority", "normal")]
    assert external_ids(project)[-2:] == ["p0", "p1"]
    assert external_ids(project)[:-2] != [f"p{number}" for number in range(2, 32)]
    assert "Shuffled · Before all others" in text(client.get(import_.get_absolute_url()))


def test_an_order_that_there_is_not_is_refused_with_a_sentence():
    project = a_project()
    import_ = check(uploaded(project, prompts(2)))
    said = {"build": import_.build, "order": "upside-down", "priority": "normal"}

    refused = led(project).post(url(project, "commit", import_.pk), said)

    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "as in the file or shuffled" in text(refused)
    assert not project.records.exists()


def test_refused_rows_can_be_downloaded():
    import_ = check(uploaded(a_project(), prompts(1) + b"{\n"))

    answer = led(import_.project).get(url(import_.project, "refused", import_.pk))

    content = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]  # a file response
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert content.splitlines() == [
        "row,reasons,content",
        "2,This line is not JSON: it breaks at character 2.,{",
    ]


def test_before_a_check_there_is_no_list_of_refused_rows():
    import_ = uploaded(a_project(), prompts(1))

    assert led(import_.project).get(url(import_.project, "refused", import_.pk)).status_code == 404


def test_cancelling_says_so_and_the_file_can_not_be_imported_any_more():
    project = a_project()
    import_ = check(uploaded(project, prompts(1)))
    client = led(project)

    answer = client.post(url(project, "cancel", import_.pk), follow=True)
    late = client.post(url(project, "commit", import_.pk), {"build": import_.build})

    assert "The import is cancelled" in text(answer)
    assert late.status_code == HTTPStatus.CONFLICT
    assert not project.records.exists()


# --- The list ---------------------------------------------------------------------------------------------


def test_the_list_shows_files_and_records_and_finds_one_by_its_id():
    project = a_project()
    imported(project, prompts(30))
    client = led(project)

    page, found = client.get(url(project, "list")), client.get(url(project, "list"), {"q": "p29"})

    assert "30 records, 0 of them complete" in text(page)
    assert "Prompt number 24" in text(page)
    assert "Prompt number 25" not in text(page)
    assert [record.external_id for record, _shown in found.context["rows"]] == ["p29"]


def test_no_record_is_found_by_what_no_id_can_hold():
    project = a_project()
    imported(project, prompts(1))

    page = led(project).get(url(project, "list"), {"q": "p\0"})

    assert page.status_code == 200
    assert "No record has an external id like this." in text(page)


def test_the_list_costs_the_same_however_much_there_is():
    project = a_project()
    client = led(project)

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(url(project, "list"))
        return len(captured)

    imported(project, prompts(1))
    with_one = cost()
    for start in range(1, 5):
        imported(project, prompts(5, start=start * 10))

    assert cost() == with_one


# --- The preview -------------------------------------------------------------------------------------------


def from_records(project: Project) -> None:
    imported(project, b'{"id": 1, "prompt": "Of a record", "rating": 4}\n')


def from_a_file(project: Project) -> None:
    uploaded(project, b'{"id": 1, "prompt": "Of a file", "rating": 4}\n')


@pytest.mark.parametrize(
    ("bring", "shown", "said"),
    [
        (from_records, "Of a record", "Your records as contributors see them."),
        (from_a_file, "Of a file", "They are not imported yet."),
        (lambda _project: None, "Here people will read what your records have under “Prompt”.", "made up"),
    ],
)
def test_the_preview_shows_what_is_nearest_to_the_projects_own_rows(
    bring: Callable[[Project], object], shown: str, said: str
):
    project = a_project()
    bring(project)

    page = text(led(project).get(url(project, "preview")))

    assert shown in page
    assert said in page
    assert 'name="answer.quality" value="5"' in page


def test_the_preview_says_what_would_be_saved_and_saves_nothing():
    project = a_project()
    from_records(project)

    answer = led(project).post(url(project, "preview"), {"answer.quality": "4"}, **HTMX)

    assert answer.context["saved_as"] == '{\n  "quality": 4\n}'
    assert "How good is this prompt?" in text(answer)
    assert re.search(r'data-focus>\s*<div class="message message--good"', text(answer))
    assert "<html" not in text(answer)
    assert not Response.objects.exists()


def test_an_answer_that_does_not_fit_is_told_as_it_would_be():
    project = a_project()

    answer = led(project).post(url(project, "preview"), {"answer.quality": "9"})

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "a whole number from 1 to 5 is." in text(answer)
    assert "This would not be saved" in text(answer)
    assert "Next row" not in text(answer)


def test_the_preview_can_be_as_narrow_as_a_phone_and_goes_through_the_rows():
    project = a_project()
    imported(project, prompts(2))
    client = led(project)

    narrow = client.get(url(project, "preview"), {"width": "phone", "row": "1"})

    assert 'class="preview phone-frame"' in text(narrow)
    assert "Prompt number 1" in text(narrow)
    assert "Row 2 of the first 2" in text(narrow)
    assert "Prompt number 0" in text(client.get(url(project, "preview"), {"row": "2"}))
