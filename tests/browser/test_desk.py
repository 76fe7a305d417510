"""Nothing that somebody gave is lost or doubled: without network, in two tabs, signed out, on a shared phone."""

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Locator, Page, Route, expect

from accounts.models import User
from annotations.domain.queue import LEASE
from annotations.models import Assignment, Contributor, Draft, Response
from dibt.lib import clock
from projects.models import Project, ProjectState
from tests.annotations.tasks import a_project_asking
from tests.annotations.worlds import a_project, contributor, somebody, taking_part
from tests.browser.conftest import Arrive
from tests.browser.desks import answer, become, lose_a_confirmation, note, on_screen, ready, sit_down
from tests.browser.visitor import Visitor
from tests.house.running import eventually

# The browser's database opens after so many milliseconds; not at all where that is null.
DATABASE_OPENS_AFTER = """(milliseconds) => {
  const open = IDBFactory.prototype.open;
  IDBFactory.prototype.open = function (...named) {
    const asked = { get result() { return this.real.result; } };
    if (milliseconds !== null) setTimeout(() => {
      asked.real = open.apply(this, named);
      for (const name of ["onupgradeneeded", "onsuccess", "onerror"]) asked.real[name] = () => asked[name]?.();
    }, milliseconds);
    return asked;
  };
}"""

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def project() -> Project:
    return a_project(records=12, overlap=3)


def given(user: User) -> list[str]:
    """The records that this person has answered, in the order in which the site took the answers in."""
    own = Response.objects.filter(contributor__user=user).order_by("pk")
    return [str(record) for record in own.values_list("record", flat=True)]


def at_hand(user: User) -> list[int]:
    """The records that this person has."""
    held = Assignment.objects.filter(contributor__user=user).order_by("record")
    return list(held.values_list("record", flat=True))


def test_the_next_record_is_there_before_the_answer_has_arrived(
    arrive_here: Arrive, project: Project
) -> None:
    user = taking_part(project)
    visitor = arrive_here()
    page = sit_down(visitor, project, user, intercepted=True)
    held_back: list[Route] = []
    page.route("**/annotate/", lambda route: held_back.append(route))  # noqa: PLW0108 - it reads our function

    first = answer(page)
    second = answer(page)

    assert given(user) == []
    while not held_back:  # the page goes on before the request is seen here
        page.wait_for_timeout(50)
    held_back[0].continue_()
    page.unroute("**/annotate/")
    assert eventually(lambda: given(user) == [first, second])


def test_without_network_the_records_at_hand_are_answered_and_go_out_once(
    arrive_here: Arrive, project: Project
) -> None:
    user = taking_part(project)
    visitor = arrive_here()
    page = sit_down(visitor, project, user)

    visitor.cut_off()
    answered = [answer(page), answer(page), answer(page)]
    expect(page.get_by_text("No more records at hand")).to_be_visible()
    expect(note(page, "offline")).to_contain_text("Answers waiting here: 3")
    assert given(user) == []
    visitor.cut_off(offline=False)

    assert eventually(lambda: given(user) == answered)
    expect(note(page, "offline")).to_have_count(0)
    expect(page.locator("#done")).to_contain_text("3 answers by you")
    assert on_screen(page).input_value() not in answered


def test_what_was_taken_along_is_answered_on_a_page_opened_without_network(
    arrive_here: Arrive, project: Project
) -> None:
    user = taking_part(project)
    visitor = arrive_here()
    page = sit_down(visitor, project, user)
    page.get_by_role("button", name="Take 50 with me").click()
    expect(page.locator("#take")).to_contain_text("With you: 12 until")
    assert Assignment.objects.filter(contributor__user=user, taken_along=True).count() == 12

    visitor.cut_off()
    answered = [answer(page)]
    page.close()
    visitor.page = visitor.page.context.new_page()
    visitor.go(f"/projects/{project.slug}/annotate/")
    expect(visitor.page.get_by_role("heading", name=project.title)).to_be_visible()
    expect(note(visitor.page, "offline")).to_contain_text("Answers waiting here: 1")
    answered += [answer(visitor.page) for _ in range(11)]
    expect(visitor.page.get_by_text("No more records at hand")).to_be_visible()
    visitor.cut_off(offline=False)

    assert eventually(lambda: given(user) == answered)
    assert len(set(answered)) == 12
    expect(visitor.page.get_by_text("Nothing is left for you here")).to_be_visible()


