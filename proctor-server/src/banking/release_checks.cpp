// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "banking/lifecycle.hpp"
#include "banking/markup.hpp"
#include "invigil/bank/answer_fault.hpp"
#include "invigil/formula/formula.hpp"

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

/// Every answer must be one that a response can be held against, and one way to earn all points must be open to who has the kiosk's keys only.
void checkAnswers(const Item& item, Problems& problems) {
  if (item.answers.empty()) return problems.add("answers_missing", "answers");
  bool usable = true;
  for (std::size_t i = 0; i < item.answers.size(); ++i) {
    const std::string fault = bank::answerFault(item.answers[i]);
    if (fault.empty()) continue;
    problems.add("answer_unusable", "answers[" + std::to_string(i) + "]", fault);
    usable = false;
  }
  if (!usable) return;
  const bool open = std::any_of(item.answers.begin(), item.answers.end(), [&](const bank::AcceptedAnswer& answer) {
    return answer.percent == 100 && bank::answerCanBeTyped(answer, item.type);
  });
  if (!open) problems.add("answers_not_on_keys", "answers");
}

void checkPictures(const Item& item, const Surroundings& around, Problems& problems) {
  for (const std::string& name : mediaShown(item))
    if (!around.has_media(name)) problems.add("media_unknown", "stem", name);
}

/// The kiosk draws what this reads, so nobody has to read LaTeX in an exam.
void checkFormulae(const std::string& html, const std::string& where, Problems& problems) {
  if (auto shown = formula::check(html); !shown) problems.add(shown.error().reason.c_str(), where, shown.error().detail);
}

void checkFormulae(const Item& item, Problems& problems) {
  if (item.markup != bank::Markup::Html) return;
  checkFormulae(item.stem, "stem", problems);
  for (std::size_t i = 0; i < item.options.size(); ++i) checkFormulae(item.options[i], "options[" + std::to_string(i) + "]", problems);
}

void checkStimulus(const ItemContent& content, const Surroundings& around, Problems& problems) {
  const std::string& id = content.item.stimulus;
  if (id.empty()) return;
  const auto text = around.stimulus(id, content.stimulus_version);
  if (!text) return problems.add("stimulus_unknown", "stimulus", id);
  if (text->first != "html") return;
  checkFormulae(text->second, "stimulus", problems);
  if (auto shown = checkMarkup(text->second, "stimulus"))
    for (const std::string& name : *shown)
      if (!around.has_media(name)) problems.add("media_unknown", "stimulus", name);
}

void checkEnemies(const Item& item, const Surroundings& around, Problems& problems) {
  for (const std::string& enemy : item.enemies) {
    if (enemy == item.id) {
      problems.add("enemy_of_itself", "enemies", enemy);
      continue;
    }
    const auto back = around.enemies_of(enemy);
    if (!back) problems.add("enemy_unknown", "enemies", enemy);
    else if (std::find(back->begin(), back->end(), item.id) == back->end()) problems.add("enemy_not_symmetric", "enemies", enemy);
  }
}

}  // namespace

std::vector<Error> releaseProblems(const ItemContent& content, const Surroundings& around) {
  const Item& item = content.item;
  Problems problems;
  if (plainText(item.stem, item.markup == bank::Markup::Html).empty() && item.stem.find("<img ") == std::string::npos)
    problems.add("stem_empty", "stem");
  if (bank::hasOptions(item.type)) {
    checkOptions(item, problems);
    checkKey(item, problems);
  } else {
    checkAnswers(item, problems);
  }
  checkFormulae(item, problems);
  checkPictures(item, around, problems);
  checkStimulus(content, around, problems);
  checkEnemies(item, around, problems);
  return std::move(problems.list);
}

Surroundings bankSurroundings(Tx& tx, const std::string& bank_id) {
  return {[&tx](const std::string& name) { return tx.value<std::int64_t>("select count(*) from media where name = :a", name).value_or(0) > 0; },
          [&tx, bank_id](const std::string& id, std::int64_t version) -> std::optional<std::pair<std::string, std::string>> {
            auto row = tx.one<std::string, std::string>(
                "select markup, text from stimulus where bank_id = :a and stimulus_id = :b and version = :c", bank_id, id, version);
            if (!row) return std::nullopt;
            return std::pair{std::get<0>(*row), std::get<1>(*row)};
          },
          [&tx, bank_id](const std::string& item_id) -> std::optional<std::vector<std::string>> {
            auto listed = tx.value<std::string>(
                "select v.enemies from bank_item i join item_version v on v.item_uid = i.uid and v.number = i.version "
                "where i.bank_id = :a and i.item_id = :b", bank_id, item_id);
            if (!listed) return std::nullopt;
            return Json::parse(*listed).get<std::vector<std::string>>();
          }};
}

std::vector<Error> releaseProblems(Tx& tx, const ItemRow& row, const ItemVersion& version) {
  return releaseProblems(version, bankSurroundings(tx, row.bank_id));
}

}  // namespace invigil::server
