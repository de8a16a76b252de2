"""Check Kubernetes manifests, and a Dockerfile, by strict rules of our own.

usage: manifest.py FILE.yaml | Dockerfile

Of a manifest every field has to be one that is listed here, of its type, and
what refers to something has to find it. Fields and types are those of the
Kubernetes API 1.28 (kubernetes.io/docs/reference/kubernetes-api), as far as
we use them; the rules for a Dockerfile are hadolint's, by their numbers. Prints
what is wrong, a line each, and exits 1. With -c prints a ConfigMap's text.
"""

import re
import shlex
import sys

import yaml

TEXT, NUMBER, BOOL = str, int, bool
QUANTITY = re.compile(r"\d+(\.\d+)?(m|k|M|G|Ki|Mi|Gi)?")
NAME = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")


class Words:
    def __init__(self, *words):
        self.words = words


class Each:
    """A list of these."""

    def __init__(self, of):
        self.of = of


class Texts:
    """A map of texts, or of what fits the pattern."""

    def __init__(self, pattern=None):
        self.pattern = pattern


def need(**fields):
    """An object that has to have these."""
    return {"+" + k: v for k, v in fields.items()}


LABELS = Texts()
META = {"+name": NAME, "labels": LABELS, "namespace": NAME}
RESOURCES = need(requests=Texts(QUANTITY), limits=Texts(QUANTITY))
PROBE = {**need(httpGet={**need(path=TEXT, port=TEXT)}),
         "periodSeconds": NUMBER, "timeoutSeconds": NUMBER,
         "failureThreshold": NUMBER, "initialDelaySeconds": NUMBER}
CONTAINER = {
    **need(name=NAME, image=TEXT, resources=RESOURCES,
           securityContext={
               **need(allowPrivilegeEscalation=BOOL,
                      readOnlyRootFilesystem=BOOL,
                      capabilities={**need(drop=Each(TEXT)),
                                    "add": Each(TEXT)}),
               "runAsNonRoot": BOOL, "runAsUser": NUMBER}),
    "imagePullPolicy": Words("Always", "IfNotPresent", "Never"),
    "command": Each(TEXT), "args": Each(TEXT),
    "ports": Each({**need(name=NAME, containerPort=NUMBER),
                   "hostPort": NUMBER, "protocol": Words("TCP", "UDP")}),
    "volumeMounts": Each({**need(name=NAME, mountPath=TEXT),
                          "readOnly": BOOL}),
    "startupProbe": PROBE, "livenessProbe": PROBE, "readinessProbe": PROBE,
}
VOLUME = {
    "+name": NAME,
    "configMap": need(name=NAME),
    "secret": {**need(secretName=NAME), "defaultMode": NUMBER},
    "hostPath": need(path=TEXT, type=Words(
        "", "DirectoryOrCreate", "Directory", "Socket")),
    "emptyDir": {"sizeLimit": QUANTITY},
}
POD = {
    **need(containers=Each(CONTAINER),
           securityContext={
               **need(runAsNonRoot=BOOL, runAsUser=NUMBER,
                      seccompProfile=need(type=Words("RuntimeDefault"))),
               "runAsGroup": NUMBER, "fsGroup": NUMBER}),
    "initContainers": Each(CONTAINER), "volumes": Each(VOLUME),
    "automountServiceAccountToken": BOOL,
    "terminationGracePeriodSeconds": NUMBER,
    "tolerations": Each({"key": TEXT, "value": TEXT, "effect": TEXT,
                         "operator": Words("Exists", "Equal")}),
}
KINDS = {
    ("v1", "ConfigMap"): {"+metadata": META, "+data": Texts()},
    ("apps/v1", "DaemonSet"): {
        "+metadata": META,
        "+spec": {
            **need(selector=need(matchLabels=LABELS),
                   template=need(metadata={"+labels": LABELS}, spec=POD)),
            "updateStrategy": {
                **need(type=Words("RollingUpdate", "OnDelete")),
                "rollingUpdate": {"maxUnavailable": NUMBER}}}},
}

