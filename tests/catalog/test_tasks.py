import pytest

from registry.catalog.inspection import manifest as check_manifest
from registry.hosting.plain import Task

PLUGIN = '[plugin]\nentrypoint = "papan:app"\n'


def read(text: str):
    values, findings = check_manifest.parse((PLUGIN + text).encode())
    return values.get("task", {}).get("tasks", ()), [finding.path for finding in findings]


def test_a_task_has_a_name_a_call_and_a_time():
    tasks, findings = read('[[task]]\nname = "remind"\ncall = "papan.tasks:remind"\ncron = "0 6 * * *"\n')
    assert (tasks, findings) == ((Task("remind", "papan.tasks:remind", "0 6 * * *"),), [])


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ('[[task]]\nname = "Remind me"\ncall = "a:b"\ncron = "0 6 * * *"\n', "lumbung.toml#task[1].name"),
        ('[[task]]\nname = "a"\ncall = "os.system"\ncron = "0 6 * * *"\n', "lumbung.toml#task[1].call"),
        ('[[task]]\nname = "a"\ncall = "a:b"\ncron = "* * * * *"\n', "lumbung.toml#task[1].cron"),
        ('[[task]]\nname = "a"\ncall = "a:b"\ncron = 5\n', "lumbung.toml#task[1].cron"),
        ('[[task]]\nname = "a"\ncall = "a:b"\ncron = "0 6 * * *"\nuser = "root"\n', "lumbung.toml#task[1].user"),
        ('[task]\nname = "a"\n', "lumbung.toml#task"),
        ('[[task]]\nname = "a"\ncall = "a:b"\ncron = "0 6 * * *"\n' * 2, "lumbung.toml#task"),
        ('[[task]]\nname = "a"\ncall = "a:b"\ncron = "0 6 * * *"\n' * 11, "lumbung.toml#task"),
    ],
)
def test_a_wrong_task_is_refused_by_name(text, where):
    assert where in read(text)[1]


def test_limits_of_files_requests_and_answers_are_read():
    values, findings = check_manifest.parse((PLUGIN + '[limits]\nfiles=500\nrequest=30\nanswer="5M"\n').encode())
    assert (values["limits"], findings) == ({"files": 500, "request": 30, "answer": 5 * 2**20}, [])


def test_a_request_may_not_ask_for_an_hour():
    _values, findings = check_manifest.parse((PLUGIN + "[limits]\nrequest=3600\n").encode())
    assert [finding.path for finding in findings] == ["lumbung.toml#limits.request"]
