"""The image, the compose file and the manifests: what they name exists, and nothing in them is a secret.

No container engine runs here. `docker/replay.sh` replays the image's steps without one.
"""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from sharp_eyes.settings import Settings
from sharp_eyes.settings_file import is_secret, read_settings

from .test_architecture import DIRECTIONS
from .test_docs import call_fault

DOCKER = Path(__file__).parent.parent / "docker"
COMPOSE = DOCKER / "compose.yaml"
MANIFESTS = sorted((DOCKER / "kubernetes").glob("*.yaml"))
GIVEN = {
    "SHARP_EYES_DATABASE_PASSWORD": "0123456789abcdef",
    "SHARP_EYES_KEY": "00" * 32,
    "SHARP_EYES_BLOBS__SECRET_KEY": "0123456789abcdef",
}
"""What the operator gives to the compose file."""
FILLED = {"SHARP_EYES_DATABASE": "postgresql://a:b@c/d", "SHARP_EYES_BLOBS__ACCESS_KEY": "a", **GIVEN}
"""What the operator writes into the Secret."""
USER = 10001
CAMERA = "/opt/sharp-eyes/.venv/bin/rtsp-server"


def compose() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(COMPOSE.read_text())
    return read


def services() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = compose()["services"]
    return found


def documents() -> Iterator[dict[str, Any]]:
    for path in MANIFESTS:
        yield from yaml.safe_load_all(path.read_text())


def of_kind(kind: str) -> list[dict[str, Any]]:
    return [document for document in documents() if document["kind"] == kind]


def pods() -> dict[str, dict[str, Any]]:
    """The pods of the Deployments, by the Deployment's name."""
    return {one["metadata"]["name"]: one["spec"]["template"] for one in of_kind("Deployment")}


def filled_in(value: str) -> str:
    """`${NAME:?words}` and `${NAME:-other}` as compose fills them in."""

    def fill(found: re.Match[str]) -> str:
        name, way, other = found.groups()
        return GIVEN[name] if way == ":?" else other

    return re.sub(r"\$\{(\w+)(:[?-])([^}]*)\}", fill, value)


def dockerfile() -> list[str]:
    """The instructions, each on one line."""
    text = re.sub(r"\\\n\s*", " ", (DOCKER / "Dockerfile").read_text())
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@pytest.mark.parametrize("name", ["api", "worker-1", "worker-2", "alerts"])
def test_the_settings_of_each_container_are_valid(name: str) -> None:
    given = {key: filled_in(value) for key, value in services()[name]["environment"].items()}
    settings = read_settings(Settings, None, given)
    assert settings.database_url == "postgresql://sharp_eyes:0123456789abcdef@database/sharp_eyes"
    assert settings.blobs.s3_endpoint == "store:8333"


def test_the_settings_of_each_pod_are_valid() -> None:
    (config,), (secret,) = of_kind("ConfigMap"), of_kind("Secret")
    assert secret["stringData"].keys() <= FILLED.keys()
    for name, pod in pods().items():
        (container,) = pod["spec"]["containers"]
        own = {one["name"]: str(one.get("value", "4")).replace("$(POD_IP)", "10.0.0.1") for one in container["env"]}
        given = {**own, **config["data"], **{key: FILLED[key] for key in secret["stringData"]}}
        settings = read_settings(Settings, None, given)
        assert settings.key is not None, name
        sources = {kind: source["name"] for one in container["envFrom"] for kind, source in one.items()}
        assert sources == {"configMapRef": config["metadata"]["name"], "secretRef": secret["metadata"]["name"]}


def test_each_command_is_one_of_ours() -> None:
    pods_said = [pod["spec"]["containers"][0]["args"] for pod in pods().values()]
    probes = [
        probe["exec"]["command"][1:]
        for pod in pods().values()
        for name, probe in pod["spec"]["containers"][0].items()
        if name.endswith("Probe") and "exec" in probe
    ]
    checks = [
        service["healthcheck"]["test"][2:]
        for service in services().values()
        if "sharp-eyes" in service.get("healthcheck", {}).get("test", [])
    ]
    said = [service["command"] for service in services().values() if service.get("image") == "sharp-eyes"]
    image = [json.loads(line.partition("CMD ")[2]) for line in dockerfile() if "CMD [" in line]
    ours = [words[1:] if words[0] == "sharp-eyes" else words for words in image if words[0] != CAMERA]
    assert len(probes) == 1
    for words in [*pods_said, *probes, *checks, *said, *ours]:
        assert call_fault(" ".join(words)) is None, words


def test_no_secret_stands_in_any_file() -> None:
    for name, service in services().items():
        for key, value in service.get("environment", {}).items():
            if re.search(r"PASSWORD|SECRET|_KEY$|DATABASE$", key) and key != "SHARP_EYES_BLOBS__ACCESS_KEY":
                assert "${" in value, (name, key)
                assert ":?" in value or key == "SHARP_EYES_FORMER_KEYS", (name, key)
    (template,) = of_kind("Secret")
    assert set(template["stringData"].values()) == {""}
    secrets = {f"SHARP_EYES_{key.upper()}" for key, field in Settings.model_fields.items() if is_secret(field)}
    assert "SHARP_EYES_KEY" in secrets
    for document in of_kind("ConfigMap"):
        assert not secrets & document["data"].keys()
        assert not any("KEY" in key or "DATABASE" in key for key in document["data"])


def test_what_the_operator_has_to_give_is_refused_when_it_is_missing() -> None:
    needed = set(re.findall(r"\$\{(\w+):\?", COMPOSE.read_text()))
    assert needed == GIVEN.keys()
    assert not re.search(r"\$\{\w+\}", COMPOSE.read_text())


