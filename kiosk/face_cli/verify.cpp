// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "verify.hpp"

#include <charconv>
#include <cstdio>
#include <iostream>
#include <set>

#include "curves.hpp"
#include "invigil/base/text.hpp"
#include "invigil/vision/bands.hpp"
#include "tables.hpp"

namespace invigil::face {
namespace {

nlohmann::json bandShares(const Scores& scores) {
  const vision::Bands bands;
  auto share = [&](const std::vector<double>& values, vision::Band band) {
    Rate rate{0, static_cast<long>(values.size())};
    for (const double value : values) rate.events += vision::decide(value, bands) == band ? 1 : 0;
    return toJson(rate);
  };
  nlohmann::json out{{"admit_from", bands.admit}, {"refuse_below", bands.refuse}};
  for (const auto band : {vision::Band::Admit, vision::Band::Human, vision::Band::Refuse}) {
    const std::string name(vision::bandName(band));
    out["genuine"][name] = share(scores.genuine(), band);
    out["impostor"][name] = share(scores.impostor(), band);
  }
  return out;
}

// Groups that share the part before their first underscore (asian_cn, asian_jp) are also reported together (asian_*).
std::map<std::string, std::string> joinedGroups(const std::vector<Comparison>& all) {
  std::map<std::string, std::set<std::string>> families;
  for (const auto& one : all)
    if (const auto bar = one.group.find('_'); bar != std::string::npos && one.group.find('|') == std::string::npos)
      families[one.group.substr(0, bar)].insert(one.group);
  std::map<std::string, std::string> joined;
  for (const auto& [family, members] : families)
    if (members.size() > 1)
      for (const auto& member : members) joined[member] = family + "_*";
  return joined;
}

std::vector<double> steps(Verifier verifier) {
  std::vector<double> all;
  const bool apart = verifier == Verifier::DenseNet;
  for (int i = apart ? 30 : 20; i <= (apart ? 70 : 65); i += 5) all.push_back(i / 100.0);
  return all;
}

void print(const std::string& name, const nlohmann::json& f) {
  if (!f.contains("eer")) {
    std::printf("%-14s %4ld genuine %5ld impostor: too few for rates\n", name.c_str(), f["genuine"].get<long>(), f["impostor"].get<long>());
    return;
  }
  const auto& frr = f["frr_at_far_1pct_counts"];
  std::printf("%-14s %4ld genuine %5ld impostor  EER %.2f %% [%.2f, %.2f]  FRR at FAR 1 %% %.2f %% (%ld of %ld) [%.2f, %.2f] @ %.3f"
              "  FRR at FAR 0.1 %% %.2f %% @ %.3f\n",
              name.c_str(), f["genuine"].get<long>(), f["impostor"].get<long>(), 100 * f["eer"].get<double>(),
              100 * f["eer_interval95"][0].get<double>(), 100 * f["eer_interval95"][1].get<double>(),
              100 * f["frr_at_far_1pct"].get<double>(), frr["events"].get<long>(), frr["of"].get<long>(),
              100 * frr["interval95"][0].get<double>(), 100 * frr["interval95"][1].get<double>(),
              f["threshold_at_far_1pct"].get<double>(), 100 * f["frr_at_far_01pct"].get<double>(),
              f["threshold_at_far_01pct"].get<double>());
}

Result<std::size_t> framesOf(const Arguments& arguments) {
  const std::string text = arguments.has("frames") ? arguments.value("frames") : "3";
  std::size_t frames = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), frames);
  if (read.ec == std::errc{} && read.ptr == text.data() + text.size() && frames >= 1 && frames <= 100) return frames;
  return fail(ErrorCode::InvalidInput, "usage", "--frames wants a number from 1 to 100.", "verify.cpp");
}

