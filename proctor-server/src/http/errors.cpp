// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "http/errors.hpp"

#include <unordered_map>

#include "invigil/base/text.hpp"

namespace invigil::server {
namespace {

struct Message {
  const char *id, *zh, *en;
};

const Message kMessages[] = {
#include "http/messages.inc"
#include "http/messages_booking.inc"
#include "http/messages_items.inc"
#include "http/messages_hall.inc"
#include "http/messages_papers.inc"
};

const Message* find(const std::string& id) {
  static const auto* index = [] {
    auto* map = new std::unordered_map<std::string, const Message*>;
    for (const Message& message : kMessages) map->emplace(message.id, &message);
    return map;
  }();
  auto found = index->find(id);
  return found == index->end() ? nullptr : found->second;
}

}  // namespace

unsigned statusOf(ErrorCode code) {
  switch (code) {
    case ErrorCode::InvalidInput: return 400;
    case ErrorCode::NotFound: return 404;
    case ErrorCode::Conflict: return 409;
    case ErrorCode::Unauthenticated: return 401;
    case ErrorCode::Forbidden: return 403;
    case ErrorCode::TooLarge: return 413;
    case ErrorCode::TooMany: return 429;
    case ErrorCode::Unavailable: return 503;
    case ErrorCode::Corrupt: return 422;
    case ErrorCode::Internal: return 500;
  }
  return 500;
}

Json errorJson(const Error& error) {
  std::string zh = "服务暂时出了问题，请稍后再试。", en = "Something went wrong on our side; please try again shortly.";
  if (const Message* message = find(error.reason)) {
    zh = message->zh;
    en = message->en;
  } else if (error.code == ErrorCode::InvalidInput) {
    zh = "提交的内容有误，请检查后再试。";
    en = "What was sent is not right; please check it and try again.";
  }
  // These details are made of member names, counts, names of sheets, line numbers, ids of items and places in formulae only, and the person needs them to mend the input.
  static constexpr const char* kOpen[] = {"wrong_shape", "bad_json", "bad_bank", "bad_blueprint", "pool_too_small",
                                          "csv_header", "csv_encoding", "bad_item", "markup_not_allowed", "impossible_move",
                                          "not_ready_for_release", "media_unknown", "stimulus_unknown", "enemy_unknown",
                                          "enemy_not_symmetric", "format_unknown", "formula_not_understood", "formula_not_closed", "formula_with_tags",
                                          "infeasible_blueprint", "batch_fails_audit", "no_sound_paper", "item_in_bank",
                                          "item_stands_for_row", "question_in_import", "question_stays_in_bank",
                                          "too_many_tags", "too_many_enemies"};
  for (const char* id : kOpen)
    if (error.reason == id && !error.detail.empty()) {
      zh += "（" + error.detail + "）";
      en += " (" + error.detail + ")";
    }
  return {{"error", {{"id", error.reason}, {"zh", zh}, {"en", en}, {"where", firstCharacters(error.where, 180)}}}};
}

}  // namespace invigil::server
