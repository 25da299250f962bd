// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "verify.hpp"

#include <charconv>
#include <cstdio>
#include <iostream>
#include <set>

#include "curves.hpp"
#include "invigil/vision/bands.hpp"
#include "output.hpp"

namespace invigil::face {
namespace {

struct Group {
  Scores scores;
  std::set<std::string> pictures;
  long not_made = 0;
};

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
std::map<std::string, std::string> joinedGroups(const Compared& set) {
  std::map<std::string, std::set<std::string>> families;
  for (const auto& [name, pictures] : set.groups)
    if (const auto bar = name.find('_'); bar != std::string::npos && name.find('|') == std::string::npos) families[name.substr(0, bar)].insert(name);
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

void print(std::FILE* out, const std::string& name, const nlohmann::json& f) {
  if (f["eer"].is_null()) {
    std::fprintf(out, "%-14s %4ld genuine %5ld impostor: too few for rates (%ld of %ld pictures failed)\n", name.c_str(), f["genuine"].get<long>(), f["impostor"].get<long>(),
                f["failures"].get<long>(), f["pictures"].get<long>());
    return;
  }
  const auto& frr = f["frr_at_far_1pct_counts"];
  std::fprintf(out,
               "%-14s %4ld genuine %5ld impostor  EER %.2f %% [%.2f, %.2f]  FRR at FAR 1 %% %.2f %% (%ld of %ld) [%.2f, %.2f] @ %.3f"
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
  const std::string path = arguments.value(templates ? "templates" : "pairs");
  INVIGIL_TRY(chip_bytes, wholeNumber(arguments, "chip-photo", 0, 0, 100'000));
  INVIGIL_CHECK(checkOutputs(arguments, {"json", "picture"}, true));
  INVIGIL_TRY(engine, makeEngine(arguments));
  INVIGIL_TRY(verifier, verifierOf(arguments, engine->info()));
  INVIGIL_TRY(list, templates ? readTemplates(path) : readPairs(path));
  const std::string root = rootOf(arguments, path, list.names);
  Pictures pictures(*engine, root, verifier);
  if (arguments.has("chip-photo")) pictures.chip_bytes = static_cast<std::size_t>(chip_bytes);
  const Compared set = templates ? compareTemplates(pictures, list, frames, arguments.has("join-references")) : comparePairs(pictures, list);

  const double sign = verifier == Verifier::DenseNet ? -1 : 1;
  Scores all;
  std::map<std::string, Group> groups;
  nlohmann::json report, scores = nlohmann::json::array();
  const auto together = joinedGroups(set);
  const auto groupsOf = [&](const std::string& name) {
    std::vector<Group*> of;
    if (name.empty()) return of;
    of.push_back(&groups[name]);
    if (const auto joined = together.find(name); joined != together.end()) of.push_back(&groups[joined->second]);
    return of;
  };
  for (const auto& [name, keys] : set.groups)
    for (Group* group : groupsOf(name)) group->pictures.insert(keys.begin(), keys.end());
  for (const auto& one : set.all) {
    if (one.made) all.add(one.score, one.same);
    for (Group* group : groupsOf(one.group)) {
      if (one.made) group->scores.add(one.score, one.same);
      else ++group->not_made;
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
  report["root"] = root;
  const Failures failed = pictures.failures();
  report.update(toJson(failed));
  report["thresholds"] = thresholdTable(all, steps(verifier), sign);
  if (verifier != Verifier::DenseNet) report["bands"] = bandShares(all);
  report["groups"] = nlohmann::json::object();
  std::vector<NamedScores> curves{{"all", &all}};
  for (auto& [name, group] : groups) {
    group.scores.sort();
    report["groups"][name] = figures(group.scores, sign);
    report["groups"][name].update(toJson(pictures.failures(group.pictures)));
    report["groups"][name]["not_compared"] = group.not_made;
    curves.push_back({name, &group.scores});
  }
  report["engine"] = toJson(engine->info());
  report["scores"] = std::move(scores);
  Status written = writeReport(arguments, report);
  if (arguments.has("picture")) {
    Status drawn = writeOutput(arguments.value("picture"), drawCurves(report["verifier"].get<std::string>() + ", " + report["mode"].get<std::string>(), curves, sign));
    if (written) written = std::move(drawn);
  }
  if (arguments.has("json")) {
    std::FILE* out = spoken(arguments);
    print(out, "all", report);
    for (const auto& [name, group] : groups) print(out, name, report["groups"][name]);
    std::fprintf(out, "%zu pictures, %zu without a usable face, %zu unreadable\n", failed.pictures, failed.no_face.size(), failed.unreadable.size());
  }
  INVIGIL_CHECK(written);
  if (set.all.empty())
    return fail(ErrorCode::InvalidInput, "bad_table", path + " gives no template of " + std::to_string(frames) + " frames with a reference", "verify.cpp");
  if (failed.pictures > 0 && failed.unreadable.size() == failed.pictures)
    return fail(ErrorCode::NotFound, "no_pictures", "None of the " + std::to_string(failed.pictures) + " pictures could be read below " + root + "; --root says where they are.", "verify.cpp");
  return {};
}

}  // namespace

Result<List> readPairs(const std::string& path) {
  List list;
  INVIGIL_TRY(rows, readTable(path, {"path_a", "path_b", "same"}));
  for (const auto& row : rows) {
    if (!sameOf(row.at("same")))
      return fail(ErrorCode::InvalidInput, "bad_table",
                  path + " line " + std::to_string(row.line) + ": the column 'same' has 1 or 0, true or false, yes or no, same or different, genuine or impostor, not '" +
                      row.at("same") + "'",
                  "verify.cpp");
    list.names.push_back(row.at("path_a"));
    list.names.push_back(row.at("path_b"));
  }
  list.rows = std::move(rows);
  return list;
}

Compared comparePairs(Pictures& pictures, const List& list) {
  Compared out;
  for (const Row& row : list.rows) {
    Comparison one{row.at("path_a"), row.at("path_b"), row.contains("group") ? row.at("group") : "", sameOf(row.at("same")).value_or(false), false, 0};
    if (!one.group.empty()) out.groups[one.group].insert({pictures.keyOf(one.a, true), pictures.keyOf(one.b, false)});
    const Described &a = pictures.reference(one.a), &b = pictures.at(one.b);
    one.made = usable(a, pictures.verifier()) && usable(b, pictures.verifier());
    if (one.made) one.score = compare(a, b, pictures.verifier());
    out.all.push_back(std::move(one));
  }
  return out;
}

int runVerify(const std::vector<std::string>& words) {
  const auto arguments = parseArguments(
      words, {"pairs", "templates", "frames", "root", "models", "verifier", "detector", "threads", "json", "picture", "chip-photo"}, {"mirror", "join-references"});
  if (!arguments) return complain(arguments.error());
  const auto done = verify(*arguments);
  return done ? kDone : complain(done.error());
}

}  // namespace invigil::face
