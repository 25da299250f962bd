// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "collect_store.hpp"
#include "collect_texts.hpp"
#include "invigil/devices/camera.hpp"
#include "invigil/vision/face_engine.hpp"

namespace invigil::face {

struct RecordPlan {
  int seconds = 5;  ///< of a step that lasts once
  int rate = 5;     ///< frames kept a second
};

/// What a step gave, with what was in the way most often.
struct Recorded {
  std::vector<KeptFrame> frames;
  int with_face = 0, usable = 0;
  vision::Hint hint = vision::Hint::None;
  std::string photo_reason;  ///< of a photo: empty = accepted, and `frames` has it
};

/// Counts down, then keeps frames for as long as the step lasts; says what it sees each second. Pictures that waited in the
/// camera's buffer are older than the instruction and are gone with the countdown.
/// Errors: Unavailable camera_lost.
Result<Recorded> record(vision::FaceEngine& engine, devices::CameraSource& camera, const CollectStep& step, const RecordPlan& plan, const Speaker& speaker);
/// Counts down, then takes the first picture within the step's time that checkReferencePhoto accepts.
/// Errors: Unavailable camera_lost.
Result<Recorded> takePhoto(vision::FaceEngine& engine, devices::CameraSource& camera, const RecordPlan& plan, const Speaker& speaker);

}  // namespace invigil::face
