// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "invigil/recording/segment_folder.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <tuple>

namespace invigil::recording {
namespace {

namespace fs = std::filesystem;
constexpr const char* kAside = ".aside";

std::string suffixOf(SegmentFolder::Kind kind) {
  switch (kind) {
    case SegmentFolder::Kind::Film: return ".segment";
    case SegmentFolder::Kind::Incident: return ".incident";
    case SegmentFolder::Kind::Report: return ".report";
  }
  return "";
}

std::string nameOf(SegmentFolder::Kind kind, const std::string& sitting_id, std::uint32_t number) {
  char digits[16];
  std::snprintf(digits, sizeof digits, "-%06u", number);
  return sitting_id + digits + suffixOf(kind);
}

/// "ID-000012.segment" into its parts; false for any other name.
bool readName(SegmentFolder::Kind kind, const std::string& name, Waiting& out) {
  const std::string suffix = suffixOf(kind);
  if (!name.ends_with(suffix)) return false;
  const std::string stem = name.substr(0, name.size() - suffix.size());
  const std::size_t dash = stem.rfind('-');
  if (dash == std::string::npos || dash == 0) return false;
  const char* end = stem.data() + stem.size();
  const auto read = std::from_chars(stem.data() + dash + 1, end, out.number);
  out.sitting_id = stem.substr(0, dash);
  return read.ec == std::errc{} && read.ptr == end && out.number >= 1;
}

std::int64_t freeBytes(const std::string& dir) {
  std::error_code error;
  const fs::space_info space = fs::space(dir, error);
  return error ? 0 : static_cast<std::int64_t>(space.available);
}

}  // namespace

Room roomOf(std::int64_t used, std::int64_t free, const DiskRules& rules, Room before) {
  // Leaving a state is measured against a stricter budget.
  const auto reached = [&](Room state, double share, int floors) {
    const double strict = before >= state ? 0.9 : 1.0;
    return static_cast<double>(used) >= static_cast<double>(rules.bytes_max) * share * strict ||
           static_cast<double>(free) * strict < static_cast<double>(rules.free_min) * floors;
  };
  return reached(Room::None, 1, 1) ? Room::None : reached(Room::Short, 0.75, 2) ? Room::Short : Room::Plenty;
}

Result<SegmentFolder> SegmentFolder::open(const std::string& dir, const DiskRules& rules, FreeBytes free, Kind kind) {
  std::error_code error;
  fs::create_directories(dir, error);
  if (!error) fs::permissions(dir, fs::perms::owner_all, error);
  if (error) return fail(ErrorCode::Unavailable, "cannot_write", dir + ": " + error.message(), "segment_folder.cpp");
  for (const auto& entry : fs::directory_iterator(dir, error))
    if (std::error_code ignored; entry.path().string().ends_with(suffixOf(kind) + ".new")) fs::remove(entry.path(), ignored);
  return SegmentFolder(dir, rules, free ? std::move(free) : FreeBytes(freeBytes), kind);
}

Status SegmentFolder::add(const segment::Head& head, const std::string& sealed) const {
  return writeFileDurably(dir_ + "/" + nameOf(kind_, head.sitting_id, head.number), sealed, 0600);
}

std::vector<Waiting> SegmentFolder::waiting() const {
  std::vector<std::pair<fs::file_time_type, Waiting>> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(dir_, error)) {
    std::error_code gone;
    Waiting one{entry.path().string(), {}, 0, 0};
    if (!readName(kind_, entry.path().filename().string(), one)) continue;
    one.bytes = static_cast<std::int64_t>(entry.file_size(gone));
    const auto written = entry.last_write_time(gone);
    if (!gone) found.emplace_back(written, std::move(one));
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
    return std::tie(a.first, a.second.sitting_id, a.second.number) < std::tie(b.first, b.second.sitting_id, b.second.number);
  });
  std::vector<Waiting> out;
  for (auto& [written, one] : found) out.push_back(std::move(one));
  return out;
}

void SegmentFolder::remove(const Waiting& one) const {
  std::error_code ignored;
  fs::remove(one.path, ignored);
}

Result<std::string> SegmentFolder::putAside(const Waiting& one) const {
  std::error_code error;
  std::string path = one.path + kAside;
  for (int more = 2; fs::exists(path, error); ++more) path = one.path + kAside + std::to_string(more);
  fs::rename(one.path, path, error);
  if (error) return fail(ErrorCode::Unavailable, "cannot_write", one.path + ": " + error.message(), "segment_folder.cpp");
  return path;
}

std::uint32_t SegmentFolder::nextNumber(const std::string& sitting_id) const {
  std::uint32_t next = 1;
  for (const Waiting& one : waiting())
    if (one.sitting_id == sitting_id) next = std::max(next, one.number + 1);
  return next;
}

Room SegmentFolder::room(Room before) const {
  std::int64_t used = 0;
  for (const Waiting& one : waiting()) used += one.bytes;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(dir_, error)) {
    if (entry.path().filename().string().find(suffixOf(kind_) + kAside) == std::string::npos) continue;
    std::error_code gone;
    if (const auto bytes = entry.file_size(gone); !gone) used += static_cast<std::int64_t>(bytes);
  }
  return roomOf(used, free_(dir_), rules_, before);
}

}  // namespace invigil::recording
