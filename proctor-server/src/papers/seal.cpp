// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "banking/lifecycle.hpp"
#include "invigil/assembly/paper.hpp"
#include "invigil/base/random.hpp"
#include "papers/blueprints.hpp"
#include "papers/frozen.hpp"

namespace invigil::server {
namespace {

/// What the job reads before it freezes, or again after a restart.
struct Plan {
  BatchRow row;
  bank::Blueprint blueprint;
  std::string blueprint_text;
  std::vector<PoolItem> pool;
  PoolProblem problem;
  std::int64_t edition = 0;
  Seed seed{};
};

Result<Seed> seedOf(App& app, const std::string& sealed) {
  INVIGIL_TRY(hex, openSealed(app, sealed));
  INVIGIL_TRY(bytes, fromHex(hex));
  Seed seed{};
  if (bytes.size() != seed.size()) return fail(ErrorCode::Corrupt, "papers_damaged", "A stored seed does not verify.");
  std::copy(bytes.begin(), bytes.end(), seed.begin());
  return seed;
}

Result<Plan> readPlan(App& app, const std::string& batch_id) {
  return app.store->readNow<Plan>([&](Tx& tx) -> Result<Plan> {
    Plan plan;
    INVIGIL_TRY(row, batchById(tx, batch_id));
    plan.row = std::move(row);
    if (plan.row.state != "sealing") return plan;
    plan.edition = poolEdition(tx);
    INVIGIL_TRY(text, blueprintText(tx, plan.row.blueprint_id, plan.row.blueprint_version));
    plan.blueprint_text = std::move(text);
    INVIGIL_TRY(blueprint, bank::parseBlueprint(plan.blueprint_text));
    plan.blueprint = std::move(blueprint);
    INVIGIL_TRY(pool, plan.row.number == 0 ? poolItems(tx, plan.blueprint) : frozenItems(tx, batch_id));
    plan.pool = std::move(pool);
    if (plan.row.number == 0) return plan;
    INVIGIL_TRY(seed, seedOf(app, tx.value<std::string>("select seed from paper_batch where id = :a", batch_id).value_or("")));
    plan.seed = seed;
    return plan;
  });
}

std::string shown(double number) {
  std::string text = std::to_string(std::round(number * 100) / 100);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

/// Names of the rules that cannot be kept, with how much is missing; at most 390 characters.
std::string brokenRules(const assembly::Problem& problem, const assembly::Preflight& bounds) {
  std::string names;
  for (const auto& broken : bounds.broken) {
    const assembly::Rule& rule = problem.rules[static_cast<std::size_t>(broken.rule)];
    names += (names.empty() ? "" : "; ") + rule.name + (broken.missing > 0 ? " -" + shown(broken.missing) : " +" + shown(broken.excess));
  }
  return firstCharacters(names, 390);
}

/// Log entry 1: from here on everything about the batch is determined, and nothing can be taken back unseen.
Status freeze(App& app, Plan& plan) {
  plan.seed = randomSeed();
  return app.store->writeNow<void>([&](Tx& tx) -> Status {
    BatchRow& row = plan.row;
    const Instant now = app.clock->now();
    row.number = tx.value<std::int64_t>("select coalesce(max(number), 0) + 1 from paper_batch").value_or(1);
    row.seed_commitment = sha256Hex("seed-v1" + std::string(plan.seed.begin(), plan.seed.end()));
    tx.exec("update paper_batch set number = :a, seed = :b, seed_commitment = :c, edition = :d where id = :e", row.number,
            app.sealer->seal(toHex(plan.seed)), row.seed_commitment, plan.edition, row.id);
    row.edition = plan.edition;
    std::string digests;
    std::int64_t place = 0;
    for (std::size_t at : plan.problem.used) {
      const PoolItem& item = plan.pool[at];
      const std::string digest = itemDigest(item);
      std::optional<std::int64_t> p, info;
      if (item.measured) p = item.measured->p, info = item.measured->info;
      tx.exec("insert into paper_batch_item(batch_id, place, item_uid, version, digest, measured_p, measured_info) values (:a, :b, :c, :d, :e, :f, :g)",
              row.id, place++, item.drawn.uid, item.drawn.version.number, digest, p, info);
      digests += item.pool_id + " " + digest + "\n";
    }
    const auto before = tx.value<std::string>("select l.hash from paper_log l join paper_batch b on b.id = l.batch_id where b.number = :a and "
                                              "l.event = 'freeze'", row.number - 1);
    logEvent(tx, row, now, "freeze", row.made_by,
             {{"number", row.number}, {"blueprint", row.blueprint_id}, {"blueprint_version", row.blueprint_version},
              {"blueprint_sha256", sha256Hex(plan.blueprint_text)}, {"papers", row.papers}, {"items", place}, {"items_sha256", sha256Hex(digests)},
              {"seed_commitment", row.seed_commitment}, {"reason", row.reason}, {"previous_freeze", before.value_or("")}});
    audit(tx, now, row.made_by, "batch_frozen", row.id, row.reason);
    saveBatch(tx, row);
    return {};
  });
}

/// Batches that the new one replaces: of another version, or with items that have changed since.
void replaceOlder(Tx& tx, const BatchRow& fresh, Instant now) {
  for (BatchRow& old : liveBatches(tx, fresh.blueprint_id)) {
    if (old.id == fresh.id || (!old.stale && old.blueprint_version == fresh.blueprint_version)) continue;
    const bool version = old.blueprint_version != fresh.blueprint_version;
    withdrawPapers(tx, old, nullptr, {}, "withdraw", version ? "组卷方案有新版本 / a newer version of the blueprint" : "题目有改动 / items have changed",
                   "server", now, problemJson({ErrorCode::Conflict, version ? "batch_of_old_version" : "batch_of_old_items", "", "batch"}));
  }
}

Status store(App& app, JobRun& run, Plan& plan, const assembly::Files& files, const assembly::Audit& measured) {
  return app.store->writeNow<void>([&](Tx& tx) -> Status {
    INVIGIL_TRY(row, batchById(tx, plan.row.id));
    if (row.state != "sealing") return {};  // withdrawn meanwhile
    const Instant now = app.clock->now();
    const Json freeze_json = Json::parse(files.at("freeze.json")), seal = Json::parse(files.at("seal.json"));
    row.unused = row.papers;
    const auto days = tx.value<std::int64_t>("select embargo_days from blueprint where id = :a", row.blueprint_id).value_or(0);
    tx.exec("update paper_batch set items_root = :a, papers_root = :b, freeze = :c, seal = :d, reveal = :e, figures = :f, sealed_ms = :g, "
            "embargo_ms = :h where id = :i",
            freeze_json.at("items_root").get<std::string>(), seal.at("papers_root").get<std::string>(), files.at("freeze.json"), files.at("seal.json"),
            app.sealer->seal(files.at("reveal.json")), figuresJson(measured).dump(), toMillis(now), toMillis(now) + days * 86'400'000, row.id);
    const std::string& papers = files.at("papers.jsonl");
    std::int64_t slot = 0;
    for (std::size_t at = 0; at < papers.size(); ++slot) {
      const std::size_t end = std::min(papers.find('\n', at), papers.size());
      tx.exec("insert into paper_slot(batch_id, slot, state, place, leaf, line) values (:a, :b, 'unused', :c, :d, :e)", row.id, slot, slot,
              seal.at("leaves").at(static_cast<std::size_t>(slot)).get<std::string>(), app.sealer->seal(papers.substr(at, end - at)));
      at = end + 1;
    }
    logEvent(tx, row, now, "seal", row.made_by,
             {{"freeze_sha256", sha256Hex(files.at("freeze.json"))}, {"items_root", freeze_json.at("items_root")}, {"papers_root", seal.at("papers_root")}});
    setBatchState(tx, row, "sealed");
    audit(tx, now, row.made_by, "batch_sealed", row.id, std::to_string(slot) + " papers");
    adoptSealedVersion(tx, row.blueprint_id, row.blueprint_version);
    replaceOlder(tx, row, now);
    completeJob(tx, run.id, nullptr, now);
    return {};
  });
}

}  // namespace

Result<BatchRow> queueBatch(Tx& tx, const std::string& blueprint_id, std::int64_t version, std::int64_t papers, const std::string& reason,
                            const std::string& made_by, Instant now) {
  auto settings = tx.value<std::int64_t>("select papers_per_batch from blueprint where id = :a", blueprint_id);
  if (!settings) return fail(ErrorCode::NotFound, "no_such_blueprint", "", "blueprint_id");
  if (tx.value<std::int64_t>("select count(*) from paper_batch where blueprint_id = :a and state = 'sealing'", blueprint_id).value_or(0) > 0)
    return fail(ErrorCode::Conflict, "batch_is_being_made", "", "blueprint_id");
  // What never froze leaves nothing behind but its reason, and that is of today only.
  tx.exec("delete from paper_batch where blueprint_id = :a and state = 'failed' and number = 0", blueprint_id);
  const std::string id = newId();
  const std::string job = queueJob(tx, "seal_batch", id, nullptr, made_by, now);
  tx.exec("insert into paper_batch(id, number, blueprint_id, blueprint_version, state, papers, unused, used, withdrawn, stale, reason, made_by, "
          "made_ms, seed, seed_commitment, items_root, papers_root, freeze, seal, reveal, figures, problem, audit, job_id, edition, seen) values "
          "(:a, 0, :b, :c, 'sealing', :d, 0, 0, 0, 0, :e, :f, :g, '', '', '', '', '', '', '', 'null', 'null', 'null', :h, :i, 1)",
          id, blueprint_id, version, papers > 0 ? papers : *settings, reason, made_by, toMillis(now), job, poolEdition(tx));
  tx.exec("update blueprint set seen = seen + 1 where id = :a", blueprint_id);
  tx.notify("blueprint:" + blueprint_id);
  return batchById(tx, id);
}

Result<Json> sealBatchWork(App& app, JobRun& run) {
  constexpr std::int64_t kSteps = 4;
  INVIGIL_TRY(plan, readPlan(app, run.subject));
  if (plan.row.state != "sealing") return Json(nullptr);  // done before a crash, or withdrawn
  INVIGIL_TRY(problem, poolProblem(plan.pool, plan.blueprint));
  plan.problem = std::move(problem);
  const int papers = static_cast<int>(plan.row.papers);
  INVIGIL_CHECK(run.progress(1, kSteps));
  if (plan.row.number == 0) {
    if (plan.problem.problem.items.empty())
      return fail(ErrorCode::Conflict, "infeasible_blueprint", "没有可用的题目 / no item is in use", "blueprint");
    INVIGIL_TRY(bounds, assembly::preflight(plan.problem.problem));
    if (!bounds.feasible) return fail(ErrorCode::Conflict, "infeasible_blueprint", brokenRules(plan.problem.problem, bounds), "blueprint");
    INVIGIL_CHECK(freeze(app, plan));
  } else if (plan.problem.used.size() != plan.pool.size()) {
    // Frozen by an earlier program with items that are told apart otherwise now: another batch is made instead.
    return fail(ErrorCode::Conflict, "batch_fails_audit", "冻结的题目和现在的规则不一致 / the frozen items differ from today's rules", "batch");
  }
  INVIGIL_CHECK(run.progress(2, kSteps));
  INVIGIL_TRY(files, assembly::assembleBatch(plan.problem.problem, plan.row.id, papers, plan.seed, ""));
  INVIGIL_CHECK(run.progress(3, kSteps));
  // Nobody sits a paper that does not stand up to the audit.
  const assembly::Audit measured = assembly::auditBatch(files);
  if (!measured.failures.empty()) return fail(ErrorCode::Conflict, "batch_fails_audit", firstCharacters(measured.failures.front(), 390), "batch");
  INVIGIL_CHECK(run.progress(kSteps, kSteps));
  INVIGIL_CHECK(store(app, run, plan, files, measured));
  return Json(nullptr);
}

void undoSealBatch(App& app, const JobRun& run, const Error& error) {
  const Status done = app.store->writeNow<void>([&](Tx& tx) -> Status {
    INVIGIL_TRY(row, batchById(tx, run.subject));
    if (row.state != "sealing") return {};
    if (row.number > 0) logEvent(tx, row, app.clock->now(), "withdraw", "server", {{"slots", Json::array()}, {"items", Json::array()}, {"reason", error.reason}});
    setBatchState(tx, row, "failed", problemJson(error));
    return {};
  });
  if (!done) std::fprintf(stderr, "invigil-server: jobs: %s\n", done.error().reason.c_str());
}

}  // namespace invigil::server