wrong = []


def say(where, what):
    wrong.append(f"{where}: {what}")


class Strict(yaml.SafeLoader):
    """No key twice."""

    def construct_mapping(self, node, deep=False):
        keys = [k.value for k, _ in node.value]
        for key in {k for k in keys if keys.count(k) > 1}:
            say(f"line {node.start_mark.line + 1}", f"{key} stands twice")
        return super().construct_mapping(node, deep)


def check_map(value, schema, where):
    for key in value:
        if key not in schema and "+" + key not in schema:
            say(where, f"no field {key}")
    for key, kind in schema.items():
        name = key.removeprefix("+")
        if name in value:
            check(value[name], kind, f"{where}.{name}")
        elif key != name:
            say(where, f"{name} is missing")


def check_texts(value, pattern, where):
    if not isinstance(value, dict) or not value:
        say(where, "no map")
        return
    for key, text in value.items():
        if not isinstance(text, str) and not (pattern and
                                              isinstance(text, int)):
            say(f"{where}.{key}", "no text")
        elif pattern and not pattern.fullmatch(str(text)):
            say(f"{where}.{key}", f"{text} is not of its form")


def check(value, kind, where):
    if isinstance(kind, dict):
        if isinstance(value, dict):
            check_map(value, kind, where)
        else:
            say(where, "no object")
    elif isinstance(kind, Each):
        if not isinstance(value, list) or not value:
            say(where, "no list")
            return
        for i, item in enumerate(value):
            check(item, kind.of, f"{where}[{i}]")
    elif isinstance(kind, Texts):
        check_texts(value, kind.pattern, where)
    elif isinstance(kind, Words):
        if value not in kind.words:
            say(where, f"{value} is none of {kind.words}")
    elif isinstance(kind, re.Pattern):
        if not isinstance(value, str) or not kind.fullmatch(value):
            say(where, f"{value} is not of its form")
    elif type(value) is not kind:
        say(where, f"{value!r} is no {kind.__name__}")


def check_container(c, pod, where, init):
    ports = {p["name"]: p["containerPort"] for p in c.get("ports", [])}
    volumes = {v["name"] for v in pod.get("volumes", [])}
    for mount in c.get("volumeMounts", []):
        if mount["name"] not in volumes:
            say(where, f"no volume {mount['name']}")
    paths = [m["mountPath"] for m in c.get("volumeMounts", [])]
    if len(set(paths)) != len(paths):
        say(where, "two mounts on one path")
    for name in ("startupProbe", "livenessProbe", "readinessProbe"):
        if name in c and c[name]["httpGet"]["port"] not in ports:
            say(where, f"{name} asks at no port of its own")
        elif name not in c and not init:
            say(where, f"no {name}")
    if not re.fullmatch(r"[a-z0-9./_-]+:[\w.-]+", c["image"]) or \
            c["image"].endswith(":latest"):
        say(where, "the image has no tag of its own")
    context = c["securityContext"]
    if "ALL" not in context["capabilities"]["drop"]:
        say(where, "capabilities are kept")
    if context["allowPrivilegeEscalation"] or \
            not context["readOnlyRootFilesystem"]:
        say(where, "it may do more than it needs")
    if not init and context.get("runAsUser", 1) == 0:
        say(where, "runs as root")
    if "memory" not in c["resources"]["limits"]:
        say(where, "memory is not limited")


def check_daemonset(d, maps):
    pod = d["spec"]["template"]["spec"]
    labels = d["spec"]["template"]["metadata"]["labels"]
    for key, text in d["spec"]["selector"]["matchLabels"].items():
        if labels.get(key) != text:
            say("DaemonSet", "the selector does not select its pods")
    if not pod["securityContext"]["runAsNonRoot"]:
        say("DaemonSet", "may run as root")
    for volume in pod.get("volumes", []):
        if len(volume) != 2:
            say(volume["name"], "is not of one kind")
        if "configMap" in volume and volume["configMap"]["name"] not in maps:
            say(volume["name"], "no such ConfigMap")
    used = {m["name"] for c in pod["containers"]
            for m in c.get("volumeMounts", [])}
    for volume in pod.get("volumes", []):
        if volume["name"] not in used:
            say(volume["name"], "is not mounted")
    for c in pod["containers"]:
        check_container(c, pod, c["name"], False)
    for c in pod.get("initContainers", []):
        check_container(c, pod, c["name"], True)