def test_what_is_not_answered_of_it_can_be_given_back(arrive_here: Arrive, project: Project) -> None:
    user = taking_part(project)
    page = sit_down(arrive_here(), project, user)
    page.get_by_role("button", name="Take 50 with me").click()
    page.get_by_role("button", name="Give the rest back").click()

    expect(page.get_by_role("button", name="Take 50 with me")).to_be_visible()
    assert not Assignment.objects.filter(contributor__user=user, taken_along=True).exists()
    answer(page)
    assert eventually(lambda: len(given(user)) == 1)


def test_what_was_given_before_the_tab_was_closed_goes_out_from_any_page(
    arrive_here: Arrive, project: Project
) -> None:
    user = taking_part(project)
    visitor = arrive_here()
    page = sit_down(visitor, project, user)
    visitor.cut_off()
    answered = [answer(page), answer(page)]
    page.close()
    visitor.page = visitor.page.context.new_page()
    visitor.cut_off(offline=False)

    visitor.go("/projects/")

    assert eventually(lambda: given(user) == answered)


def test_an_answer_whose_confirmation_was_lost_counts_once(arrive_here: Arrive, project: Project) -> None:
    user = taking_part(project)
    visitor = arrive_here()
    page = sit_down(visitor, project, user, intercepted=True)
    visitor.was_cut_off = True
    lost = lose_a_confirmation(page)
    first = answer(page)

    expect(page.locator("#done")).to_contain_text("1 answer by you")
    assert lost == [200]
    assert given(user) == [first]
    assert contributor(project, user).submitted_count == 1


def test_a_site_in_trouble_is_waited_for(arrive_here: Arrive, project: Project) -> None:
    user = taking_part(project)
    page = sit_down(arrive_here(refusals={503}), project, user, intercepted=True)
    page.route("**/annotate/", lambda route: route.fulfill(status=503, headers={"Retry-After": "1"}))

    first = answer(page)
    expect(note(page, "late")).to_contain_text("Answers waiting here: 1")
    page.unroute("**/annotate/")

    expect(page.locator("#done")).to_contain_text("1 answer by you")
    expect(note(page, "late")).to_have_count(0)
    assert given(user) == [first]


def test_of_two_tabs_the_second_moves_on_when_the_first_has_answered(
    arrive_here: Arrive, project: Project
) -> None:
    user = taking_part(project)
    visitor = arrive_here()
    one = sit_down(visitor, project, user)
    other = one.context.new_page()
    other.goto(one.url)
    ready(other)
    assert on_screen(one).input_value() == on_screen(other).input_value()

    answered = [answer(one)]
    expect(on_screen(other)).not_to_have_value(answered[0])
    other.wait_for_timeout(800)  # keys wait a moment where the record changed by itself
    answered.append(answer(other, "2"))
    expect(on_screen(one)).not_to_have_value(answered[1])
    one.wait_for_timeout(800)
    answered.append(answer(one))

    assert eventually(lambda: given(user) == answered)
    assert len(set(answered)) == 3


def test_who_was_signed_out_goes_on_where_they_were(arrive_here: Arrive, project: Project) -> None:
    user = taking_part(project)
    visitor = arrive_here(refusals={401})
    page = sit_down(visitor, project, user)

    Session.objects.all().delete()
    first = answer(page)
    second = answer(page)
    expect(note(page, "signed-out")).to_contain_text("Answers waiting here: 2")
    assert note(page, "signed-out").get_by_role("link").get_attribute("href") == (
        f"/sign-in/?next=%2Fprojects%2F{project.slug}%2Fannotate%2F"
    )
    become(visitor, user)
    page.reload()

    assert eventually(lambda: given(user) == [first, second])


