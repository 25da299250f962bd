// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include "invigil/base/random.hpp"
#include "registration/identity.hpp"
#include "registration/parts.hpp"

namespace invigil::server {
namespace {

constexpr milliseconds kCodeLife{5 * 60 * 1000}, kSessionLife{30 * 60 * 1000}, kWindow{10 * 60 * 1000};
constexpr std::int64_t kTriesMax = 5;
constexpr int kPerAddress = 30, kPerDocument = 5, kPerPhone = 5;

std::string sixDigits() {
  std::uint32_t value = 0;
  do {
    std::uint8_t bytes[4];
    randomBytes(bytes, sizeof bytes);
    value = bytes[0] | bytes[1] << 8 | bytes[2] << 16 | static_cast<std::uint32_t>(bytes[3]) << 24;
  } while (value >= 4'294'000'000u);  // a multiple of a million: every code equally likely
  char text[8];
  std::snprintf(text, sizeof text, "%06u", value % 1'000'000u);
  return text;
}

std::string codeHash(const std::string& challenge_id, const std::string& code) {
  return sha256Hex(challenge_id + ":" + code);
}

std::string cookie(const std::string& token, int seconds) {
  return "iv_booking=" + token + "; Path=/; Max-Age=" + std::to_string(seconds) + "; HttpOnly; Secure; SameSite=Strict";
}

std::string lowerCase(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

tl::unexpected<Error> tooMany() { return fail(ErrorCode::TooMany, "too_many_tries"); }

Status checkLimits(App& app, const Call& call, const CandidateEntry& who) {
  const std::string document = sha256Hex(who.id_type + ":" + who.id_number), phone = sha256Hex(who.phone);
  if (!app.limits.allow("code:address:" + call.remote, kPerAddress, kWindow, call.now)) return tooMany();
  if (!app.limits.allow("code:document:" + document, kPerDocument, kWindow, call.now)) return tooMany();
  if (!app.limits.allow("code:phone:" + phone, kPerPhone, kWindow, call.now)) return tooMany();
  return {};
}

/// Stores a challenge whoever asks; one that matches nobody can never be answered.
/// @return whether the person is on the list with this phone.
Result<bool> storeChallenge(Tx& tx, const Call& call, const CandidateEntry& who, const std::string& id,
                            const std::string& code) {
  const auto row = tx.one<std::string, std::string, std::string>(
      "select id, name, phone from candidate where id_type = :a and id_number = :b", who.id_type, who.id_number);
  const auto [candidate_id, name, phone] = row.value_or(std::tuple<std::string, std::string, std::string>{});
  const bool match = row && lowerCase(name) == lowerCase(who.name) && phone == who.phone;
  tx.exec("delete from phone_challenge where expires_ms < :a", toMillis(call.now));
  tx.exec("insert into phone_challenge(id, candidate_id, code_hash, expires_ms) values (:a, :b, :c, :d)", id,
          match ? candidate_id : std::string(), codeHash(id, code), toMillis(call.now + kCodeLife));
  audit(tx, call.now, "public", "code.request", match ? candidate_id : std::string(), id);
  return match;
}

Result<Reply> requestCode(App& app, const Call& call) {
  INVIGIL_TRY(who,
              normaliseEntry({call.text("name"), call.text("id_type"), call.text("id_number"), call.text("phone")}));
  INVIGIL_CHECK(checkLimits(app, call, who));
  const std::string id = randomHex(16), code = sixDigits();
  const std::function<Result<bool>(Tx&)> work = [&](Tx& tx) { return storeChallenge(tx, call, who, id, code); };
  INVIGIL_TRY(match, app.store->writeNow<bool>(work));
  if (match) {
    // A failure is not told: the answer must not depend on who asks.
    const auto sent = app.phone->send(who.phone, "验证码 " + code + "，5 分钟内有效。请勿告诉他人。",
                                      "Your code is " + code + ", good for 5 minutes. Tell it to nobody.");
    if (!sent) std::fprintf(stderr, "invigil-server: phone code not sent: %s\n", sent.error().reason.c_str());
  }
  Json body = {{"challenge_id", id}, {"expires_ms", toMillis(call.now + kCodeLife)}};
  if (app.config.demo) body["demo_code"] = match ? code : sixDigits();
  return Reply(std::move(body));
}

struct Opened {
  bool right = false;
  Json person;
};

/// Counts the try before it looks at the code, and keeps the count also when the code is wrong.
Result<Opened> answerChallenge(Tx& tx, const Call& call, const std::string& token) {
  const std::string id = call.text("challenge_id");
  const auto counted =
      tx.exec("update phone_challenge set tries = tries + 1 where id = :a and tries < :b and expires_ms > :c", id,
              kTriesMax, toMillis(call.now));
  const auto row =
      tx.one<std::string, std::string>("select candidate_id, code_hash from phone_challenge where id = :a", id);
  const auto [candidate_id, hash] = row.value_or(std::tuple<std::string, std::string>{});
  if (counted == 0 || hash != codeHash(id, call.text("code")) || candidate_id.empty()) return Opened{};
  tx.exec("delete from phone_challenge where id = :a", id);
  tx.exec("delete from booking_session where expires_ms < :a", toMillis(call.now));
  tx.exec("insert into booking_session(token_hash, candidate_id, expires_ms) values (:a, :b, :c)", sha256Hex(token),
          candidate_id, toMillis(call.now + kSessionLife));
  audit(tx, call.now, "candidate:" + candidate_id, "booking.open", candidate_id);
  INVIGIL_TRY(person, personJson(tx, candidate_id, call.now));
  return Opened{true, std::move(person)};
}

Result<Reply> openBooking(App& app, const Call& call) {
  if (!app.limits.allow("answer:address:" + call.remote, 2 * kPerAddress, kWindow, call.now)) return tooMany();
  const std::string token = randomHex(32);
  const std::function<Result<Opened>(Tx&)> work = [&](Tx& tx) { return answerChallenge(tx, call, token); };
  INVIGIL_TRY(opened, app.store->writeNow<Opened>(work));
  if (!opened.right) return fail(ErrorCode::InvalidInput, "code_wrong", {}, "code");
  Reply reply(std::move(opened.person));
  reply.cookie = cookie(token, 1800);
  return reply;
}

Result<Reply> bookingMe(App&, Tx& tx, const Call& call) {
  INVIGIL_TRY(person, personJson(tx, call.caller.candidate_id, call.now));
  return Reply(std::move(person));
}

Result<Reply> closeBooking(App&, Tx& tx, const Call& call) {
  tx.exec("delete from booking_session where token_hash = :a", call.caller.token_hash);
  audit(tx, call.now, "candidate:" + call.caller.candidate_id, "booking.close", call.caller.candidate_id);
  Reply reply(Json{{"ok", true}});
  reply.cookie = cookie("", 0);
  return reply;
}

}  // namespace

Routes bookingSessionRoutes() {
  return {taskRoute(Verb::Post, "/api/v1/booking/codes", Scope::Public, requestCode),
          taskRoute(Verb::Post, "/api/v1/booking/session", Scope::Public, openBooking),
          readRoute(Verb::Get, "/api/v1/booking/me", Scope::Booking, bookingMe),
          writeRoute(Verb::Post, "/api/v1/booking/logout", Scope::Booking, closeBooking)};
}

}  // namespace invigil::server
