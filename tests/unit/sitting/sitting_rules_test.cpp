// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <rapidcheck.h>

#include <QtTest>
#include <map>
#include <random>

#include "invigil/sitting/sitting.hpp"
#include "invigil/sitting/sync.hpp"

using namespace invigil;
using namespace invigil::sitting;

namespace {

State paper(const std::vector<Response>& server = {}, const std::vector<Response>& journal = {}) {
  return start("s1", {{ItemType::TrueFalse, 2}, {ItemType::SingleChoice, 4}, {ItemType::MultipleChoice, 5}}, 1'000'000,
               {1'000'000, 1'600'000, milliseconds{50}}, server, journal);
}

State after(State state, const std::vector<Event>& events) {
  for (const Event& event : events) state = next(std::move(state), event).state;
  return state;
}

template <class T>
bool has(const std::vector<Effect>& effects) {
  return std::any_of(effects.begin(), effects.end(), [](const Effect& e) { return std::holds_alternative<T>(e); });
}

Acknowledged ack(int position, int revision, std::int64_t now_ms = 1'000'100, milliseconds heard = milliseconds{150}) {
  return {{{position, revision}}, {now_ms, 1'600'000, heard}};
}

}  // namespace

class SittingRulesTest : public QObject {
  Q_OBJECT
 private slots:
  void singleChoiceReplacesAndMultipleChoiceToggles() {
    State s = after(paper(), {GoTo{2}, Choose{1}, Choose{3}});
    QCOMPARE(s.at(2).response.chosen, std::vector<int>{3});
    QCOMPARE(s.at(2).response.revision, 2);
    s = after(s, {GoTo{3}, Choose{4}, Choose{0}, Choose{2}, Choose{4}});
    QCOMPARE(s.at(3).response.chosen, (std::vector<int>{0, 2}));
    QCOMPARE(s.at(3).response.revision, 4);
  }

  void choosingTheSameAgainOrAnOptionThatIsNotThereChangesNothing() {
    const State s = after(paper(), {Choose{1}});
    const Next same = next(s, Choose{1});
    QCOMPARE(same.state.at(1).response.revision, 1);
    QVERIFY(same.effects.empty());
    QVERIFY(next(s, Choose{2}).effects.empty());
    QVERIFY(next(s, Choose{-1}).effects.empty());
  }