def test_on_a_shared_phone_nobody_sends_what_somebody_else_gave(
    arrive_here: Arrive, project: Project
) -> None:
    user, other = taking_part(project), taking_part(project)
    visitor = arrive_here(refusals={409})
    page = sit_down(visitor, project, user)
    visitor.cut_off()
    theirs = [answer(page), answer(page)]

    become(visitor, other)
    visitor.cut_off(offline=False)
    expect(note(page, "other-person")).to_contain_text("Answers waiting here: 2")
    page.reload()
    ready(page)
    expect(page.locator("#desk-notes [data-shown-note]")).to_have_count(0)
    mine = answer(page, "1")
    assert eventually(lambda: given(other) == [mine])
    assert given(user) == []
    become(visitor, user)
    page.reload()

    assert eventually(lambda: given(user) == theirs)
    assert given(other) == [mine]


def test_what_the_site_will_not_take_is_said_and_kept_until_it_is_read(
    arrive_here: Arrive, project: Project
) -> None:
    user = taking_part(project)
    visitor = arrive_here(refusals={409})
    page = sit_down(visitor, project, user)
    Project.objects.filter(pk=project.pk).update(state=ProjectState.PAUSED)

    answer(page)
    expect(note(page, "refused")).to_contain_text("takes no answers now")
    expect(note(page, "refused")).to_contain_text("Prompt number 0")
    Project.objects.filter(pk=project.pk).update(state=ProjectState.OPEN)
    page.reload()
    note(page, "refused").get_by_role("button", name="I have read this").click()
    expect(note(page, "refused")).to_have_count(0)
    page.reload()
    ready(page)

    expect(note(page, "refused")).to_have_count(0)
    assert given(user) == []


def test_a_slip_is_taken_back_before_it_was_sent(arrive_here: Arrive, project: Project) -> None:
    user = taking_part(project)
    visitor = arrive_here()
    page = sit_down(visitor, project, user)
    visitor.cut_off()
    first = answer(page, "2")
    expect(page.locator("#done")).to_contain_text("Kept here.")

    page.keyboard.press("z")
    expect(on_screen(page)).to_have_value(first)
    expect(page.locator("input[type=radio][value='2']")).to_be_checked()
    answer(page, "5")
    visitor.cut_off(offline=False)

    assert eventually(lambda: given(user) == [first])
    assert Response.objects.get().values == {"quality": 5}


def test_what_lacks_is_said_without_asking_the_site(arrive_here: Arrive, project: Project) -> None:
    visitor = arrive_here()
    page = sit_down(visitor, project, taking_part(project))
    visitor.cut_off()
    record = on_screen(page).input_value()

    page.keyboard.press("Enter")

    expect(page.get_by_role("alert")).to_contain_text("needs an answer.")
    expect(on_screen(page)).to_have_value(record)


def test_licence_and_name_are_asked_once_also_without_network(arrive_here: Arrive, project: Project) -> None:
    user = somebody()
    User.objects.filter(pk=user.pk).update(shown_as="")
    visitor = arrive_here()
    page = sit_down(visitor, project, user)
    visitor.cut_off()

    page.locator("input[name=shown_as]").first.check()
    page.locator("input[name=licence]").check()
    answered = [answer(page)]
    expect(page.locator("input[name=licence]")).to_have_count(0)
    answered.append(answer(page))
    visitor.cut_off(offline=False)

    assert eventually(lambda: given(user) == answered)
    assert contributor(project, user).licence == project.licence


def test_skips_and_flags_wait_for_the_network_too(arrive_here: Arrive, project: Project) -> None:
    user = taking_part(project)
    visitor = arrive_here()
    page = sit_down(visitor, project, user)
    visitor.cut_off()

    skipped = on_screen(page).input_value()
    page.keyboard.press("s")
    expect(on_screen(page)).not_to_have_value(skipped)
    flagged = on_screen(page).input_value()
    page.keyboard.press("f")
    page.get_by_label("Toxic").check()
    page.locator("#flag-form").get_by_role("button", name="Flag").click()
    expect(on_screen(page)).not_to_have_value(flagged)
    visitor.cut_off(offline=False)

    mine = contributor(project, user)
    assert eventually(lambda: [str(one.record_id) for one in mine.flags.all()] == [flagged])
    assert [str(one.record_id) for one in mine.skips.all()] == [skipped]
    assert list(mine.flags.values_list("reason", flat=True)) == ["toxic"]


