// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "invigil/vision/bands.hpp"
#include "invigil/vision/challenge.hpp"
#include "invigil/vision/face_track.hpp"
#include "invigil/vision/light_challenge.hpp"
#include "invigil/vision/parallax.hpp"
#include "invigil/vision/reference.hpp"

namespace invigil::vision {

class FrameMemory;

struct AdmissionRules {
  Bands bands;                     ///< time_max is for coming to rest in front of the camera; actions have their own
  std::vector<Action> actions;     ///< empty = no challenge
  ChallengeLimits limits{.alike = 0.25};
  bool light = false;              ///< light the face with the screen when all actions are done
  int texture_frames = 10;         ///< frontal frames for the texture layer, where it is installed
};

/// What every layer measured in one try. Nothing here decides: the server does, by the site's policy.
struct AdmissionOutcome {
  bool timed_out = false;          ///< nobody came to rest in front of the camera in time
  int frames = 0;                  ///< averaged into the template
  double similarity = 0;
  std::optional<double> second_distance;
  enum class Result { None, Passed, Failed } challenge = Result::None;
  ChallengeFault fault = ChallengeFault::None;
  std::vector<Challenge::Done> steps;
  std::optional<double> flatness;  ///< Parallax; none without a turn
  struct Texture {
    int frames = 0;
    double mean = 0, low_share = 0;  ///< low = below 0.3
  };
  std::optional<Texture> texture;  ///< none = not installed
  std::optional<double> light;     ///< LightChallenge; none when not asked for
  std::optional<double> same_person_min;
  int track_breaks = 0;            ///< while settling; later ones end the challenge
  bool replayed = false;
  Frame best;                      ///< the sharpest usable frame, for a person's eyes
};

/// FaceReport.liveness of openapi.yaml, as JSON text. @param challenge_id  as the server gave it, else empty
std::string livenessReport(const AdmissionOutcome& outcome, const std::string& challenge_id);

/// One try at the door: frames come in, one instruction at a time goes out, and in the end what all layers measured. The
/// kiosk and invigil-face admit run exactly this. One thread; about 30 ms a frame at rest, 12 ms in between.
class FaceAdmission {
 public:
  /// @param memory  of earlier tries' frames; may be null
  FaceAdmission(FaceEngine& engine, Reference reference, AdmissionRules rules, FrameMemory* memory = nullptr);

  struct Step {
    Hint hint = Hint::NoFace;
    bool face_found = false, quality_ok = false;
    Challenge::Phase phase = Challenge::Phase::Settle;
    std::optional<Action> prompt;    ///< what to ask for now
    std::size_t place = 0, of = 0;   ///< actions done, actions in all
    double time_left = 1;            ///< of the prompt, 1..0
    std::optional<ScreenColour> screen;  ///< the whole screen in this colour
    bool finished = false;
  };
  /// @param now  monotonic; with the first frame the try begins
  Step feed(const Frame& frame, milliseconds now);
  const Look& lastLook() const { return look_; }
  /// Complete once finished.
  const AdmissionOutcome& outcome() const { return outcome_; }
  /// Mean of the kept frames, L2-normalised: whom monitoring expects to sit there.
  Embedding person() const { return kept_.empty() ? Embedding{} : normalise(meanOf(kept_)); }

 private:
  void describe(const Frame& frame, milliseconds now);
  void compareInAction(const Frame& frame, milliseconds now);
  void judgeTexture(const Frame& frame);
  bool enough() const;
  void finish();

  FaceEngine& engine_;
  Reference reference_;
  AdmissionRules rules_;
  FrameMemory* memory_;
  FaceTrack track_;
  Challenge challenge_;
  Parallax parallax_;
  LightChallenge light_;
  Look look_;
  std::vector<Embedding> kept_;
  std::vector<double> textures_;
  int strangers_ = 0;
  std::optional<milliseconds> start_;
  milliseconds kept_at_{0}, first_kept_{0}, compared_at_{0};
  float best_sharpness_ = -1;
  Step step_;
  AdmissionOutcome outcome_;
};

}  // namespace invigil::vision
