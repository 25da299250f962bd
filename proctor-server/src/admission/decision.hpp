// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "invigil/base/clock.hpp"

namespace invigil::server {

using Json = nlohmann::json;

/// The house's SitePolicy.liveness. Source of every limit: docs/face.md, docs/benchmarks.md.
Json houseLiveness();

/// What a person at the kiosk is asked to do: the Challenge of openapi.yaml and when it was drawn.
struct Challenge {
  std::string id;
  std::vector<std::string> actions;
  Instant issued{};

  bool hasTurn() const;
};

constexpr int kSecondsEach = 5;

/// Draws `steps` different actions in random order, at least one of them a turn of the head; every such order is equally
/// likely. From the operating system's generator, so nobody can foresee it. @param steps  1..3.
/// A film made before passes by guessing the order only (docs/face.md).
Challenge drawChallenge(int steps, Instant now);

/// Whether a report's liveness part answers this challenge: its id, or no id where the kiosk did not get that far.
bool answers(const Challenge& challenge, const Json& report);

/// What an ID card on the kiosk's reader adds to an admission.
struct CardFacts {
  std::string chip;           ///< "serial" or "simulated": by such a reader the kiosk holds the photo of the card's chip; else empty
  bool name_differs = false;  ///< the card bears another name than the booking
};
/// Whether faces may be compared with the chip's photo: a simulated reader counts where simulated cameras do.
bool chipCounts(const CardFacts& card, const Json& policy);
/// And whether it is enough without any photo from the booking.
bool chipSuffices(const CardFacts& card, const Json& policy);

struct FaceDecision {
  enum class Outcome { Admit, Again, Reviewer };
  Outcome outcome = Outcome::Again;
  /// Why it is not an admission, for the person (Admission.why). Empty when admitted.
  std::string why;
  /// The layer that decided: camera_kind, camera_driver, camera_usb_id, not_settled, a `why` of FaceLiveness, too_fast, flat, light,
  /// texture_missing, texture_frames, texture, too_few_frames, low_score, second_opinion, chip_photo, card_name. Empty when all were content.
  std::string finding;
  bool texture_skipped = false;  ///< the camera's kind has no skin to look at
};

/// The site's decision about one face check. Pure.
///
/// @param report     FaceReport of openapi.yaml; its id has been held against the challenge (`answers`)
/// @param policy     SitePolicy, complete
/// @param challenge  the outstanding one; none where the policy asks for none
/// @param last       no try is left after this one
/// @param card       what the server knows of an ID card; a card with another name than the booking's is seen by a person
/// No layer refuses: what is not convincing may be tried again, then a person looks. Source: docs/adr/0012.
FaceDecision decideFaceCheck(const Json& report, const Json& policy, const std::optional<Challenge>& challenge, Instant now, bool last,
                             const CardFacts& card = {});

/// One plain sentence a person can act on, {zh, en}; both empty where there is none. @param state, why  of an Admission.
Json faceAdvice(const std::string& state, const std::string& why);

}  // namespace invigil::server
