"""Facts of Procfile, Dockerfile and compose.yaml that safety hangs on."""

import shutil
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml
from honcho.environ import parse_procfile

from config.embedded.postgres import SETTINGS
from config.tests.processes import PROJECT

OURS = ("web", "worker", "beat", "migrate")


@pytest.fixture(scope="module")
def procfile() -> dict[str, str]:
    return dict(parse_procfile((PROJECT / "Procfile").read_text()).processes)


@pytest.fixture(scope="module")
def dockerfile() -> list[str]:
    return (PROJECT / "Dockerfile").read_text().splitlines()


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((PROJECT / "compose.yaml").read_text())
    return content


def test_the_procfile_names_the_three_processes(procfile: dict[str, str]) -> None:
    assert list(procfile) == ["web", "worker", "beat"]


def test_every_program_of_the_procfile_is_installed(procfile: dict[str, str]) -> None:
    programs = {line.split()[1] for line in procfile.values()}
    assert [program for program in programs if not shutil.which(program)] == []


def test_no_worker_carries_a_beat(procfile: dict[str, str]) -> None:
    assert "-B" not in procfile["worker"].split()


def test_the_web_process_writes_no_access_log(procfile: dict[str, str]) -> None:
    assert "access-log" not in procfile["web"]


def test_the_final_image_is_not_root_and_is_asked_for_its_health(dockerfile: list[str]) -> None:
    final = dockerfile[max(n for n, line in enumerate(dockerfile) if line.startswith("FROM")) :]
    assert "USER 10001:10001" in final
    assert final.index("USER 10001:10001") < final.index('CMD ["script/run", "web"]')
    assert any(line.startswith("HEALTHCHECK") and "config/healthcheck.py" in line for line in final)


def test_the_image_installs_what_the_hashes_name(dockerfile: list[str]) -> None:
    (line,) = [line for line in dockerfile if "pip --python" in line]
    assert "--require-hashes" in line


@pytest.mark.parametrize("name", [".*", "**/tests"])
def test_neither_secrets_nor_tests_enter_the_image(name: str) -> None:
    assert name in (PROJECT / ".dockerignore").read_text().splitlines()


def test_every_process_of_the_procfile_has_a_service(
    compose: dict[str, Any], procfile: dict[str, str]
) -> None:
    commands = {name: compose["services"][name]["command"] for name in procfile}
    assert commands == {name: ["script/run", name] for name in procfile}
    assert (PROJECT / "script" / "run").stat().st_mode & 0o111


@pytest.mark.parametrize("name", OURS)
def test_our_containers_have_no_privileges(compose: dict[str, Any], name: str) -> None:
    service = compose["services"][name]
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


def test_only_the_form_is_published_and_only_to_the_proxy(compose: dict[str, Any]) -> None:
    published = {
        name: service["ports"] for name, service in compose["services"].items() if "ports" in service
    }
    assert published == {"web": ["127.0.0.1:8000:8000"]}


@pytest.mark.parametrize("name", ["db", "redis", "pgbouncer", "beat", "migrate"])
def test_what_need_not_reach_the_internet_cannot(compose: dict[str, Any], name: str) -> None:
    assert compose["services"][name]["networks"] == ["inside"]
    assert compose["networks"]["inside"] == {"internal": True}


def test_no_value_reaches_the_log_of_the_database(compose: dict[str, Any]) -> None:
    given = dict(part.removeprefix("--").split("=") for part in compose["services"]["db"]["command"][1:])
    assert given == {name: value for name, value in SETTINGS.items() if name.startswith(("log_", "timezone"))}


def test_redis_keeps_its_queue_and_evicts_nothing(compose: dict[str, Any]) -> None:
    command = compose["services"]["redis"]["command"][-1]
    assert "--appendonly yes" in command
    assert "--maxmemory-policy noeviction" in command
    assert "--auto-aof-rewrite-min-size 1mb" in command  # what was destroyed leaves the file soon
    assert "--requirepass" in command


