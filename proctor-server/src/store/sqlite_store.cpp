// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <soci/sqlite3/soci-sqlite3.h>

#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <deque>
#include <future>
#include <mutex>
#include <thread>

#include "store/migrations.hpp"
#include "store/store.hpp"

namespace invigil::store {
namespace {

constexpr std::size_t kGroupMax = 256;

struct Job {
  Work work;
  Done done;
};

/// A queue that its threads wait on; close() lets them drain and leave.
class Queue {
 public:
  void push(Job job) {
    {
      std::lock_guard lock(mutex_);
      jobs_.push_back(std::move(job));
    }
    ready_.notify_one();
  }
  /// Up to `max` jobs; empty only when closed and drained.
  std::vector<Job> take(std::size_t max) {
    std::unique_lock lock(mutex_);
    ready_.wait(lock, [this] { return closed_ || !jobs_.empty(); });
    std::vector<Job> taken;
    while (!jobs_.empty() && taken.size() < max) {
      taken.push_back(std::move(jobs_.front()));
      jobs_.pop_front();
    }
    return taken;
  }
  void close() {
    {
      std::lock_guard lock(mutex_);
      closed_ = true;
    }
    ready_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<Job> jobs_;
  bool closed_ = false;
};

Error storeFailed(const std::exception& e) {
  // SOCI appends bound values to its message after " while "; those may be personal data.
  std::string what = e.what();
  what = what.substr(0, what.find(" while "));
  std::fprintf(stderr, "invigil-server: store: %s\n", what.c_str());
  return {ErrorCode::Unavailable, "store_failed", what, "store"};
}

class SqliteStore final : public Store {
 public:
  SqliteStore(std::string path, int readers) : path_(std::move(path)), reader_count_(readers) {}

  Status start() {
    try {
      openSession(writer_);
      INVIGIL_CHECK(migrate(writer_));
      for (int i = 0; i < reader_count_; ++i) {
        readers_.push_back(std::make_unique<soci::session>());
        openSession(*readers_.back());
        *readers_.back() << "pragma query_only = on";
      }
    } catch (const std::exception& e) {
      return fail(ErrorCode::Unavailable, "cannot_open_store", "Cannot open '" + path_ + "': " + e.what());
    }
    threads_.emplace_back([this] { runWriter(); });
    for (auto& session : readers_) threads_.emplace_back([this, s = session.get()] { runReader(*s); });
    return {};
  }

  ~SqliteStore() override {
    writes_.close();
    reads_.close();
    for (std::thread& thread : threads_) thread.join();
  }

  void write(Work work, Done done) override { writes_.push({std::move(work), std::move(done)}); }
  void read(Work work, Done done) override { reads_.push({std::move(work), std::move(done)}); }
  void onNotify(std::function<void(const std::string&)> listener) override {
    std::lock_guard lock(listener_mutex_);
    listener_ = std::move(listener);
  }
  std::pair<std::int64_t, std::int64_t> counters() const override { return {written_.load(), commits_.load()}; }

 private:
  void openSession(soci::session& session) {
    session.open(soci::sqlite3, "dbname=" + path_ + " timeout=10");
    session << "pragma journal_mode = wal";
    session << "pragma synchronous = full";
    session << "pragma foreign_keys = on";
    // A picture that is deleted is overwritten in the file, not only left out of the index.
    session << "pragma secure_delete = on";
  }

  static Outcome run(const Work& work, Tx& tx) {
    try {
      return work(tx);
    } catch (const std::exception& e) {
      return fail(storeFailed(e));
    }
  }

  void runReader(soci::session& session) {
    for (auto jobs = reads_.take(1); !jobs.empty(); jobs = reads_.take(1)) {
      Outcome outcome;
      try {
        session << "begin";
        Tx tx(session, false);
        outcome = run(jobs.front().work, tx);
        session << "rollback";
      } catch (const std::exception& e) {
        outcome = fail(storeFailed(e));
      }
      jobs.front().done(std::move(outcome));
    }
  }

  void runWriter() {
    for (auto jobs = writes_.take(kGroupMax); !jobs.empty(); jobs = writes_.take(kGroupMax)) runGroup(jobs);
  }

  void runGroup(std::vector<Job>& jobs) {
    std::vector<Outcome> outcomes;
    std::vector<std::string> topics;
    try {
      writer_ << "begin immediate";
      for (Job& job : jobs) {
        writer_ << "savepoint job";
        Tx tx(writer_, true);
        outcomes.push_back(run(job.work, tx));
        if (!outcomes.back()) writer_ << "rollback to job";
        writer_ << "release job";
        if (outcomes.back())
          for (std::string& topic : tx.takeTopics()) topics.push_back(std::move(topic));
      }
      writer_ << "commit";
      commits_ += 1;
      written_ += static_cast<std::int64_t>(jobs.size());
    } catch (const std::exception& e) {
      const Error error = storeFailed(e);
      try {
        writer_ << "rollback";
      } catch (const std::exception&) {  // nothing was open
      }
      topics.clear();
      outcomes.assign(jobs.size(), fail(error));
    }
    for (std::size_t i = 0; i < jobs.size(); ++i) jobs[i].done(std::move(outcomes[i]));
    std::lock_guard lock(listener_mutex_);
    if (listener_)
      for (const std::string& topic : topics) listener_(topic);
  }

  std::string path_;
  int reader_count_;
  soci::session writer_;
  std::vector<std::unique_ptr<soci::session>> readers_;
  Queue writes_, reads_;
  std::vector<std::thread> threads_;
  std::mutex listener_mutex_;
  std::function<void(const std::string&)> listener_;
  std::atomic<std::int64_t> written_{0}, commits_{0};
};

}  // namespace

Result<std::unique_ptr<Store>> Store::open(const std::string& path, int readers) {
  auto store = std::make_unique<SqliteStore>(path, readers);
  INVIGIL_CHECK(store->start());
  return std::unique_ptr<Store>(std::move(store));
}

Outcome Store::waitFor(void (Store::*door)(Work, Done), Work work) {
  std::promise<Outcome> promise;
  (this->*door)(std::move(work), [&promise](Outcome outcome) { promise.set_value(std::move(outcome)); });
  return promise.get_future().get();
}

}  // namespace invigil::store
