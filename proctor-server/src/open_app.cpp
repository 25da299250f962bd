// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "open_app.hpp"

#include <condition_variable>
#include <cstdio>
#include <deque>
#include <filesystem>
#include <stop_token>
#include <thread>

#include "accounts/accounts.hpp"
#include "admission/admissions.hpp"
#include "hall_clock.hpp"
#include "invigil/base/random.hpp"
#include "papers/papers.hpp"
#include "proctoring/recording.hpp"
#include "registration/face_data.hpp"
#include "registration/registration.hpp"
#include "reservation/reservations.hpp"
#include "sitting/sittings.hpp"

namespace invigil::server {
namespace {

/// No SMS provider is part of the product yet: the messages lie in the data folder, where an operator's script may
/// fetch them. A thread of its own writes them, so that the answer to a request takes as long whether a message goes
/// out or not.
class OutboxGateway final : public PhoneGateway {
 public:
  explicit OutboxGateway(std::string folder) : folder_(std::move(folder)), writer_([this](std::stop_token stop) { run(stop); }) {}
  ~OutboxGateway() override { writer_.request_stop(); }

  Status send(const std::string& phone, const std::string& zh, const std::string& en) override {
    {
      std::lock_guard lock(mutex_);
      messages_.push_back(Json{{"phone", phone}, {"zh", zh}, {"en", en}}.dump());
    }
    ready_.notify_one();
    return {};
  }

 private:
  void run(std::stop_token stop) {
    for (;;) {
      std::string message;
      {
        std::unique_lock lock(mutex_);
        if (!ready_.wait(lock, stop, [this] { return !messages_.empty(); })) return;
        message = std::move(messages_.front());
        messages_.pop_front();
      }
      std::error_code ignored;
      std::filesystem::create_directories(folder_, ignored);
      std::filesystem::permissions(folder_, std::filesystem::perms::owner_all, ignored);
      if (Status written = writeFileDurably(folder_ + "/" + randomHex(8) + ".json", message, 0600); !written)
        std::fprintf(stderr, "invigil-server: outbox: %s\n", written.error().reason.c_str());
    }
  }

