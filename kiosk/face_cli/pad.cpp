// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
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
  bool unreadable = false;    ///< no picture to look at: it counts in no rate
  double score = 0;
  bool accepted = false;
};

std::string fieldOf(const Row& row, const std::string& name) {
  const auto found = row.find(name);
  return found == row.end() ? "" : found->second;
}

/// True for a living person. @param place  of the label, for the error. Errors: InvalidInput bad_table.
Result<bool> isLive(const std::string& label, const std::string& place) {
  static const std::map<std::string, bool> kWords{{"live", true},      {"bona_fide", true}, {"bona-fide", true}, {"bonafide", true}, {"bona fide", true},
                                                  {"real", true},      {"genuine", true},   {"attack", false},   {"spoof", false},   {"print", false},
                                                  {"replay", false},   {"fake", false}};
  const auto known = kWords.find(lowered(label));
  if (known != kWords.end()) return known->second;
  return fail(ErrorCode::InvalidInput, "bad_table",
              place + ": a label is live (bona_fide, bona-fide, bonafide, real, genuine) or attack (spoof, print, replay, fake), not '" + label + "'", "pad.cpp");
}

/// Empty for a living person; else the column attack_type, the label where it names a kind, or "attack".
std::string speciesOf(const Row& row, bool live) {
  if (live) return {};
  if (const std::string type = fieldOf(row, "attack_type"); !type.empty()) return type;
  const std::string label = lowered(row.at("label"));
  return label == "print" || label == "replay" ? label : "attack";
}

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
    if (one.unreadable) continue;  // nothing was presented
    ++errors.of;
    ++no_answer.of;
    errors.events += one.accepted == one.species.empty() ? 0 : 1;
    no_answer.events += one.answered ? 0 : 1;
  }
  nlohmann::json out{{"bpcer", toJson(bpcer)["rate"]}, {"bpcer_counts", toJson(bpcer)}, {"bpnrr_counts", toJson(silent_live)}};
  for (const char* key : {"apcer", "apcer_counts", "apnrr_counts"}) out[key] = nlohmann::json::object();
  for (const auto& [species, rate] : apcer) {
    out["apcer"][species] = toJson(rate)["rate"];
    out["apcer_counts"][species] = toJson(rate);
    out["apnrr_counts"][species] = toJson(silent[species]);
  }
  return out;
}

std::vector<Attempt> sequencesOf(const std::vector<Attempt>& frames, const std::vector<Row>& rows, const SequenceRule& rule) {
  struct Sum {
    Attempt attempt;
    double sum = 0;
    int frames = 0, low = 0, readable = 0;
  };
  std::map<std::string, Sum> sums;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const std::string key = fieldOf(rows[i], "subject") + "/" + rows[i].at("sequence") + "/" + frames[i].species;
    Sum& sum = sums[key];
    sum.attempt.name = key;
    sum.attempt.species = frames[i].species;
    sum.readable += frames[i].unreadable ? 0 : 1;
    if (!frames[i].answered) continue;
    sum.sum += frames[i].score;
    ++sum.frames;
    sum.low += frames[i].score < rule.low ? 1 : 0;
  }
  std::vector<Attempt> all;
  for (auto& [key, sum] : sums) {
    sum.attempt.answered = sum.frames > 0;
    sum.attempt.unreadable = sum.readable == 0;
    sum.attempt.score = sum.frames > 0 ? sum.sum / sum.frames : 0;
    sum.attempt.accepted = sum.attempt.answered && sum.attempt.score >= rule.mean_min && sum.low <= rule.low_share_max * sum.frames;
    all.push_back(sum.attempt);
  }
  return all;
}

