// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <cstdio>
#include <optional>

#include "commands.hpp"
#include "rates.hpp"
#include "tables.hpp"

namespace invigil::face {
namespace {

/// One frame, or the frames of one sequence taken together.
struct Attempt {
  std::string name, species;  ///< species is empty for a live person
  bool answered = false;      ///< a face was found; an attack without one is stopped, a person without one is refused
  double score = 0;
  bool accepted = false;
};

struct SequenceRule {
  double mean_min = 0.6, low = 0.3, low_share_max = 0.2;
};

/// ISO/IEC 30107-3: APCER by species, BPCER. No answer counts as not accepted.
nlohmann::json rates(const std::vector<Attempt>& attempts) {
  Rate bpcer, silent_live;
  std::map<std::string, Rate> apcer, silent;
  for (const auto& one : attempts) {
    Rate& errors = one.species.empty() ? bpcer : apcer[one.species];
    Rate& no_answer = one.species.empty() ? silent_live : silent[one.species];
    ++errors.of;
    ++no_answer.of;
    errors.events += one.accepted == one.species.empty() ? 0 : 1;
    no_answer.events += one.answered ? 0 : 1;
  }
  nlohmann::json out{{"bpcer", bpcer.value()}, {"bpcer_counts", toJson(bpcer)}, {"bpnrr_counts", toJson(silent_live)}};
  out["apcer"] = nlohmann::json::object();
  for (const auto& [species, rate] : apcer) {
    out["apcer"][species] = rate.value();
    out["apcer_counts"][species] = toJson(rate);
    out["apnrr_counts"][species] = toJson(silent[species]);
  }
  return out;
}

std::vector<Attempt> sequencesOf(const std::vector<Attempt>& frames, const std::vector<Row>& rows, const SequenceRule& rule) {
  struct Sum {
    Attempt attempt;
    double sum = 0;
    int frames = 0, low = 0;
  };
  std::map<std::string, Sum> sums;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const std::string key = rows[i].at("subject") + "/" + rows[i].at("sequence") + "/" + frames[i].species;
    Sum& sum = sums[key];
    sum.attempt.name = key;
    sum.attempt.species = frames[i].species;
    if (!frames[i].answered) continue;
    sum.sum += frames[i].score;
    ++sum.frames;
    sum.low += frames[i].score < rule.low ? 1 : 0;
  }
  std::vector<Attempt> all;
  for (auto& [key, sum] : sums) {
    sum.attempt.answered = sum.frames > 0;
    sum.attempt.score = sum.frames > 0 ? sum.sum / sum.frames : 0;
    sum.attempt.accepted = sum.attempt.answered && sum.attempt.score >= rule.mean_min && sum.low <= rule.low_share_max * sum.frames;
    all.push_back(sum.attempt);
  }
  return all;
}

void print(const char* layer, const nlohmann::json& one) {
  auto line = [](const std::string& name, const nlohmann::json& counts) {
    std::printf("    %-24s %.2f %% (%ld of %ld) [%.2f, %.2f]\n", name.c_str(), 100 * counts["rate"].get<double>(), counts["events"].get<long>(),
                counts["of"].get<long>(), 100 * counts["interval95"][0].get<double>(), 100 * counts["interval95"][1].get<double>());
  };
  std::printf("%s\n", layer);
  if (one.contains("apcer_counts"))
    for (const auto& [species, counts] : one["apcer_counts"].items()) line("APCER " + species, counts);
  line("BPCER", one["bpcer_counts"]);
}

Result<double> thresholdOf(const Arguments& arguments) {
  if (!arguments.has("threshold")) return 0.5;
  char* end = nullptr;
  const std::string text = arguments.value("threshold");
  const double value = std::strtod(text.c_str(), &end);
  if (!text.empty() && *end == 0 && value > 0 && value < 1) return value;
  return fail(ErrorCode::InvalidInput, "usage", "--threshold wants a number between 0 and 1.", "pad.cpp");
}

Status pad(const Arguments& arguments) {
  if (!arguments.has("frames")) return fail(ErrorCode::InvalidInput, "usage", "pad wants --frames FILE.", "pad.cpp");
  INVIGIL_TRY(threshold, thresholdOf(arguments));
  INVIGIL_TRY(rows, readTable(arguments.value("frames"), {"path", "label", "attack_type", "subject", "sequence"}));
  INVIGIL_TRY(engine, makeEngine(arguments));
  if (engine->info().texture.empty())
    return fail(ErrorCode::Unavailable, "no_texture_model", "The texture nets are not installed; deploy/models gets them.", "pad.cpp");
  const std::string root = arguments.has("root") ? arguments.value("root") : ".";
  std::vector<Attempt> frames;
  auto list = nlohmann::json::array();
  double live_least = 1, attack_most = 0;
  for (const auto& row : rows) {
    if (row.at("label") != "live" && row.at("label") != "attack")
      return fail(ErrorCode::InvalidInput, "bad_table", "a label is 'live' or 'attack', not '" + row.at("label") + "'", "pad.cpp");
    const bool live = row.at("label") == "live";
    Attempt one{row.at("path"), live ? "" : row.at("attack_type").empty() ? "unnamed" : row.at("attack_type")};
    INVIGIL_TRY(frame, readPicture(root + "/" + one.name));
    if (engine->look(frame).faces > 0)
      if (const auto score = engine->texture(frame)) {
        one.answered = true;
        one.score = *score;
        one.accepted = *score >= threshold;
        if (live)
          live_least = std::min(live_least, *score);
        else
          attack_most = std::max(attack_most, *score);
      }
    list.push_back({{"path", one.name}, {"species", live ? "live" : one.species}, {"score", one.answered ? nlohmann::json(one.score) : nullptr}});
    frames.push_back(std::move(one));
  }
  const SequenceRule rule;
  const auto whole = sequencesOf(frames, rows, rule);
  nlohmann::json report = rates(frames);
  report["threshold"] = threshold;
  report["lowest_live"] = live_least;
  report["highest_attack"] = attack_most;
  report["layers"]["texture_frame"] = rates(frames);
  report["layers"]["texture_frame"]["threshold"] = threshold;
  report["layers"]["texture_sequence"] = rates(whole);
  report["layers"]["texture_sequence"]["rule"] = {{"mean_min", rule.mean_min}, {"low_below", rule.low}, {"low_share_max", rule.low_share_max}};
  report["engine"] = toJson(engine->info());
  report["frames"] = std::move(list);
  INVIGIL_CHECK(writeReport(arguments, report));
  if (arguments.has("json")) {
    print("texture, single frames", report["layers"]["texture_frame"]);
    print("texture, sequences", report["layers"]["texture_sequence"]);
  }
  return {};
}

}  // namespace

int runPad(const std::vector<std::string>& words) {
  const auto arguments = parseArguments(words, {"frames", "root", "models", "detector", "threads", "threshold", "json"}, {});
  if (!arguments) return complain(arguments.error());
  const auto done = pad(*arguments);
  return done ? kDone : complain(done.error());
}

}  // namespace invigil::face
