// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "invigil/sitting/journal.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "invigil/base/text.hpp"
#include "record.hpp"

namespace invigil::sitting {
namespace {

constexpr std::size_t kJournalBytesMax = 64 * 1024 * 1024;
constexpr std::string_view kPrefix = "sitting-", kSuffix = ".journal";

auto cannotWrite(const std::string& path) {
  return fail(ErrorCode::Unavailable, "cannot_write", path + ": " + std::strerror(errno), "journal.cpp");
}

bool goodId(const std::string& id) {
  return !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), [](unsigned char c) {
    return std::isalnum(c) || c == '-' || c == '_';
  });
}

bool syncFolder(const std::string& dir) {
  const int fd = ::open(dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return false;
  const bool synced = ::fsync(fd) == 0;
  ::close(fd);
  return synced;
}

}  // namespace

Result<Journal> Journal::open(const std::string& dir, const std::string& sitting_id, Recovered& recovered) {
  if (!goodId(sitting_id)) return fail(ErrorCode::InvalidInput, "bad_sitting_id", "not a sitting id", "journal.cpp");
  const std::string path = dir + "/" + std::string{kPrefix} + sitting_id + std::string{kSuffix};
  std::string content;
  if (auto read = readFile(path, kJournalBytesMax)) content = std::move(*read);
  else if (read.error().code != ErrorCode::NotFound) return fail(read.error());

  Parsed parsed = parseJournal(content);
  if (!parsed.sitting_id.empty() && parsed.sitting_id != sitting_id)
    return fail(ErrorCode::Corrupt, "journal_of_another_sitting", path, "journal.cpp");
  recovered = std::move(parsed.recovered);

  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (fd < 0) return cannotWrite(path);
  Journal journal(fd, path, parsed.whole);
  if (parsed.whole != content.size() && (::ftruncate(fd, static_cast<off_t>(parsed.whole)) != 0 || ::fsync(fd) != 0))
    return cannotWrite(path);
  if (parsed.whole == 0) INVIGIL_CHECK(journal.write(encodeOpening(sitting_id)));
  if (!syncFolder(dir)) return cannotWrite(dir);
  return journal;
}

void Journal::removeOthers(const std::string& dir, const std::string& sitting_id) {
  DIR* folder = ::opendir(dir.c_str());
  if (!folder) return;
  const std::string keep = std::string{kPrefix} + sitting_id + std::string{kSuffix};
  while (const dirent* entry = ::readdir(folder)) {
    const std::string name = entry->d_name;
    if (name.starts_with(kPrefix) && name.ends_with(kSuffix) && name != keep) ::unlink((dir + "/" + name).c_str());
  }
  ::closedir(folder);
}

Journal::Journal(Journal&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), path_(std::move(other.path_)), size_(other.size_) {}

Journal& Journal::operator=(Journal&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(path_, other.path_);
  std::swap(size_, other.size_);
  return *this;
}

Journal::~Journal() {
  if (fd_ >= 0) ::close(fd_);
}

Status Journal::write(const std::string& record) {
  std::size_t done = 0;
  while (done < record.size()) {
    const ssize_t n = ::write(fd_, record.data() + done, record.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    done += static_cast<std::size_t>(n);
  }
  if (done != record.size() || ::fdatasync(fd_) != 0) {
    const auto error = cannotWrite(path_);
    // A half record would hide every later one from the reader: where it cannot go, nothing more is written behind it.
    if (::ftruncate(fd_, static_cast<off_t>(size_)) != 0) ::close(std::exchange(fd_, -1));
    return error;
  }
  size_ += record.size();
  return {};
}

Status Journal::append(const Response& response) { 
  // One write: the time never costs a second wait for the disk.
  std::string records = encodeResponse(response);
  if (response.shown_ms > 0) records += encodeShown(response.position, response.shown_ms);
  return write(records);
}
Status Journal::appendHandIn(bool by_deadline) { return write(encodeHandIn(by_deadline)); }

Status Journal::remove() {
  if (::unlink(path_.c_str()) != 0 && errno != ENOENT) return cannotWrite(path_);
  if (!syncFolder(path_.substr(0, path_.rfind('/')))) return cannotWrite(path_);
  return {};
}

}  // namespace invigil::sitting
