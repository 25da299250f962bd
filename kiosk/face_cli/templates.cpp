// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "verify.hpp"

namespace invigil::face {
namespace {

struct Template {
  std::string name, subject, group;
  std::vector<std::string> pictures;
};

Described meanOfAll(Pictures& pictures, const Template& all, bool reference) {
  std::vector<vision::Embedding> first, second;
  for (const auto& name : all.pictures) {
    const Described& one = reference ? pictures.reference(name) : pictures.at(name);
    if (!one.first.empty()) first.push_back(one.first);
    if (!one.second.empty()) second.push_back(one.second);
  }
  // A frame without a face is skipped at the kiosk too; a template of nothing is a failure.
  return {vision::normalise(vision::meanOf(first)), vision::meanOf(second), 0, {}};
}

}  // namespace

Result<List> readTemplates(const std::string& path) {
  List list;
  INVIGIL_TRY(rows, readTable(path, {"path", "role", "subject", "sequence"}));
  for (auto& row : rows) {
    row["role"] = lowered(row["role"]);
    if (row["role"] != "live" && row["role"] != "reference")
      return fail(ErrorCode::InvalidInput, "bad_table", path + " line " + std::to_string(row.line) + ": a role is 'live' or 'reference', not '" + row["role"] + "'", "templates.cpp");
    list.names.push_back(row["path"]);
  }
  list.rows = std::move(rows);
  return list;
}

Compared compareTemplates(Pictures& pictures, const List& list, std::size_t frames, bool joined) {
  std::vector<Template> live, references;
  Compared out;
  std::map<std::string, std::size_t> open;  // of each sequence: which window is being filled
  for (const Row& row : list.rows) {
    const std::string &path = row.at("path"), &subject = row.at("subject"), group = row.contains("group") ? row.at("group") : "";
    if (row.at("role") == "reference") {
      const auto known = std::find_if(references.begin(), references.end(), [&](const Template& one) { return joined && one.subject == subject; });
      if (known != references.end()) known->pictures.push_back(path);
      else references.push_back({path, subject, group, {path}});
      continue;
    }
    if (!group.empty()) out.groups[group].insert(pictures.keyOf(path, false));
    const std::string key = subject + "/" + row.at("sequence");
    const auto known = open.find(key);
    if (known == open.end() || live[known->second].pictures.size() >= frames) {
      open[key] = live.size();
      live.push_back({key + "#" + std::to_string(live.size()), subject, group, {}});
    }
    live[open[key]].pictures.push_back(path);
  }
  // What is left at the end of a sequence would be a weaker template than the kiosk makes.
  std::erase_if(live, [&](const Template& one) { return one.pictures.size() < frames; });
  std::vector<Described> references_described;
  for (const auto& reference : references) references_described.push_back(meanOfAll(pictures, reference, true));
  for (const auto& one : live) {
    const Described described = meanOfAll(pictures, one, false);
    for (std::size_t i = 0; i < references.size(); ++i) {
      const Template& reference = references[i];
      const Described& other = references_described[i];
      Comparison comparison{one.name, reference.name, one.group, one.subject == reference.subject, false, 0};
      comparison.made = usable(described, pictures.verifier()) && usable(other, pictures.verifier());
      if (comparison.made) comparison.score = compare(described, other, pictures.verifier());
      out.all.push_back(std::move(comparison));
    }
  }
  return out;
}

}  // namespace invigil::face
