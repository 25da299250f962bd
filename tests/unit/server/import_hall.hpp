// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "item_hall.hpp"

namespace invigil::server {

/// A file of ours for the bank `bank_id`, and its items.
inline Json native(const std::string& bank_id, const Json& items) {
  return {{"format", "invigil-bank"}, {"version", 1}, {"id", bank_id}, {"title", {{"zh", "导入题库"}}}, {"roles", {"special_operations"}},
          {"category", "1.2"}, {"items", items}};
}
inline Json list(std::initializer_list<Json> items) { return Json::array_t(items); }
inline Json one(const std::string& id, const std::string& stem, const char* key = "B") {
  return {{"id", id}, {"type", "single_choice"}, {"stem", stem}, {"options", {"甲", "乙", "丙"}}, {"key", {key}}};
}

struct ImportHall : ItemHall {
  Json begin(const std::string& bank_id, const Json& more = Json::object()) {
    Json body{{"bank_id", bank_id}, {"file_name", "题目.json"}};
    body.update(more);
    return must(post("/bank/imports", body, editor));
  }
  Result<Reply> upload(const Json& draft, const std::string& bytes, const Caller* who = nullptr) {
    Call call;
    call.bytes = bytes;
    call.caller = who ? *who : editor;
    call.id = draft["id"];
    return send("put", "/api/v1/bank/imports/{id}/file", call);
  }
  Json look(const Json& draft) { return fetch("/bank/imports/{id}", editor, draft["id"]); }
  /// Read to the end.
  Json read(const std::string& bank_id, const Json& file, const Json& more = Json::object()) {
    const Json draft = begin(bank_id, more);
    must(upload(draft, file.dump()));
    runJobs();
    return look(draft);
  }
  /// A bank that holds these items, version 1, as drafts.
  void intoBank(const std::string& bank_id, const Json& items) {
    must(accept(read(bank_id, native(bank_id, items))));
    runJobs();
  }
  std::string sheet(const Json& draft) {
    Call call;
    call.caller = editor;
    call.id = draft["id"];
    auto sheet = run("get", "/api/v1/bank/imports/{id}/report.xlsx", call);
    if (!sheet) qFatal("%s", sheet.error().detail.c_str());
    return std::move(sheet->bytes);
  }
  Result<Reply> accept(const Json& draft, const std::string& state = "draft", const std::string& missing = "keep", const Caller* who = nullptr) {
    return post("/bank/imports/{id}/accept", {{"state", state}, {"missing", missing}}, who ? *who : editor, draft["id"]);
  }
  Json rows(const Json& draft, const std::string& kind) {
    return fetch("/bank/imports/{id}/rows", editor, draft["id"], {{"kind", kind}})["rows"];
  }
  Result<Reply> mend(const Json& row, const Json& content) {
    return put("/bank/import-rows/{id}", {{"left_out", false}, {"seen", row["seen"]}, {"content", content}}, editor, row["id"]);
  }
  /// Of a draft, the row of that item.
  Result<Reply> leaveOut(const Json& draft, const std::string& item_id, bool out = true) {
    for (const Json& row : rows(draft, "imported"))
      if (row["item_id"] == item_id) return put("/bank/import-rows/{id}", {{"left_out", out}, {"seen", row["seen"]}}, editor, row["id"]);
    qFatal("no row %s", item_id.c_str());
  }
  /// A table for the bank, read to the end.
  Json readTable(const std::string& bank_id, const std::string& rows_of_two_options) {
    const Json draft = begin(bank_id, {{"file_name", "题目.csv"}, {"title", "表格题库"}, {"roles", {"special_operations"}}});
    must(upload(draft, "题目,选项A,选项B,答案\n" + rows_of_two_options));
    runJobs();
    return look(draft);
  }
  Json counts(const Json& draft) { return look(draft)["counts"]; }
  /// One more editor.
  Caller another() const {
    Caller caller = second;
    caller.account_id = newId();
    return caller;
  }
  Json itemOf(const std::string& bank_id, const std::string& item_id) {
    const Json page = search({{"bank", bank_id}});
    for (const Json& item : page["items"])
      if (item["item_id"] == item_id) return fetch("/bank/items/{id}", editor, item["id"]);
    qFatal("no item %s", item_id.c_str());
  }
  /// Released by `who`, sent to review by whoever made it where it is a draft.
  Json release(const std::string& bank_id, const std::string& item_id, const Caller& who) {
    Json item = itemOf(bank_id, item_id);
    if (item["row"]["state"] == "draft") item = must(move(item, "submit", editor));
    return must(move(item, "release", who));
  }
  /// Why `who` may not release it; empty = may.
  std::string mayRelease(const std::string& bank_id, const std::string& item_id, const Caller& who) {
    Json item = itemOf(bank_id, item_id);
    if (item["row"]["state"] == "draft") must(move(item, "submit", editor));
    item = fetch("/bank/items/{id}", who, item["row"]["id"]);
    for (const Json& one : item["moves"])
      if (one["move"] == "release") return one["allowed"].get<bool>() ? "" : one["why_not"]["id"].get<std::string>();
    return "not in review";
  }
};

}  // namespace invigil::server
