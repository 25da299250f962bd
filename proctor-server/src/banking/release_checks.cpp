// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "banking/lifecycle.hpp"
#include "banking/markup.hpp"

namespace invigil::server {
namespace {

using bank::Item;
using bank::ItemType;

/// Collects problems of one version.
struct Problems {
  std::vector<Error> list;
  void add(const char* id, std::string where, std::string detail = {}) {
    list.push_back({ErrorCode::Conflict, id, std::move(detail), std::move(where)});
  }
};

void checkOptions(const Item& item, Problems& problems) {
  if (item.options.size() < 2) problems.add("too_few_options", "options");
  if (item.options.size() > kKioskOptionsMax) problems.add("too_many_options", "options", std::to_string(item.options.size()));
  const bool html = item.markup == bank::Markup::Html;
  std::set<std::string> seen;
  for (std::size_t i = 0; i < item.options.size(); ++i) {
    const std::string where = "options[" + std::to_string(i) + "]";
    const bool picture = html && item.options[i].find("<img ") != std::string::npos;
    const std::string plain = plainText(item.options[i], html);
    if (plain.empty() && !picture) problems.add("option_empty", where);
    else if (!seen.insert(picture ? item.options[i] : searchable(plain)).second) problems.add("options_equal", where);
  }
}

void checkKey(const Item& item, Problems& problems) {
  if (item.key.empty()) problems.add("key_missing", "key");
  else if (item.type != ItemType::MultipleChoice && item.key.size() != 1) problems.add("key_not_one", "key");
  else if (item.key.back() >= static_cast<int>(item.options.size())) problems.add("key_off_options", "key");
}

void checkPictures(Tx& tx, const Item& item, Problems& problems) {
  for (const std::string& name : mediaShown(item))
    if (tx.value<std::int64_t>("select count(*) from media where name = :a", name).value_or(0) == 0)
      problems.add("media_unknown", "stem", name);
}

void checkStimulus(Tx& tx, const ItemRow& row, const ItemVersion& version, Problems& problems) {
  const std::string& id = version.item.stimulus;
  if (id.empty()) return;
  auto stored = tx.one<std::string, std::string>(
      "select markup, text from stimulus where bank_id = :a and stimulus_id = :b and version = :c", row.bank_id, id, version.stimulus_version);
  if (!stored) return problems.add("stimulus_unknown", "stimulus", id);
  if (std::get<0>(*stored) != "html") return;
  if (auto shown = checkMarkup(std::get<1>(*stored), "stimulus"))
    for (const std::string& name : *shown)
      if (tx.value<std::int64_t>("select count(*) from media where name = :a", name).value_or(0) == 0)
        problems.add("media_unknown", "stimulus", name);
}

void checkEnemies(Tx& tx, const ItemRow& row, const Item& item, Problems& problems) {
  for (const std::string& enemy : item.enemies) {
    if (enemy == row.item_id) {
      problems.add("enemy_of_itself", "enemies", enemy);
      continue;
    }
    auto other = itemById(tx, row.bank_id, enemy);
    if (!other) {
      problems.add("enemy_unknown", "enemies", enemy);
      continue;
    }
    auto listed = tx.value<std::string>("select enemies from item_version where item_uid = :a and number = :b", other->uid, other->version);
    const Json back = Json::parse(listed.value_or("[]"));
    if (std::find(back.begin(), back.end(), row.item_id) == back.end()) problems.add("enemy_not_symmetric", "enemies", enemy);
  }
}

}  // namespace

std::vector<Error> releaseProblems(Tx& tx, const ItemRow& row, const ItemVersion& version) {
  const Item& item = version.item;
  Problems problems;
  if (plainText(item.stem, item.markup == bank::Markup::Html).empty() && item.stem.find("<img ") == std::string::npos)
    problems.add("stem_empty", "stem");
  if (bank::hasOptions(item.type)) {
    checkOptions(item, problems);
    checkKey(item, problems);
  } else {
    if (item.answers.empty()) problems.add("answers_missing", "answers");
    problems.add("type_not_on_kiosk", "type");
  }
  checkPictures(tx, item, problems);
  checkStimulus(tx, row, version, problems);
  checkEnemies(tx, row, item, problems);
  return std::move(problems.list);
}

}  // namespace invigil::server
