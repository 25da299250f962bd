// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "jobs/jobs.hpp"

namespace invigil::server {
namespace {

constexpr int kListMax = 50;

Result<Reply> list(App&, Tx& tx, const Call&) {
  Json jobs = Json::array();
  for (auto& [id] : tx.all<std::string>("select id from job order by place desc limit " + std::to_string(kListMax))) {
    INVIGIL_TRY(json, jobJson(tx, id));
    jobs.push_back(std::move(json));
  }
  return Reply{{{"jobs", jobs}}};
}

Result<Reply> get(App&, Tx& tx, const Call& call) {
  INVIGIL_TRY(json, jobJson(tx, call.id));
  Reply reply{json};
  const bool ended = json["state"] != "queued" && json["state"] != "running";
  if (!ended && json["seen"] == call.q("seen")) reply.wait_for = "job:" + call.id;
  return reply;
}

Result<Reply> cancel(App&, Tx& tx, const Call& call) {
  INVIGIL_CHECK(jobJson(tx, call.id).map([](auto&&) {}));
  cancelJob(tx, call.id, call.now);
  audit(tx, call.now, call.caller.account_id, "job_cancelled", call.id);
  INVIGIL_TRY(json, jobJson(tx, call.id));
  return Reply{json};
}

}  // namespace

Routes jobRoutes() {
  const std::string base = "/api/v1/jobs";
  return {readRoute(Verb::Get, base, Scope::Editor, list), readRoute(Verb::Get, base + "/{id}", Scope::Editor, get),
          writeRoute(Verb::Post, base + "/{id}/cancel", Scope::Editor, cancel)};
}

}  // namespace invigil::server
