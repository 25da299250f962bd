// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "statistics/answers.hpp"

#include <algorithm>
#include <unordered_map>

#include "banking/item_record.hpp"
#include "banking/markup.hpp"
#include "grading/grading.hpp"
#include "store/like.hpp"

namespace invigil::server {
namespace {

constexpr std::int64_t kBite = 100;  // gradings; a paper is some 50 KB

struct Stored {
  std::string blueprint, paper, zone;
  std::int64_t finished_ms = 0;
  Responses given;
  std::map<std::int64_t, std::int64_t> shown_ms;
};

struct Bite {
  std::vector<Stored> sittings;
  std::int64_t newest = 0;
};

Result<Bite> readBite(Tx& tx, const SittingChoice& choice, std::int64_t after) {
  Bite bite;
  bite.newest = tx.value<std::int64_t>("select coalesce(max(place), 0) from grading").value_or(0);
  const std::string shows = choice.bank_id.empty() ? "%" : store::containing("\"item\":\"" + choice.bank_id + "/");
  for (auto& [id, blueprint, paper, zone, finished] : tx.all<std::string, std::string, std::string, std::string, std::int64_t>(
           "select s.id, s.blueprint, s.paper, site.time_zone, s.finished_ms from grading g join sitting s on s.id = g.sitting_id "
           "join eligibility e on e.id = s.eligibility_id join reservation r on r.id = s.reservation_id join site on site.id = r.site_id "
           "where g.place > :a and g.place <= :b and g.version = 1 and (:c = '' or e.blueprint_id = :d) and s.finished_ms >= :e "
           "and s.finished_ms < :f and s.paper like :g escape '\\' order by g.place",
           after, after + kBite, choice.blueprint_id, choice.blueprint_id, choice.from_ms, choice.to_ms, shows)) {
    Stored sitting{std::move(blueprint), std::move(paper), std::move(zone), finished, responsesOf(tx, id), {}};
    for (auto& [position, shown] : tx.all<std::int64_t, std::int64_t>(
             "select position, shown_ms from response where sitting_id = :a and shown_ms is not null", id))
      sitting.shown_ms[position] = shown;
    bite.sittings.push_back(std::move(sitting));
  }
  return bite;
}

/// Shown position -> index into the item's own options; as shown where the paper does not say.
std::vector<int> orderOf(const Json& place) {
  std::vector<int> order;
  if (place.contains("order")) order = place["order"].get<std::vector<int>>();
  for (std::size_t i = order.size(); i < place["options"].size(); ++i) order.push_back(static_cast<int>(i));
  return order;
}

std::uint32_t bitsOf(const std::vector<int>& indices) {
  std::uint32_t bits = 0;
  for (const int index : indices) bits |= 1u << (static_cast<unsigned>(index) & 31u);
  return bits;
}

class Builder {
 public:
  explicit Builder(std::vector<Correction> corrections) : corrections_(std::move(corrections)) {}

  Status add(const Stored& stored) {
    INVIGIL_TRY(blueprint, blueprintOf(stored.blueprint));
    INVIGIL_TRY(month, monthOf(stored));
    bank::ResponseTable::Sitting sitting{std::to_string(answers_.table.sittings.size() + 1), std::move(month), {}};
    std::int64_t position = 0;
    for (const Json& place : Json::parse(stored.paper)) {
      const auto given = stored.given.find(++position);
      const Correction* correction = correctionOf(place, corrections_);
      if (correction && correction->how != Correction::How::NewKey) continue;
      const bank::Part& part = blueprint->parts.at(place["part"].get<std::size_t>());
      const bool open = given == stored.given.end();
      const PlaceGrade graded = gradePlace(place, part, open ? nullptr : &given->second, correction);
      if (graded.points_max <= bank::Points()) continue;
      const double worth = static_cast<double>(graded.points_max.hundredths()) / 100;
      const int item = columnOf(place, correction, worth);
      // Where exams give an item different points, its marks are those of the exam that was seen first.
      const double scale = answers_.table.items[static_cast<std::size_t>(item)].max / static_cast<double>(graded.points_max.hundredths());
      bank::ResponseTable::Cell cell{item, static_cast<double>(graded.points.hundredths()) * scale, 0, -1};
      if (!open && !given->second.chosen.empty()) {
        const auto order = orderOf(place);
        for (const int shown : given->second.chosen) cell.chosen |= 1u << (static_cast<unsigned>(order.at(static_cast<std::size_t>(shown))) & 31u);
      }
      if (const auto shown = stored.shown_ms.find(position); shown != stored.shown_ms.end()) cell.seconds = static_cast<double>(shown->second) / 1000;
      sitting.cells.push_back(cell);
    }
    if (!sitting.cells.empty()) answers_.table.sittings.push_back(std::move(sitting));
    return {};
  }

