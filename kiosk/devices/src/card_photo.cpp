// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "invigil/devices/card_photo.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <optional>
#include <thread>

#include "invigil/devices/sam.hpp"

namespace invigil::devices {
namespace {

constexpr int kSideMin = 32, kSideMax = 1024;

auto failed(const char* what) { return fail(ErrorCode::Unavailable, "card_decoder_failed", what, "card_photo.cpp"); }
auto badImage(const char* what) { return fail(ErrorCode::InvalidInput, "bad_image", what, "card_photo.cpp"); }

struct Pipe {
  int read = -1, write = -1;
  Pipe() {
    int both[2];
    if (::pipe2(both, O_CLOEXEC) == 0) std::tie(read, write) = std::pair(both[0], both[1]);
  }
  Pipe(const Pipe&) = delete;
  ~Pipe() { closeRead(), closeWrite(); }
  void closeRead() { close(read); }
  void closeWrite() { close(write); }

 private:
  static void close(int& end) {
    if (end >= 0) ::close(end);
    end = -1;
  }
};

/// One run of the decoder in a process group of its own; nothing of the group outlives it.
class Child {
 public:
  ~Child() {
    if (pid_ <= 0) return;
    ::kill(-pid_, SIGKILL);
    if (!status_) ::waitpid(pid_, nullptr, 0);
  }
  bool start(const DecoderCommand& command, int input, int output) {
    std::vector<char*> words;
    for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    // Nothing of the kiosk's own environment: no tokens, no preloaded code.
    char path[] = "PATH=/usr/local/bin:/usr/bin:/bin", locale[] = "LC_ALL=C";
    char* environment[] = {path, locale, nullptr};
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    ::posix_spawn_file_actions_init(&files);
    ::posix_spawnattr_init(&attributes);
    ::posix_spawn_file_actions_adddup2(&files, input, 0);
    ::posix_spawn_file_actions_adddup2(&files, output, 1);
    ::posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
    ::posix_spawn_file_actions_addclosefrom_np(&files, 3);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    const bool started = ::posix_spawn(&pid_, words.front(), &files, &attributes, words.data(), environment) == 0;
    ::posix_spawn_file_actions_destroy(&files);
    ::posix_spawnattr_destroy(&attributes);
    if (!started) pid_ = 0;
    // A decoder that crashes leaves no memory of a face on the disk.
    const rlimit none{0, 0};
    if (started) ::prlimit(pid_, RLIMIT_CORE, &none, nullptr);
    return started;
  }
  /// The exit code, or -1 when it has not ended well before `until`.
  int ended(milliseconds until) {
    int status = 0;
    while (::waitpid(pid_, &status, WNOHANG) == 0) {
      if (clock_.monotonic() >= until) return -1;
      std::this_thread::sleep_for(milliseconds{5});
    }
    status_ = status;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  pid_t pid_ = 0;
  std::optional<int> status_;
  SystemClock clock_;
};

Result<Bytes> drain(int from, milliseconds until) {
  const SystemClock clock;
  Bytes out;
  std::uint8_t chunk[16384];
  for (;;) {
    const milliseconds left = until - clock.monotonic();
    pollfd one{from, POLLIN, 0};
    if (left.count() <= 0) break;
    if (::poll(&one, 1, static_cast<int>(left.count())) <= 0) continue;
    const auto got = ::read(from, chunk, sizeof chunk);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return out;
    out.insert(out.end(), chunk, chunk + got);
    if (out.size() > kCardPictureBytesMax) {
      wipe(out);
      return failed("the decoder wrote too much");
    }
  }
  wipe(out);
  return failed("the decoder took too long");
}

std::int32_t le32(std::span<const std::uint8_t> b, std::size_t at) {
  return static_cast<std::int32_t>(b[at] | b[at + 1] << 8 | b[at + 2] << 16 | static_cast<std::uint32_t>(b[at + 3]) << 24);
}

/// Rows bottom up (or top down where the height is negative), each padded to four bytes.
Result<vision::Frame> readBmp(std::span<const std::uint8_t> b) {
  if (b.size() < 54 || le32(b, 14) < 40) return badImage("the picture's header is broken");
  const std::int64_t width = le32(b, 18), rows = le32(b, 22), height = rows < 0 ? -rows : rows, at = le32(b, 10);
  const bool plain = (b[28] | b[29] << 8) == 24 && le32(b, 30) == 0;
  if (!plain) return badImage("a BMP has to have 24 bits and no compression");
  if (width < kSideMin || height < kSideMin || width > kSideMax || height > kSideMax) return badImage("the picture has an impossible size");
  const std::int64_t stride = (width * 3 + 3) / 4 * 4;
  if (at < 54 || at + stride * height > static_cast<std::int64_t>(b.size())) return badImage("the picture is cut off");
  vision::Frame frame{static_cast<int>(width), static_cast<int>(height), Bytes(static_cast<std::size_t>(width * height * 3)), milliseconds{0}};
  for (std::int64_t y = 0; y < height; ++y)
    std::memcpy(frame.bgr.data() + y * width * 3, b.data() + at + (rows < 0 ? y : height - 1 - y) * stride, static_cast<std::size_t>(width * 3));
  return frame;
}

}  // namespace

Result<vision::Frame> readCardPicture(std::span<const std::uint8_t> encoded) {
  if (encoded.size() > kCardPictureBytesMax) return badImage("the picture has too many bytes");
  if (encoded.size() > 2 && encoded[0] == 'B' && encoded[1] == 'M') return readBmp(encoded);
  INVIGIL_TRY(frame, vision::decodeImage(encoded));
  if (frame.width < kSideMin || frame.height < kSideMin || frame.width > kSideMax || frame.height > kSideMax) return badImage("the picture has an impossible size");
  return frame;
}

Result<vision::Frame> decodeCardPhoto(const DecoderCommand& command, std::span<const std::uint8_t> photo, milliseconds limit) {
  const SystemClock clock;
  const milliseconds until = clock.monotonic() + limit;
  Pipe input, output;
  if (input.write < 0 || output.write < 0) return failed("no pipe");
  // A pipe holds 4096 bytes at least, and its reading end is open here: this neither blocks nor raises a signal.
  if (photo.size() > 4096 || ::write(input.write, photo.data(), photo.size()) != static_cast<ssize_t>(photo.size())) return failed("the photo does not fit");
  input.closeWrite();
  Child child;
  if (command.empty() || !child.start(command, input.read, output.write))
    return fail(ErrorCode::Unavailable, "card_decoder_missing", "the decoder cannot be started", "card_photo.cpp");
  input.closeRead();
  output.closeWrite();
  INVIGIL_TRY(picture, drain(output.read, until));
  if (child.ended(until) != 0) {
    wipe(picture);
    return failed("the decoder did not end well");
  }
  auto frame = readCardPicture(picture);
  wipe(picture);
  return frame;
}

Result<Bytes> encodePng(const vision::Frame& frame) {
  if (frame.empty()) return badImage("the frame is empty");
  const cv::Mat picture(frame.height, frame.width, CV_8UC3, const_cast<std::uint8_t*>(frame.bgr.data()));
  Bytes out;
  try {
    if (cv::imencode(".png", picture, out)) return out;
  } catch (const cv::Exception&) {
  }
  return badImage("the frame cannot be encoded as PNG");
}

}  // namespace invigil::devices
