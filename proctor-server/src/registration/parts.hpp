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
};
/// Errors: as normaliseName, normaliseIdNumber, normalisePhone.
Result<CandidateEntry> normaliseEntry(CandidateEntry entry);

/// Adds entries one after another within one transaction. A dry run makes the same checks, also against the entries
/// before it, and writes nothing.
class CandidateWriter {
 public:
  CandidateWriter(Tx& tx, Instant now, std::string actor, bool dry_run);
  /// @return the candidate's id (empty in a dry run for a new one). Errors: NotFound no_such_blueprint; InvalidInput
  /// under_age; Conflict other_name, already_eligible.
  Result<std::string> add(const CandidateEntry& entry);

 private:
  struct Known {
    std::string candidate_id, name;
  };
  /// Blueprint id -> blueprint, found by id or by either title.
  const bank::Blueprint* blueprint(const std::string& id_or_title);
  Status checkAge(const CandidateEntry& entry, const bank::Blueprint& blueprint) const;
  Result<std::string> person(const CandidateEntry& entry);
  Status grant(const CandidateEntry& entry, const std::string& candidate_id, const std::string& blueprint_id);

  Tx& tx_;
  Instant now_;
  std::string actor_;
  bool dry_run_;
  std::vector<bank::Blueprint> blueprints_;
  std::map<std::string, Known> seen_;    ///< by document
  std::map<std::string, bool> granted_;  ///< in a dry run, by document and blueprint: training done
};

Routes bookingSessionRoutes();
Routes photoRoutes();
Routes candidateRoutes();
Routes candidateImportRoutes();

}  // namespace invigil::server
