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

/// The last attempt is used up when it begins: while it runs, or is booked, it may yet be passed.
bool hasOpenReservation(Tx& tx, const std::string& eligibility_id) {
  return tx.value<std::int64_t>("select count(*) from reservation where eligibility_id = :a and state in ('booked', 'admitted', 'sitting')", eligibility_id).value_or(0) > 0;
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

CandidateWriter::Known& CandidateWriter::known(const CandidateEntry& entry) {
  const std::string key = documentKey(entry);
  if (const auto seen = seen_.find(key); seen != seen_.end()) return seen->second;
  const auto row = tx_.one<std::string, std::string, std::string>(
      "select id, name, phone from candidate where id_type = :a and id_number = :b", entry.id_type, entry.id_number);
  return seen_.emplace(key, row ? Known{std::get<0>(*row), std::get<1>(*row), std::get<2>(*row)} : Known{}).first->second;
}

Result<CandidateWriter::Grant> CandidateWriter::grantFor(const CandidateEntry& entry, const Known& person, const std::string& blueprint_id) const {
  if (const auto earlier = granted_.find(documentKey(entry) + "|" + blueprint_id); earlier != granted_.end())
    return Grant{earlier->second || !entry.training_done ? Grant::Nothing : Grant::Training, {}};
  if (person.candidate_id.empty()) return Grant{Grant::First, {}};
  std::optional<bool> used_up;  // of the newest grant that is over: by its attempts, or by its date
  for (const EligibilityRow& row : eligibilitiesOf(tx_, person.candidate_id)) {
    if (row.blueprint_id != blueprint_id) continue;
    const bool used = !row.passed && row.attempts_used >= row.attempts_max;
    if (used || isOver(row, now_)) {
      if (hasOpenReservation(tx_, row.id)) return Grant{};
      used_up = used;
      continue;
    }
    if (row.passed || row.training_done || !entry.training_done) return Grant{};
    return Grant{Grant::Training, row.id};
  }
  if (!used_up.has_value()) return Grant{Grant::First, {}};
  // A list that is sent once more must give nobody new attempts: who has used theirs is trained anew first, and somebody
  // has to say so.
  if (entry.renew) return Grant{Grant::Anew, {}};
  return *used_up ? fail(ErrorCode::Conflict, "grant_used_up") : fail(ErrorCode::Conflict, "grant_expired");
}

bool CandidateWriter::write(const Grant& grant, const CandidateEntry& entry, const std::string& candidate_id, const std::string& blueprint_id) {
  if (grant.what == Grant::Training) {
    tx_.exec("update eligibility set training_done = 1 where id = :a", grant.eligibility_id);
    audit(tx_, now_, actor_, "eligibility.trained", grant.eligibility_id);
    return true;
  }
  const EligibilityRules& rules = eligibilityRules();
  const std::string id = newId();
  if (tx_.exec("insert into eligibility(id, candidate_id, blueprint_id, training_done, attempts_max, granted_ms, "
               "expires_ms) values (:a, :b, :c, :d, :e, :f, :g) on conflict do nothing",
               id, candidate_id, blueprint_id, std::int64_t{entry.training_done}, rules.attempts_max, toMillis(now_),
               toMillis(endOfDayMonthsLater(now_, rules.valid_months))) == 0)
    return false;
  audit(tx_, now_, actor_, grant.what == Grant::Anew ? "eligibility.renew" : "eligibility.grant", id, candidate_id);
  return true;
}

Result<AddedCandidate> CandidateWriter::add(const CandidateEntry& entry) {
  const bank::Blueprint* exam = blueprint(entry.blueprint);
  if (exam == nullptr) return fail(ErrorCode::NotFound, "no_such_blueprint", {}, "blueprint_id");
  INVIGIL_CHECK(checkAge(entry, *exam));
  Known& person = known(entry);
  const bool is_new = person.name.empty();
  if (!is_new && person.name != entry.name) return fail(ErrorCode::Conflict, "other_name", {}, "name");
  INVIGIL_TRY(grant, grantFor(entry, person, exam->id));
  // A person's number may change; the newest list knows it best, and there is no other way to correct it. So a row whose only
  // news it is counts, as one whose only news is the training does.
  const bool other_phone = !is_new && !entry.keep_phone && person.phone != entry.phone;
  if (grant.what == Grant::Nothing && !other_phone) return fail(ErrorCode::Conflict, "already_eligible");

  // Everything that can refuse the row lies before its first write: a refused row of a list changes nothing.
  std::string id = person.candidate_id;
  if (is_new && !dry_run_) {
    id = newId();
    tx_.exec("insert into candidate(id, name, id_type, id_number, phone, created_ms) values (:a, :b, :c, :d, :e, :f)", id, entry.name,
             entry.id_type, entry.id_number, entry.phone, toMillis(now_));
    audit(tx_, now_, actor_, "candidate.make", id);
  }
  if (grant.what != Grant::Nothing && dry_run_) granted_[documentKey(entry) + "|" + exam->id] = entry.training_done;
  // Of a new person it cannot fail; of a known one nothing is written yet.
  if (grant.what != Grant::Nothing && !dry_run_ && !write(grant, entry, id, exam->id)) return fail(ErrorCode::Conflict, "already_eligible");
  if (other_phone && !dry_run_) {
    tx_.exec("update candidate set phone = :a where id = :b", entry.phone, id);
    audit(tx_, now_, actor_, "candidate.phone", id);
  }
  if (is_new || other_phone) person = {id, entry.name, entry.phone};
  return AddedCandidate{id, other_phone};
}

Result<AddedCandidate> addCandidate(Tx& tx, Instant now, const Json& request) {
  CandidateEntry entry{request.at("name"),  request.at("id_type"),      request.at("id_number"),
                       request.at("phone"), request.at("blueprint_id"), request.at("training_done")};
  entry.renew = request.value("renew", false);
  INVIGIL_TRY(plain, normaliseEntry(std::move(entry)));
  return CandidateWriter(tx, now, request.value("actor", "system"), false).add(plain);
}

}  // namespace invigil::server