def test_only_the_api_is_published_and_on_loopback_alone() -> None:
    published = {name: service["ports"] for name, service in services().items() if "ports" in service}
    assert published == {"api": ["127.0.0.1:8080:8080"]}
    assert compose()["networks"]["inside"] == {"internal": True}
    assert {name for name, one in services().items() if one["networks"] == ["inside"]} == {
        "database",
        "store",
        "camera",
    }


@pytest.mark.parametrize("name", ["api", "worker-1", "worker-2", "alerts", "camera"])
def test_our_containers_have_no_rights_and_write_into_their_volumes_alone(name: str) -> None:
    service = services()[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service
    assert set(service.get("volumes", [])) <= {f"{name}:/data"}


def test_our_pods_have_no_rights_and_write_into_their_volumes_alone() -> None:
    assert set(pods()) == {"sharp-eyes-api", "sharp-eyes-worker", "sharp-eyes-alerts"}
    for pod in pods().values():
        spec = pod["spec"]
        (container,) = spec["containers"]
        assert spec["securityContext"]["runAsNonRoot"] is True
        assert spec["securityContext"]["runAsUser"] == USER
        assert spec["enableServiceLinks"] is False  # its variables would be taken for settings
        assert spec["automountServiceAccountToken"] is False
        assert container["securityContext"]["readOnlyRootFilesystem"] is True
        assert container["securityContext"]["allowPrivilegeEscalation"] is False
        assert {"requests", "limits"} <= container["resources"].keys()
        # What listens can be asked how it is; the alerts answer nobody.
        assert ({"startupProbe", "livenessProbe", "readinessProbe"} <= container.keys()) == ("ports" in container)
        assert {one["mountPath"] for one in container["volumeMounts"]} == {"/data", "/tmp"}
        assert all(set(volume) == {"name", "emptyDir"} for volume in spec["volumes"])
        assert not container["image"].endswith(":latest")


def test_what_selects_pods_selects_ours() -> None:
    labels = {name: pod["metadata"]["labels"] for name, pod in pods().items()}
    for kind in ("Deployment", "PodDisruptionBudget"):
        assert {one["metadata"]["name"]: one["spec"]["selector"]["matchLabels"] for one in of_kind(kind)} == labels
    (service,) = of_kind("Service")
    assert service["spec"]["selector"] == labels["sharp-eyes-api"]
    guarded = {one["metadata"]["name"]: one["spec"]["podSelector"]["matchLabels"] for one in of_kind("NetworkPolicy")}
    assert guarded == labels
    (alerts,) = (one for one in of_kind("NetworkPolicy") if one["metadata"]["name"] == "sharp-eyes-alerts")
    assert alerts["spec"]["ingress"] == []
    (worker,) = (one for one in of_kind("NetworkPolicy") if one["metadata"]["name"] == "sharp-eyes-worker")
    assert worker["spec"]["ingress"][0]["from"] == [{"podSelector": {"matchLabels": labels["sharp-eyes-api"]}}]


def test_named_ports_are_those_that_the_container_listens_on() -> None:
    listening = [pod["spec"]["containers"][0] for pod in pods().values() if "ports" in pod["spec"]["containers"][0]]
    assert len(listening) == 2
    for container in listening:
        names = {port["name"] for port in container["ports"]}
        for part in ("startupProbe", "livenessProbe", "readinessProbe"):
            for way in ("httpGet", "tcpSocket"):
                assert container[part].get(way, {"port": next(iter(names))})["port"] in names
    (worker,) = pods()["sharp-eyes-worker"]["spec"]["containers"]
    assert {"name": "SHARP_EYES_WORKER__PORT", "value": str(worker["ports"][0]["containerPort"])} in worker["env"]


def test_the_image_runs_without_rights_and_checks_its_health() -> None:
    last = dockerfile()[max(at for at, line in enumerate(dockerfile()) if line.startswith("FROM ")) :]
    assert f"USER {USER}:{USER}" in last
    assert last[-1] == 'CMD ["run"]'
    assert 'ENTRYPOINT ["sharp-eyes"]' in last
    assert any(line.startswith("HEALTHCHECK") and 'CMD ["sharp-eyes", "health"]' in line for line in last)
    assert not [line for line in dockerfile() if ":latest" in line or line.startswith("ADD ")]
    assert "--frozen" in "".join(line for line in dockerfile() if "uv sync" in line)


def test_the_image_is_made_of_all_our_packages_and_of_nothing_that_is_secret() -> None:
    passed = set(re.findall(r"^!(\S+)$", (DOCKER.parent / ".dockerignore").read_text(), re.MULTILINE))
    assert DIRECTIONS.keys() <= passed
    assert {"pyproject.toml", "uv.lock", "hatch_build.py", "console", "README.md", "LICENSE", "NOTICE"} <= passed
    assert not passed & {".git", ".venv", "docker", "tests", "sharp-eyes-data"}


def test_compose_itself_takes_the_file_and_refuses_it_without_secrets() -> None:
    docker = shutil.which("docker")
    if docker is None or subprocess.run([docker, "compose", "version"], capture_output=True).returncode != 0:
        pytest.skip("docker's compose plugin is not there")
    call = [docker, "compose", "--file", str(COMPOSE), "config", "--quiet"]
    path = {"PATH": "/usr/local/bin:/usr/bin:/bin"}
    assert subprocess.run(call, env={**path, **GIVEN}, capture_output=True).returncode == 0
    refused = subprocess.run(call, env=path, capture_output=True, text=True)
    assert refused.returncode != 0
    assert "set it in docker/.env" in refused.stderr
