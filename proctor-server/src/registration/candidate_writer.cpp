// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "papers/blueprints.hpp"
#include "registration/identity.hpp"
#include "registration/parts.hpp"
#include "registration/rules.hpp"

namespace invigil::server {
namespace {

std::string documentKey(const CandidateEntry& entry) { return entry.id_type + ":" + entry.id_number; }

/// "YYYYMMDD" of numbers that carry a birth date, else empty.
std::string birthDate(const CandidateEntry& entry) {
  const bool dated = entry.id_type == "resident_id" || entry.id_type == "hmt_residence";
  return dated ? entry.id_number.substr(6, 8) : std::string();
}

}  // namespace

Result<CandidateEntry> normaliseEntry(CandidateEntry entry) {
  INVIGIL_TRY(name, normaliseName(entry.name));
  INVIGIL_TRY(number, normaliseIdNumber(entry.id_type, entry.id_number));
  INVIGIL_TRY(phone, normalisePhone(entry.phone));
  entry.repaired = name != entry.name || number != entry.id_number || phone != entry.phone;
  entry.name = std::move(name);
  entry.id_number = std::move(number);
  entry.phone = std::move(phone);
  return entry;
}

CandidateWriter::CandidateWriter(Tx& tx, Instant now, std::string actor, bool dry_run)
    : tx_(tx), now_(now), actor_(std::move(actor)), dry_run_(dry_run), blueprints_(allBlueprints(tx)) {}

const bank::Blueprint* CandidateWriter::blueprint(const std::string& id_or_title) {
  for (const auto& one : blueprints_)
    if (one.id == id_or_title || one.title.zh == id_or_title || one.title.en == id_or_title) return &one;
  return nullptr;
}

Status CandidateWriter::checkAge(const CandidateEntry& entry, const bank::Blueprint& blueprint) const {
  const auto& limits = eligibilityRules().age_min;
  const auto limit = limits.find(std::string(bank::toText(blueprint.role)));
  const std::string born = birthDate(entry);
  if (limit == limits.end() || born.empty()) return {};
  using namespace std::chrono;
  // The cards are Chinese: a birthday begins at midnight there.
  const year_month_day today{floor<days>(now_ + hours{8})};
  const int date = static_cast<int>(today.year()) * 10000 +
                   static_cast<int>(static_cast<unsigned>(today.month())) * 100 +
                   static_cast<int>(static_cast<unsigned>(today.day()));
  if ((date - std::stoi(born)) / 10000 < limit->second || date < std::stoi(born))
    return fail(ErrorCode::InvalidInput, "under_age", {}, "id_number");
  return {};
}

Result<std::string> CandidateWriter::person(const CandidateEntry& entry) {
  const std::string key = documentKey(entry);
  auto seen = seen_.find(key);
  if (seen == seen_.end()) {
    const std::string id = newId();
    if (!dry_run_) {
      const auto made = tx_.exec(
          "insert into candidate(id, name, id_type, id_number, phone, created_ms) values (:a, :b, :c, :d, :e, :f) "
          "on conflict do nothing",
          id, entry.name, entry.id_type, entry.id_number, entry.phone, toMillis(now_));
      if (made == 1) {
        audit(tx_, now_, actor_, "candidate.make", id);
        return seen_.emplace(key, Known{id, entry.name}).first->second.candidate_id;
      }
    }
    const auto row = tx_.one<std::string, std::string>(
        "select id, name from candidate where id_type = :a and id_number = :b", entry.id_type, entry.id_number);
    seen = seen_.emplace(key, row ? Known{std::get<0>(*row), std::get<1>(*row)} : Known{"", entry.name}).first;
  }
  if (seen->second.name != entry.name) return fail(ErrorCode::Conflict, "other_name", {}, "name");
  // A person's number may change; the newest list knows it best.
  if (!dry_run_ && tx_.exec("update candidate set phone = :a where id = :b and phone <> :c", entry.phone,
                            seen->second.candidate_id, entry.phone) > 0)
    audit(tx_, now_, actor_, "candidate.phone", seen->second.candidate_id);
  return seen->second.candidate_id;
}

Status CandidateWriter::grant(const CandidateEntry& entry, const std::string& candidate_id,
                              const std::string& blueprint_id) {
  const auto already = [] { return fail(ErrorCode::Conflict, "already_eligible"); };
  const std::string key = documentKey(entry) + "|" + blueprint_id;
  if (const auto earlier = granted_.find(key); earlier != granted_.end()) {
    if (earlier->second || !entry.training_done) return already();
    earlier->second = true;
    return {};
  }
  for (const EligibilityRow& row : eligibilitiesOf(tx_, candidate_id)) {
    const bool over = row.expires_ms <= toMillis(now_) || (!row.passed && row.attempts_used >= row.attempts_max);
    if (row.blueprint_id != blueprint_id || over) continue;
    if (row.passed || row.training_done || !entry.training_done) return already();
    if (dry_run_) {
      granted_[key] = true;
      return {};
    }
    tx_.exec("update eligibility set training_done = 1 where id = :a", row.id);
    audit(tx_, now_, actor_, "eligibility.trained", row.id);
    return {};
  }
  if (dry_run_) {
    granted_[key] = entry.training_done;
    return {};
  }
  const EligibilityRules& rules = eligibilityRules();
  const std::string id = newId();
  if (tx_.exec("insert into eligibility(id, candidate_id, blueprint_id, training_done, attempts_max, granted_ms, "
               "expires_ms) values (:a, :b, :c, :d, :e, :f, :g) on conflict do nothing",
               id, candidate_id, blueprint_id, std::int64_t{entry.training_done}, rules.attempts_max, toMillis(now_),
               toMillis(addMonths(now_, rules.valid_months))) == 0)
    return already();
  audit(tx_, now_, actor_, "eligibility.grant", id, candidate_id);
  return {};
}

Result<std::string> CandidateWriter::add(const CandidateEntry& entry) {
  const bank::Blueprint* exam = blueprint(entry.blueprint);
  if (exam == nullptr) return fail(ErrorCode::NotFound, "no_such_blueprint", {}, "blueprint_id");
  INVIGIL_CHECK(checkAge(entry, *exam));
  INVIGIL_TRY(candidate_id, person(entry));
  INVIGIL_CHECK(grant(entry, candidate_id, exam->id));
  return candidate_id;
}

Result<std::string> addCandidate(App&, Tx& tx, Instant now, const Json& request) {
  CandidateEntry entry{request.at("name"),  request.at("id_type"),      request.at("id_number"),
                       request.at("phone"), request.at("blueprint_id"), request.at("training_done")};
  INVIGIL_TRY(plain, normaliseEntry(std::move(entry)));
  return CandidateWriter(tx, now, request.value("actor", "system"), false).add(plain);
}

}  // namespace invigil::server