void print(std::FILE* out, const char* layer, const nlohmann::json& one) {
  auto line = [out](const std::string& name, const nlohmann::json& counts) {
    if (counts["rate"].is_null()) {
      std::fprintf(out, "    %-24s none in the list\n", name.c_str());
      return;
    }
    std::fprintf(out, "    %-24s %.2f %% (%ld of %ld) [%.2f, %.2f]\n", name.c_str(), 100 * counts["rate"].get<double>(), counts["events"].get<long>(),
                 counts["of"].get<long>(), 100 * counts["interval95"][0].get<double>(), 100 * counts["interval95"][1].get<double>());
  };
  std::fprintf(out, "%s\n", layer);
  if (one.contains("skipped")) {
    std::fprintf(out, "    not measured: %s\n", one["skipped"].get<std::string>().c_str());
    return;
  }
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

/// What the texture layer says of one picture. Whatever a picture does wrong, it costs that picture alone.
void answer(vision::FaceEngine& engine, const std::string& path, double threshold, Attempt& one) {
  static std::size_t unreadable = 0;
  std::string why;
  try {
    const auto frame = readPicture(path);
    if (!frame) {
      why = frame.error().detail;
    } else if (engine.look(*frame).faces > 0) {
      if (const auto score = engine.texture(*frame)) {
        one.answered = true;
        one.score = *score;
        one.accepted = *score >= threshold;
      }
    }
  } catch (const std::exception& error) {
    why = path + ": " + error.what();
  }
  one.unreadable = !why.empty();
  if (one.unreadable) tellUnreadable(++unreadable, why);
}

/// The lowest score of living people, the highest of attacks; null where none was answered.
nlohmann::json extreme(const std::vector<Attempt>& frames, bool live) {
  std::optional<double> value;
  for (const auto& one : frames)
    if (one.answered && one.species.empty() == live) value = !value ? one.score : live ? std::min(*value, one.score) : std::max(*value, one.score);
  return value ? nlohmann::json(*value) : nullptr;
}

nlohmann::json sequenceLayer(const std::vector<Attempt>& frames, const std::vector<Row>& rows) {
  if (std::all_of(rows.begin(), rows.end(), [](const Row& row) { return fieldOf(row, "sequence").empty(); }))
    return {{"skipped", "the list has no column 'sequence' that says which frames belong together"}};
  const SequenceRule rule;
  nlohmann::json layer = rates(sequencesOf(frames, rows, rule));
  layer["rule"] = {{"mean_min", rule.mean_min}, {"low_below", rule.low}, {"low_share_max", rule.low_share_max}};
  return layer;
}

Status pad(const Arguments& arguments) {
  if (!arguments.has("frames")) return fail(ErrorCode::InvalidInput, "usage", "pad wants --frames FILE.", "pad.cpp");
  INVIGIL_TRY(threshold, thresholdOf(arguments));
  INVIGIL_CHECK(checkOutputs(arguments, {"json"}, true));
  const std::string path = arguments.value("frames");
  INVIGIL_TRY(rows, readTable(path, {"path", "label"}));
  std::vector<Attempt> frames;
  std::vector<std::string> names;
  for (const auto& row : rows) {
    INVIGIL_TRY(live, isLive(row.at("label"), path + " line " + std::to_string(row.line)));
    frames.push_back({row.at("path"), speciesOf(row, live)});
    names.push_back(row.at("path"));
  }
  INVIGIL_TRY(engine, makeEngine(arguments));
  if (engine->info().texture.empty())
    return fail(ErrorCode::Unavailable, "no_texture_model", "The texture nets are not installed; deploy/models gets them.", "pad.cpp");
  const std::string root = rootOf(arguments, path, names);
  Failures failed{.pictures = frames.size()};
  auto list = nlohmann::json::array();
  for (auto& one : frames) {
    answer(*engine, placeOf(root, one.name), threshold, one);
    if (!one.answered) (one.unreadable ? failed.unreadable : failed.no_face).push_back(one.name);
    list.push_back({{"path", one.name}, {"species", one.species.empty() ? "live" : one.species}, {"score", one.answered ? nlohmann::json(one.score) : nullptr}});
  }
  nlohmann::json report = rates(frames);
  report.update(toJson(failed));
  report["root"] = root;
  report["threshold"] = threshold;
  report["lowest_live"] = extreme(frames, true);
  report["highest_attack"] = extreme(frames, false);
  report["layers"]["texture_frame"] = rates(frames);
  report["layers"]["texture_frame"]["threshold"] = threshold;
  report["layers"]["texture_sequence"] = sequenceLayer(frames, rows);
  report["engine"] = toJson(engine->info());
  report["frames"] = std::move(list);
  const Status written = writeReport(arguments, report);
  if (arguments.has("json")) {
    std::FILE* out = spoken(arguments);
    print(out, "texture, single frames", report["layers"]["texture_frame"]);
    print(out, "texture, sequences", report["layers"]["texture_sequence"]);
    std::fprintf(out, "%zu pictures, %zu without a face, %zu unreadable\n", failed.pictures, failed.no_face.size(), failed.unreadable.size());
  }
  INVIGIL_CHECK(written);
  if (failed.unreadable.size() == frames.size())
    return fail(ErrorCode::NotFound, "no_pictures", "None of the " + std::to_string(frames.size()) + " pictures could be read below " + root + "; --root says where they are.", "pad.cpp");
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
