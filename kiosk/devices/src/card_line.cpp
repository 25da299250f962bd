// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "invigil/devices/card_line.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <utility>

#include "invigil/devices/simulated_sam.hpp"

namespace invigil::devices {
namespace {

constexpr milliseconds kWriteMax{1000};
/// Speeds that the standard's command 60 can set.
constexpr std::pair<int, speed_t> kSpeeds[] = {{115200, B115200}, {57600, B57600}, {38400, B38400}, {19200, B19200}, {9600, B9600}};

auto unplugged(const char* what) { return fail(ErrorCode::Unavailable, "card_reader_unplugged", what, "card_line.cpp"); }

class SerialLine final : public CardLine {
 public:
  explicit SerialLine(int descriptor) : descriptor_(descriptor) {}
  SerialLine(const SerialLine&) = delete;
  ~SerialLine() override { ::close(descriptor_); }

  Status write(std::span<const std::uint8_t> bytes) override {
    const milliseconds until = clock_.monotonic() + kWriteMax;
    while (!bytes.empty()) {
      const auto done = ::write(descriptor_, bytes.data(), bytes.size());
      if (done > 0) bytes = bytes.subspan(static_cast<std::size_t>(done));
      else if (done < 0 && errno != EAGAIN && errno != EINTR) return unplugged("the line to the reader broke");
      const milliseconds left = until - clock_.monotonic();
      if (bytes.empty()) break;
      if (left.count() <= 0) return unplugged("the line takes no bytes");
      pollfd one{descriptor_, POLLOUT, 0};
      ::poll(&one, 1, static_cast<int>(left.count()));
    }
    return {};
  }

  Result<std::size_t> read(std::span<std::uint8_t> into, milliseconds wait) override {
    pollfd one{descriptor_, POLLIN, 0};
    if (::poll(&one, 1, static_cast<int>(std::max<milliseconds::rep>(0, wait.count()))) <= 0) return std::size_t{0};
    if ((one.revents & POLLIN) == 0) return unplugged("the reader is gone");
    const auto got = ::read(descriptor_, into.data(), into.size());
    if (got > 0) return static_cast<std::size_t>(got);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return std::size_t{0};
    return unplugged("the reader is gone");
  }

  void discard() override { ::tcflush(descriptor_, TCIFLUSH); }

 private:
  int descriptor_;
  SystemClock clock_;
};

/// The simulated reader answers at once.
class SimulatedLine final : public CardLine {
 public:
  explicit SimulatedLine(std::string file) : sam_(std::move(file)) {}
  Status write(std::span<const std::uint8_t> bytes) override {
    const Bytes answer = sam_.answer(bytes);
    waiting_.insert(waiting_.end(), answer.begin(), answer.end());
    return {};
  }
  Result<std::size_t> read(std::span<std::uint8_t> into, milliseconds) override {
    const std::size_t count = std::min(into.size(), waiting_.size());
    std::copy_n(waiting_.begin(), count, into.begin());
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(count));
    return count;
  }
  void discard() override { waiting_.clear(); }

 private:
  SimulatedSam sam_;
  Bytes waiting_;
};

bool makeRaw(int descriptor, int baud) {
  termios settings{};
  if (::tcgetattr(descriptor, &settings) != 0) return false;
  ::cfmakeraw(&settings);
  settings.c_cflag &= ~static_cast<tcflag_t>(CSTOPB | PARENB | CRTSCTS | HUPCL);
  settings.c_cflag |= CLOCAL | CREAD;
  settings.c_cc[VMIN] = 0;
  settings.c_cc[VTIME] = 0;
  const auto speed = std::find_if(std::begin(kSpeeds), std::end(kSpeeds), [&](const auto& one) { return one.first == baud; });
  if (speed == std::end(kSpeeds) || ::cfsetispeed(&settings, speed->second) != 0 || ::cfsetospeed(&settings, speed->second) != 0) return false;
  return ::tcsetattr(descriptor, TCSANOW, &settings) == 0;
}

}  // namespace

Result<CardLineSpec> parseCardLine(const std::string& spec) {
  const auto bad = [](const char* what) { return fail(ErrorCode::InvalidInput, "bad_card_reader", what, "card_line.cpp"); };
  CardLineSpec out;
  if (spec.starts_with("simulated:")) {
    out = {spec.substr(10), 0, true};
    if (out.path.empty()) return bad("simulated: wants the file of a card");
    return out;
  }
  const auto at = spec.rfind('@');
  out.path = spec.substr(0, at);
  if (at != std::string::npos) {
    const char *first = spec.data() + at + 1, *last = spec.data() + spec.size();
    const auto [end, error] = std::from_chars(first, last, out.baud);
    const bool known = std::any_of(std::begin(kSpeeds), std::end(kSpeeds), [&](const auto& one) { return one.first == out.baud; });
    if (error != std::errc() || end != last || !known) return bad("the speed is 115200, 57600, 38400, 19200 or 9600");
  }
  if (!out.path.starts_with('/')) return bad("a reader is a path like /dev/ttyUSB0, with @SPEED behind it where needed, or simulated:FILE");
  return out;
}

Result<std::unique_ptr<CardLine>> openCardLine(const CardLineSpec& spec) {
  if (spec.simulated) return std::make_unique<SimulatedLine>(spec.path);
  const int descriptor = ::open(spec.path.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (descriptor < 0) {
    if (errno == EACCES || errno == EPERM)
      return fail(ErrorCode::Forbidden, "card_reader_forbidden", "this user may not open " + spec.path + " (group dialout?)", "card_line.cpp");
    if (errno == EBUSY) return fail(ErrorCode::Forbidden, "card_reader_forbidden", "another program has " + spec.path, "card_line.cpp");
    return unplugged("the reader's line is not there");
  }
  auto line = std::make_unique<SerialLine>(descriptor);
  // Nobody else reads along: what a card says goes to one program.
  if (::isatty(descriptor) == 0 || ::ioctl(descriptor, TIOCEXCL) != 0 || !makeRaw(descriptor, spec.baud)) return unplugged("not a serial line");
  ::tcflush(descriptor, TCIOFLUSH);
  return line;
}

}  // namespace invigil::devices
