// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "collect_record.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "commands.hpp"
#include "invigil/vision/face_track.hpp"
#include "invigil/vision/photo_check.hpp"

namespace invigil::face {
namespace {

constexpr int kJpegQuality = 95;
// As FaceAdmission: only frontal frames are compared.
constexpr float kFrontalYaw = 15;

/// Reads frames until `span` is over by the camera's own time; `each` gets them with the time since the first.
template <class Each>
Status watch(devices::CameraSource& camera, milliseconds span, Each each) {
  std::optional<milliseconds> begin;
  for (;;) {
    INVIGIL_TRY(frame, nextFrame(camera));
    if (!begin) begin = frame.at;
    const milliseconds since = frame.at - *begin;
    if (since >= span) return {};
    INVIGIL_TRY(enough, each(frame, since));
    if (enough) return {};
  }
}

/// One frame for each slot of the second: a camera that stumbles makes up for nothing with a burst. Moments are rounded to a millisecond: the
/// third frame of fifteen a second comes at 133, not at 133.3.
bool due(milliseconds since, int rate, std::int64_t& last) {
  const std::int64_t slot = (since.count() + 1) * rate / 1000;
  return slot > last ? (last = slot, true) : false;
}

Status countDown(devices::CameraSource& camera, const RecordPlan& plan, const Speaker& speaker) {
  const int from = std::min(3, plan.seconds);
  int said = from + 1;
  camera.prompt({});
  INVIGIL_CHECK(watch(camera, seconds{from}, [&](const vision::Frame&, milliseconds since) -> Result<bool> {
    if (const int left = from - static_cast<int>(since / seconds{1}); left < said) speaker.count({"%1……", "%1 …"}, {std::to_string(said = left)});
    return false;
  }));
  return {};
}

}  // namespace

Result<Recorded> record(vision::FaceEngine& engine, devices::CameraSource& camera, const CollectStep& step, const RecordPlan& plan, const Speaker& speaker) {
  INVIGIL_CHECK(countDown(camera, plan, speaker));
  Recorded out;
  vision::FaceTrack track;
  std::array<int, vision::kHints> hints{};
  const int total = plan.seconds * step.times;
  const milliseconds span = seconds{total}, each_prompt = step.prompts.empty() ? span : span / static_cast<int>(step.prompts.size());
  int said = total + 1;
  std::int64_t last = -1;
  const auto one = [&](const vision::Frame& frame, milliseconds since) -> Result<bool> {
    if (!step.prompts.empty())
      camera.prompt(vision::actionName(step.prompts[std::min(step.prompts.size() - 1, static_cast<std::size_t>(since / each_prompt))]));
    if (!due(since, plan.rate, last)) return false;
    const vision::Look look = track.look(engine, frame);
    INVIGIL_TRY(jpeg, vision::encodeJpeg(frame, kJpegQuality));
    const bool usable = look.usable() && std::abs(look.yaw) < kFrontalYaw;
    ++hints[static_cast<std::size_t>(look.usable() && !usable ? vision::Hint::LookStraight : look.hint)];
    out.with_face += look.faces > 0 ? 1 : 0;
    out.usable += usable ? 1 : 0;
    out.frames.push_back({std::move(jpeg), since, look.faces, usable});
    if (const int left = total - static_cast<int>(since / seconds{1}); left < said) {
      // Whoever turns as asked is not told to look straight.
      const bool wrong = step.listed ? !look.usable() : look.faces != 1;
      const Text hint = hintText(!wrong ? vision::Hint::None : step.listed ? look.hint : look.faces == 0 ? vision::Hint::NoFace : vision::Hint::SeveralFaces);
      speaker.count({"还有 %1 秒，%2", "%1 s left, %2"}, {std::to_string(said = left), speaker.pick(hint)});
    }
    return false;
  };
  const Status done = watch(camera, span, one);
  camera.prompt({});
  speaker.countEnd();
  if (!done) return fail(done.error());
  const auto worst = std::max_element(hints.begin() + 1, hints.end());
  if (*worst > 0) out.hint = static_cast<vision::Hint>(worst - hints.begin());
  return out;
}

Result<Recorded> takePhoto(vision::FaceEngine& engine, devices::CameraSource& camera, const RecordPlan& plan, const Speaker& speaker) {
  INVIGIL_CHECK(countDown(camera, plan, speaker));
  Recorded out;
  std::int64_t last = -1;
  // A blink or a turn of the head is over after a moment: nobody has to start again for it.
  INVIGIL_CHECK(watch(camera, seconds{plan.seconds}, [&](const vision::Frame& frame, milliseconds since) -> Result<bool> {
    if (!due(since, plan.rate, last)) return false;
    const vision::PhotoVerdict verdict = vision::checkReferencePhoto(engine, frame);
    out.photo_reason = verdict.accepted ? "" : verdict.reasons.front();
    if (!verdict.accepted) return false;
    INVIGIL_TRY(jpeg, vision::encodeJpeg(frame, kJpegQuality));
    out.frames.push_back({std::move(jpeg), milliseconds{0}, verdict.look.faces, true});
    out.with_face = out.usable = 1;
    return true;
  }));
  speaker.countEnd();
  return out;
}

}  // namespace invigil::face
