# SPDX-FileCopyrightText: Invigil contributors
# SPDX-License-Identifier: Apache-2.0
"""Turns openapi.yaml into a C++ source that holds it as JSON: embed.py IN.yaml OUT.cpp"""
import json
import sys

import yaml

source, target = sys.argv[1:]
with open(source, encoding="utf-8") as file:
    document = yaml.safe_load(file)
for verbs in document["paths"].values():
    for verb in [verb for verb, operation in verbs.items() if operation.get("x-planned")]:
        del verbs[verb]  # agreed with the pages, not served yet
text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
pieces = [text[at:at + 8000] for at in range(0, len(text), 8000)]
with open(target, "w", encoding="utf-8") as file:
    file.write('#include <string>\nnamespace invigil::api { std::string openapiText() { std::string text;\n')
    for piece in pieces:
        file.write('text += R"~openapi~(' + piece + ')~openapi~";\n')
    file.write("return text; } }\n")
