// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "invigil/devices/card_reader.hpp"

#include <algorithm>
#include <cstring>
#include <string_view>

namespace invigil::devices {
namespace {

constexpr milliseconds kShort{800};
constexpr milliseconds kQuiet{300};   ///< so long nothing after a broken frame: no other follows
constexpr milliseconds kLong{3400};  ///< 1295 bytes at 9600 baud take 1.4 s, and the card is read meanwhile
/// A card that is just being laid down fails once.
constexpr int kFailuresMax = 2, kSilencesMax = 3;

bool ofTheLine(const Error& error) {
  return error.reason.starts_with("card_reader_") || error.reason == "card_line_garbled";
}

}  // namespace

Result<Bytes> CardPoll::ask(SamCommand command, milliseconds wait) {
  const SystemClock clock;
  frames_.clear();
  line_.discard();
  INVIGIL_CHECK(line_.write(samRequest(command)));
  const milliseconds until = clock.monotonic() + wait;
  Error last{ErrorCode::Unavailable, "card_reader_silent", "the reader gave no answer in time", "card_reader.cpp"};
  std::uint8_t chunk[2048];
  for (;;) {
    while (auto frame = frames_.next()) {
      if (!*frame) {
        last = frame->error();
        continue;
      }
      auto reply = samReply(**frame);
      wipe(**frame);
      if (!reply) return fail(reply.error());
      INVIGIL_CHECK(samStatus(reply->code));
      return std::move(reply->data);
    }
    const milliseconds left = until - clock.monotonic();
    if (left.count() <= 0) return fail(last);
    const bool broken = last.reason == "card_line_garbled";
    INVIGIL_TRY(got, line_.read(chunk, broken ? std::min(left, kQuiet) : left));
    if (got == 0 && broken) return fail(last);
    frames_.feed(std::span(chunk, got));
    explicit_bzero(chunk, got);
    // The simulated reader has answered by now, or never will.
    if (got == 0 && clock.monotonic() < until) std::this_thread::sleep_for(milliseconds{1});
  }
}

Status CardPoll::status() {
  INVIGIL_CHECK(ask(SamCommand::Status, kShort).map([](auto&&) {}));
  return {};
}

Result<std::optional<CardContent>> CardPoll::card() {
  if (auto found = ask(SamCommand::FindCard, kShort); !found) {
    if (found.error().reason != "no_card") return fail(found.error());
    read_.reset();
    return std::nullopt;
  }
  INVIGIL_CHECK(ask(SamCommand::SelectCard, kShort).map([](auto&&) {}));
  auto answer = ask(SamCommand::ReadTextAndPhoto, kLong);
  // To the reader this card has been read: find would not give it again.
  if (!answer && answer.error().reason == "card_line_garbled") answer = ask(SamCommand::ReadTextAndPhoto, kLong);
  INVIGIL_TRY(data, std::move(answer));
  const std::size_t hash = std::hash<std::string_view>{}({reinterpret_cast<const char*>(data.data()), data.size()});
  const bool again = read_ == hash;
  auto content = splitCard(data);
  wipe(data);
  if (!content) return fail(content.error());
  read_ = hash;
  if (!again) return std::move(*content);
  wipe(content->text);
  wipe(content->photo);
  return std::nullopt;
}

CardReader::CardReader(Settings settings, std::function<void(CardNews)> tell)
    : settings_(std::move(settings)), tell_(std::move(tell)), thread_([this] { work(); }) {}

CardReader::~CardReader() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void CardReader::seek(bool wanted) {
  {
    const std::lock_guard lock(mutex_);
    seeking_ = wanted;
  }
  changed_.notify_all();
}

void CardReader::decode(Bytes photo) {
  {
    const std::lock_guard lock(mutex_);
    to_decode_ = std::move(photo);
  }
  changed_.notify_all();
}

void CardReader::work() {
  for (;;) {
    if (!line_) open();
    std::optional<Bytes> photo;
    bool seeking = false;
    {
      std::unique_lock lock(mutex_);
      const bool was = seeking_;
      changed_.wait_for(lock, line_ && seeking_ ? settings_.every : settings_.retry, [&] { return over_ || to_decode_ || seeking_ != was; });
      if (over_) return;
      photo = std::exchange(to_decode_, std::nullopt);
      seeking = seeking_;
    }
    if (photo) makePicture(std::move(*photo));
    else if (line_ && seeking) look();
    else if (line_) {
      std::uint8_t byte = 0;
      if (!line_->read({&byte, 1}, milliseconds{0})) line("card_reader_unplugged");
    }
  }
}

/// Tells it once, and where the line is of no use, lets it go: the next round opens it anew.
void CardReader::line(const std::string& reason) {
  if (!reason.empty()) {
    poll_.reset();
    line_.reset();
  }
  if (told_ == reason) return;
  told_ = reason;
  tell_({CardNews::What::Line, reason, {}, {}});
}

void CardReader::open() {
  auto opened = openCardLine(settings_.line);
  if (!opened) return line(opened.error().reason);
  line_ = std::move(*opened);
  poll_ = std::make_unique<CardPoll>(*line_);
  failures_ = silences_ = 0;
  const Status works = poll_->status();
  line(works ? std::string() : works.error().reason);
}

void CardReader::look() {
  auto seen = poll_->card();
  if (!seen && ofTheLine(seen.error())) {
    const bool passing = seen.error().reason == "card_reader_silent" || seen.error().reason == "card_line_garbled";
    if (!passing || ++silences_ >= kSilencesMax) line(seen.error().reason);
    return;
  }
  silences_ = 0;
  if (seen && !*seen) {
    failures_ = 0;
    return;
  }
  Result<IdCard> card = seen ? readCardText((*seen)->text) : Result<IdCard>(fail(seen.error()));
  if (!card) {
    const bool moved = card.error().reason == "card_moved";
    if (++failures_ == (moved ? kFailuresMax : 1)) tell_({CardNews::What::Trouble, card.error().reason, {}, {}});
  } else {
    failures_ = 0;
    tell_({CardNews::What::Card, {}, std::move(*card), settings_.decoder.empty() ? Bytes() : (*seen)->photo});
  }
  if (!seen) return;
  wipe((*seen)->text);
  wipe((*seen)->photo);
}

void CardReader::makePicture(Bytes photo) {
  auto picture = decodeCardPhoto(settings_.decoder, photo);
  wipe(photo);
  auto png = picture ? encodePng(*picture) : Result<Bytes>(fail(picture.error()));
  if (picture) wipe(picture->bgr);
  tell_({CardNews::What::Photo, png ? std::string() : png.error().reason, {}, png ? std::move(*png) : Bytes()});
}

}  // namespace invigil::devices
