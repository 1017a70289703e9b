"""/openapi.json is a valid OpenAPI document."""

import json
import os
import urllib.request

from openapi_spec_validator import validate

with urllib.request.urlopen(os.environ["RUNINFRA_BASE_URL"] + "/openapi.json") as answer:
    document = json.load(answer)
validate(document)
operations = sum(len(path) for path in document["paths"].values())
print(f"openapi-spec-validator: {operations} operations valid, 0 failed")
