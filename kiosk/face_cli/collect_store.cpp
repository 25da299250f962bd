// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "collect_store.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <tuple>


namespace invigil::face {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr const char* kFrames = "path,role,subject,sequence,group";
constexpr const char* kAttacks = "path,label,attack_type,subject,sequence";
constexpr const char *kGone = ".forgotten", *kNew = ".new", *kOld = ".old";

bool isNumber(const std::string& name) {
  return !name.empty() && name.size() <= 9 && name.front() != '0' && std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// Real folders in `path` by name; nothing is followed out of the collection.
std::vector<std::string> foldersIn(const std::string& path) {
  std::vector<std::string> names;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(path, ignored))
    if (entry.symlink_status(ignored).type() == fs::file_type::directory) names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

/// "7" for "7.forgotten" and ".forgotten", else empty.
std::string before(const std::string& name, const std::string& end) {
  return name.size() > end.size() && name.ends_with(end) ? name.substr(0, name.size() - end.size()) : "";
}

std::vector<long> numbersIn(const std::string& path) {
  std::vector<long> numbers;
  for (const auto& name : foldersIn(path))
    if (isNumber(name)) numbers.push_back(std::stol(name));
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

Status cannot(const std::string& path, const std::error_code& why) {
  return fail(ErrorCode::Unavailable, "cannot_write", "Cannot change '" + path + "': " + why.message() + ".", "collect_store.cpp");
}

Status make(const std::string& path) {
  std::error_code why;
  fs::create_directories(path, why);
  if (!why) fs::permissions(path, fs::perms::owner_all, why);
  return why ? cannot(path, why) : Status();
}

Status move(const std::string& from, const std::string& to) {
  std::error_code why;
  fs::rename(from, to, why);
  if (why) return cannot(from, why);
  if (const int folder = ::open(fs::path(to).parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); folder >= 0) {
    ::fsync(folder);
    ::close(folder);
  }
  return {};
}

Status removeAll(const std::string& path) {
  std::error_code why;
  fs::remove_all(path, why);
  return why ? cannot(path, why) : Status();
}

/// step.json, or null where it is broken.
Json readStep(const std::string& path) {
  const auto text = readFile(path + "/step.json", 16u << 20);
  Json step = text ? Json::parse(*text, nullptr, false) : Json();
  const auto has = [](const Json& object, const char* key, Json::value_t type) { return object.is_object() && object.contains(key) && object[key].type() == type; };
  bool good = has(step, "role", Json::value_t::string) && has(step, "attack_type", Json::value_t::string) && has(step, "group", Json::value_t::string) &&
              has(step, "listed", Json::value_t::boolean) && has(step, "frames", Json::value_t::array);
  if (good)
    for (const Json& frame : step["frames"]) good = good && has(frame, "file", Json::value_t::string) && has(frame, "usable", Json::value_t::boolean);
  return good ? step : Json();
}

StepSeen seen(const std::string& name, const Json& step) {
  StepSeen out{name, 0, 0, !step.is_null()};
  if (!out.readable) return out;
  for (const Json& frame : step["frames"]) ++out.frames, out.usable += frame["usable"] == true ? 1 : 0;
  return out;
}

/// The rows that one step gives to both lists.
void rowsOf(const std::string& subject, const std::string& session, const std::string& name, const Json& step, std::vector<std::string>& frames,
            std::vector<std::string>& attacks) {
  if (step.is_null() || step["listed"] != true) return;
  const std::string role = step["role"], species = step["attack_type"], group = step["group"], sequence = session + "_" + name;
  // An attack that never passes the gate is stopped by it; left out it would not be counted at all.
  const bool all = !species.empty() && seen(name, step).usable == 0;
  for (const Json& frame : step["frames"]) {
    if (!all && frame["usable"] != true) continue;
    const std::string path = subject + "/" + session + "/" + name + "/" + frame["file"].get<std::string>();
    if (!role.empty()) frames.push_back(path + "," + role + "," + subject + "," + sequence + "," + group);
    if (role != "reference") attacks.push_back(path + "," + (species.empty() ? "live," : "attack," + species) + "," + subject + "," + sequence);
  }
}

}  // namespace

Result<CollectStore> CollectStore::open(const std::string& folder, bool create) {
  std::error_code ignored;
  if (create && !fs::exists(folder, ignored)) INVIGIL_CHECK(make(folder));
  const int lock = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (lock < 0) return fail(ErrorCode::NotFound, "no_such_folder", "There is no folder '" + folder + "' that can be opened.", "collect_store.cpp");
  CollectStore store(folder, std::shared_ptr<const int>(new int(lock), [](const int* fd) {
    ::close(*fd);
    delete fd;
  }));
  if (::flock(lock, LOCK_EX | LOCK_NB) != 0)
    return fail(ErrorCode::Conflict, "in_use", "Another invigil-face collect is at work in '" + folder + "'.", "collect_store.cpp");
  Gone none;
  INVIGIL_CHECK(store.settle(none));
  return store;
}

Status CollectStore::settle(Gone& gone) {
  std::vector<std::string> rubbish, frames, attacks;
  for (const auto& name : foldersIn(folder_))
    if (const auto subject = before(name, kGone); isNumber(subject)) gone.subjects.insert(subject), rubbish.push_back(folder_ + "/" + name);
  for (const long number : numbersIn(folder_)) {
    const std::string subject = std::to_string(number), home = folder_ + "/" + subject;
    for (const auto& name : foldersIn(home))
      if (const auto session = before(name, kGone); isNumber(session)) gone.sessions.insert({subject, session}), rubbish.push_back(home + "/" + name);
    for (const long session : numbersIn(home)) {
      const std::string steps = place(number, session);
      for (const auto& name : foldersIn(steps)) {
        const std::string old = before(name, kOld);
        std::error_code ignored;
        if (!old.empty() && !fs::exists(steps + "/" + old, ignored)) INVIGIL_CHECK(move(steps + "/" + name, steps + "/" + old));
        else if (!old.empty() || !before(name, kNew).empty()) rubbish.push_back(steps + "/" + name);
      }
      for (const auto& name : foldersIn(steps))
        if (name.find('.') == std::string::npos) rowsOf(subject, std::to_string(session), name, readStep(steps + "/" + name), frames, attacks);
    }
  }
  INVIGIL_TRY(consents, readConsents(folder_));
  consents.drop([&](const Consent& one) {
    return gone.subjects.contains(std::to_string(one.subject)) || gone.sessions.contains({std::to_string(one.subject), std::to_string(one.session)});
  });
  INVIGIL_TRY(frame_list, readLines(folder_ + "/frames.csv", kFrames));
  INVIGIL_TRY(attack_list, readLines(folder_ + "/attacks.csv", kAttacks));
  // The rows go before the pictures: a list never names what is not there.
  INVIGIL_CHECK(writeLines(folder_ + "/frames.csv", inLine(frame_list, frames, 2, gone.subjects, gone.elsewhere)));
  INVIGIL_CHECK(writeLines(folder_ + "/attacks.csv", inLine(attack_list, attacks, 3, gone.subjects, gone.elsewhere)));
  INVIGIL_CHECK(writeConsents(folder_, consents));
  for (const auto& path : rubbish) INVIGIL_CHECK(removeAll(path));
  for (const auto& [subject, session] : gone.sessions) ::rmdir((folder_ + "/" + subject).c_str());  // stays unless it is empty
  return {};
}

Status CollectStore::consent(const Consent& row) {
  INVIGIL_TRY(consents, readConsents(folder_));
  consents.drop([&](const Consent& one) { return one.subject == row.subject && one.session == row.session; });
  consents.add(row);
  return writeConsents(folder_, consents);
}

Status CollectStore::keep(long subject, long session, const StepFrames& step) {
  const std::string home = place(subject, session) + "/" + step.step;
  INVIGIL_CHECK(make(folder_ + "/" + std::to_string(subject)));
  INVIGIL_CHECK(make(place(subject, session)));
  INVIGIL_CHECK(removeAll(home + kNew));
  INVIGIL_CHECK(make(home + kNew));
  Json about{{"role", step.role}, {"attack_type", step.attack_type}, {"group", step.group}, {"listed", step.listed}, {"frames", Json::array()}};
  for (const auto& frame : step.frames) {
    char name[16];
    std::snprintf(name, sizeof name, "%04zu.jpg", about["frames"].size() + 1);
    INVIGIL_CHECK(writeFileDurably(home + kNew + "/" + name, {reinterpret_cast<const char*>(frame.jpeg.data()), frame.jpeg.size()}, 0600));
    about["frames"].push_back({{"file", name}, {"at_ms", frame.at.count()}, {"faces", frame.faces}, {"usable", frame.usable}});
  }
  INVIGIL_CHECK(writeFileDurably(home + kNew + "/step.json", about.dump(1) + "\n", 0600));
  std::error_code ignored;
  if (fs::exists(home, ignored)) INVIGIL_CHECK(move(home, home + kOld));
  INVIGIL_CHECK(move(home + kNew, home));
  Gone none;
  return settle(none);
}

Status CollectStore::drop(long subject, long session, const std::string& step) {
  const std::string home = place(subject, session) + "/" + step;
  INVIGIL_CHECK(move(home, home + kNew));
  Gone none;
  return settle(none);
}

std::optional<StepSeen> CollectStore::step(long subject, long session, const std::string& name) const {
  const std::string home = place(subject, session) + "/" + name;
  std::error_code ignored;
  if (!fs::exists(home, ignored)) return std::nullopt;
  return seen(name, readStep(home));
}

Result<std::vector<SessionSeen>> CollectStore::list() const {
  std::map<std::pair<long, long>, SessionSeen> all;
  for (const long subject : numbersIn(folder_))
    for (const long session : numbersIn(folder_ + "/" + std::to_string(subject))) {
      SessionSeen& one = all[{subject, session}];
      for (const auto& name : foldersIn(place(subject, session))) one.steps.push_back(seen(name, readStep(place(subject, session) + "/" + name)));
    }
  INVIGIL_TRY(consents, readConsents(folder_));
  for (const auto& row : consents.rows) all[{row.subject, row.session}].consent = row;
  std::vector<SessionSeen> list;
  for (auto& [key, one] : all) {
    std::tie(one.subject, one.session) = key;
    list.push_back(std::move(one));
  }
  return list;
}

Result<std::vector<std::string>> CollectStore::forget(long subject, std::optional<long> session) {
  INVIGIL_TRY(all, list());
  const std::string who = std::to_string(subject), home = session ? place(subject, *session) : folder_ + "/" + who;
  Gone gone;
  if (session) gone.sessions.insert({who, std::to_string(*session)});
  else gone.subjects.insert(who);
  std::error_code ignored;
  bool known = fs::exists(home, ignored);
  for (const auto& one : all) known = known || (one.subject == subject && (!session || one.session == *session));
  if (known && fs::exists(home, ignored)) INVIGIL_CHECK(move(home, home + kGone));
  INVIGIL_CHECK(settle(gone));
  if (!known && gone.elsewhere.empty())
    return fail(ErrorCode::NotFound, "no_such_subject", "There is nothing of subject " + who + " in '" + folder_ + "'.", "collect_store.cpp");
  std::sort(gone.elsewhere.begin(), gone.elsewhere.end());
  gone.elsewhere.erase(std::unique(gone.elsewhere.begin(), gone.elsewhere.end()), gone.elsewhere.end());
  return gone.elsewhere;
}

}  // namespace invigil::face
