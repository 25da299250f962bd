#!/usr/bin/python3
# SPDX-FileCopyrightText: Invigil contributors
# SPDX-License-Identifier: Apache-2.0
"""How fast the item bank answers at 50,000 items: lists, filters, words, counts, over HTTPS as the pages ask. Beside the time waited
stands the server's processor time, which does not depend on what else the machine does.

  tests/bench/items.py [--items 50000] [--rounds 20]        with INVIGIL_BUILD=build/release
"""

import argparse
import json
import os
import pathlib
import random
import statistics
import sys
import tempfile
import threading
import time
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import invigil_client as iv  # noqa: E402

WORDS = ("安全 电压 接地 触电 绝缘 手套 停电 检修 操作 票 工作 监护 人员 设备 线路 变压器 断路器 隔离 开关 验电 挂牌 高处 作业 焊接 气瓶 "
         "火灾 爆炸 通风 检测 氧气 浓度 防护 用品 应当 不得 必须 可以 距离 米 小时 负责人 培训 考核 合格 证书 隐患 排查 治理 事故 报告 应急").split()


def make_bank(count, seed=1):
    draw = random.Random(seed)
    say = lambda low, high: "".join(draw.choices(WORDS, k=draw.randint(low, high)))
    items = []
    for n in range(count):
        kind = draw.choices(("true_false", "single_choice", "multiple_choice"), (5, 4, 1))[0]
        item = {"id": f"b-{n:05d}", "type": kind, "topic": draw.choice(("law", "shock", "protection", "lines", "tools")),
                "difficulty": draw.randint(1, 5), "stem": f"{say(8, 20)}第{n}条（ ）。", "source": f"《规程》第{n % 300}条",
                "explanation": say(8, 20), "level": draw.choice(("national", "provincial"))}
        if kind == "true_false":
            item["key"] = draw.random() < 0.5
        else:
            item["options"] = [f"{say(2, 6)}{i}" for i in range(4)]
            item["key"] = ["B"] if kind == "single_choice" else ["A", "C"]
        if n % 7 == 0:
            item["tags"] = [f"批次{n % 21}"]
        items.append(item)
    return {"format": "invigil-bank", "version": 1, "id": "bench", "title": {"zh": "测量用题库"}, "category": "1.2",
            "roles": ["special_operations"], "items": items}


QUERIES = {
    "first page": "limit=50",
    "first page with counts": "limit=50&counts=1",
    "page at offset 40,000": "limit=50&offset=40000",
    "one word, many hits": "limit=50&q=接地",
    "two words": "limit=50&q=接地 手套",
    "words without a hit": "limit=50&q=没有这样的词",
    "words and counts": "limit=50&counts=1&q=应急",
    "type, topic and difficulty": "limit=50&type=multiple_choice&topic=law&difficulty=3",
    "tag": "limit=50&tag=批次14",
    "state without a hit": "limit=50&state=in_review",
    "mine": "limit=50&mine=1",
    "a topic with all under it": "limit=50&topic=subjects/",
    "sorted by change": "limit=50&sort=-changed",
    "sorted by id, offset 40,000": "limit=50&sort=item_id&offset=40000",
}


def processor_ms(pid):
    """What a process has used so far."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


class Writer(threading.Thread):
    """Writes a little row again and again, as answers of a sitting do, and keeps how long each took."""

    def __init__(self, api, bank):
        super().__init__(daemon=True)
        self.api, self.bank, self.times, self.done = api, bank, [], threading.Event()

    def run(self):
        while not self.done.wait(0.02):
            begin = time.monotonic()
            self.api.put(f"/admin/banks/{self.bank}", {"enabled": True})
            self.times.append((time.monotonic() - begin) * 1000)


def follow(api, path, ended):
    seen, begin = "", time.monotonic()
    while True:
        now = api.get(f"{path}?wait_ms=5000&seen={seen}")
        if now["state"] in ended:
            return now, time.monotonic() - begin
        seen = now["seen"]


def take_in(hall, path):
    """Through a draft, as on the page; with another bank's row being written all the while."""
    iv.import_bank(hall.admin, iv.sample_banks()[0])
    other = hall.server.staff("admin", hall.password)
    writer = Writer(other, hall.admin.get("/admin/banks")["banks"][0]["id"])
    writer.start()
    draft = hall.admin.post("/bank/imports", {"bank_id": "bench", "file_name": path.name})
    one = f"/bank/imports/{draft['id']}"
    begin = time.monotonic()
    hall.admin.put(one + "/file", raw=path.read_bytes(), content_type="application/octet-stream", timeout=120)
    print(f"{path.stat().st_size / 1e6:.1f} MB of JSON uploaded in {time.monotonic() - begin:.1f} s")
    draft, seconds = follow(hall.admin, one, ("ready", "failed"))
    if draft["state"] != "ready":
        raise SystemExit(f"the file was not read: {draft['error']}")
    print(f"{draft['counts']['imported']} items read and compared in {seconds:.1f} s; "
          f"meanwhile a small write took {statistics.median(writer.times):.1f} ms (median), {max(writer.times):.0f} ms (worst)")
    writer.times.clear()
    hall.admin.post(one + "/accept", {"state": "draft", "missing": "keep"})
    draft, seconds = follow(hall.admin, one, ("accepted", "ready"))
    writer.done.set()
    writer.join()
    print(f"accepted in {seconds:.1f} s; meanwhile {max(writer.times, default=0):.0f} ms (worst)")


def change_all(hall, what, change):
    other = hall.server.staff("admin", hall.password)
    writer = Writer(other, hall.admin.get("/admin/banks")["banks"][-1]["id"])
    begin = time.monotonic()
    job = hall.admin.post("/bank/bulk", {"filter": {"bank": "bench"}, "change": change, "reason": "bench"})
    writer.start()
    job, _ = follow(hall.admin, f"/jobs/{job['id']}", ("done", "failed"))
    writer.done.set()
    writer.join()
    print(f"{what}: {job['result']['changed']} items in {time.monotonic() - begin:.1f} s; meanwhile a small write took "
          f"{statistics.median(writer.times):.1f} ms (median), {max(writer.times):.0f} ms (worst)")


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--items", type=int, default=50000)
    options.add_argument("--rounds", type=int, default=20)
    wanted = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="invigil-bench-") as folder:
        bank = pathlib.Path(folder) / "bank.json"
        bank.write_text(json.dumps(make_bank(wanted.items), ensure_ascii=False), encoding="utf-8")
        hall = iv.Hall([])
        try:
            take_in(hall, bank)
            for name, query in QUERIES.items():
                path = "/bank/items?bank=bench&" + urllib.parse.quote(query, safe="=&")
                times, total, used = [], None, processor_ms(hall.server.process.pid)
                for _ in range(wanted.rounds):
                    begin = time.monotonic()
                    total = hall.admin.get(path)["total"]
                    times.append((time.monotonic() - begin) * 1000)
                used = (processor_ms(hall.server.process.pid) - used) / wanted.rounds
                print(f"{name:28} {total:6} hits   median {statistics.median(times):6.1f} ms   worst {max(times):6.1f} ms   "
                      f"work {used:5.1f} ms", flush=True)
            change_all(hall, "difficulty and a tag for all", {"difficulty": 3, "add_tags": ["2026"]})
            change_all(hall, "all sent to review", {"move": "submit"})
        finally:
            hall.close()


if __name__ == "__main__":
    main()
