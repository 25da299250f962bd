// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "invigil/assembly/paper.hpp"
#include "papers/papers.hpp"

namespace invigil::server {
namespace {

constexpr const char* kOpenFiles[] = {"freeze.json", "seal.json", "log.txt"};
constexpr const char* kSecretFiles[] = {"papers.jsonl", "reveal.json"};

Result<Reply> fileReply(App& app, Tx& tx, const BatchRow& row, const std::string& name) {
  bool open = false, secret = false;
  for (const char* one : kOpenFiles) open = open || name == one;
  for (const char* one : kSecretFiles) secret = secret || name == one;
  if (!row.sealed_ms || (!open && !secret)) return fail(ErrorCode::NotFound, "no_such_batch_file", "", "name");
  if (secret && row.state != "revealed") return fail(ErrorCode::Conflict, "batch_not_revealed", "", "name");
  INVIGIL_TRY(files, batchFiles(app, tx, row, secret));
  Reply reply;
  reply.bytes = std::move(files[name]);
  reply.content_type = "application/octet-stream";
  return reply;
}

Result<Reply> staffFile(App& app, Tx& tx, const Call& call) {
  if (call.caller.role == "reviewer") return fail(ErrorCode::Forbidden, "not_allowed", "freeze.json names the items.");
  INVIGIL_TRY(row, batchById(tx, call.id));
  return fileReply(app, tx, row, call.q("name"));
}

Result<Reply> publishedFile(App& app, Tx& tx, const Call& call) {
  INVIGIL_TRY(row, batchById(tx, call.id));
  if (row.state != "revealed") return fail(ErrorCode::NotFound, "no_such_batch", "", "id");
  return fileReply(app, tx, row, call.q("name"));
}

Result<Reply> published(App&, Tx& tx, const Call& call) {
  Json batches = Json::array(), names = Json::array();
  for (const char* one : kOpenFiles) names.push_back(one);
  for (const char* one : kSecretFiles) names.push_back(one);
  for (auto& [id] : tx.all<std::string>("select id from paper_batch where state = 'revealed' order by revealed_ms desc, number desc limit 50 offset :a",
                                        call.number("offset", 0, 0, 100'000'000))) {
    INVIGIL_TRY(row, batchById(tx, id));
    INVIGIL_TRY(json, batchJson(tx, row));
    batches.push_back({{"id", id}, {"number", row.number}, {"title", json["title"]}, {"papers", row.papers}, {"sealed_ms", json["sealed_ms"]},
                       {"revealed_ms", json["revealed_ms"]}, {"papers_root", row.papers_root}, {"files", names}});
  }
  return Reply{{{"batches", batches}, {"total", tx.value<std::int64_t>("select count(*) from paper_batch where state = 'revealed'").value_or(0)}}};
}

Result<Reply> sittingProof(App&, Tx& tx, const Call& call) {
  INVIGIL_TRY(json, paperProofJson(tx, call.id));
  return Reply{json};
}

}  // namespace

Result<Json> paperProofJson(Tx& tx, const std::string& sitting_id) {
  auto sitting = tx.one<std::string, std::int64_t, std::string, std::string, std::int64_t>(
      "select batch_id, slot, leaf, take_hash, started_ms from sitting where id = :a", sitting_id);
  if (!sitting || std::get<0>(*sitting).empty()) return fail(ErrorCode::NotFound, "no_sealed_paper", "", "id");
  const auto& [batch_id, slot, leaf, take_hash, started] = *sitting;
  INVIGIL_TRY(row, batchById(tx, batch_id));
  std::vector<std::string> leaves;
  for (auto& [one] : tx.all<std::string>("select leaf from paper_slot where batch_id = :a order by slot", batch_id)) leaves.push_back(std::move(one));
  INVIGIL_TRY(path, assembly::inclusionPath(leaves, static_cast<int>(slot)));
  return Json{{"batch_id", batch_id}, {"number", row.number}, {"slot", slot}, {"papers", row.papers}, {"leaf", leaf}, {"path", path},
              {"papers_root", row.papers_root}, {"sealed_ms", millis(row.sealed_ms)}, {"taken_ms", started}, {"log_hash", take_hash},
              {"revealed", row.state == "revealed"}};
}

Routes batchFileRoutes() {
  return {readRoute(Verb::Get, "/api/v1/batches/{id}/file", Scope::Staff, staffFile),
          readRoute(Verb::Get, "/api/v1/published", Scope::Public, published),
          readRoute(Verb::Get, "/api/v1/published/{id}", Scope::Public, publishedFile)};
}

Routes proofRoutes() {
  return {readRoute(Verb::Get, "/api/v1/sittings/{id}/proof", Scope::Staff, sittingProof)};
}

}  // namespace invigil::server
