// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "banking/bulk.hpp"
#include "banking/imports.hpp"
#include "exam_hall.hpp"

namespace invigil::server {

/// An exam hall with two editors, and an empty bank "own" beside the samples.
struct ItemHall : ExamHall {
  Caller editor, second;

  explicit ItemHall(int papers = 10) : ExamHall(defaultPolicy(), papers) {
    app.config.data_dir = dir.path().toStdString();
    admin.role = "administrator";
    for (Routes part : {bankingRoutes(), itemSearchRoutes(), itemRoutes(), stimulusRoutes(), importRoutes(), importRowRoutes(), jobRoutes(), bulkRoutes()})
      for (Route& route : part) routes.push_back(std::move(route));
    for (auto [caller, name] : {std::pair{&editor, "甲编辑"}, std::pair{&second, "乙编辑"}}) {
      caller->account_id = newId();
      caller->role = "editor";
      must(write<void>([&](Tx& tx) -> Status {
        tx.exec("insert into account(id, name, display, role, password_hash) values (:a, :b, :c, 'editor', '')", caller->account_id,
                caller->account_id, std::string(name));
        return {};
      }));
    }
    bank::Bank own;
    own.id = "own";
    own.title = {"自建题库", "Own bank"};
    own.roles = {bank::Role::SpecialOperations};
    must(write<void>([&](Tx& tx) -> Status { storeBankHead(tx, own, clock->now()); return {}; }));
  }

  using ExamHall::must;
  void must(const Status& status) {
    if (!status) qFatal("refused: %s (%s)", status.error().reason.c_str(), status.error().detail.c_str());
  }
  /// A bulk edit to its end: the job.
  Json bulk(const Json& body, const Caller& who) {
    const Json job = must(post("/bank/bulk", body, who));
    runJobs();
    return fetch("/jobs/{id}", who, job["id"]);
  }
  static Json choice(const std::string& stem) {
    return {{"type", "single_choice"}, {"stem", stem}, {"options", {"甲", "乙", "丙"}}, {"key", {1}}};
  }
  Json make(const Json& content, const std::string& item_id = "", const std::string& bank_id = "own") {
    Json body{{"bank_id", bank_id}, {"content", content}};
    if (!item_id.empty()) body["item_id"] = item_id;
    return must(post("/bank/items", body, editor));
  }
  Result<Reply> edit(const Json& detail, const Json& content, const Caller& who) {
    return put("/bank/items/{id}", {{"version", detail["row"]["version"]}, {"content", content}, {"reason", "改正"}}, who, detail["row"]["id"]);
  }
  Result<Reply> move(const Json& detail, const std::string& move, const Caller& who, const std::string& why = "") {
    return post("/bank/items/{id}/transition", {{"move", move}, {"version", detail["row"]["version"]}, {"reason", why}}, who, detail["row"]["id"]);
  }
  Result<Reply> put(const std::string& path, const Json& body, const Caller& caller, const std::string& id) {
    Call call;
    call.body = body;
    call.caller = caller;
    call.id = id;
    return send("put", "/api/v1" + path, call);
  }
  Json fetch(const std::string& path, const Caller& caller, const std::string& id = "", std::map<std::string, std::string> query = {}) {
    return must(tryFetch(path, caller, id, std::move(query)));
  }
  Result<Reply> tryFetch(const std::string& path, const Caller& caller, const std::string& id = "", std::map<std::string, std::string> query = {}) {
    Call call;
    call.caller = caller;
    call.id = id;
    call.query = std::move(query);
    return send("get", "/api/v1" + path, call);
  }
  Json item(const Json& detail, const Caller& who) { return fetch("/bank/items/{id}", who, detail["row"]["id"]); }
  /// Made by the first editor, released by the second.
  Json released(const Json& content, const std::string& item_id = "") {
    const Json made = make(content, item_id);
    must(move(made, "submit", editor));
    return must(move(made, "release", second));
  }
  Json search(std::map<std::string, std::string> query) { return fetch("/bank/items", editor, "", std::move(query)); }
  std::vector<std::string> found(std::map<std::string, std::string> query) {
    std::vector<std::string> ids;
    const Json page = search(std::move(query));
    for (const Json& row : page["items"]) ids.push_back(row["item_id"]);
    return ids;
  }
};

}  // namespace invigil::server