  std::string folder_;
  std::mutex mutex_;
  std::condition_variable_any ready_;
  std::deque<std::string> messages_;
  std::jthread writer_;
};

constexpr minutes kClockPatience{10};

bool somebodySits(Tx& tx, Instant now) {
  return tx.value<std::int64_t>("select count(*) from (select 1 from sitting where finished_ms is null and deadline_ms > :a limit 1) found", toMillis(now)).value_or(0) > 0;
}

/// Would an exam be over if the hall's time went from `now` to `other`, or a pause be reckoned from the future?
bool harmsSomebody(Tx& tx, Instant now, Instant other) {
  return tx.value<std::int64_t>("select count(*) from (select 1 from sitting where finished_ms is null and deadline_ms > :a and (deadline_ms <= :b or :c < :d) limit 1) found",
                                toMillis(now), toMillis(other), toMillis(other), toMillis(now)).value_or(0) > 0;
}

/// Tells of the machine's clock and decides when a leap of it is believed: it stands by it, and nobody who sits at an exam
/// loses by that. What passed meanwhile then has the grace of a restart.
Status watchClock(App& app) {
  const auto clock = std::dynamic_pointer_cast<HallClock>(app.clock);
  if (!clock) return {};
  const HallClock::Look seen = clock->look();
  const auto leap = clock->leap();
  if (seen.slept) {
    app.serving_since = clock->now();
    std::fprintf(stderr, "invigil-server: this machine stood still; bookings and deadlines have the grace of a restart\n");
  }
  const auto note = [&](const char* what, milliseconds ahead) {
    const std::string by = std::to_string(std::chrono::round<seconds>(ahead).count()) + " s";
    std::fprintf(stderr, "invigil-server: %s: the machine's clock is ahead by %s\n", what, by.c_str());
    return app.store->writeNow<void>([&](Tx& tx) -> Status {
      audit(tx, clock->now(), "server", what, "clock", by);
      return {};
    });
  };
  if (seen.changed) INVIGIL_CHECK(note(leap ? "clock_leapt" : "clock_back", leap ? leap->ahead : milliseconds{0}));
  if (!leap) return {};
  const Instant now = clock->now();
  // A machine whose own clock is bad gets the time from the network soon after its start: nothing to wait for where nobody sits.
  INVIGIL_TRY(believed, app.store->readNow<bool>([&](Tx& tx) -> Result<bool> {
    const bool early = clock->age() < kClockPatience && !somebodySits(tx, now);
    return (early || leap->stands >= kClockPatience) && !harmsSomebody(tx, now, now + leap->ahead);
  }));
  if (!believed) return {};
  clock->follow();
  app.serving_since = clock->now();
  return note("clock_followed", leap->ahead);
}

}  // namespace

Result<std::unique_ptr<App>> openApp(const Config& config, LostKeys lost) {
  auto app = std::make_unique<App>();
  app->config = config;
  if (app->config.recordings_dir.empty()) app->config.recordings_dir = config.data_dir + "/recordings";
  app->clock = std::make_shared<HallClock>(std::make_shared<SystemClock>());
  std::error_code error;
  std::filesystem::create_directories(config.data_dir, error);
  if (error)
    return fail(ErrorCode::Unavailable, "cannot_open_store", "Cannot make the folder '" + config.data_dir + "': " + error.message() + ".");
  std::filesystem::permissions(config.data_dir, std::filesystem::perms::owner_all, error);
  std::filesystem::create_directories(app->config.recordings_dir, error);
  if (error)
    return fail(ErrorCode::Unavailable, "cannot_open_store", "Cannot make the folder '" + app->config.recordings_dir + "': " + error.message() + ".");
  std::filesystem::permissions(app->config.recordings_dir, std::filesystem::perms::owner_all, error);
  app->phone = std::make_unique<OutboxGateway>(config.data_dir + "/outbox");
  // The database first: whether a key may be made depends on what it holds.
  INVIGIL_TRY(store, store::Store::open(config.data_dir + "/invigil.db"));
  app->store = std::move(store);
  INVIGIL_CHECK(openKeys(*app, config.data_dir + "/keys", lost));
  return app;
}

Result<std::string> firstAdministrator(App& app) {
  INVIGIL_TRY(count, app.store->readNow<std::int64_t>([](Tx& tx) -> Result<std::int64_t> {
    return tx.value<std::int64_t>("select count(*) from account where role = 'administrator'").value_or(0);
  }));
  if (count > 0) return std::string();
  return setNewPassword(app, "admin", "Administrator", "administrator", true);
}

void housekeeping(App& app) {
  const auto tell = [](const Status& done) {
    if (!done) std::fprintf(stderr, "invigil-server: housekeeping: %s: %s\n", done.error().reason.c_str(), done.error().detail.c_str());
  };
  tell(watchClock(app));
  const Instant now = app.clock->now();
  tell(finishOverdue(app, now));
  tell(keepPapersReady(app, now));
  tell(watchFaceData(app, now));
  if (app.limits.allow("housekeeping/tls", 1, seconds(10), now)) tell(tendTls(app, now));
  const Status done = app.store->writeNow<void>([&](Tx& tx) -> Status {
    releaseNoShows(app, tx, now);
    endForgottenPauses(tx, now);
    if (app.limits.allow("housekeeping/photos", 1, std::chrono::hours(1), now)) {
      forgetPhotos(tx, now);
      forgetEvidence(tx, now);
      forgetCaptures(tx, now);
    }
    tx.exec("delete from booking_session where expires_ms < :a", toMillis(now));
    tx.exec("delete from phone_challenge where expires_ms < :a", toMillis(now));
    return {};
  });
  tell(done);
  if (app.limits.allow("housekeeping/recordings", 1, std::chrono::hours(1), now)) tell(forgetRecordings(app, now));
}

}  // namespace invigil::server
