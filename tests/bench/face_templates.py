#!/usr/bin/env python3
# SPDX-FileCopyrightText: Invigil contributors
# SPDX-License-Identifier: Apache-2.0
"""The list that `invigil-face verify --templates` reads, from a folder with pad.csv and img/*refphoto*.

Live webcam frames (label live, subject nuaaNNNN) in the order of the list, and the ID-style reference photos of the
same people (nuaa_NNNN_..refphoto).

usage: face_templates.py DIR > templates.csv
"""
import csv
import pathlib
import sys


def main(folder):
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["path", "role", "subject", "sequence", "group"])
    with open(folder / "pad.csv", encoding="utf-8") as frames:
        for row in csv.DictReader(frames):
            if row["label"] == "live" and row["subject"].startswith("nuaa"):
                out.writerow([row["path"], "live", row["subject"], row["sequence"], "nuaa"])
    for photo in sorted((folder / "img").glob("nuaa_*refphoto*")):
        out.writerow([f"img/{photo.name}", "reference", "nuaa" + photo.name.split("_")[1], "", "nuaa"])


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(pathlib.Path(sys.argv[1]))
