// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "banking/taxonomy.hpp"

#include <map>

#include "registration/rules.hpp"

namespace invigil::server {
namespace {

const std::map<std::string, std::string>& parents() {
  static const std::map<std::string, std::string> map = [] {
    std::map<std::string, std::string> made;
    for (const Json& topic : taxonomyTree().at("topics")) made.emplace(topic.at("id"), topic.at("parent"));
    return made;
  }();
  return map;
}

}  // namespace

const Json& taxonomyTree() {
  static const Json tree = Json::parse(embeddedRule("taxonomy-2026"));
  return tree;
}

bool topicIsUnder(const std::string& topic, const std::string& ancestor) {
  std::string at = topic;
  // A loop in the data would end after as many steps as there are topics.
  for (std::size_t steps = 0; steps <= parents().size(); ++steps) {
    if (at == ancestor) return true;
    const auto found = parents().find(at);
    if (found == parents().end() || found->second.empty()) return false;
    at = found->second;
  }
  return false;
}

std::string topicsUnderSql(const std::string& ancestor) {
  std::string list;  // the ids come from our own data, not from the caller
  for (const auto& [topic, parent] : parents())
    if (topicIsUnder(topic, ancestor)) list += (list.empty() ? "'" : ", '") + topic + "'";
  return list.empty() ? "(null)" : "(" + list + ")";
}

}  // namespace invigil::server
