// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "invigil/base/clock.hpp"

namespace invigil::sitting {

/// What the candidate says about one item. A higher revision replaces a lower one, everywhere.
struct Response {
  int position = 0;          ///< 1-based place in the paper
  int revision = 0;          ///< 0 = never touched; counts up with every change
  std::vector<int> chosen;   ///< option indices as shown, 0-based, ascending
  bool flagged = false;
  std::int64_t shown_ms = 0; ///< how long the item had been on the screen when this was said; 0 = not known
  std::string text;          ///< as typed (invigil/base/typed.hpp); types without options
  bool operator==(const Response&) const = default;
};

/// How far the newest revision of a response has got.
enum class Safety { Unsaved, Saved, Sent };

enum class ItemType { TrueFalse, SingleChoice, MultipleChoice, Numeric, ShortText };
constexpr bool isTyped(ItemType type) { return type >= ItemType::Numeric; }

/// What the rules need to know of an item; its words stay with the screen.
struct ItemShape {
  ItemType type = ItemType::SingleChoice;
  int options = 0;  ///< 1..8; 0 = what is typed is the answer
};

struct Entry {
  ItemShape shape;
  Response response;
  int saved_revision = 0;  ///< on this kiosk's disk, or on the server's
  int sent_revision = 0;   ///< acknowledged by the server
  bool typing = false;     ///< changed by Typed and not yet settled: neither written nor sent
  Safety safety() const;
  bool answered() const;   ///< an option chosen, or something typed that is more than blanks
};

enum class Phase {
  Running,     ///< the candidate answers
  HandingIn,   ///< no change any more; responses go out, then the submission
  Finished,    ///< the server has the submission
};

/// One sitting. A value: the rules below make the next one from it.
struct State {
  std::string id;
  std::vector<Entry> entries;     ///< entries[p-1] is position p; never empty
  int current = 1;
  Phase phase = Phase::Running;
  bool by_deadline = false;       ///< why it left Running
  milliseconds deadline{0};       ///< on the kiosk's monotonic clock
  milliseconds duration{0};       ///< the whole allowance, for the bar
  std::int64_t deadline_ms = 0;   ///< the server's instant
  milliseconds seen{-1};          ///< monotonic: the current item's time on the screen is counted up to here; < 0 = not yet
  milliseconds offset{0};         ///< monotonic minus server time; the least delayed message tells it best
  std::optional<milliseconds> paused_at;  ///< the clock stands since then
  milliseconds given_back{0};     ///< of pauses that the server has not heard of; on top of the deadline it says

  milliseconds timeLeft(milliseconds now) const;
  int answered() const;
  int flagged() const;
  int firstOpen() const;                        ///< position; 0 = none
  bool allSaved() const;
  bool typing() const;                          ///< somewhere a change has not settled
  std::vector<Response> unsent() const;         ///< settled and not acknowledged, by position
  const Entry& at(int position) const { return entries[static_cast<std::size_t>(position - 1)]; }
};

/// What the server said about time, and when it was heard on the monotonic clock.
struct ServerTime {
  std::int64_t now_ms = 0;
  std::int64_t deadline_ms = 0;
  milliseconds heard{0};
};

/// A running sitting from the server's answer. `responses` of the server count as sent, those of the journal as
/// saved; per position the higher revision wins. Positions outside the paper are ignored.
State start(std::string id, std::vector<ItemShape> items, std::int64_t started_ms, const ServerTime& time,
            const std::vector<Response>& from_server, const std::vector<Response>& from_journal);

// Events
struct Choose { int option = 0; };            ///< in the current item; a second choice of a multiple one takes it back
struct Typed { std::string text; };           ///< the whole answer to the current item; refused when it cannot be typed
struct Settle {};                             ///< a pause in typing: what was typed is written now
struct ToggleFlag {};
struct GoTo { int position = 1; };            ///< clamped to the paper
struct JournalWrote { int position = 0, revision = 0; };
struct JournalFailed {};                      ///< the disk refuses; the server may still take it
struct Acknowledged { std::vector<std::pair<int, int>> saved; ServerTime time; };  ///< position, revision
struct HandIn {};
struct Shown { milliseconds now{0}; };        ///< the current item has been on the screen until now; comes before each of the above
struct Tick { milliseconds now{0}; };
struct SubmissionAccepted {};
struct Paused { milliseconds now{0}; };       ///< the clock stands: nothing can be changed, no deadline passes
/// It runs again, to the deadline that the server said last and what it does not know of yet. Also when either has changed.
struct Resumed { ServerTime time; milliseconds now{0}, given_back{0}; };
using Event = std::variant<Choose, Typed, Settle, ToggleFlag, GoTo, JournalWrote, JournalFailed, Acknowledged, HandIn, Shown, Tick,
                           SubmissionAccepted, Paused, Resumed>;

// Effects
struct WriteJournal { Response response; };   ///< must be on disk before JournalWrote comes back
struct WriteHandIn { bool by_deadline = false; };
struct SendResponses {};                      ///< there is something for State::unsent()
struct SendSubmission {};                     ///< everything that can be sent has been
struct RemoveJournal {};
using Effect = std::variant<WriteJournal, WriteHandIn, SendResponses, SendSubmission, RemoveJournal>;

struct Next {
  State state;
  std::vector<Effect> effects;
};

/// The rules of a sitting. Pure: no clock, disk or network. An event that the phase does not allow changes nothing.
/// Going to another item, flagging and handing in settle what was typed.
/// After the deadline has passed by a Tick nothing can be changed, with or without the server.
Next next(State state, const Event& event);

}  // namespace invigil::sitting