  void aPauseStopsTheClockAndNothingCanBeChanged() {
    State s = after(paper(), {Paused{milliseconds{100'050}}});
    QCOMPARE(s.timeLeft(milliseconds{100'050}), milliseconds{500'000});
    QCOMPARE(s.timeLeft(milliseconds{9'000'000}), milliseconds{500'000});
    QVERIFY(next(s, Choose{1}).effects.empty());
    QVERIFY(next(s, HandIn{}).effects.empty());
    QCOMPARE(next(s, Tick{milliseconds{9'000'000}}).state.phase, Phase::Running);  // no deadline passes
    s = after(s, {ack(1, 1)});  // what was on its way arrives
    s = after(s, {Resumed{{1'400'000, 1'900'000, milliseconds{400'050}}, milliseconds{400'050}}});
    QCOMPARE(s.timeLeft(milliseconds{400'050}), milliseconds{500'000});
    QCOMPARE(next(s, Choose{1}).state.at(1).response.chosen, std::vector<int>{1});
    QCOMPARE(next(s, Tick{milliseconds{900'051}}).state.phase, Phase::HandingIn);
  }

  /// The server says the old deadline until it has heard of the pause; then it says the new one.
  void whatStoodWithoutTheServerIsKeptUntilTheServerGivesItBack() {
    const ServerTime before{1'000'000, 1'600'000, milliseconds{50}}, after_it{1'420'000, 1'900'000, milliseconds{420'050}};
    State s = after(paper(), {Shown{milliseconds{50}}, Shown{milliseconds{100'050}}, Paused{milliseconds{100'050}}, Resumed{before, milliseconds{400'050}, milliseconds{300'000}}});
    QCOMPARE(s.timeLeft(milliseconds{400'050}), milliseconds{500'000});
    s = after(s, {Acknowledged{{}, {1'410'000, 1'600'000, milliseconds{410'050}}}});
    QCOMPARE(s.timeLeft(milliseconds{410'050}), milliseconds{490'000});
    QCOMPARE(next(s, Tick{milliseconds{700'000}}).state.phase, Phase::Running);
    s = after(s, {Resumed{after_it, milliseconds{420'050}, milliseconds{0}}});
    QCOMPARE(s.timeLeft(milliseconds{420'050}), milliseconds{480'000});
    // What lay under the pause was not read.
    s = after(s, {Shown{milliseconds{430'050}}});
    QCOMPARE(s.at(1).response.shown_ms, std::int64_t{100'000 + 30'000});
  }

  void moreTimeThanAtFirstIsShownAsItIs() {
    const State s = after(paper(), {Resumed{{1'000'100, 2'600'100, milliseconds{150}}, milliseconds{150}}});
    QCOMPARE(s.timeLeft(milliseconds{150}), milliseconds{1'600'000});
  }

  void whatIsTypedIsOneRevisionUntilItSettlesAndGoesNowhereBefore() {
    State s = start("s1", {{ItemType::Numeric, 0}, {ItemType::ShortText, 0}, {ItemType::SingleChoice, 3}}, 1'000'000,
                    {1'000'000, 1'600'000, milliseconds{50}}, {}, {});
    for (const char* text : {"1", "1.", "1.5"}) {
      const Next n = next(std::move(s), Typed{text});
      QVERIFY(n.effects.empty());
      s = n.state;
    }
    QCOMPARE(s.at(1).response.revision, 1);
    QVERIFY(s.typing() && s.at(1).safety() == Safety::Unsaved && s.unsent().empty() && s.at(1).answered());
    QVERIFY(next(s, Typed{"1.5"}).effects.empty());
    const Next settled = next(s, Settle{});
    QCOMPARE(std::get<WriteJournal>(settled.effects.at(0)).response.text, std::string{"1.5"});
    QVERIFY(!settled.state.typing());
    QCOMPARE(settled.state.unsent().size(), std::size_t{1});
    QVERIFY(next(settled.state, Settle{}).effects.empty());
    QCOMPARE(next(settled.state, Typed{"2"}).state.at(1).response.revision, 2);
    // Whatever ends the typing writes it first.
    QVERIFY(std::holds_alternative<WriteJournal>(next(s, GoTo{2}).effects.at(0)));
    for (const Event& end : std::vector<Event>{HandIn{}, Tick{milliseconds{10'000'000}}}) {
      const Next n = next(s, end);
      QVERIFY(std::holds_alternative<WriteJournal>(n.effects.at(0)) && std::holds_alternative<WriteHandIn>(n.effects.at(1)));
      QVERIFY(has<SendResponses>(n.effects));
    }
  }

  void whatCannotBeTypedIsNotTaken() {
    State s = start("s1", {{ItemType::ShortText, 0}, {ItemType::SingleChoice, 3}}, 1'000'000, {1'000'000, 1'600'000, milliseconds{50}}, {}, {});
    for (const std::string& text : {std::string("接地"), std::string("a\nb"), std::string(81, 'x')}) QCOMPARE(next(s, Typed{text}).state.at(1).response.revision, 0);
    QCOMPARE(next(s, Typed{std::string(80, 'x')}).state.at(1).response.revision, 1);
    QCOMPARE(next(s, Choose{0}).state.at(1).response.revision, 0);
    QCOMPARE(after(s, {GoTo{2}, Typed{"x"}}).at(2).response.revision, 0);
    QVERIFY(!after(s, {Typed{"  "}}).at(1).answered());
    s = after(s, {Typed{"PE"}, GoTo{2}, Tick{milliseconds{10'000'000}}, GoTo{1}, Typed{"N"}});
    QCOMPARE(s.at(1).response.text, std::string{"PE"});
  }

  void aChangeIsUnsavedUntilTheJournalHasItAndSentOnlyWhenAcknowledged() {
    Next n = next(paper(), Choose{0});
    QVERIFY(has<WriteJournal>(n.effects));
    QCOMPARE(n.state.at(1).safety(), Safety::Unsaved);
    n = next(n.state, JournalWrote{1, 1});
    QVERIFY(has<SendResponses>(n.effects));
    QCOMPARE(n.state.at(1).safety(), Safety::Saved);
    n = next(n.state, ack(1, 1));
    QCOMPARE(n.state.at(1).safety(), Safety::Sent);
    QVERIFY(n.state.unsent().empty());
  }

  void anOldAcknowledgementDoesNotCoverANewerAnswer() {
    State s = after(paper(), {Choose{0}, JournalWrote{1, 1}, Choose{1}, JournalWrote{1, 2}, ack(1, 1)});
    QCOMPARE(s.at(1).safety(), Safety::Saved);
    QCOMPARE(s.unsent().size(), std::size_t{1});
    QCOMPARE(s.unsent()[0].revision, 2);
    s = after(s, {ack(1, 2), ack(1, 1), ack(1, 2)});
    QCOMPARE(s.at(1).safety(), Safety::Sent);
  }

  void aDiskThatRefusesStillSends() {
    const Next n = next(after(paper(), {Choose{0}}), JournalFailed{});
    QVERIFY(has<SendResponses>(n.effects));
    QCOMPARE(n.state.at(1).safety(), Safety::Unsaved);
    QCOMPARE(n.state.unsent().size(), std::size_t{1});
  }

  void theDeadlineHandsInWithoutTheServerAndNothingChangesAfterIt() {
    State s = after(paper(), {Choose{0}, JournalWrote{1, 1}});
    QCOMPARE(s.timeLeft(milliseconds{50}), milliseconds{600'000});
    s = after(s, {Tick{milliseconds{600'049}}});
    QCOMPARE(s.phase, Phase::Running);
    const Next end = next(s, Tick{milliseconds{600'050}});
    QCOMPARE(end.state.phase, Phase::HandingIn);
    QVERIFY(end.state.by_deadline);
    QVERIFY(has<WriteHandIn>(end.effects));
    QVERIFY(has<SendResponses>(end.effects));
    QVERIFY(!has<SendSubmission>(end.effects));
    QVERIFY(next(end.state, Choose{1}).effects.empty());
    QVERIFY(next(end.state, ToggleFlag{}).effects.empty());
    QVERIFY(next(end.state, HandIn{}).effects.empty());
  }

  void theSubmissionGoesOutOnlyAfterTheLastAnswer() {
    const Next handed = next(after(paper(), {Choose{0}, JournalWrote{1, 1}}), HandIn{});
    QVERIFY(!has<SendSubmission>(handed.effects));
    const Next acked = next(handed.state, ack(1, 1));
    QVERIFY(has<SendSubmission>(acked.effects));
    const Next done = next(acked.state, SubmissionAccepted{});
    QCOMPARE(done.state.phase, Phase::Finished);
    QVERIFY(has<RemoveJournal>(done.effects));
    QVERIFY(next(done.state, SubmissionAccepted{}).effects.empty());
  }

  void aSlowMessageDoesNotLengthenTheTime() {
    // Heard 9 s late: the earlier message knows better.
    const State s = after(paper(), {ack(1, 1, 1'000'100, milliseconds{9'150})});
    QCOMPARE(s.deadline, milliseconds{600'050});
    const State faster = after(paper(), {ack(1, 1, 1'000'100, milliseconds{120})});
    QCOMPARE(faster.deadline, milliseconds{600'020});
    const State longer = after(paper(), {Acknowledged{{}, {1'000'100, 1'700'000, milliseconds{150}}}});
    QCOMPARE(longer.deadline, milliseconds{700'050});
  }

  void aRestartTakesTheHigherRevisionOfJournalAndServer() {
    const State s = paper({{1, 3, {1}, false}, {2, 2, {0}, true}}, {{1, 2, {0}, false}, {2, 5, {3}, false}, {9, 1, {}, false}});
    QCOMPARE(s.at(1).response.chosen, std::vector<int>{1});
    QCOMPARE(s.at(1).safety(), Safety::Sent);
    QCOMPARE(s.at(2).response.chosen, std::vector<int>{3});
    QCOMPARE(s.at(2).safety(), Safety::Saved);
    QCOMPARE(s.current, 3);
    QCOMPARE(after(s, {GoTo{1}, Choose{0}}).at(1).response.revision, 4);
  }

  void eachItemCountsTheTimeItWasOnTheScreenAndKeepsItOverARestart() {
    using ms = milliseconds;
    State s = after(paper(), {Shown{ms{100}}, Shown{ms{1'100}}, Choose{1}, Shown{ms{1'600}}, GoTo{2}, Shown{ms{3'600}}, Choose{0}});
    QCOMPARE(s.at(1).response.shown_ms, 1'500);
    QCOMPARE(s.at(2).response.shown_ms, 2'000);
    s = after(s, {Shown{ms{3'600}}, GoTo{1}, Shown{ms{4'600}}, ToggleFlag{}});
    QCOMPARE(s.at(1).response.shown_ms, 2'500);
    QCOMPARE(std::get<WriteJournal>(next(s, Choose{0}).effects.front()).response.shown_ms, 2'500);
    // A clock that seems to run back takes nothing away; after the hand-in nothing is counted.
    s = after(s, {Shown{ms{4'000}}, Shown{ms{4'500}}, HandIn{}, Shown{ms{9'000}}});
    QCOMPARE(s.at(1).response.shown_ms, 3'000);
    const State again = after(paper({s.at(1).response}), {GoTo{1}, Shown{ms{7}}, Shown{ms{507}}});
    QCOMPARE(again.at(1).response.shown_ms, 3'500);
  }

  void movingStaysInsideThePaper() {
    QCOMPARE(after(paper(), {GoTo{99}}).current, 3);
    QCOMPARE(after(paper(), {GoTo{0}}).current, 1);
  }

  void repeatsWaitLongerAndNeverTooLong() {
    Sync sync;
    QVERIFY(sync.ready(milliseconds{0}));
    sync.sent();
    QVERIFY(!sync.ready(milliseconds{1'000'000}));
    milliseconds now{0};
    for (int i = 0; i < 12; ++i) {
      sync.failed(now, 1.0);
      QVERIFY(!sync.online());
      QVERIFY(sync.retryAt() - now <= Sync::kRetryMax);
      QVERIFY(sync.retryAt() - now >= Sync::kRetryFirst / 2);
      now = sync.retryAt();
      QVERIFY(sync.ready(now));
    }
    QVERIFY(sync.retryAt() - milliseconds{0} > milliseconds{60'000});
    sync.succeeded();
    QVERIFY(sync.online());
  }

  void whateverIsLostOrRepeatedTheServerEndsWithTheLastAnswers() {
    QVERIFY(rc::check("server = kiosk at the end", [] {
      const auto seed = *rc::gen::arbitrary<std::uint32_t>();
      std::mt19937 random(seed);
      State s = paper();
      std::map<int, Response> server;
      const auto deliver = [&](bool answer_arrives) {
        Acknowledged a{{}, {1'000'100, 1'600'000, milliseconds{150}}};
        for (const Response& r : Sync::batch(s)) {
          if (r.revision > server[r.position].revision) server[r.position] = r;
          a.saved.emplace_back(r.position, server[r.position].revision);
        }
        if (answer_arrives) s = next(s, a).state;
      };
      for (int i = 0; i < 60; ++i) {
        const unsigned what = random() % 6;
        if (what == 0) s = next(s, GoTo{static_cast<int>(random() % 4)}).state;
        else if (what == 1) s = next(s, ToggleFlag{}).state;
        else if (what <= 3) s = next(s, Choose{static_cast<int>(random() % 5)}).state;
        else deliver(random() % 2 == 0);
        for (const Entry& e : s.entries)
          if (random() % 2) s = next(s, JournalWrote{e.response.position, e.response.revision}).state;
      }
      s = next(s, HandIn{}).state;
      bool submitted = false;
      for (int i = 0; i < 50 && !submitted; ++i) {
        deliver(random() % 3 == 0);
        submitted = s.unsent().empty();
      }
      deliver(true);
      RC_ASSERT(s.unsent().empty());
      for (const Entry& e : s.entries)
        if (e.response.revision > 0) RC_ASSERT(server[e.response.position] == e.response);
    }));
  }
};

QTEST_GUILESS_MAIN(SittingRulesTest)
#include "sitting_rules_test.moc"
