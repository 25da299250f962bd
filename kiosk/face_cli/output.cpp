// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "output.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "invigil/base/text.hpp"

namespace invigil::face {
namespace {

namespace fs = std::filesystem;

constexpr int kLinksMax = 40;

/// The file that `path` names in the end, also where it is not there yet.
fs::path behindLinks(fs::path path) {
  std::error_code ignored;
  for (int links = 0; links < kLinksMax && fs::is_symlink(path, ignored); ++links) {
    const fs::path to = fs::read_symlink(path, ignored);
    path = to.is_absolute() ? to : path.parent_path() / to;
  }
  return path;
}

/// A device, a pipe, a descriptor that somebody opened for us: nothing can be renamed to that.
bool isDirect(const std::string& path) {
  if (path.starts_with("/dev/fd/") || path.starts_with("/proc/self/fd/")) return true;
  struct stat there {};
  return ::stat(path.c_str(), &there) == 0 && !S_ISREG(there.st_mode) && !S_ISDIR(there.st_mode);
}

tl::unexpected<Error> cannot(const std::string& what, int why) {
  return fail(ErrorCode::Unavailable, "cannot_write", "Cannot write " + what + ": " + std::strerror(why) + ".", "output.cpp");
}

Status writeDirectly(const std::string& path, std::string_view content) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_TRUNC | O_NOCTTY | O_CLOEXEC);
  if (fd < 0) return cannot("'" + path + "'", errno);
  for (std::size_t done = 0; done < content.size();) {
    const ssize_t put = ::write(fd, content.data() + done, content.size() - done);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) {
      const int why = errno;
      ::close(fd);
      return cannot("'" + path + "'", why);
    }
    done += static_cast<std::size_t>(put);
  }
  if (::close(fd) != 0) return cannot("'" + path + "'", errno);
  return {};
}

Status print(std::string_view content) {
  if (std::fwrite(content.data(), 1, content.size(), stdout) == content.size() && std::fflush(stdout) == 0) return {};
  return cannot("to standard output", errno);
}

}  // namespace

bool isStandardOutput(const std::string& path) {
  if (path == "-" || path == "/dev/stdout" || path == "/dev/fd/1" || path == "/proc/self/fd/1") return true;
  struct stat there {}, ours {};
  const bool same = ::stat(path.c_str(), &there) == 0 && ::fstat(STDOUT_FILENO, &ours) == 0 && there.st_dev == ours.st_dev && there.st_ino == ours.st_ino;
  return same && !S_ISCHR(there.st_mode);  // both may be /dev/null and have nothing to do with each other
}

Status checkOutput(const std::string& path) {
  const auto wrong = [&](const std::string& why) { return fail(ErrorCode::InvalidInput, "wrong_path", "Cannot write '" + path + "': " + why + ".", "output.cpp"); };
  if (isStandardOutput(path)) return {};
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) return wrong("it is a folder");
  if (isDirect(path)) {
    if (::access(path.c_str(), W_OK) != 0) return wrong(std::strerror(errno));
    return {};
  }
  const fs::path target = behindLinks(path), folder = target.has_parent_path() ? target.parent_path() : fs::path(".");
  if (fs::is_symlink(target, ignored)) return wrong("its symbolic links go in a circle");
  if (!fs::is_directory(folder, ignored)) return wrong("there is no folder '" + folder.string() + "'");
  if (::access(folder.c_str(), W_OK | X_OK) != 0) return wrong(std::strerror(errno));
  return {};
}

Status writeOutput(const std::string& path, std::string_view content) {
  if (isStandardOutput(path)) return print(content);
  if (isDirect(path)) return writeDirectly(path, content);
  const std::string target = behindLinks(path).string();
  struct stat there {};
  const bool stands = ::stat(target.c_str(), &there) == 0;
  return writeFileDurably(target, content, stands ? there.st_mode & 0777U : 0644U);
}

}  // namespace invigil::face