def test_records_that_were_not_seen_go_back_when_the_page_is_left(
    arrive_here: Arrive, project: Project
) -> None:
    user = taking_part(project)
    visitor = arrive_here()
    page = sit_down(visitor, project, user)
    record = on_screen(page).input_value()

    visitor.go("/projects/")

    held = Assignment.objects.filter(contributor__user=user)
    assert eventually(lambda: [str(one.record_id) for one in held.all()] == [record])
    page.go_back()
    expect(on_screen(page)).to_have_value(record)


def test_a_first_answer_that_is_undone_is_asked_for_the_licence_again(
    arrive_here: Arrive, project: Project
) -> None:
    user = somebody()
    visitor = arrive_here()
    page = sit_down(visitor, project, user)
    visitor.cut_off()
    page.locator("input[name=licence]").check()
    first = answer(page)
    expect(page.locator("#done")).to_contain_text("Kept here.")

    page.keyboard.press("z")
    expect(page.locator("input[name=licence]")).to_be_checked()
    answered = [answer(page, "2"), answer(page), answer(page)]
    visitor.cut_off(offline=False)

    assert answered[0] == first
    assert eventually(lambda: given(user) == answered)


def test_answers_that_wait_for_a_licence_come_back_and_are_not_lost(
    arrive_here: Arrive, project: Project
) -> None:
    user = taking_part(project)
    visitor = arrive_here(refusals={422})
    page = sit_down(visitor, project, user)
    Contributor.objects.filter(user=user).update(licence="", licence_accepted_at=None)

    first = on_screen(page).input_value()
    page.keyboard.press("4")
    expect(page.get_by_role("alert")).to_contain_text("accept the licence")
    expect(on_screen(page)).to_have_value(first)
    page.locator("input[name=licence]").check()
    page.get_by_role("button", name="Submit").click()

    expect(page.locator("#done")).to_contain_text("1 answer by you")
    assert given(user) == [first]


def test_a_page_of_a_proxy_is_no_refusal(arrive_here: Arrive, project: Project) -> None:
    user = taking_part(project)
    page = sit_down(arrive_here(refusals={404}), project, user, intercepted=True)
    page.route("**/annotate/", lambda route: route.fulfill(status=404, body="<h1>Not here</h1>"))

    first = answer(page)
    expect(note(page, "late")).to_be_visible()
    page.unroute("**/annotate/")

    expect(page.locator("#done")).to_contain_text("1 answer by you")
    expect(note(page, "refused")).to_have_count(0)
    assert given(user) == [first]


def test_what_may_have_arrived_is_not_undone_here_but_opened_once_that_is_known(
    arrive_here: Arrive, project: Project
) -> None:
    user = taking_part(project)
    visitor = arrive_here()
    page = sit_down(visitor, project, user, intercepted=True)
    visitor.was_cut_off = True
    lose_a_confirmation(page)
    first = answer(page, "2")
    expect(page.locator("#done")).to_contain_text("Kept here.")
    page.keyboard.press("z")

    expect(page.locator("#done")).to_contain_text("It is being sent.")
    expect(on_screen(page)).not_to_have_value(first)
    expect(page.get_by_role("heading", name="Change your answer")).to_be_visible()
    assert given(user) == [first]


def test_where_the_browser_can_keep_nothing_the_plain_form_goes_out(
    arrive_here: Arrive, project: Project
) -> None:
    user = taking_part(project)
    page = sit_down(arrive_here(), project, user)
    page.evaluate(
        """() => {
          IDBObjectStore.prototype.add = () => { throw new DOMException("", "QuotaExceededError"); };
        }"""
    )

    first = answer(page)

    expect(page.locator("#done")).to_contain_text("1 answer by you")
    assert given(user) == [first]


