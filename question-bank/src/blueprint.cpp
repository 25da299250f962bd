// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "invigil/bank/blueprint.hpp"

#include <cmath>
#include <set>

#include "formats/json_reader.hpp"
#include "paper_rules.hpp"

namespace invigil::bank {
namespace {

using formats::indexed;
using formats::Json;
using formats::Members;

constexpr std::int64_t kHundredthsMax = 10000;

/// A number with at most two decimals. Doubles hold such numbers to far below a hundredth, so rounding is exact.
Result<Points> readPoints(const Members& members, std::string_view name, Points min, Points max) {
  INVIGIL_TRY(value, members.member(name));
  const double hundredths = value->is_number() ? value->get<double>() * 100 : -1e9;
  const bool near = std::abs(hundredths) < 1e9 && std::abs(hundredths - std::round(hundredths)) < 1e-6;
  const Points points(near ? std::llround(hundredths) : -1);
  if (!near || points < min || points > max)
    return members.bad(name, "must be a number of points with at most two decimals, " + min.text() + " to " + max.text());
  return points;
}

Status readScoring(const Members& members, Part& part) {
  INVIGIL_TRY(scoring, members.textOrEmpty("scoring", 64));
  if (scoring == "partial") part.scoring = Scoring::Partial;
  else if (!scoring.empty() && scoring != "all_or_nothing")
    return members.bad("scoring", "must be all_or_nothing or partial");
  const bool partial = part.scoring == Scoring::Partial;
  if (partial && part.type != ItemType::MultipleChoice)
    return members.bad("scoring", "can be partial for multiple_choice only: the other types have one right answer");
  if (members.has("points_per_option")) {
    if (!partial) return members.bad("points_per_option", "goes with scoring partial only");
    INVIGIL_TRY(per_option, readPoints(members, "points_per_option", Points(1), part.points_each));
    part.points_per_option = per_option;
  }
  if (members.has("wrong_costs")) {
    INVIGIL_TRY(costs, readPoints(members, "wrong_costs", Points(0), part.points_each));
    part.wrong_costs = costs;
  }
  return {};
}

Result<Part> readPart(const Json& json, std::string where) {
  INVIGIL_TRY(members, Members::of(json, std::move(where), "bad_blueprint"));
  INVIGIL_CHECK(members.only({"type", "count", "points_each", "scoring", "points_per_option", "wrong_costs"}));
  INVIGIL_TRY(type_text, members.text("type", 1, 64));
  const auto type = itemTypeFromText(type_text);
  if (!type) return members.bad("type", "must be true_false, single_choice, multiple_choice, numeric or short_text");
  Part part;
  part.type = *type;
  INVIGIL_TRY(count, members.integer("count", 1, 500));
  INVIGIL_TRY(points_each, readPoints(members, "points_each", Points(1), Points(kHundredthsMax)));
  part.count = count;
  part.points_each = points_each;
  INVIGIL_CHECK(readScoring(members, part));
  return part;
}

/// 1.5 as a number, 2 as a whole one.
nlohmann::ordered_json written(Points points) {
  if (points.isWhole()) return points.hundredths() / 100;
  return static_cast<double>(points.hundredths()) / 100.0;
}

Result<Topic> readTopic(const Json& json, std::string where, const std::vector<Part>& parts) {
  INVIGIL_TRY(members, Members::of(json, std::move(where), "bad_blueprint"));
  INVIGIL_CHECK(members.only({"id", "title", "counts"}));
  Topic topic;
  INVIGIL_TRY(id, members.id("id", formats::kTopicCharacters));
  INVIGIL_TRY(title, members.wording("title"));
  INVIGIL_TRY(counts_json, members.member("counts"));
  INVIGIL_TRY(counts, Members::of(*counts_json, members.at("counts"), "bad_blueprint"));
  std::size_t known = 0;
  for (const Part& part : parts) {
    topic.counts.push_back(0);
    if (!counts.has(toText(part.type))) continue;
    INVIGIL_TRY(count, counts.integer(toText(part.type), 0, 500));
    topic.counts.back() = count;
    ++known;
  }
  if (known != counts_json->size()) return members.bad("counts", "names a type that no part has");
  topic.id = std::move(id);
  topic.title = std::move(title);
  return topic;
}

Status readParts(const Members& members, Blueprint& blueprint) {
  INVIGIL_TRY(parts, members.array("parts"));
  if (parts->empty()) return members.bad("parts", "must hold at least one part");
  std::set<ItemType> types;
  for (std::size_t i = 0; i < parts->size(); ++i) {
    INVIGIL_TRY(part, readPart((*parts)[i], indexed("parts", i)));
    if (!types.insert(part.type).second) return members.bad(indexed("parts", i), "repeats the type of another part");
    blueprint.parts.push_back(part);
  }
  return {};
}

Status readTopics(const Members& members, Blueprint& blueprint) {
  if (!members.has("topics")) return {};
  INVIGIL_TRY(topics, members.array("topics"));
  std::set<std::string> ids;
  for (std::size_t i = 0; i < topics->size(); ++i) {
    INVIGIL_TRY(topic, readTopic((*topics)[i], indexed("topics", i), blueprint.parts));
    if (!ids.insert(topic.id).second) return members.bad(indexed("topics", i), "repeats the id of another topic");
    blueprint.topics.push_back(std::move(topic));
  }
  for (std::size_t p = 0; p < blueprint.parts.size() && !blueprint.topics.empty(); ++p) {
    int sum = 0;
    for (const Topic& topic : blueprint.topics) sum += topic.counts[p];
    if (sum != blueprint.parts[p].count)
      return members.bad(indexed("parts", p) + ".count",
                         "is " + std::to_string(blueprint.parts[p].count) + ", but the topics ask for " +
                             std::to_string(sum) + " " + std::string(toText(blueprint.parts[p].type)) + " items");
  }
  return {};
}

}  // namespace

int Blueprint::items() const {
  int sum = 0;
  for (const Part& part : parts) sum += part.count;
  return sum;
}

Points Blueprint::points() const {
  Points sum;
  for (const Part& part : parts) sum += part.points_each * part.count;
  return sum;
}

Result<Blueprint> parseBlueprint(std::string_view json) {
  INVIGIL_TRY(value, formats::readStrictJson(json));
  INVIGIL_TRY(members, Members::of(value, "", "bad_blueprint"));
  INVIGIL_CHECK(members.header("invigil-blueprint"));
  INVIGIL_CHECK(members.only({"format", "version", "id", "title", "role", "category", "minutes", "pass_points", "parts",
                              "topics", "rules", "required", "case_groups", "difficulty", "facility", "information"}));
  Blueprint blueprint;
  INVIGIL_TRY(id, members.id("id", formats::kBankIdCharacters));
  INVIGIL_TRY(title, members.wording("title"));
  INVIGIL_TRY(role_text, members.text("role", 1, 64));
  const auto role = roleFromText(role_text);
  if (!role) return members.bad("role", "must be special_operations, principal or manager");
  INVIGIL_TRY(category, members.textOrEmpty("category", 16));
  if (category.find_first_not_of("0123456789.") != std::string::npos)
    return members.bad("category", "must be a number of the catalogue, such as 1.2");
  INVIGIL_TRY(minutes, members.integer("minutes", 1, 600));
  INVIGIL_CHECK(readParts(members, blueprint));
  INVIGIL_CHECK(readTopics(members, blueprint));
  INVIGIL_TRY(pass_points, readPoints(members, "pass_points", Points(0), blueprint.points()));
  INVIGIL_TRY(asks, readPaperRules(members));
  blueprint.asks = std::move(asks);
  blueprint.id = std::move(id);
  blueprint.title = std::move(title);
  blueprint.role = *role;
  blueprint.category = std::move(category);
  blueprint.minutes = minutes;
  blueprint.pass_points = pass_points;
  return blueprint;
}

std::string writeBlueprint(const Blueprint& blueprint) {
  using Ordered = nlohmann::ordered_json;
  const auto wording = [](const Wording& title) {
    Ordered out{{"zh", title.zh}};
    if (!title.en.empty()) out["en"] = title.en;
    return out;
  };
  Ordered out{{"format", "invigil-blueprint"}, {"version", 1}, {"id", blueprint.id}};
  out["title"] = wording(blueprint.title);
  out["role"] = toText(blueprint.role);
  if (!blueprint.category.empty()) out["category"] = blueprint.category;
  out["minutes"] = blueprint.minutes;
  out["pass_points"] = written(blueprint.pass_points);
  out["parts"] = Ordered::array();
  for (const Part& part : blueprint.parts) {
    Ordered one{{"type", toText(part.type)}, {"count", part.count}, {"points_each", written(part.points_each)}};
    if (part.type == ItemType::MultipleChoice) one["scoring"] = part.scoring == Scoring::Partial ? "partial" : "all_or_nothing";
    if (part.scoring == Scoring::Partial) one["points_per_option"] = written(part.points_per_option);
    if (part.wrong_costs > Points()) one["wrong_costs"] = written(part.wrong_costs);
    out["parts"].push_back(std::move(one));
  }
  out["topics"] = Ordered::array();
  for (const Topic& topic : blueprint.topics) {
    Ordered counts = Ordered::object();
    for (std::size_t p = 0; p < blueprint.parts.size(); ++p)
      counts[std::string(toText(blueprint.parts[p].type))] = topic.counts[p];
    Ordered one{{"id", topic.id}};
    one["title"] = wording(topic.title);
    one["counts"] = std::move(counts);
    out["topics"].push_back(std::move(one));
  }
  writePaperRules(blueprint.asks, out);
  return out.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace invigil::bank