Status verify(const Arguments& arguments) {
  const bool templates = arguments.has("templates");
  if (templates == arguments.has("pairs"))
    return fail(ErrorCode::InvalidInput, "usage", "verify wants either --pairs FILE or --templates FILE.", "verify.cpp");
  INVIGIL_TRY(frames, framesOf(arguments));
  INVIGIL_TRY(engine, makeEngine(arguments));
  INVIGIL_TRY(verifier, verifierOf(arguments, engine->info()));
  const std::string list = arguments.value(templates ? "templates" : "pairs");
  const std::string root = arguments.has("root") ? arguments.value("root") : ".";
  Pictures pictures(*engine, root, verifier != Verifier::MobileFaceNet);
  INVIGIL_TRY(chip_bytes, wholeNumber(arguments, "chip-photo", 0, 0, 100'000));
  if (arguments.has("chip-photo")) pictures.chip_bytes = static_cast<std::size_t>(chip_bytes);
  INVIGIL_TRY(comparisons, templates ? compareTemplates(pictures, list, frames, arguments.has("join-references"), verifier) : comparePairs(pictures, list, verifier));

  const double sign = verifier == Verifier::DenseNet ? -1 : 1;
  Scores all;
  std::map<std::string, Scores> groups;
  nlohmann::json report, scores = nlohmann::json::array();
  std::map<std::string, long> not_made;
  const auto together = joinedGroups(comparisons);
  for (const auto& one : comparisons) {
    if (one.made) {
      all.add(one.score, one.same);
      if (!one.group.empty()) groups[one.group].add(one.score, one.same);
      if (const auto joined = together.find(one.group); joined != together.end()) groups[joined->second].add(one.score, one.same);
    } else {
      ++not_made[one.group];
    }
    nlohmann::json entry{{"a", one.a}, {"b", one.b}, {"same", one.same}, {"group", one.group}, {"score", nullptr}};
    if (one.made) entry["score"] = sign * one.score;
    scores.push_back(std::move(entry));
  }
  all.sort();
  report = figures(all, sign);
  report["verifier"] = arguments.has("verifier") ? arguments.value("verifier") : "mobilefacenet";
  report["score"] = verifier == Verifier::DenseNet ? "distance" : verifier == Verifier::Fused ? "cosine, less 1 where the second verifier objects" : "cosine";
  report["mode"] = templates ? "templates of " + std::to_string(frames) + " frames" : "pairs of pictures";
  const auto failed = pictures.failed();
  report["pictures"] = pictures.count();
  report["failures"] = failed.size();
  report["failed_pictures"] = failed;
  report["failure_to_enrol"] = toJson(Rate{static_cast<long>(failed.size()), static_cast<long>(pictures.count())});
  report["thresholds"] = thresholdTable(all, steps(verifier), sign);
  if (verifier != Verifier::DenseNet) report["bands"] = bandShares(all);
  report["groups"] = nlohmann::json::object();
  std::vector<NamedScores> curves{{"all", &all}};
  for (auto& [name, group] : groups) {
    group.sort();
    report["groups"][name] = figures(group, sign);
    report["groups"][name]["not_compared"] = not_made[name];
    curves.push_back({name, &group});
  }
  report["engine"] = toJson(engine->info());
  report["scores"] = std::move(scores);
  INVIGIL_CHECK(writeReport(arguments, report));
  if (arguments.has("picture"))
    INVIGIL_CHECK(writeFileDurably(arguments.value("picture"), drawCurves(report["verifier"].get<std::string>() + ", " + report["mode"].get<std::string>(), curves, sign)));
  if (arguments.has("json")) {
    print("all", report);
    for (const auto& [name, group] : groups) print(name, report["groups"][name]);
    std::printf("%zu pictures, %zu without a usable face\n", pictures.count(), failed.size());
  }
  return {};
}

}  // namespace

Result<std::vector<Comparison>> comparePairs(Pictures& pictures, const std::string& path, Verifier verifier) {
  INVIGIL_TRY(rows, readTable(path, {"path_a", "path_b", "same"}));
  std::vector<Comparison> all;
  for (auto& row : rows) {
    Comparison one{row["path_a"], row["path_b"], row.contains("group") ? row["group"] : "", row["same"] == "1", false, 0};
    if (row["same"] != "0" && row["same"] != "1")
      return fail(ErrorCode::InvalidInput, "bad_table", path + ": the column 'same' has 0 or 1, not '" + row["same"] + "'", "verify.cpp");
    const Described &a = pictures.reference(one.a), &b = pictures.at(one.b);
    one.made = usable(a, verifier) && usable(b, verifier);
    if (one.made) one.score = compare(a, b, verifier);
    all.push_back(std::move(one));
  }
  return all;
}

int runVerify(const std::vector<std::string>& words) {
  const auto arguments = parseArguments(
      words, {"pairs", "templates", "frames", "root", "models", "verifier", "detector", "threads", "json", "picture", "chip-photo"}, {"mirror", "join-references"});
  if (!arguments) return complain(arguments.error());
  const auto done = verify(*arguments);
  return done ? kDone : complain(done.error());
}

}  // namespace invigil::face
