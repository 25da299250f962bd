// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "jobs/jobs.hpp"

#include <cstdio>

#include "http/errors.hpp"

namespace invigil::server {
namespace {

constexpr milliseconds kTell{200};

const JobKind* kindOf(const std::string& id) {
  for (const JobKind& kind : jobKinds())
    if (kind.id == id) return &kind;
  return nullptr;
}

void setState(Tx& tx, const std::string& id, const std::string& state) {
  tx.exec("update job set state = :a, seen = seen + 1 where id = :b", state, id);
  tx.notify("job:" + id);
}

Result<std::optional<JobRun>> takeNext(App& app) {
  return app.store->writeNow<std::optional<JobRun>>([](Tx& tx) -> Result<std::optional<JobRun>> {
    auto row = tx.one<std::string, std::string, std::string, std::string, std::string, std::int64_t>(
        "select id, kind, subject, request, made_by, made_ms from job where state = 'queued' order by place limit 1");
    if (!row) return std::optional<JobRun>();
    JobRun run;
    std::string request;
    std::int64_t made = 0;
    std::tie(run.id, run.kind, run.subject, request, run.made_by, made) = *row;
    run.request = Json::parse(request);
    run.made = fromMillis(made);
    setState(tx, run.id, "running");
    return std::optional(std::move(run));
  });
}

Status finish(App& app, const JobRun& run, const Result<Json>& result) {
  return app.store->writeNow<void>([&](Tx& tx) -> Status {
    const bool cancelled = !result && result.error().reason == "job_cancelled";
    if (tx.value<std::string>("select state from job where id = :a", run.id) != "running") return {};  // completeJob() was faster
    tx.exec("update job set result = :a, error = :b, finished_ms = :c where id = :d", result ? result->dump() : std::string("null"),
            result ? std::string("null") : errorJson(result.error())["error"].dump(), toMillis(app.clock->now()), run.id);
    setState(tx, run.id, result ? "done" : cancelled ? "cancelled" : "failed");
    return {};
  });
}

}  // namespace

std::string queueJob(Tx& tx, const std::string& kind, const std::string& subject, const Json& request, const std::string& made_by,
                     Instant now) {
  const std::string id = newId();
  const auto place = tx.value<std::int64_t>("select coalesce(max(place), 0) + 1 from job");
  tx.exec("insert into job(id, place, kind, subject, state, done, total, request, result, error, made_by, made_ms, cancel, seen) "
          "values (:a, :b, :c, :d, 'queued', 0, 0, :e, 'null', 'null', :f, :g, 0, 1)",
          id, place.value_or(1), kind, subject, request.dump(), made_by, toMillis(now));
  tx.notify("jobs");
  return id;
}

void completeJob(Tx& tx, const std::string& id, const Json& result, Instant now) {
  tx.exec("update job set result = :a, finished_ms = :b, done = total where id = :c", result.dump(), toMillis(now), id);
  setState(tx, id, "done");
}

void cancelJob(Tx& tx, const std::string& id, Instant now) {
  tx.exec("update job set cancel = 1 where id = :a and state in ('queued', 'running')", id);
  tx.exec("update job set finished_ms = :a where id = :b and state = 'queued'", toMillis(now), id);
}

Result<Json> jobJson(Tx& tx, const std::string& id) {
  auto row = tx.one<std::string, std::string, std::string, std::int64_t, std::int64_t, std::string, std::string, std::string, std::int64_t,
                    std::int64_t>(
      "select kind, subject, state, done, total, result, error, coalesce(account.display, made_by), made_ms, seen "
      "from job left join account on account.id = made_by where job.id = :a", id);
  if (!row) return fail(ErrorCode::NotFound, "no_such_job", "", "id");
  const auto& [kind_id, subject, state, done, total, result, error, made_by, made, seen] = *row;
  const JobKind* kind = kindOf(kind_id);
  const bool bulk = kind_id == std::string("bulk_edit");
  return Json{{"id", id}, {"kind", kind_id}, {"subject", subject}, {"state", state}, {"done", done}, {"total", total},
              {"what", kind ? wording(kind->zh, kind->en) : wording(kind_id, kind_id)}, {"made_ms", made}, {"made_by", made_by},
              {"seen", std::to_string(seen)}, {"result", bulk ? Json::parse(result) : Json(nullptr)}, {"error", Json::parse(error)}};
}

Result<bool> runNextJob(App& app, const std::function<bool()>& stop) {
  INVIGIL_TRY(taken, takeNext(app));
  if (!taken) return false;
  JobRun run = std::move(*taken);
  Instant told{};
  run.progress = [&](std::int64_t done, std::int64_t total) -> Status {
    if (stop()) return fail(ErrorCode::Unavailable, "job_interrupted", "", "job");
    const Instant now = app.clock->now();
    if (now - told < kTell && done != total) return {};
    told = now;
    INVIGIL_TRY(cancelled, app.store->writeNow<bool>([&](Tx& tx) -> Result<bool> {
      tx.exec("update job set done = :a, total = :b, seen = seen + 1 where id = :c", done, total, run.id);
      tx.notify("job:" + run.id);
      return tx.value<std::int64_t>("select cancel from job where id = :a", run.id).value_or(0) != 0;
    }));
    if (cancelled) return fail(ErrorCode::Conflict, "job_cancelled", "", "job");
    return {};
  };
  const JobKind* kind = kindOf(run.kind);
  Result<Json> result = Json(nullptr);
  if (!kind) {
    result = fail(ErrorCode::Internal, "internal", "A job of an unknown kind: " + run.kind);
  } else if (Status first = run.progress(0, 0); !first) {
    result = fail(first.error());
  } else {
    try {
      result = kind->work(app, run);
    } catch (const std::exception&) {  // its words may hold input
      result = fail(ErrorCode::Internal, "internal", "A job threw an exception.");
    }
  }
  if (!result && result.error().reason == "job_interrupted") {
    INVIGIL_CHECK(app.store->writeNow<void>([&](Tx& tx) -> Status { setState(tx, run.id, "queued"); return {}; }));
    return false;
  }
  if (!result && kind && kind->undo) kind->undo(app, run, result.error());
  INVIGIL_CHECK(finish(app, run, result));
  return true;
}

void JobThread::run(std::stop_token stop) {
  const auto tell = [](const Error& error) {
    std::fprintf(stderr, "invigil-server: jobs: %s: %s\n", error.reason.c_str(), error.detail.c_str());
  };
  const Status again = app_.store->writeNow<void>([](Tx& tx) -> Status {
    tx.exec("update job set state = 'queued', seen = seen + 1 where state = 'running'");
    return {};
  });
  if (!again) tell(again.error());
  do {
    for (;;) {
      auto ran = runNextJob(app_, [&] { return stop.stop_requested(); });
      if (!ran) tell(ran.error());
      if (!ran || !*ran || stop.stop_requested()) break;
    }
  } while (app_.job_bell.wait(stop));
}

}  // namespace invigil::server
