// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "invigil/sitting/sitting.hpp"

#include <algorithm>

#include "invigil/base/assert.hpp"
#include "invigil/base/text.hpp"
#include "invigil/base/typed.hpp"

namespace invigil::sitting {
namespace {

Entry& currentEntry(State& state) { return state.entries[static_cast<std::size_t>(state.current - 1)]; }

void hearTime(State& state, const ServerTime& time) {
  const milliseconds offset = time.heard - milliseconds{time.now_ms};
  state.offset = std::min(state.offset, offset);
  state.deadline_ms = time.deadline_ms;
  state.deadline = milliseconds{state.deadline_ms} + state.offset + state.given_back;
}

Effect changed(State& state) {
  Entry& entry = currentEntry(state);
  entry.response.revision++;
  entry.typing = false;
  return WriteJournal{entry.response};
}

void sendWhatRemains(const State& state, std::vector<Effect>& effects) {
  if (!state.unsent().empty()) effects.push_back(SendResponses{});
  else effects.push_back(SendSubmission{});
}

void apply(State& state, const Choose& event, std::vector<Effect>& effects) {
  Entry& entry = currentEntry(state);
  if (event.option < 0 || event.option >= entry.shape.options) return;
  std::vector<int>& chosen = entry.response.chosen;
  if (entry.shape.type == ItemType::MultipleChoice) {
    const auto place = std::lower_bound(chosen.begin(), chosen.end(), event.option);
    if (place != chosen.end() && *place == event.option) chosen.erase(place);
    else chosen.insert(place, event.option);
  } else {
    if (chosen == std::vector<int>{event.option}) return;
    chosen = {event.option};
  }
  effects.push_back(changed(state));
}

void apply(State& state, const Typed& event, std::vector<Effect>&) {
  Entry& entry = currentEntry(state);
  if (!isTyped(entry.shape.type) || event.text == entry.response.text || !canBeTyped(event.text)) return;
  entry.response.text = event.text;
  if (!entry.typing) entry.response.revision++;
  entry.typing = true;
}

void settle(State& state, std::vector<Effect>& effects) {
  for (Entry& entry : state.entries)
    if (std::exchange(entry.typing, false)) effects.push_back(WriteJournal{entry.response});
}

void apply(State& state, const ToggleFlag&, std::vector<Effect>& effects) {
  Entry& entry = currentEntry(state);
  entry.response.flagged = !entry.response.flagged;
  effects.push_back(changed(state));
}

void apply(State& state, const GoTo& event, std::vector<Effect>& effects) {
  settle(state, effects);
  state.current = std::clamp(event.position, 1, static_cast<int>(state.entries.size()));
}

void apply(State& state, const Shown& event, std::vector<Effect>&) {
  if (state.seen.count() >= 0 && event.now > state.seen) currentEntry(state).response.shown_ms += (event.now - state.seen).count();
  state.seen = event.now;
}

void handIn(State& state, bool by_deadline, std::vector<Effect>& effects) {
  settle(state, effects);
  state.phase = Phase::HandingIn;
  state.by_deadline = by_deadline;
  effects.push_back(WriteHandIn{by_deadline});
  sendWhatRemains(state, effects);
}

void wrote(State& state, const JournalWrote& event, std::vector<Effect>& effects) {
  if (event.position < 1 || event.position > static_cast<int>(state.entries.size())) return;
  Entry& entry = state.entries[static_cast<std::size_t>(event.position - 1)];
  if (event.revision > entry.response.revision || event.revision <= entry.saved_revision) return;
  entry.saved_revision = event.revision;
  effects.push_back(SendResponses{});
}

void acknowledged(State& state, const Acknowledged& event, std::vector<Effect>& effects) {
  hearTime(state, event.time);
  for (const auto& [position, revision] : event.saved) {
    if (position < 1 || position > static_cast<int>(state.entries.size())) continue;
    Entry& entry = state.entries[static_cast<std::size_t>(position - 1)];
    // The server may know a higher revision (another kiosk); ours is then not what counts, but nothing is lost.
    const int known = std::min(revision, entry.response.revision);
    entry.sent_revision = std::max(entry.sent_revision, known);
    entry.saved_revision = std::max(entry.saved_revision, known);
  }
  if (state.phase == Phase::HandingIn) sendWhatRemains(state, effects);
  else if (!state.unsent().empty()) effects.push_back(SendResponses{});
}

}  // namespace

bool Entry::answered() const { return !response.chosen.empty() || !trim(response.text).empty(); }

Safety Entry::safety() const {
  if (typing) return Safety::Unsaved;
  if (sent_revision >= response.revision) return Safety::Sent;
  return saved_revision >= response.revision ? Safety::Saved : Safety::Unsaved;
}

milliseconds State::timeLeft(milliseconds now) const {
  if (paused_at) now = std::min(now, *paused_at);
  return std::clamp(deadline - now, milliseconds{0}, std::max(duration, milliseconds{0}));
}

int State::answered() const {
  return static_cast<int>(std::count_if(entries.begin(), entries.end(), [](const Entry& e) { return e.answered(); }));
}

int State::flagged() const {
  return static_cast<int>(
      std::count_if(entries.begin(), entries.end(), [](const Entry& e) { return e.response.flagged; }));
}

int State::firstOpen() const {
  const auto open = std::find_if(entries.begin(), entries.end(), [](const Entry& e) { return !e.answered(); });
  return open == entries.end() ? 0 : static_cast<int>(open - entries.begin()) + 1;
}

bool State::allSaved() const {
  return std::all_of(entries.begin(), entries.end(), [](const Entry& e) { return e.safety() != Safety::Unsaved; });
}

bool State::typing() const {
  return std::any_of(entries.begin(), entries.end(), [](const Entry& e) { return e.typing; });
}

std::vector<Response> State::unsent() const {
  std::vector<Response> out;
  for (const Entry& entry : entries)
    if (!entry.typing && entry.safety() != Safety::Sent) out.push_back(entry.response);
  return out;
}

State start(std::string id, std::vector<ItemShape> items, std::int64_t started_ms, const ServerTime& time,
            const std::vector<Response>& from_server, const std::vector<Response>& from_journal) {
  INVIGIL_ASSERT(!items.empty());
  State state;
  state.id = std::move(id);
  state.duration = milliseconds{time.deadline_ms - started_ms};
  state.offset = time.heard - milliseconds{time.now_ms};
  hearTime(state, time);
  for (std::size_t i = 0; i < items.size(); ++i) {
    Entry entry{.shape = items[i]};
    entry.response.position = static_cast<int>(i) + 1;
    state.entries.push_back(entry);
  }
  const auto take = [&](const Response& response, bool sent) {
    if (response.position < 1 || response.position > static_cast<int>(state.entries.size())) return;
    Entry& entry = state.entries[static_cast<std::size_t>(response.position - 1)];
    if (response.revision <= entry.response.revision) return;
    entry.response = response;
    entry.saved_revision = response.revision;
    if (sent) entry.sent_revision = response.revision;
  };
  for (const Response& response : from_server) take(response, true);
  for (const Response& response : from_journal) take(response, false);
  if (const int open = state.firstOpen()) state.current = open;
  return state;
}

Next next(State state, const Event& event) {
  std::vector<Effect> effects;
  const bool running = state.phase == Phase::Running && !state.paused_at;
  if (const auto* choose = std::get_if<Choose>(&event); choose && running) apply(state, *choose, effects);
  else if (const auto* typed = std::get_if<Typed>(&event); typed && running) apply(state, *typed, effects);
  else if (std::holds_alternative<Settle>(event) && running) settle(state, effects);
  else if (const auto* flag = std::get_if<ToggleFlag>(&event); flag && running) apply(state, *flag, effects);
  else if (const auto* go = std::get_if<GoTo>(&event); go && running) apply(state, *go, effects);
  else if (const auto* shown = std::get_if<Shown>(&event); shown && running) apply(state, *shown, effects);
  else if (const auto* wrote_event = std::get_if<JournalWrote>(&event)) wrote(state, *wrote_event, effects);
  else if (std::holds_alternative<JournalFailed>(event)) effects.push_back(SendResponses{});
  else if (const auto* ack = std::get_if<Acknowledged>(&event)) acknowledged(state, *ack, effects);
  else if (std::holds_alternative<HandIn>(event) && running) handIn(state, false, effects);
  else if (const auto* tick = std::get_if<Tick>(&event); tick && running && tick->now >= state.deadline)
    handIn(state, true, effects);
  else if (const auto* paused = std::get_if<Paused>(&event); paused && running) {
    settle(state, effects);
    state.paused_at = paused->now;
  }
  else if (const auto* resumed = std::get_if<Resumed>(&event)) {
    // What lay under the pause was not on the screen.
    if (state.paused_at && state.seen >= milliseconds{0}) state.seen = resumed->now;
    state.paused_at.reset();
    state.given_back = resumed->given_back;
    hearTime(state, resumed->time);
    state.duration = std::max(state.duration, state.deadline - resumed->now);  // more time than at first
  } else if (std::holds_alternative<SubmissionAccepted>(event) && state.phase == Phase::HandingIn) {
    state.phase = Phase::Finished;
    effects.push_back(RemoveJournal{});
  }
  return {std::move(state), std::move(effects)};
}

}  // namespace invigil::sitting
