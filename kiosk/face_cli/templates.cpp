// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "tables.hpp"
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
  return {vision::normalise(vision::meanOf(first)), vision::meanOf(second), 0};
}

}  // namespace

Result<std::vector<Comparison>> compareTemplates(Pictures& pictures, const std::string& path, std::size_t frames, bool joined,
                                                 Verifier verifier) {
  INVIGIL_TRY(rows, readTable(path, {"path", "role", "subject", "sequence"}));
  std::vector<Template> live, references;
  std::map<std::string, std::size_t> open;  // of each sequence: which window is being filled
  for (auto& row : rows) {
    const std::string group = row.contains("group") ? row["group"] : "";
    if (row["role"] == "reference") {
      const auto known = std::find_if(references.begin(), references.end(), [&](const Template& one) { return joined && one.subject == row["subject"]; });
      if (known != references.end()) known->pictures.push_back(row["path"]);
      else references.push_back({row["path"], row["subject"], group, {row["path"]}});
    } else if (row["role"] == "live") {
      const std::string key = row["subject"] + "/" + row["sequence"];
      const auto known = open.find(key);
      if (known == open.end() || live[known->second].pictures.size() >= frames) {
        open[key] = live.size();
        live.push_back({key + "#" + std::to_string(live.size()), row["subject"], group, {}});
      }
      live[open[key]].pictures.push_back(row["path"]);
    } else {
      return fail(ErrorCode::InvalidInput, "bad_table", path + ": a role is 'live' or 'reference', not '" + row["role"] + "'",
                  "templates.cpp");
    }
  }
  // What is left at the end of a sequence would be a weaker template than the kiosk makes.
  std::erase_if(live, [&](const Template& one) { return one.pictures.size() < frames; });
  std::vector<Described> references_described;
  for (const auto& reference : references) references_described.push_back(meanOfAll(pictures, reference, true));
  std::vector<Comparison> all;
  for (const auto& one : live) {
    const Described described = meanOfAll(pictures, one, false);
    for (std::size_t i = 0; i < references.size(); ++i) {
      const Template& reference = references[i];
      const Described& other = references_described[i];
      Comparison comparison{one.name, reference.name, one.group, one.subject == reference.subject, false, 0};
      comparison.made = usable(described, verifier) && usable(other, verifier);
      if (comparison.made) comparison.score = compare(described, other, verifier);
      all.push_back(std::move(comparison));
    }
  }
  if (all.empty())
    return fail(ErrorCode::InvalidInput, "bad_table", path + " gives no template of " + std::to_string(frames) + " frames with a reference",
                "templates.cpp");
  return all;
}

}  // namespace invigil::face
