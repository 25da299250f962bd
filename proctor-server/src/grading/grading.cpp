// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "grading/grading.hpp"

#include <algorithm>

#include "banking/item_record.hpp"

namespace invigil::server {
namespace {

using bank::Points;

struct Sum {
  Points points, points_max;
};

/// The item as its place on the paper shows it: options in shown order, and so the key.
bank::Item shownItem(const Json& place, const Correction* correction) {
  bank::Item item;
  item.type = *bank::itemTypeFromText(place["type"].get<std::string>());
  item.options.resize(place["options"].size());
  item.key = place["key"].get<std::vector<int>>();
  if (place.contains("answers")) item.answers = answersFromJson(place["answers"]);
  if (!correction || correction->how != Correction::How::NewKey) return item;
  item.key.clear();
  if (!bank::hasOptions(item.type)) {
    item.answers = correction->answers;
    return item;
  }
  const auto order = place["order"].get<std::vector<int>>();
  for (std::size_t shown = 0; shown < order.size(); ++shown)
    if (std::find(correction->key.begin(), correction->key.end(), order[shown]) != correction->key.end())
      item.key.push_back(static_cast<int>(shown));
  return item;
}

Json topicJson(const std::string& id, const Json& title, const Sum& sum) {
  return {{"id", id}, {"title", title}, {"points", pointsJson(std::max(sum.points, Points()))}, {"points_max", pointsJson(sum.points_max)}};
}

Json topicsJson(const bank::Blueprint& blueprint, std::map<std::string, Sum> by_topic) {
  Json topics = Json::array();
  for (const bank::Topic& topic : blueprint.topics)
    if (auto found = by_topic.find(topic.id); found != by_topic.end()) {
      topics.push_back(topicJson(topic.id, wording(topic.title.zh, topic.title.en), found->second));
      by_topic.erase(found);
    }
  Sum rest;
  for (const auto& [id, sum] : by_topic) rest = {rest.points + sum.points, rest.points_max + sum.points_max};
  if (rest.points_max > Points())
    topics.push_back(topicJson("other", topics.empty() ? wording("全部题目", "All items") : wording("其他", "Other"), rest));
  return topics;
}

}  // namespace

Json pointsJson(Points points) {
  if (points.isWhole()) return points.hundredths() / 100;
  return static_cast<double>(points.hundredths()) / 100.0;
}

Correction::How howFromText(const std::string& text) {
  return text == "all_right" ? Correction::How::AllRight : text == "leave_out" ? Correction::How::LeaveOut : Correction::How::NewKey;
}

void readCorrectedKey(Correction& correction, const std::string& stored) {
  const Json key = Json::parse(stored);
  if (!key.empty() && key.front().is_object()) correction.answers = answersFromJson(key);
  else correction.key = key.get<std::vector<int>>();
}

bank::Response responseFromStored(const std::string& stored) {
  const Json given = Json::parse(stored);
  bank::Response response;
  if (given.is_string()) response.text = given;
  else response.chosen = given.get<std::vector<int>>();
  return response;
}

Responses responsesOf(Tx& tx, const std::string& sitting_id) {
  Responses responses;
  for (auto& [position, chosen] :
       tx.all<std::int64_t, std::string>("select position, chosen from response where sitting_id = :a", sitting_id))
    responses[position] = responseFromStored(chosen);
  return responses;
}

const Correction* correctionOf(const Json& place, const std::vector<Correction>& corrections) {
  const std::string uid = place.value("uid", "");
  const auto version = place.value<std::int64_t>("version", 0);
  const Correction* found = nullptr;
  for (const Correction& one : corrections)
    if (one.item_uid == uid && std::find(one.versions.begin(), one.versions.end(), version) != one.versions.end()) found = &one;
  return found;
}

PlaceGrade gradePlace(const Json& place, const bank::Part& part, const bank::Response* given, const Correction* correction) {
  if (correction && correction->how == Correction::How::LeaveOut) return {};
  if (correction && correction->how == Correction::How::AllRight) return {part.points_each, part.points_each};
  return {given ? bank::gradeItem(shownItem(place, correction), *given, part) : Points(), part.points_each};
}

Grade gradePaper(const Json& paper, const bank::Blueprint& blueprint, const Responses& responses,
                 const std::vector<Correction>& corrections) {
  Sum all;
  std::map<std::string, Sum> by_topic;
  std::int64_t position = 0;
  for (const Json& place : paper) {
    const auto given = responses.find(++position);
    const Correction* correction = correctionOf(place, corrections);
    if (correction && correction->how == Correction::How::LeaveOut) continue;
    const bank::Part& part = blueprint.parts.at(place["part"].get<std::size_t>());
    const PlaceGrade graded = gradePlace(place, part, given == responses.end() ? nullptr : &given->second, correction);
    Sum& topic = by_topic[place["topic"].get<std::string>()];
    for (Sum* sum : {&all, &topic}) *sum = {sum->points + graded.points, sum->points_max + graded.points_max};
  }
  Grade grade{std::max(all.points, Points()), all.points_max, false, topicsJson(blueprint, std::move(by_topic))};
  grade.passed = grade.points >= blueprint.pass_points;
  return grade;
}

std::vector<Correction> appliedCorrections(Tx& tx) {
  std::vector<Correction> corrections;
  for (auto& [uid, versions, how, key] : tx.all<std::string, std::string, std::string, std::string>(
           "select item_uid, versions, how, answer_key from regrade where state = 'applied' order by applied_place")) {
    corrections.push_back({uid, Json::parse(versions).get<std::vector<std::int64_t>>(), howFromText(how), {}, {}});
    readCorrectedKey(corrections.back(), key);
  }
  return corrections;
}

void storeGrade(Tx& tx, const std::string& sitting_id, const Grade& grade, const std::string& regrade_id, Instant now) {
  const auto version = tx.value<std::int64_t>("select coalesce(max(version), 0) + 1 from grading where sitting_id = :a", sitting_id);
  const auto place = tx.value<std::int64_t>("select coalesce(max(place), 0) + 1 from grading");
  const std::int64_t points = grade.points.hundredths(), points_max = grade.points_max.hundredths(), passed = grade.passed ? 1 : 0;
  tx.exec("insert into grading(sitting_id, version, place, at_ms, regrade_id, points_x100, points_max_x100, passed, topics) "
          "values (:a, :b, :c, :d, :e, :f, :g, :h, :i)",
          sitting_id, version.value_or(1), place.value_or(1), toMillis(now), regrade_id, points, points_max, passed, grade.topics.dump());
  tx.exec("update sitting set points_x100 = :a, points_max_x100 = :b, passed = :c, topics = :d where id = :e", points, points_max, passed,
          grade.topics.dump(), sitting_id);
}

Json regradedJson(Tx& tx, const std::string& sitting_id) {
  auto row = tx.one<std::int64_t, std::string, std::int64_t, std::int64_t>(
      "select now.at_ms, regrade.reason, was.points_x100, was.passed from grading now join regrade on regrade.id = now.regrade_id "
      "join grading was on was.sitting_id = now.sitting_id and was.version = now.version - 1 where now.sitting_id = :a "
      "order by now.version desc limit 1", sitting_id);
  if (!row) return nullptr;
  const auto& [at, reason, points, passed] = *row;
  return {{"at_ms", at}, {"reason", reason}, {"points_before", pointsJson(Points(points))}, {"passed_before", passed != 0}};
}

}  // namespace invigil::server
