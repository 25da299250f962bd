// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <thread>

#include "app.hpp"

/// Long work with progress: one at a time on a thread of its own, never on a network or store thread. A job is a row; it
/// survives a restart by beginning again, so its work must be repeatable until its last, single transaction.
namespace invigil::server {

/// A job as its work sees it.
struct JobRun {
  std::string id, kind, subject, made_by;
  Json request;
  Instant made{};
  /// Called often by the work: tells how far it is and whether to go on.
  /// Errors: Conflict job_cancelled (a person asked), Unavailable job_interrupted (the server stops).
  std::function<Status(std::int64_t done, std::int64_t total)> progress;
};

struct JobKind {
  const char *id, *zh, *en;
  std::function<Result<Json>(App&, JobRun&)> work;      ///< the result, or null
  std::function<void(App&, const JobRun&, const Error&)> undo;  ///< after a failure or a cancel; not after an interruption
};
/// Every kind there is (jobs/kinds.cpp).
const std::vector<JobKind>& jobKinds();

/// Adds a job inside a write transaction; it starts after the commit. Returns its id.
std::string queueJob(Tx& tx, const std::string& kind, const std::string& subject, const Json& request,
                     const std::string& made_by, Instant now);
/// Ends a job in the very transaction that does its work, so that a crash right after cannot do it twice.
void completeJob(Tx& tx, const std::string& id, const Json& result, Instant now);
/// Asks a job to stop. Nothing when it has ended.
void cancelJob(Tx& tx, const std::string& id, Instant now);
/// Job of openapi.yaml. Errors: NotFound no_such_job.
Result<Json> jobJson(Tx& tx, const std::string& id);

/// Runs the oldest queued job in the calling thread. False when none waits. `stop` is asked between steps.
Result<bool> runNextJob(App& app, const std::function<bool()>& stop = [] { return false; });

/// The thread that runs jobs whenever App::job_bell rings, from construction to destruction. Jobs that a crash cut off
/// are queued again.
class JobThread {
 public:
  explicit JobThread(App& app) : app_(app), thread_([this](std::stop_token stop) { run(stop); }) {}

 private:
  void run(std::stop_token stop);
  App& app_;
  std::jthread thread_;
};

Routes jobRoutes();

}  // namespace invigil::server