  Answers finish() {
    std::map<std::string, std::int64_t> newest;
    for (AnsweredItem& one : answers_.items) {
      std::sort(one.versions.begin(), one.versions.end());
      std::int64_t& version = newest[one.item];
      version = std::max(version, one.versions.back());
    }
    for (std::size_t i = 0; i < answers_.items.size(); ++i) {
      AnsweredItem& one = answers_.items[i];
      one.newest = one.versions.back() == newest[one.item];
      answers_.table.items[i].id = one.newest ? one.item : one.item + "@" + std::to_string(one.versions.back());
    }
    return std::move(answers_);
  }

 private:
  Result<const bank::Blueprint*> blueprintOf(const std::string& text) {
    const auto known = blueprints_.find(text);
    if (known != blueprints_.end()) return &known->second;
    INVIGIL_TRY(blueprint, bank::parseBlueprint(text));
    return &blueprints_.emplace(text, std::move(blueprint)).first->second;
  }

  Result<std::string> monthOf(const Stored& stored) {
    auto zone = zones_.find(stored.zone);
    if (zone == zones_.end()) {
      INVIGIL_TRY(made, TimeZone::create(stored.zone));
      zone = zones_.emplace(stored.zone, std::move(made)).first;
    }
    const LocalTime local = zone->second.toLocal(fromMillis(stored.finished_ms));
    return std::to_string(local.year) + (local.month < 10 ? "-0" : "-") + std::to_string(local.month);
  }

  int columnOf(const Json& place, const Correction* correction, double worth) {
    const auto version = place.value<std::int64_t>("version", 0);
    const std::string uid = place.value("uid", ""), item = place["item"].get<std::string>();
    const auto [known, fresh] = by_version_.try_emplace(item + '@' + std::to_string(version), 0);
    if (!fresh) return known->second;
    const auto order = orderOf(place);
    std::vector<std::string> options(order.size());
    for (std::size_t shown = 0; shown < order.size(); ++shown) options.at(static_cast<std::size_t>(order[shown])) = place["options"][shown];
    std::vector<int> key;
    if (correction) key = correction->key;
    else
      for (const Json& shown : place["key"]) key.push_back(order.at(shown.get<std::size_t>()));
    std::sort(key.begin(), key.end());
    const Json says{item, place["type"], place["stem"], options, key, place.value("markup", ""),
                    correction && !correction->answers.empty() ? answersJson(correction->answers) : place.value("answers", Json()),
                    place.contains("stimulus") ? place["stimulus"]["text"] : Json()};
    const auto [same, other] = by_content_.try_emplace(says.dump(), static_cast<int>(answers_.items.size()));
    known->second = same->second;
    if (other) {
      answers_.table.items.push_back({item, worth, static_cast<int>(options.size()), bitsOf(key)});
      const bool html = place.value("markup", "") == "html";
      for (std::string& option : options) option = plainText(option, html);
      answers_.items.push_back({uid, item, {}, std::move(options), true});
    }
    answers_.items[static_cast<std::size_t>(same->second)].versions.push_back(version);
    return same->second;
  }

  std::vector<Correction> corrections_;
  std::map<std::string, bank::Blueprint> blueprints_;
  std::map<std::string, TimeZone> zones_;
  std::unordered_map<std::string, int> by_version_, by_content_;
  Answers answers_;
};

}  // namespace

Result<Answers> gatherAnswers(App& app, const SittingChoice& choice, const std::function<Status(std::int64_t, std::int64_t)>& tell) {
  INVIGIL_TRY(corrections, app.store->readNow<std::vector<Correction>>([](Tx& tx) -> Result<std::vector<Correction>> { return appliedCorrections(tx); }));
  Builder builder(std::move(corrections));
  for (std::int64_t place = 0;;) {
    INVIGIL_TRY(bite, app.store->readNow<Bite>([&](Tx& tx) { return readBite(tx, choice, place); }));
    for (const Stored& sitting : bite.sittings) INVIGIL_CHECK(builder.add(sitting));
    place += kBite;
    INVIGIL_CHECK(tell(std::min(place, bite.newest), bite.newest));
    if (place >= bite.newest) return builder.finish();
  }
}

}  // namespace invigil::server
