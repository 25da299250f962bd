// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <nlohmann/json.hpp>

#include "invigil/vision/face_admission.hpp"

namespace invigil::vision {

std::string livenessReport(const AdmissionOutcome& outcome, const std::string& challenge_id) {
  using Json = nlohmann::json;
  static constexpr const char* kResults[] = {"none", "passed", "failed"};
  const auto number = [](const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); };
  Json steps = Json::array();
  for (const Challenge::Done& one : outcome.steps) steps.push_back({{"action", actionName(one.action)}, {"ms", one.took.count()}});
  Json texture(nullptr);
  if (outcome.texture) texture = {{"frames", outcome.texture->frames}, {"mean", outcome.texture->mean}, {"low_share", outcome.texture->low_share}};
  // Depth is told from 0 on: hollow is as flat as flat.
  std::optional<double> flatness = outcome.flatness;
  if (flatness) flatness = std::clamp(*flatness, 0.0, 5.0);
  return Json{{"challenge_id", challenge_id},
              {"result", kResults[static_cast<int>(outcome.challenge)]},
              {"why", faultName(outcome.fault)},
              {"steps", steps},
              {"flatness", number(flatness)},
              {"texture", texture},
              {"light", number(outcome.light)},
              {"track_breaks", outcome.track_breaks},
              {"same_person_min", number(outcome.same_person_min)},
              {"second_distance", number(outcome.second_distance)},
              {"replayed", outcome.replayed}}
      .dump();
}

}  // namespace invigil::vision
