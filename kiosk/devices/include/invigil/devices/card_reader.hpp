// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "invigil/devices/card_line.hpp"
#include "invigil/devices/card_photo.hpp"
#include "invigil/devices/id_card.hpp"
#include "invigil/devices/sam.hpp"

namespace invigil::devices {

/// Find, select, read: what one look at the reader does. One thread.
class CardPoll {
 public:
  explicit CardPoll(CardLine& line) : line_(line) {}
  /// Errors: Unavailable card_reader_silent (no answer in time), card_reader_unplugged; as samStatus.
  Status status();
  /// The card on the reader, once for each time it is laid there; nothing while none is, or only one that was read. A card
  /// that a reader finds again without its having been lifted is the same card. Blocks up to 9 s on a bad line.
  /// Errors: as status(), samStatus (but no_card), splitCard.
  Result<std::optional<CardContent>> card();

 private:
  Result<Bytes> ask(SamCommand command, milliseconds wait);
  CardLine& line_;
  SamFrames frames_;
  std::optional<std::size_t> read_;  ///< hash of the card read last, until it is lifted
};

/// What a reader has to say.
struct CardNews {
  enum class What {
    Line,   ///< the reader works (empty reason), or why it does not
    Trouble,  ///< a card lies there and could not be read; once for each time it is laid there
    Card,
    Photo,  ///< answer to decode(); an empty picture where that failed
  };
  What what = What::Line;
  std::string reason;  ///< Error::reason
  IdCard card;
  Bytes photo;  ///< Card: as on the chip; Photo: PNG
};

/// An ID-card reader at work, in a thread of its own: looks for cards while asked to, opens the line anew when it broke.
/// Keeps nothing of a card that it has handed over but a hash until the card is lifted, and logs nothing.
class CardReader {
 public:
  struct Settings {
    CardLineSpec line;
    DecoderCommand decoder;  ///< empty: photos are not decoded, nor handed over
    milliseconds every{300}, retry{2000};
  };
  /// @param tell  called in the reader's thread
  CardReader(Settings settings, std::function<void(CardNews)> tell);
  ~CardReader();
  CardReader(const CardReader&) = delete;

  /// Thread-safe, do not block.
  void seek(bool wanted);
  void decode(Bytes photo);

 private:
  void work();
  void open();
  void look();
  void makePicture(Bytes photo);
  void line(const std::string& reason);
  const Settings settings_;
  const std::function<void(CardNews)> tell_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool seeking_ = false, over_ = false;
  std::optional<Bytes> to_decode_;
  // The thread's own.
  std::unique_ptr<CardLine> line_;
  std::unique_ptr<CardPoll> poll_;
  std::optional<std::string> told_;
  int failures_ = 0, silences_ = 0;
  std::thread thread_;
};

}  // namespace invigil::devices
