// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "banking/items.hpp"
#include "banking/taxonomy.hpp"
#include "store/like.hpp"

namespace invigil::server {
namespace {

Json stimulusJson(Tx& tx, const std::string& bank_id, const std::string& id) {
  const std::int64_t version = stimulusVersion(tx, bank_id, id);
  auto row = tx.one<std::string, std::string>("select markup, text from stimulus where bank_id = :a and stimulus_id = :b and version = :c",
                                              bank_id, id, version);
  const auto items = tx.value<std::int64_t>("select count(*) from bank_item i join item_version v on v.item_uid = i.uid and "
                                            "v.number = i.version where i.bank_id = :a and v.stimulus = :b", bank_id, id);
  return {{"bank_id", bank_id}, {"id", id}, {"version", version}, {"markup", std::get<0>(*row)}, {"text", std::get<1>(*row)},
          {"items", items.value_or(0)}};
}

Result<Reply> stimuli(App&, Tx& tx, const Call& call) {
  const std::int64_t limit = call.number("limit", 50, 1, 200);
  Json list = Json::array();
  std::string next;
  for (auto& [id] : tx.all<std::string>(
           "select stimulus_id from stimulus s where bank_id = :a and stimulus_id > :b and text like :c escape '\\' and version = "
           "(select max(version) from stimulus n where n.bank_id = s.bank_id and n.stimulus_id = s.stimulus_id) order by stimulus_id limit :d",
           call.q("bank"), call.q("after"), store::containing(call.q("q")), limit + 1)) {
    if (list.size() == static_cast<std::size_t>(limit)) next = list.back()["id"];
    else list.push_back(stimulusJson(tx, call.q("bank"), id));
  }
  return Reply{{{"stimuli", list}, {"next", next}}};
}

Result<Reply> save(App&, Tx& tx, const Call& call) {
  bank::Stimulus stimulus;
  stimulus.id = call.body.value("id", "");
  stimulus.markup = call.text("markup") == "html" ? bank::Markup::Html : bank::Markup::Plain;
  stimulus.text = call.text("text");
  const std::string bank_id = call.text("bank_id");
  INVIGIL_TRY(id, saveStimulus(tx, bank_id, stimulus, call.body.at("version").get<std::int64_t>(),
                               {call.caller.account_id, trim(call.text("reason")), call.now}));
  return Reply{stimulusJson(tx, bank_id, id)};
}

Result<Reply> addMedia(App&, Tx& tx, const Call& call) {
  INVIGIL_TRY(name, storeMedia(tx, call.bytes, {call.caller.account_id, "", call.now}));
  return Reply{{{"name", name}, {"bytes", call.bytes.size()}}};
}

Result<Reply> mediaReply(Tx& tx, const std::string& name) {
  auto row = tx.one<std::string, std::string>("select content_type, base64 from media where name = :a", name);
  if (!row) return fail(ErrorCode::NotFound, "no_such_media", "", "id");
  INVIGIL_TRY(bytes, fromBase64(std::get<1>(*row)));
  Reply reply;
  reply.content_type = std::get<0>(*row);
  reply.bytes.assign(bytes.begin(), bytes.end());
  return reply;
}

Result<Reply> bankMedia(App&, Tx& tx, const Call& call) { return mediaReply(tx, call.id); }

/// A kiosk sees the pictures of the paper that is being sat at its seat, no other.
Result<Reply> kioskMedia(App&, Tx& tx, const Call& call) {
  const auto papers = tx.all<std::string>("select sitting.paper from sitting join admission on admission.id = sitting.admission_id "
                                          "where admission.seat_id = :a and sitting.finished_ms is null", call.caller.seat_id);
  const std::string shown = "media:" + call.id + "\\\"";  // as JSON writes src="media:NAME"
  for (const auto& [paper] : papers)
    if (paper.find(shown) != std::string::npos) return mediaReply(tx, call.id);
  return fail(ErrorCode::NotFound, "no_such_media", "", "id");
}

Result<Reply> taxonomy(App&, Tx&, const Call&) {
  return Reply{taxonomyTree()};
}

}  // namespace

Routes stimulusRoutes() {
  const std::string base = "/api/v1/bank/";
  return {readRoute(Verb::Get, base + "stimuli", Scope::Editor, stimuli),
          writeRoute(Verb::Post, base + "stimuli", Scope::Editor, save, 256 << 10),
          writeRoute(Verb::Post, base + "media", Scope::Editor, addMedia, kMediaBytesMax),
          readRoute(Verb::Get, base + "media/{id}", Scope::Editor, bankMedia),
          readRoute(Verb::Get, "/api/v1/kiosk/media/{id}", Scope::Kiosk, kioskMedia),
          readRoute(Verb::Get, "/api/v1/taxonomy", Scope::Editor, taxonomy)};
}

}  // namespace invigil::server
