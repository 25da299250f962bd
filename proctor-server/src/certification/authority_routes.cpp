// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "certification/certificates.hpp"
#include "grading/grading.hpp"
#include "registration/identity.hpp"
#include "sitting/sittings.hpp"

namespace invigil::server {
namespace {

Result<Json> recordJson(Tx& tx, const std::string& sitting_id, const std::string& name, const std::string& number) {
  INVIGIL_TRY(sitting, sittingById(tx, sitting_id));
  INVIGIL_TRY(blueprint, bank::parseBlueprint(sitting.blueprint));
  INVIGIL_TRY(reservation, reservationById(tx, sitting.reservation_id));
  INVIGIL_TRY(site, siteById(tx, reservation.site_id));
  INVIGIL_TRY(admission, admissionById(tx, sitting.admission_id));
  const Json certificate = certificateJson(tx, sitting_id);
  const bool issued = !certificate.is_null();
  return Json{{"sitting_id", sitting_id}, {"certificate_id", issued ? certificate["id"] : Json("")}, {"name", name}, {"id_masked", maskId(number)},
              {"title", wording(blueprint.title.zh, blueprint.title.en)}, {"category", blueprint.category},
              {"points", pointsJson(sitting.points)}, {"points_max", pointsJson(sitting.points_max)}, {"passed", sitting.passed},
              {"finished_ms", *sitting.finished_ms}, {"issued_ms", issued ? certificate["issued_ms"] : Json(nullptr)},
              {"expires_ms", issued ? certificate["expires_ms"] : Json(nullptr)},
              {"site_name", wording(site.name_zh, site.name_en)}, {"admitted_by", admission.admitted_by},
              {"attempt", sitting.attempt}, {"text", issued ? certificate["text"] : Json("")},
              {"withdrawn", withdrawnJson(tx, sitting_id)}};
}

Result<Reply> query(App&, Tx& tx, const Call& call) {
  INVIGIL_TRY(number, normaliseIdNumber(call.text("id_type"), call.text("id_number")));
  INVIGIL_TRY(name, normaliseName(call.text("name")));
  Json records = Json::array();
  for (auto& [id] : tx.all<std::string>(
           "select sitting.id from sitting join candidate on candidate.id = sitting.candidate_id where candidate.id_type = :a "
           "and candidate.id_number = :b and candidate.name = :c and finished_ms is not null order by finished_ms desc",
           call.text("id_type"), number, name)) {
    INVIGIL_TRY(record, recordJson(tx, id, name, number));
    records.push_back(std::move(record));
  }
  // Every look is recorded, also one that found nobody.
  audit(tx, call.now, call.caller.account_id, "authority_query", "", std::to_string(records.size()) + " records");
  return Reply{{{"records", records}}};
}

struct Sentence {
  const char *reason, *zh, *en;
};
constexpr Sentence kVerdicts[] = {
    {"", "签名有效，由本考试中心颁发。", "The signature is good; issued by this centre."},
    {"expired", "签名有效，但凭证已过有效期。", "The signature is good, but the theory pass has expired."},
    {"bad_signature", "签名不符：内容被改动过，或不是本中心颁发的。", "The signature does not match: changed, or not issued here."},
    {"malformed_credential", "内容不完整或被改动过，无法核验。", "The text is damaged or changed and cannot be checked."},
    {"not_a_credential", "这不是本系统的凭证。", "This is not one of our theory passes."},
    {"unknown_issuer", "颁发单位不在信任名单里。", "The issuer is not on the trust list."},
    {"issuer_mismatch", "凭证写的颁发单位与签名的单位不一致。", "The issuer it names is not the one that signed it."},
    {"issued_in_future", "颁发时间在将来，不能接受。", "It claims to be issued in the future and cannot be accepted."},
    {"superseded", "签名有效，但成绩已更正，本凭证已被新凭证代替，不再有效。", "The signature is good, but the result was corrected: another pass stands in its place, this one no longer counts."},
    {"revoked", "签名有效，但本凭证已被撤销，不再有效。", "The signature is good, but this theory pass was revoked and no longer counts."},
    {"certificate_not_found", "没有查到这个编号的凭证。", "No theory pass with this number is on record."},
};

Json verdictJson(const std::string& reason, const credential::TheoryPass* pass, bool on_record) {
  const Sentence* said = &kVerdicts[3];
  for (const Sentence& sentence : kVerdicts)
    if (reason == sentence.reason) said = &sentence;
  return {{"valid", reason.empty()}, {"reason", reason}, {"zh", said->zh}, {"en", said->en},
          {"certificate_id", pass ? shownNumber(pass->id) : ""}, {"name", pass ? pass->name : ""},
          {"title", pass ? wording(pass->title_zh, pass->title_en) : wording("", "")}, {"points", pass ? pointsJson(bank::Points(pass->points_x100)) : Json(0)},
          {"points_max", pass ? pointsJson(bank::Points(pass->points_max_x100)) : Json(0)},
          {"issued_ms", pass ? Json(toMillis(pass->issued_at)) : Json(nullptr)},
          {"expires_ms", pass ? Json(toMillis(pass->expires_at)) : Json(nullptr)}, {"on_record", on_record}};
}

Result<Reply> verify(App& app, Tx& tx, const Call& call) {
  std::string text = trim(call.text("text"));
  if (!text.starts_with("INV1:") && !text.starts_with("INV2:")) {  // a certificate's number may begin with INV
    std::string number;
    for (char c : text)
      if (std::isalnum(static_cast<unsigned char>(c))) number += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    auto stored = tx.value<std::string>("select text from certificate where id = :a", number);
    if (!stored) return Reply{verdictJson("certificate_not_found", nullptr, false)};
    text = *stored;
  }
  const auto pass = credential::readSigned(text, app.trust);
  const Status times = pass ? credential::inTime(*pass, call.now) : Status();
  const std::string wrong = !pass ? pass.error().reason : times ? "" : times.error().reason;
  audit(tx, call.now, call.caller.account_id, "certificate_verified", pass ? pass->id : "", wrong);
  // Of one that has expired the signature is good: what it says, and since when it counts no longer, may be known.
  if (!wrong.empty() && wrong != "expired") return Reply{verdictJson(wrong, nullptr, false)};
  const bool known = tx.value<std::int64_t>("select count(*) from certificate where id = :a and text = :b", pass->id, text).value_or(0) > 0;
  auto withdrawn = tx.value<std::string>("select replaced_by from certificate where id = :a and text = :b and revoked_ms is not null", pass->id, text);
  return Reply{verdictJson(!withdrawn ? wrong : withdrawn->empty() ? "revoked" : "superseded", &*pass, known)};
}

}  // namespace

Routes authorityRoutes() {
  return {writeRoute(Verb::Post, "/api/v1/authority/query", Scope::Authority, query),
          writeRoute(Verb::Post, "/api/v1/authority/verify", Scope::Authority, verify)};
}

}  // namespace invigil::server
