// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <iostream>

#include "commands.hpp"

namespace {

constexpr std::string_view kHelp = R"(invigil-face: what the face check of Invigil does, measured.

  invigil-face verify --pairs PAIRS.csv [--root DIR] [--verifier mobilefacenet|densenet|fused] [--json OUT]
                      [--picture OUT.svg]
      Compares pictures as the list says (path_a, path_b, same, group): EER, FRR at FAR 1 % and 0.1 %, by group, with
      counts and 95 % intervals (Wilson), thresholds, decision bands, pictures without a usable face, DET curves.
  invigil-face verify --templates FRAMES.csv [--frames N] [--join-references] ...
      The same for the mean of N (3) consecutive live frames against reference photos (path, role = live or reference,
      subject, sequence); --join-references takes all photos of a subject together, as the kiosk does.
      Both: --chip-photo BYTES takes the references (of a pair, path_a) as the chip of an ID card holds them: the head at
      102 x 126 pixels, squeezed to BYTES (1024; 0 = not squeezed).
  invigil-face pad --frames PAD.csv [--root DIR] [--threshold T] [--json OUT]
      Attacks by print or screen (path, label = live or attack, attack_type, subject, sequence): APCER by species and
      BPCER of the texture layer, on single frames and on whole sequences.
  invigil-face monitor --video SOURCE [--reference IMG] [--rate N] [--seconds N] [--changed SEED] [--json OUT]
      What monitoring says about a video, a folder of frames or simulated:IDENTITY, by the house's own rules: incidents
      with times and measures. N frames a second are looked at (2); without a reference the first frontal frames say who
      should sit there. --seconds goes round a short source; --changed varies light, noise and compression all the time.
  invigil-face admit --camera SOURCE [--reference IMG[,IMG]] [--challenge SEED | --actions A+B] [--attempts N] [--tries N] [--light] [--as-camera] [--json OUT]
      The whole admission as the kiosk runs it, with its decision, scores and times. SOURCE: a video, a folder of frames,
      one picture, or simulated:IDENTITY, also with attack=print, sheet, bent, cutout, replay, two or virtual, and clumsy=0.1.
      SEED draws the challenge (as the server does, 2 actions, or --steps 1..3); --actions names it; --actions none asks for
      nothing. --light also lights the face with the screen; --as-camera judges a film as a real camera, texture included. --attempts N runs N people with new seeds, each with up to --tries (3) tries, and counts what became of them.
  invigil-face collect --camera SOURCE --out DIR --subject NUMBER [--session N] [--attack SPECIES] [--group WORD]
                       [--yes-to-consent-on-paper FORM_NUMBER] [--keep-days N] [--seconds N] [--rate N] [--language zh|en]
      Guides a volunteer through a recording, after notice and consent: reference photo, movements, distances, light,
      glasses; with --attack somebody who holds a print, screen or mask. Writes DIR/frames.csv for verify --templates,
      DIR/attacks.csv for pad, DIR/consents.csv. A subject is a number. Run again it goes on where it stopped.
      --seconds (5) of a step, --rate (5) frames a second, --keep-days (180) until they have to be deleted.
  invigil-face collect --out DIR --list | --forget NUMBER [--session N] | --forget-expired
      What is there and what is past its date; withdrawal: removes everything of a subject; removes what is past its date.
  invigil-face bench [--picture FILE] [--rounds N] [--json OUT]
      Milliseconds of each stage, frames per second, share of a core while monitoring, memory; beside a plain OpenCV
      loop that runs the same networks, in the same run.

  invigil-face film --source SOURCE [--seconds N] [--frames-per-second N] [--webm FILE] [--json OUT]
      What recording such pictures costs: processor time and size, with VP8 (which kiosks use) and VP9. SOURCE as for
      monitor; --webm keeps the last half minute. Needs no models.

  All: --models DIR (else $INVIGIL_MODELS), --detector yunet|hog, --threads N (1); verify and bench: --mirror averages
  with the mirrored face. docs/face.md says what such figures can and cannot support.

Exit codes: 0 done, 1 the data or models are wrong, 2 the command line is wrong.
)";

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> words(argv + 1, argv + argc);
  for (const std::string& word : words)
    if (word == "--help" || word == "-h") {
      std::cout << kHelp;
      return invigil::face::kDone;
    }
  if (words.empty()) {
    std::cerr << kHelp;
    return invigil::face::kUsage;
  }
  const std::string command = words.front();
  words.erase(words.begin());
  if (command == "verify") return invigil::face::runVerify(words);
  if (command == "pad") return invigil::face::runPad(words);
  if (command == "admit") return invigil::face::runAdmit(words);
  if (command == "monitor") return invigil::face::runMonitor(words);
  if (command == "film") return invigil::face::runFilm(words);
  if (command == "collect") return invigil::face::runCollect(words);
  if (command == "bench") return invigil::face::runBench(words);
  return invigil::face::complain({invigil::ErrorCode::InvalidInput, "usage", "There is no command '" + command + "'.", ""});
}
