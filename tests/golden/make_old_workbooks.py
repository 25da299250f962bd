#!/usr/bin/python3
# SPDX-FileCopyrightText: Invigil contributors
# SPDX-License-Identifier: Apache-2.0
"""Writes the old Excel workbooks of the tests beside itself (Debian package python3-xlwt; not needed to run the tests).

excel-97-questions.xls  by xlwt, an independent writer of BIFF8: questions, a staff sheet, shared strings over 8 KiB
excel-5-gbk.xls         by hand, BIFF5: texts in code page 936
excel-97-odd-cells.xls  by hand, BIFF8: a string that goes on in the next record in other characters, packed and many
                        numbers, a formula whose value is text, a picture, a truth, an error
excel-97-password.xls   by hand: a password record
excel-97-picture.xls    by hand, BIFF8: two questions, the second option of the first is a picture over its cell
"""
import pathlib
import struct

import xlwt

HERE = pathlib.Path(__file__).parent


def record(kind, data=b""):
    return struct.pack("<HH", kind, len(data)) + data


def compound(name, stream):
    """The smallest compound file: sector 0 the table, 1 the directory, from 2 on the stream (never a small one)."""
    stream = stream.ljust(max(4096, -(-len(stream) // 512) * 512), b"\0")
    count = len(stream) // 512
    table = [0xFFFFFFFD, 0xFFFFFFFE] + [i + 3 for i in range(count - 1)] + [0xFFFFFFFE]
    table += [0xFFFFFFFF] * (128 - len(table))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    head += struct.pack("<IIIIIIIII", 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0) + b"\xff" * 108 * 4

    def entry(text, kind, start, size, child=0xFFFFFFFF):
        wide = text.encode("utf-16le") + b"\0\0"
        return (wide.ljust(64, b"\0") + struct.pack("<HBB", len(wide), kind, 1) + struct.pack("<III", 0xFFFFFFFF, 0xFFFFFFFF, child)
                + bytes(36) + struct.pack("<III", start, size, 0))

    directory = entry("Root Entry", 5, 0xFFFFFFFE, 0, 1) + entry(name, 2, 2, len(stream))
    return head + struct.pack("<128I", *table) + directory.ljust(512, b"\0") + stream


def workbook(wide, sheets, extra=b""):
    """Globals, then the sheets; each sheet is (name, records)."""
    version = 0x0600 if wide else 0x0500
    begin = record(0x0809, struct.pack("<HHHH", version, 5, 0, 0) + (bytes(8) if wide else b""))

    def globals_of(places):
        out = begin + extra
        for (name, _), place in zip(sheets, places):
            text = bytes([len(name), 1]) + name.encode("utf-16le") if wide else bytes([len(name.encode("gbk"))]) + name.encode("gbk")
            out += record(0x0085, struct.pack("<IBB", place, 0, 0) + text)
        return out + record(0x000A)

    places = [len(globals_of([0] * len(sheets)))]
    bodies = [record(0x0809, struct.pack("<HHHH", version, 0x10, 0, 0) + (bytes(8) if wide else b"")) + cells + record(0x000A) for _, cells in sheets]
    for body in bodies[:-1]:
        places.append(places[-1] + len(body))
    return globals_of(places) + b"".join(bodies)


def at(row, column):
    return struct.pack("<HHH", row, column, 15)


def by_xlwt():
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("题库")
    rows = [["题型", "题目", "选项A", "选项B", "选项C", "答案", "难度"],
            ["单选题", "低压验电笔能测的电压范围是？", "60 V 到 500 V", "1 kV 到 10 kV", "6 V 到 12 V", "A", 3],
            ["多选题", "停电检修前要做什么？", "停电", "验电", "带负荷拉闸", "AB", 4],
            ["判断题", "绝缘手套不用检查就可以戴。", "", "", "", False, 1]]
    rows += [["判断题", f"第 {n} 题：" + "安全" * 60 + "。", "", "", "", "√", ""] for n in range(1, 40)]
    for r, cells in enumerate(rows):
        for c, value in enumerate(cells):
            if value != "":
                sheet.write(r, c, value)
    staff = book.add_sheet("Staff")
    staff.write(0, 0, "name")
    staff.write(1, 0, "nobody")
    book.save(str(HERE / "excel-97-questions.xls"))


def by_hand():
    def label(row, column, text):
        raw = text.encode("gbk")
        return record(0x0204, at(row, column) + struct.pack("<H", len(raw)) + raw)

    cells = b"".join(label(r, c, text) for r, line in enumerate([["题目", "选项", "答案"], ["验电前应先做什么？", "A、检查验电器**B、戴耳塞", "A"]])
                     for c, text in enumerate(line))
    (HERE / "excel-5-gbk.xls").write_bytes(compound("Book", workbook(False, [("题库", cells)], record(0x0042, struct.pack("<H", 936)))))

    first, second = "ascii ", "然后是汉字"
    strings = struct.pack("<II", 1, 1) + struct.pack("<HB", len(first) + len(second), 0) + first.encode()
    shared = record(0x00FC, strings) + record(0x003C, b"\1" + second.encode("utf-16le"))
    value = "公式".encode("utf-16le")
    cells = (record(0x00FD, at(0, 0) + struct.pack("<I", 0))
             + record(0x027E, at(0, 1) + struct.pack("<I", (314 << 2) | 3))                                      # 3.14 as a hundredth
             + record(0x00BD, struct.pack("<HH", 0, 2) + struct.pack("<HIHI", 15, (7 << 2) | 2, 15, 0x3FF80000) + struct.pack("<H", 3))  # 7, 1.5
             + record(0x0006, at(1, 0) + b"\0\0\0\0\0\0\xff\xff" + bytes(6)) + record(0x0207, struct.pack("<HB", 2, 1) + value)
             + record(0x0205, at(1, 1) + b"\1\0") + record(0x0205, at(1, 2) + b"\x2a\1")
             + record(0x0203, at(1, 3) + struct.pack("<d", 0.1 + 0.2))
             + record(0x005D, struct.pack("<HHHHH", 0x15, 0x12, 8, 1, 0) + bytes(12)))
    (HERE / "excel-97-odd-cells.xls").write_bytes(compound("Workbook", workbook(True, [("甲", cells)], shared)))
    def label97(row, column, text):
        return record(0x0204, at(row, column) + struct.pack("<HB", len(text), 1) + text.encode("utf-16le"))

    asked = b"".join(label97(r, c, text) for r, line in enumerate([["题目", "选项A", "选项B", "答案"], ["哪一个是接地符号？", "甲", "", "A"],
                                                                   ["先做什么？", "停电", "验电", "B"]]) for c, text in enumerate(line) if text)
    anchor = struct.pack("<HHI", 0, 0xF010, 18) + struct.pack("<9H", 2, 2, 0, 1, 0, 3, 0, 2, 0)  # from the third column of the second row
    picture = record(0x00EC, anchor) + record(0x005D, struct.pack("<HHHHH", 0x15, 0x12, 8, 1, 0) + bytes(12))
    (HERE / "excel-97-picture.xls").write_bytes(compound("Workbook", workbook(True, [("题", asked + picture)])))
    (HERE / "excel-97-password.xls").write_bytes(compound("Workbook", workbook(True, [("甲", cells)], record(0x002F, bytes(6)))))


by_xlwt()
by_hand()