def manifest(path):
    with open(path, encoding="ascii") as f:
        documents = list(yaml.load_all(f, Strict))
    for d in documents:
        head = (d.pop("apiVersion", None), d.pop("kind", None))
        if head not in KINDS:
            say(head, "no such kind")
        else:
            check(d, KINDS[head], head[1])
            d["kind"] = head[1]
    if wrong:
        return documents
    maps = {d["metadata"]["name"] for d in documents
            if d["kind"] == "ConfigMap"}
    for d in documents:
        if d["kind"] == "DaemonSet":
            check_daemonset(d, maps)
    return documents


def instructions(path):
    with open(path, encoding="ascii") as f:
        text = re.sub(r"^\s*#.*\n", "", f.read(), flags=re.M)
    for line in text.replace("\\\n", " ").splitlines():
        if line.strip():
            word, _, rest = line.strip().partition(" ")
            yield word, rest.strip()


def check_run(rest):
    for command in re.split(r"&&|;|\|\|", rest):
        words = shlex.split(command)
        if words[:1] == ["cd"]:
            say("DL3003", "WORKDIR, not cd")
        if words[:1] == ["sudo"]:
            say("DL3004", "no sudo")
        if words[:2] == ["apt-get", "install"]:
            if not {"-y", "--yes"} & set(words):
                say("DL3014", "apt-get install -y")
            if "--no-install-recommends" not in words:
                say("DL3015", "--no-install-recommends")
            if "rm -rf /var/lib/apt/lists/*" not in rest or \
                    "apt-get update" not in rest:
                say("DL3009", "lists are made and removed in one RUN")
        if words[:1] == ["apt"]:
            say("DL3027", "apt-get, not apt")


def dockerfile(path):
    stages, user, last = [], None, None
    for word, rest in instructions(path):
        if word == "FROM":
            image, _, name = rest.partition(" AS ")
            if ":" not in image or image.endswith(":latest"):
                say("DL3006", f"{image} has no tag")
            if name and name in stages:
                say("DL3024", f"two stages are {name}")
            stages.append(name)
            user = None
        elif word == "USER":
            user = rest
        elif word == "RUN":
            check_run(rest)
            if last == "RUN":
                say("DL3059", "two RUN in a row")
        elif word == "WORKDIR" and not rest.startswith("/"):
            say("DL3000", "WORKDIR is not absolute")
        elif word == "COPY" and rest.startswith("--from="):
            if rest.split()[0][7:] not in stages[:-1]:
                say("DL3022", "no such stage")
        elif word in ("CMD", "ENTRYPOINT", "HEALTHCHECK"):
            if not re.search(r"\[.*\]$", rest):
                say("DL3025", f"{word} is no list")
        elif word == "ADD":
            say("DL3020", "COPY, not ADD")
        elif word not in ("COPY", "WORKDIR", "VOLUME", "EXPOSE", "STOPSIGNAL",
                          "ENV", "ARG", "LABEL"):
            say("DL1000", f"no instruction {word}")
        last = word
    if user is None or user.split(":")[0] in ("root", "0"):
        say("DL3002", "the last USER is root")


def main():
    show = sys.argv[1] == "-c"
    path = sys.argv[2 if show else 1]
    if path.endswith(".yaml"):
        for d in manifest(path):
            if show and d["kind"] == "ConfigMap":
                print("".join(d["data"].values()), end="")
    else:
        dockerfile(path)
    if wrong:
        print("\n".join(map(str, wrong)))
        sys.exit(1)


if __name__ == "__main__":
    main()