def test_where_the_browser_keeps_one_waiting_the_plain_form_goes_out_and_counts_once(
    arrive_here: Arrive, project: Project
) -> None:
    user = taking_part(project)
    page = sit_down(arrive_here(), project, user)
    page.evaluate(
        """() => new Promise(resolve => indexedDB.open("dibt").onsuccess = ({ target }) => {
          const outbox = target.result.transaction("outbox", "readwrite").objectStore("outbox");
          const hold = () => { if (!window.letGo) outbox.count().onsuccess = hold; };
          addEventListener("pagehide", () => (window.letGo = true));
          hold();
          resolve();
        })"""
    )

    first = answer(page)

    expect(page.locator("#done")).to_contain_text("1 answer by you")
    page.wait_for_timeout(1_000)  # in which what waits at the browser would be sent as well
    expect(page.locator("#done")).to_contain_text("1 answer by you")
    assert given(user) == [first]


def before_the_desk_is_there(visitor: Visitor, project: Project, user: User, *, milliseconds: str) -> Page:
    """The workspace as it is loaded by a browser whose database opens so late."""
    become(visitor, user)
    visitor.page.add_init_script(f"({DATABASE_OPENS_AFTER})({milliseconds})")
    return visitor.go(f"/projects/{project.slug}/annotate/").page


def test_who_answers_before_the_desk_is_there_waits_for_it(arrive_here: Arrive, project: Project) -> None:
    user = taking_part(project)
    page = before_the_desk_is_there(arrive_here(), project, user, milliseconds="1500")
    page.evaluate("window.isTheSamePage = true")

    first = on_screen(page).input_value()
    for key in ("4", "Enter", "s"):
        page.keyboard.press(key)
    expect(on_screen(page)).not_to_have_value(first)

    assert eventually(lambda: given(user) == [first])
    assert page.evaluate("window.isTheSamePage")
    assert not contributor(project, user).skips.exists()


def test_where_the_desk_never_comes_the_plain_form_goes_out(arrive_here: Arrive, project: Project) -> None:
    user = taking_part(project)
    page = before_the_desk_is_there(arrive_here(), project, user, milliseconds="null")

    first = answer(page)

    expect(page.locator("#done")).to_contain_text("1 answer by you")
    assert given(user) == [first]


# --- What is typed ----------------------------------------------------------------------------------


def comment(page: Page) -> Locator:
    return page.locator("#answer-form textarea")


def kept(user: User) -> list[list[str]]:
    """What the site has of what this person has typed."""
    return [draft.data["comment"] for draft in Draft.objects.filter(contributor__user=user)]


def test_what_is_typed_without_network_is_on_the_site_once_it_is_back(arrive_here: Arrive) -> None:
    project = a_project_asking(records=6)
    user = taking_part(project)
    visitor = arrive_here()
    page = sit_down(visitor, project, user)
    visitor.cut_off()
    comment(page).fill("typed in a tunnel")
    page.wait_for_timeout(2_000)  # in which it would have been sent
    assert kept(user) == []

    visitor.cut_off(offline=False)

    assert eventually(lambda: kept(user) == [["typed in a tunnel"]])


def test_what_is_typed_on_a_page_that_is_closed_without_network_goes_out_with_the_next_visit(
    arrive_here: Arrive,
) -> None:
    project, other = a_project_asking(records=6), a_project_asking(records=6)
    user = taking_part(project)
    visitor = arrive_here()
    page = sit_down(visitor, project, user)
    visitor.cut_off()
    comment(page).fill("typed in a tunnel")
    page.wait_for_timeout(1_000)  # until the browser has it
    page.close()
    visitor.cut_off(offline=False)

    visitor.page = visitor.page.context.new_page()
    visitor.go(f"/projects/{other.slug}/annotate/")

    assert eventually(lambda: kept(user) == [["typed in a tunnel"]])


def test_older_words_of_another_device_do_not_take_the_place_of_newer_ones(arrive_here: Arrive) -> None:
    project = a_project_asking(records=6)
    user = taking_part(project)
    visitors = [arrive_here(), arrive_here()]
    phone, desk = (sit_down(visitor, project, user) for visitor in visitors)
    visitors[0].cut_off()
    comment(phone).fill("old words")
    phone.wait_for_timeout(1_000)  # until the browser has them
    comment(desk).fill("new words")
    assert eventually(lambda: kept(user) == [["new words"]])

    visitors[0].cut_off(offline=False)

    expect(comment(phone)).to_have_value("new words")
    expect(phone.locator("#done")).to_contain_text("on another device")
    assert kept(user) == [["new words"]]
    phone.reload()
    expect(comment(phone)).to_have_value("new words")
    comment(phone).fill("newest words")
    assert eventually(lambda: kept(user) == [["newest words"]])


