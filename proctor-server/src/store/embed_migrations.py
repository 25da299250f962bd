# SPDX-FileCopyrightText: Invigil contributors
# SPDX-License-Identifier: Apache-2.0
"""Turns NNNN_what.sql files into a C++ source: embed_migrations.py OUT.cpp FILE.sql..."""
import os
import sys

target, files = sys.argv[1], sorted(sys.argv[2:])
with open(target, "w", encoding="utf-8") as out:
    out.write('#include "store/migrations.hpp"\nnamespace invigil::store {\n'
              "const std::vector<Migration>& migrations() { static const std::vector<Migration> list = {\n")
    for path in files:
        name = os.path.basename(path)
        with open(path, encoding="utf-8") as file:
            out.write('{%d, "%s", R"~sql~(%s)~sql~"},\n' % (int(name[:4]), name, file.read()))
    out.write("}; return list; }\n}\n")
