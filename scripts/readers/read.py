"""Reads the JSON Schemas, the samples and the statement of a folder as others would: every schema is a schema, every
sample is valid under its own and under no other, and the statement is one of in-toto's about the packed file.

    read.py FOLDER

Each check is also shown something spoiled: a reader that takes everything proves nothing.
"""

import copy
import json
import sys
from pathlib import Path

from google.protobuf import json_format
from in_toto_attestation.predicates.test_result.v0.test_result_pb2 import TestResult
from in_toto_attestation.v1.statement import Statement
from in_toto_attestation.v1.statement_pb2 import Statement as StatementProto
from jsonschema import validators

PREDICATE = "https://in-toto.io/attestation/test-result/v0.1"
KINDS = ("readiness", "live", "verdict", "challenge")
problems: list[str] = []
checks = 0


def check(holds: bool, problem: str) -> None:
    global checks
    checks += 1
    if not holds:
        problems.append(problem)


def read(path: Path):
    return json.loads(path.read_text(encoding="utf-8"))


def schema_checks(folder: Path) -> None:
    schemas = {}
    for kind in KINDS:
        schema = read(folder / f"{kind}.schema.json")
        made = validators.validator_for(schema, default=None)
        if made is None:
            sys.exit(f"readers: {kind}: the schema names no dialect that jsonschema knows")
        made.check_schema(schema)
        schemas[kind] = made(schema)
    seen = set()
    for path in sorted(folder.glob("samples/*/*.json")):
        if path.stem not in schemas:
            continue
        seen.add(path.stem)
        document = read(path)
        for kind, schema in schemas.items():
            valid = schema.is_valid(document)
            check(valid == (kind == path.stem), f"{path}: valid as {kind}: {valid}")
        for spoiled in ({**document, "note": 1}, {key: document[key] for key in list(document)[1:]}):
            check(not schemas[path.stem].is_valid(spoiled), f"{path}: valid although a field was added or left out")
    check(seen == set(KINDS), f"samples of {sorted(seen)} alone")


def problem_of(statement: dict) -> str | None:
    """What the library says against a statement."""
    try:
        proto = json_format.ParseDict(statement, StatementProto())
        Statement.copy_from_pb(proto).validate()
        Statement(list(proto.subject), proto.predicate_type, dict(statement["predicate"])).validate()
        json_format.ParseDict(statement["predicate"], TestResult())
    except (ValueError, KeyError, json_format.ParseError) as error:
        return str(error)
    if proto.type != statement["_type"]:
        return "another type"
    return None


def statement_checks(folder: Path) -> None:
    statement = read(folder / "samples/promoted/statement.json")
    live = read(folder / "samples/promoted/live.json")
    check(problem_of(statement) is None, f"the statement: {problem_of(statement)}")
    check(statement["predicateType"] == PREDICATE, "the statement's predicate is no test result")
    predicate = json_format.ParseDict(statement["predicate"], TestResult())
    check(predicate.result == "PASSED" and not predicate.failed_tests, "the statement of a promotion tells of no pass")
    check(len(predicate.passed_tests) > 0, "the statement names no test")
    subjects = {subject["name"]: subject["digest"]["sha256"] for subject in statement["subject"]}
    packed = {artifact["fileName"]: artifact["sha256"] for artifact in live["candidate"]["artifacts"]}
    check(subjects == packed, "the statement is about other files than the run")

    def spoil(change) -> None:
        spoiled = copy.deepcopy(statement)
        change(spoiled)
        check(problem_of(spoiled) is not None, f"nothing is said against a spoiled statement: {change.__name__}")

    def other_type(one):
        one["_type"] = "https://in-toto.io/Statement/v0.1"

    def no_subject(one):
        one["subject"] = []

    def no_digest(one):
        del one["subject"][0]["digest"]

    def no_predicate(one):
        one["predicate"] = {}

    def unknown_field(one):
        one["predicate"]["note"] = 1

    for change in (other_type, no_subject, no_digest, no_predicate, unknown_field):
        spoil(change)


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    folder = Path(sys.argv[1])
    schema_checks(folder)
    statement_checks(folder)
    for problem in problems:
        print(f"readers: {problem}", file=sys.stderr)
    if not problems:
        print(f"readers: {checks} checks hold: the schemas, the samples and the statement are what they say")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
