// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "collect_tend.hpp"

#include <algorithm>
#include <iostream>

#include "collect_store.hpp"

namespace invigil::face {
namespace {

/// "2027-05-25", so that dates compare as text.
bool isDate(const std::string& text) {
  if (text.size() != 10) return false;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (i == 4 || i == 7 ? text[i] != '-' : text[i] < '0' || text[i] > '9') return false;
  return true;
}

bool isExpired(const SessionSeen& one, const std::string& today) { return one.consent && isDate(one.consent->keep_until) && one.consent->keep_until < today; }

Status list(const CollectStore& store, const std::string& today, const Speaker& speaker) {
  INVIGIL_TRY(all, store.list());
  std::size_t frames = 0, expired = 0;
  for (const auto& one : all) {
    speaker.say({"编号 %1　第 %2 次　保存到 %3", "subject %1  session %2  kept until %3"},
                {std::to_string(one.subject), std::to_string(one.session), one.consent ? one.consent->keep_until : "?"});
    for (const auto& step : one.steps) {
      frames += static_cast<std::size_t>(step.frames);
      if (step.readable) speaker.say({"    %1：%2 张，可用 %3 张", "    %1: %2 frames, %3 usable"}, {step.step, std::to_string(step.frames), std::to_string(step.usable)});
      else speaker.say({"    %1：step.json 已损坏，不在清单里，请重录这一步", "    %1: step.json is broken, so it is in no list; record this step again"}, {step.step});
    }
    if (!one.consent)
      speaker.say({"    注意：没有同意记录，请删除：--forget %1", "    Warning: no consent on record; remove it: --forget %1"}, {std::to_string(one.subject)});
    else if (!isDate(one.consent->keep_until))
      speaker.say({"    注意：consents.csv 里的日期应写成 2027-05-25 这样", "    Warning: write the date in consents.csv like 2027-05-25"});
    else if (isExpired(one, today))
      ++expired, speaker.say({"    注意：已过保存期限，请运行 --forget-expired", "    Warning: past its date; run --forget-expired"});
  }
  speaker.say({"共 %1 次录制，%2 张画面，%3 次已过期", "%1 sessions, %2 frames, %3 past their date"}, {std::to_string(all.size()), std::to_string(frames), std::to_string(expired)});
  return {};
}

Status forget(CollectStore& store, long subject, std::optional<long> session, const Speaker& speaker) {
  INVIGIL_TRY(elsewhere, store.forget(subject, session));
  if (session) speaker.say({"编号 %1 第 %2 次录制已全部删除。", "Session %2 of subject %1 is removed."}, {std::to_string(subject), std::to_string(*session)});
  else speaker.say({"编号 %1 的画面、清单和同意记录已全部删除。", "Pictures, rows and consents of subject %1 are removed."}, {std::to_string(subject)});
  for (const auto& path : elsewhere) speaker.say({"  另行添加的文件请自行删除：%1", "  Added by somebody else, delete it yourself: %1"}, {path});
  return {};
}

Status forgetExpired(CollectStore& store, const std::string& today, const Speaker& speaker) {
  INVIGIL_TRY(all, store.list());
  const auto gone = [&](const SessionSeen& one) { return isExpired(one, today); };
  for (const auto& one : all) {
    if (!gone(one)) continue;
    // The last session takes rows with it that a site wrote about the subject.
    const bool last = std::none_of(all.begin(), all.end(), [&](const SessionSeen& other) { return other.subject == one.subject && (!gone(other) || other.session > one.session); });
    INVIGIL_CHECK(forget(store, one.subject, last ? std::nullopt : std::optional<long>(one.session), speaker));
  }
  if (std::none_of(all.begin(), all.end(), gone)) speaker.say({"没有过期的录制。", "Nothing is past its date."});
  return {};
}

}  // namespace

Status tend(const Arguments& arguments, const Speaker& speaker) {
  std::optional<long> subject, session;
  if (arguments.has("forget")) {
    INVIGIL_TRY(number, wholeNumber(arguments, "forget", 0, 1, 999'999'999));
    if (number == 0) return fail(ErrorCode::InvalidInput, "usage", "--forget wants the number of a subject.", "collect_tend.cpp");
    subject = number;
    if (arguments.has("session")) {
      INVIGIL_TRY(which, wholeNumber(arguments, "session", 1, 1, 9999));
      session = which;
    }
  }
  INVIGIL_TRY(store, CollectStore::open(arguments.value("out"), false));
  const std::string today = formatUtc(SystemClock().now()).substr(0, 10);
  if (subject) return forget(store, *subject, session, speaker);
  return arguments.has("list") ? list(store, today, speaker) : forgetExpired(store, today, speaker);
}

}  // namespace invigil::face