def test_secrets_come_from_the_environment(compose: dict[str, Any]) -> None:
    environment = compose["services"]["web"]["environment"]
    for name in ("SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "REDIS_URL"):
        assert ":?Set " in environment[name]
    assert environment["DEBUG"] == "false"


def test_nothing_starts_before_the_migration(compose: dict[str, Any]) -> None:
    for name in ("web", "worker", "beat"):
        conditions = compose["services"][name]["depends_on"]
        assert conditions["migrate"] == {"condition": "service_completed_successfully"}


def test_a_migration_goes_around_the_pooler(compose: dict[str, Any]) -> None:
    assert "@db:5432" in compose["services"]["migrate"]["environment"]["DATABASE_URL"]


@pytest.mark.parametrize("name", ["web", "worker", "beat", "db", "redis"])
def test_every_container_has_time_to_stop(compose: dict[str, Any], name: str) -> None:
    assert int(compose["services"][name]["stop_grace_period"].removesuffix("s")) >= 10


def test_every_script_stops_at_its_first_error() -> None:
    for script in ("server", "test", "setup", "checks", "chromium"):
        assert "set -euo pipefail" in Path(PROJECT / "script" / script).read_text()


# Units of systemd and manifests of Kubernetes

DEPLOY = PROJECT / "docs/deploy"


def manifests() -> dict[str, Any]:
    """{kind and name: document} of every manifest."""
    documents = [
        each
        for path in (DEPLOY / "kubernetes").glob("*.yaml")
        for each in yaml.safe_load_all(path.read_text())
    ]
    return {f"{each['kind']} {each['metadata']['name']}": each for each in documents}


@pytest.mark.skipif(
    not find_spec("kubernetes_validate"), reason="no schemas of Kubernetes: script/test --deep installs them"
)
@pytest.mark.parametrize("version", ["1.27.0", "1.37.0"])
def test_the_manifests_hold_to_the_schema_of_kubernetes(version: str) -> None:
    validate = import_module("kubernetes_validate").validate
    for document in manifests().values():
        validate(document, version, strict=True)
    broken = manifests()["Deployment web"]
    broken["spec"]["replica"] = broken["spec"].pop("replicas")
    with pytest.raises(Exception, match="replica"):
        validate(broken, version, strict=True)


def containers(document: dict[str, Any]) -> list[dict[str, Any]]:
    spec = document["spec"].get("jobTemplate", document)["spec"].get("template", {}).get("spec", {})
    found: list[dict[str, Any]] = spec.get("containers", [])
    return found


def test_each_process_has_a_deployment_and_migrations_and_backups_their_jobs(
    procfile: dict[str, str],
) -> None:
    wanted = {f"Deployment {name}" for name in procfile} | {
        "Job migrate",
        "CronJob backup",
        "CronJob verify-backup",
    }
    assert wanted <= manifests().keys()
    for name in procfile:
        assert containers(manifests()[f"Deployment {name}"])[0]["command"] == ["script/run", name]


def test_web_is_asked_whether_it_is_ready_and_whether_it_lives() -> None:
    (web,) = containers(manifests()["Deployment web"])
    assert web["readinessProbe"]["httpGet"]["path"] == "/api/health/ready"
    assert web["livenessProbe"]["httpGet"]["path"] == "/api/health"
    assert web["livenessProbe"]["periodSeconds"] * web["livenessProbe"]["failureThreshold"] >= 300
    assert {"PodDisruptionBudget web", "PodDisruptionBudget worker"} <= manifests().keys()


def test_our_pods_have_no_privileges() -> None:
    every = [each for document in manifests().values() for each in containers(document)]
    assert len(every) == 6
    for container in every:
        assert container["securityContext"]["readOnlyRootFilesystem"]
        assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}


def test_each_process_has_a_unit_and_each_timer_a_service(procfile: dict[str, str]) -> None:
    units = {path.name: path.read_text() for path in (DEPLOY / "systemd").iterdir()}
    for name in procfile:
        assert f"ExecStart=/srv/assessment/script/run {name}" in units[f"assessment-{name}.service"]
    timers = {name for name in units if name.endswith(".timer")}
    assert timers == {"assessment-backup.timer", "assessment-verify-backup.timer"}
    assert {name.replace(".timer", ".service") for name in timers} <= units.keys()