# Somebody who never stops to think.
TYPE_ON = """textarea => {
  window.typing = setInterval(() => {
    textarea.value += " and";
    textarea.dispatchEvent(new Event("input", { bubbles: true }));
  }, 200);
}"""
COME_BACK = """() => {
  for (const seen of ["hidden", "visible"]) {
    Object.defineProperty(document, "visibilityState", { value: seen, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  }
}"""


def test_what_is_typed_without_a_pause_is_kept_and_seen_where_one_comes_back_to_the_other_device(
    arrive_here: Arrive,
) -> None:
    project = a_project_asking(records=6)
    user = taking_part(project)
    phone, desk = (sit_down(arrive_here(), project, user) for _device in range(2))
    comment(phone).fill("Phone")
    assert eventually(lambda: kept(user) == [["Phone"]])
    desk.reload()
    ready(desk)
    expect(comment(desk)).to_have_value("Phone")

    comment(desk).evaluate(TYPE_ON)
    assert eventually(lambda: kept(user)[0][0].startswith("Phone and"))
    desk.evaluate("clearInterval(window.typing)")
    comment(desk).fill("Phone, then desk.")
    assert eventually(lambda: kept(user) == [["Phone, then desk."]])
    phone.evaluate(COME_BACK)
    expect(comment(phone)).to_have_value("Phone, then desk.")
    comment(phone).press("End")
    phone.keyboard.type(" And back.")

    assert eventually(lambda: kept(user) == [["Phone, then desk. And back."]])


def test_what_is_typed_last_before_the_page_is_left_is_kept(arrive_here: Arrive) -> None:
    project = a_project_asking(records=6)
    user = taking_part(project)
    visitor = arrive_here()
    page = sit_down(visitor, project, user)

    comment(page).press_sequentially("Gone")
    visitor.go("/projects/")

    assert eventually(lambda: kept(user) == [["Gone"]])


def test_what_the_site_has_is_there_without_network_too(arrive_here: Arrive) -> None:
    project = a_project_asking(records=6)
    user = taking_part(project)
    visitor = arrive_here()
    page = sit_down(visitor, project, user)
    comment(page).fill("typed in time")
    assert eventually(lambda: kept(user) == [["typed in time"]])
    page.wait_for_timeout(500)  # until the browser knows of it

    visitor.cut_off()
    page.reload()

    expect(comment(page)).to_have_value("typed in time")


# --- Coming and going -------------------------------------------------------------------------------


def test_a_reload_keeps_all_that_is_at_hand(arrive_here: Arrive, project: Project) -> None:
    user = taking_part(project)
    page = sit_down(arrive_here(), project, user)
    before = at_hand(user)
    Assignment.objects.update(expires_at=clock.now() + LEASE / 4)

    page.reload()
    ready(page)
    page.wait_for_timeout(1_500)  # the script asks for them once what the page before said has arrived

    assert eventually(lambda: at_hand(user) == before)
    left = Assignment.objects.values_list("expires_at", flat=True)
    assert min(left) > clock.now() + LEASE / 2


def test_letting_a_record_go_says_what_was_done(arrive_here: Arrive, project: Project) -> None:
    page = sit_down(arrive_here(), project, taking_part(project))

    page.keyboard.press("s")
    expect(page.locator("#done")).to_contain_text("Skipped.")
    page.keyboard.press("d")
    expect(page.locator("#done")).to_contain_text("Noted as not answerable.")


def test_who_signs_out_while_answers_wait_is_asked_first(arrive_here: Arrive, project: Project) -> None:
    user = taking_part(project)
    visitor = arrive_here(refusals={503})
    page = sit_down(visitor, project, user, intercepted=True)
    page.route("**/annotate/", lambda route: route.fulfill(status=503))
    answer(page)
    expect(note(page, "late")).to_be_visible()

    page.locator("summary", has_text="Your menu").click()
    page.get_by_role("button", name="Sign out").click()

    expect(page.get_by_role("dialog")).to_contain_text("not sent yet")
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
