// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the files of this feature share among themselves; other features use registration.hpp.

#include <map>

#include "registration/registration.hpp"

namespace invigil::server {

/// The Person of openapi.yaml. Errors: NotFound no_such_candidate.
Result<Json> personJson(Tx& tx, const std::string& candidate_id, Instant now);
/// Whether the newest word of this person on `kind` is a consent.
bool consentGiven(Tx& tx, const std::string& candidate_id, const std::string& kind);
/// Version of the text that consent was given to; none where the newest word is no consent.
std::optional<std::string> consentedVersion(Tx& tx, const std::string& candidate_id, const std::string& kind);

/// One line of a list or one typed form, checked and normalised without the database.
struct CandidateEntry {
  std::string name, id_type, id_number, phone, blueprint;  ///< blueprint: id, or title where it comes from a list
  bool training_done = false;
  bool repaired = false;  ///< normalising changed something
  bool renew = false;     ///< somebody decided to grant the exam anew where what was granted before is over
  bool keep_phone = false;  ///< its list contradicts itself: a person who is known keeps the number on record
};
/// Errors: as normaliseName, normaliseIdNumber, normalisePhone.
Result<CandidateEntry> normaliseEntry(CandidateEntry entry);

struct AddedCandidate {
  std::string id;              ///< empty in a dry run for a new one
  bool phone_changed = false;  ///< of a person who was known with another number
};

/// Adds entries one after another within one transaction. A dry run makes the same checks, also against the entries
/// before it, and writes nothing; neither does an entry that is refused.
class CandidateWriter {
 public:
  CandidateWriter(Tx& tx, Instant now, std::string actor, bool dry_run);
  /// Errors: NotFound no_such_blueprint; InvalidInput under_age; Conflict other_name; already_eligible (and the telephone
  /// number is no other); grant_used_up, grant_expired (what was granted is over, and `renew` is not said).
  Result<AddedCandidate> add(const CandidateEntry& entry);

 private:
  struct Known {
    std::string candidate_id, name, phone;  ///< name empty = nobody yet
  };
  struct Grant {
    enum What { Nothing, First, Anew, Training } what = Nothing;
    std::string eligibility_id;  ///< Training: of the one that is there; empty in a dry run where an entry before made it
  };
  /// Blueprint id -> blueprint, found by id or by either title.
  const bank::Blueprint* blueprint(const std::string& id_or_title);
  Status checkAge(const CandidateEntry& entry, const bank::Blueprint& blueprint) const;
  Known& known(const CandidateEntry& entry);
  /// What the entry would grant; changes nothing. Errors: Conflict grant_used_up, grant_expired.
  Result<Grant> grantFor(const CandidateEntry& entry, const Known& person, const std::string& blueprint_id) const;
  /// @return false where such a grant of the same moment is there already.
  bool write(const Grant& grant, const CandidateEntry& entry, const std::string& candidate_id, const std::string& blueprint_id);

  Tx& tx_;
  Instant now_;
  std::string actor_;
  bool dry_run_;
  std::vector<bank::Blueprint> blueprints_;
  std::map<std::string, Known> seen_;    ///< by document
  std::map<std::string, bool> granted_;  ///< in a dry run, by document and blueprint: training done
};

/// Adds a candidate (or finds the same document) and one eligibility.
/// Errors: as normaliseEntry and CandidateWriter::add.
Result<AddedCandidate> addCandidate(Tx& tx, Instant now, const Json& request);

Routes bookingSessionRoutes();
Routes photoRoutes();
Routes candidateRoutes();
Routes candidateImportRoutes();

}  // namespace invigil::server
