"""What the page of a case says is next."""

from dataclasses import replace
from datetime import date, timedelta

from casework.domain.case.tasks import (
    CaseFacts,
    OurTask,
    Reporting,
    TaskState,
    ToSend,
    Waited,
    parted,
    tasks,
)

TODAY = date(2026, 3, 25)
NEW = CaseFacts(
    name="Samira", has_lawyer=False, has_home=True, first_member="Alex Sample MP", members_to_write_to=3
)


def state_of(facts: CaseFacts, key: str) -> TaskState | None:
    return next((task.state for task in tasks(facts, TODAY) if task.key == key), None)


def test_a_lawyer_comes_first_and_the_person_is_asked_next() -> None:
    assert [task.key for task in tasks(NEW, TODAY)][:2] == ["adviser", "asked"]


def test_nobody_writes_before_the_person_was_asked() -> None:
    assert state_of(NEW, "asked") is TaskState.FIRST


def test_a_no_from_the_person_stops_the_contact_and_says_so() -> None:
    said_no = replace(NEW, asked_on=date(2026, 3, 24), agreed=False)
    task = next(task for task in tasks(said_no, TODAY) if task.key == "asked")
    assert task.state is TaskState.FIRST
    assert "until they say yes" in task.why


def test_an_authority_is_printed_then_signed_then_done() -> None:
    assert state_of(NEW, "print_authority") is TaskState.OPEN
    assert state_of(replace(NEW, authority_printed=True), "record_authority") is TaskState.OPEN
    assert state_of(replace(NEW, authority_signed_on=date(2026, 3, 25)), "authority") is TaskState.DONE


def test_letters_are_counted_until_every_mp_has_one() -> None:
    assert "1 of 3" in next(
        t.words for t in tasks(replace(NEW, members_written_to=1), TODAY) if t.key == "letters"
    )
    assert state_of(replace(NEW, members_written_to=3), "letters") is TaskState.DONE


def test_a_case_without_a_home_asks_for_it() -> None:
    assert state_of(replace(NEW, has_home=False), "home") is TaskState.OPEN


def test_a_settled_case_has_nothing_left_to_do() -> None:
    settled = replace(
        NEW,
        has_lawyer=True,
        asked_on=date(2026, 3, 24),
        agreed=True,
        authority_signed_on=date(2026, 3, 25),
        visited=True,
        members_written_to=3,
    )
    assert {task.state for task in tasks(settled, TODAY)} == {TaskState.DONE}


LETTER = Waited(
    "letter",
    7,
    "The answer to our letter",
    "the office of Alex Sample MP",
    date(2026, 3, 3),
    date(2026, 3, 26),
)


def test_a_letter_without_an_answer_waits_for_that_office_since_the_day_it_went() -> None:
    waiting = parted(tasks(replace(NEW, waiting=(LETTER,)), TODAY)).waiting
    assert [(task.words, task.row) for task in waiting] == [
        ("waiting for the office of Alex Sample MP, since 3 March", 7)
    ]
    assert "26 March" in waiting[0].why


def test_on_the_day_to_ask_again_it_is_ours_to_do() -> None:
    found = parted(tasks(replace(NEW, waiting=(LETTER,)), date(2026, 3, 26)))
    assert found.waiting == ()
    assert found.next[-1].key == "letter"


def test_what_somebody_took_on_waits_for_them_by_name_until_its_day_has_passed() -> None:
    lift = OurTask("need", 3, "A lift to the tribunal", "Ada", date(2026, 3, 26))
    facts = replace(NEW, ours=(lift, replace(lift, row=4, who="")))
    found = parted(tasks(facts, TODAY))
    assert [task.words for task in found.waiting] == ["waiting for Ada, by 26 March"]
    assert found.next[-1].words == "nobody yet, by 26 March"
    late = parted(tasks(facts, date(2026, 3, 27)))
    assert late.waiting == ()
    assert "could help" in late.next[-2].why


def test_a_task_of_the_plan_closes_itself_when_it_is_done() -> None:
    done = OurTask("plan_task", 3, "Book the hall", "Ruth", date(2026, 3, 1), date(2026, 3, 2))
    assert parted(tasks(replace(NEW, ours=(done,)), TODAY)).done[-1].words == "done 2 March"


def test_no_word_on_a_reporting_day_comes_before_everything_else() -> None:
    silent = Reporting(date(2026, 3, 24), "no word", "11:30", "Ada")
    first = tasks(replace(NEW, reporting=silent), TODAY)[0]
    assert (first.key, first.state) == ("reporting", TaskState.FIRST)
    assert tasks(replace(NEW, reporting=replace(silent, standing="today")), TODAY)[0].words == "word by 11:30"


def test_a_letter_that_was_only_issued_is_to_be_sent_and_many_are_one_line() -> None:
    one = ToSend(7, "Hilary Benn", date(2026, 3, 23))
    found = next(task for task in tasks(replace(NEW, to_send=(one,)), TODAY) if task.key == "to_send")
    assert (found.what, found.words) == (
        "Print, sign and send the letter to Hilary Benn",
        "issued 23 March, not sent yet",
    )
    assert found.state is TaskState.FIRST
    assert found.row == 7
    many = tuple(replace(one, row=number) for number in range(40))
    lines = [task.what for task in tasks(replace(NEW, to_send=many), TODAY) if "send" in task.what]
    assert lines == ["Print, sign and send 40 letters"]


def test_a_letter_that_may_not_go_any_more_is_never_one_of_those_to_send() -> None:
    why = "they have agreed to less since"
    goes = ToSend(7, "Hilary Benn", date(2026, 3, 23))
    rows = (goes, ToSend(8, "Alex Sobel", date(2026, 3, 23), why))
    found = [task for task in tasks(replace(NEW, to_send=rows), TODAY) if task.key == "to_send"]
    assert [(task.row, task.what) for task in found] == [
        (8, "Do not send the letter to Alex Sobel"),
        (7, "Print, sign and send the letter to Hilary Benn"),
    ]
    assert found[0].words == why
    assert "Make it void" in found[0].why


def test_the_day_to_ask_is_not_over_on_the_day_itself() -> None:
    letter = Waited("letter", 3, "The answer to our letter", "the office of Hilary Benn", TODAY, TODAY)
    now = tasks(replace(NEW, waiting=(letter,)), TODAY)[-1]
    assert now.why == "Today is the day to ask."
    later = tasks(replace(NEW, waiting=(letter,)), TODAY + timedelta(days=1))[-1]
    assert later.why.startswith("The day to ask was")


def test_a_promise_says_first_what_whoever_asks_has_to_know() -> None:
    word = "Do not ring or write to an MP about it: they said no to MPs, or not yet."
    promise = Waited("follow_up", 3, "A letter to the Minister", "the MP", ask_on=TODAY, caution=word)
    for day, state in ((TODAY, TaskState.OPEN), (TODAY - timedelta(days=1), TaskState.WAITS)):
        one = tasks(replace(NEW, waiting=(promise,)), day)[-1]
        assert (one.why, one.state) == (word, state)
