"""Files of deploy/: no secrets, no dangling references, the same restrictions everywhere."""

import re
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.loopback.deployment import DEPLOY, make_secrets
from tests.support.loopback.proxy import local_backends_vcl, shipped_command

COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {n: s for n, s in SERVICES.items() if str(s["image"]).startswith("newsroom:")}
MANIFESTS = [
    (path.name, document)
    for path in sorted((DEPLOY / "kubernetes").glob("*.yaml"))
    for document in yaml.safe_load_all(path.read_text())
]
PODS = [
    (name, document)
    for name, document in MANIFESTS
    if document["kind"] in {"Deployment", "StatefulSet", "Job"}
]
CONFIG = next(
    d["data"] for _, d in MANIFESTS if d["metadata"]["name"] == "newsroom" and "data" in d
)


def named(value: tuple[str, dict[str, Any]]) -> str:
    return f"{value[1]['kind']} {value[1]['metadata']['name']}"


# -- compose.yaml ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_has_health_check_restart_and_no_privileges(name: str) -> None:
    service = SERVICES[name]
    assert "restart" in service
    built = name == "proxy" or name.startswith("web-")  # their images say how they are asked
    assert "healthcheck" in service or built
    if name in {*OURS, "proxy"}:
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]


def test_only_the_proxy_publishes_a_port() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published == {"proxy": ["${PUBLISH:-127.0.0.1:6081}:6081"]}


@pytest.mark.parametrize("name", SERVICES)
def test_secrets_and_networks_of_services_exist(name: str) -> None:
    service = SERVICES[name]
    for expected, there in (
        (service.get("secrets", []), COMPOSE["secrets"]),
        (service.get("networks", []), COMPOSE["networks"]),
        (service.get("depends_on", {}), SERVICES),
        ([v.split(":")[0] for v in service.get("volumes", [])], COMPOSE["volumes"]),
    ):
        assert set(expected) <= set(there)
    files = re.findall(r"/run/secrets/(\w+)", str(service))
    assert set(files) <= set(service.get("secrets", []))


def test_no_secret_is_in_the_files() -> None:
    for name, service in SERVICES.items():
        for variable, value in service.get("environment", {}).items():
            if re.search(r"SECRET|PASSWORD|_KEY|DATABASE_URL|REDIS_URL", variable):
                assert variable.endswith("_FILE"), (name, variable)
                assert str(value).startswith("/run/secrets/")
    # Nor as what a variable has when nobody sets it.
    assert re.findall(r"\$\{(\w+)", (DEPLOY / "compose.yaml").read_text()) == [
        "NEWSROOM_VERSION",
        "NEWSROOM_VERSION",
        "PUBLISH",
    ]


def test_workers_may_call_the_proxy_and_are_allowed_to_purge() -> None:
    (inner,) = COMPOSE["networks"]["inner"]["ipam"]["config"]
    variables = SERVICES["worker"]["environment"]
    network, length = inner["subnet"].split("/")
    places = (DEPLOY / "proxy" / "places.vcl").read_text()
    assert variables["OUTBOX_PRIVATE_NETWORKS"] == inner["subnet"]
    assert f'"{network}"/{length};' in places
    assert f"inner=:{variables['OUTBOX_EXTRA_PORTS']},HTTP" in shipped_command()
    assert local_backends_vcl({"web-1": 1, "web-2": 2}).count(".port") == 2


def test_web_command_is_the_same_in_image_and_compose() -> None:
    containerfile = (DEPLOY / "Containerfile").read_text().replace("\\\n", " ")
    command = yaml.safe_load(re.findall(r"^CMD (\[.*\])$", containerfile, re.MULTILINE)[-1])
    assert command == SERVICES["web-1"]["command"] == SERVICES["web-2"]["command"]
    assert "USER 10001" in containerfile


def test_secrets_are_made_once_and_kept(tmp_path: Path) -> None:
    folder = make_secrets(tmp_path)
    first = {file.name: file.read_text() for file in folder.iterdir()}
    subprocess.run([folder.parent / "make-secrets"], check=True)
    assert {file.name: file.read_text() for file in folder.iterdir()} == first
    assert set(first) == set(COMPOSE["secrets"])
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    randoms = [text for text in first.values() if re.fullmatch("[0-9a-f]{64}", text)]
    assert len(set(randoms)) == 7
    assert first["postgres_password"] in first["database_url"]
    assert first["redis_password"] in first["redis_url"]


# -- kubernetes/ -------------------------------------------------------------------------------


@pytest.mark.parametrize("manifest", PODS, ids=named)
def test_pods_run_without_privileges_and_with_limits(
    manifest: tuple[str, dict[str, Any]],
) -> None:
    pod = manifest[1]["spec"]["template"]["spec"]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["automountServiceAccountToken"] is False
    for container in pod["containers"]:
        assert container["securityContext"]["readOnlyRootFilesystem"] is True
        assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
        assert {"requests", "limits"} <= set(container["resources"])
        mounted = {mount["name"] for mount in container["volumeMounts"]}
        assert mounted <= {volume["name"] for volume in pod["volumes"]}


@pytest.mark.parametrize("manifest", PODS, ids=named)
def test_pods_run_what_compose_runs(manifest: tuple[str, dict[str, Any]]) -> None:
    name, document = manifest[1]["metadata"]["name"], manifest[1]
    (container,) = document["spec"]["template"]["spec"]["containers"]
    if name in {"worker", "beat"}:
        assert container["command"] == SERVICES[name]["command"]
    if name == "prepare":
        assert " ".join(container["command"]) in SERVICES["prepare"]["command"][-1]


@pytest.mark.parametrize("manifest", MANIFESTS, ids=named)
def test_every_selector_finds_its_pods(manifest: tuple[str, dict[str, Any]]) -> None:
    spec = manifest[1].get("spec", {})
    selector = spec.get("selector") or spec.get("podSelector")
    if not selector:
        return
    expected = selector.get("matchLabels", selector)
    pods = [d["spec"]["template"]["metadata"]["labels"] for _, d in PODS]
    assert any(expected.items() <= labels.items() for labels in pods)


def test_web_pods_are_not_restarted_when_readiness_fails() -> None:
    web = next(d for _, d in PODS if d["metadata"]["name"] == "web")
    (container,) = web["spec"]["template"]["spec"]["containers"]
    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        assert container[probe]["httpGet"]["path"] == "/health/live"


def test_example_secret_has_no_values() -> None:
    secret = next(d for _, d in MANIFESTS if d["kind"] == "Secret")
    assert set(secret["stringData"].values()) == {""}
    assert not set(secret["stringData"]) & set(CONFIG)
    for name in ("SECRET_KEY", "DATABASE_URL", "REDIS_URL"):
        assert name in secret["stringData"]


def test_every_variable_of_the_deployment_is_in_the_example_file() -> None:
    example = (DEPLOY.parent / ".env.example").read_text()
    variables = {*CONFIG, *SERVICES["worker"]["environment"]}
    names = {name.removesuffix("_FILE") for name in variables}
    missing = {name for name in names if f"#{name}=" not in example}
    assert not missing, "document it in .env.example"
