// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <iostream>

#include "commands.hpp"

namespace {

constexpr std::string_view kHelp = R"(invigil-face: what the face check of Invigil does, measured.

  invigil-face verify --pairs PAIRS.csv [--root DIR] [--verifier mobilefacenet|densenet|fused] [--json OUT]
                      [--picture OUT.svg]
      Compares pictures as the list says (path_a, path_b, same, group): EER, FRR at FAR 1 % and 0.1 %, by group, with
      counts and 95 % intervals (Wilson), thresholds, decision bands, pictures that cannot be read or have no usable face,
      DET curves. What cannot be measured (no genuine pairs, say) is null.
  invigil-face verify --templates FRAMES.csv [--frames N] [--join-references] ...
      The same for the mean of N (3) consecutive live frames against reference photos (path, role = live or reference,
      subject, sequence); --join-references takes all photos of a subject together, as the kiosk does.
      Both: --chip-photo BYTES takes the references (of a pair, path_a) as the chip of an ID card holds them: the head at
      102 x 126 pixels, squeezed to BYTES (1024; 0 = not squeezed).
  invigil-face pad --frames PAD.csv [--root DIR] [--threshold T] [--json OUT]
      Attacks by print or screen (path, label = live or attack; also attack_type, subject, sequence): APCER by species and
      BPCER of the texture layer, on single frames and, where the list has sequences, on whole ones.
  Lists: UTF-8 (UTF-16 and GBK are read too), parted by comma, semicolon or tab, columns in any order, further ones are
      passed over. `same` is 1/0, true/false, t/f, yes/no, same/different or genuine/impostor; a label live, bona_fide,
      real, genuine or attack, spoof, print, replay, fake. Paths may be absolute, and written with \ where no file has
      that very name; without --root they are looked for here, then beside the list.
  invigil-face monitor --video SOURCE [--reference IMG] [--rate N] [--seconds N] [--changed SEED] [--json OUT]
      What monitoring says about a SOURCE by the house's own rules: incidents with times and measures. N frames a second
      are looked at (2); without a reference the first frontal frames say who should sit there, without a verifier nobody
      is compared (identity_checked). A file is seen once, to its end, and one that is shorter than it says ends the
      command with 1; --seconds stops earlier or goes round a short one; --changed varies light, noise and compression
      all the time.
      SOURCE, here and below: a path (also file:PATH) of a video, a folder of frames in name order, f_2 before f_10 (15 a
      second), or one picture; simulated:IDENTITY; auto or device:N for a camera.
  invigil-face admit --camera SOURCE [--reference IMG[,IMG]] [--challenge SEED | --actions A+B] [--attempts N] [--tries N] [--light] [--as-camera] [--json OUT]
      The whole admission as the kiosk runs it, with its decision, scores and times. SOURCE as above, simulated also with attack=print, sheet, bent, cutout, replay, two or virtual, and clumsy=0.1.
      SEED draws the challenge (as the server does, 2 actions, or --steps 1..3); --actions names it; --actions none asks for
      nothing. --light also lights the face with the screen and, for a real camera, lets that count; --as-camera judges a film as a real camera, texture included. --attempts N runs N people with new seeds, each with up to --tries (3) tries, and counts what became of them.
      A try that does not admit says what kept most of the frames from being used.
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
      What recording such pictures costs: processor time and size, with VP8 (which kiosks use) and VP9. SOURCE as
      above, going round where it is short; --webm keeps the last half minute. Needs no models.

  All: --models DIR (else $INVIGIL_MODELS), --detector yunet|hog, --threads N (1); verify and bench: --mirror averages
  with the mirrored face. docs/face.md says what such figures can and cannot support.
  OUT is a file, written whole or not at all (a link goes on pointing to it), a device or a pipe; - is standard output,
  then sentences go to standard error. Whether it can be written is looked at before the work begins.

Exit codes: 0 done, 1 the data or models are wrong (also when no picture at all could be read, or a film breaks off),
2 the command line is wrong (also a folder of models or for OUT that is not there).
)";

using Run = int (*)(const std::vector<std::string>&);
using namespace invigil::face;
constexpr std::pair<std::string_view, Run> kCommands[] = {{"verify", runVerify}, {"pad", runPad},     {"admit", runAdmit},    {"monitor", runMonitor},
                                                          {"film", runFilm},     {"bench", runBench}, {"collect", runCollect}};

/// Whatever a library throws ends with a sentence, never with the program's death.
int run(const std::string& command, const std::vector<std::string>& words) {
  try {
    for (const auto& [name, start] : kCommands)
      if (command == name) return start(words);
  } catch (const std::exception& error) {
    return complain({invigil::ErrorCode::Unavailable, "unexpected", "'" + command + "' met something unexpected and stopped: " + error.what(), "main.cpp"});
  }
  return complain({invigil::ErrorCode::InvalidInput, "usage", "There is no command '" + command + "'.", ""});
}

}  // namespace

int main(int argc, char** argv) {
  invigil::devices::limitCameraWaits();
  std::vector<std::string> words(argv + 1, argv + argc);
  for (const std::string& word : words)
    if (word == "--help" || word == "-h") {
      std::cout << kHelp;
      return kDone;
    }
  if (words.empty()) {
    std::cerr << kHelp;
    return kUsage;
  }
  const std::string command = words.front();
  words.erase(words.begin());
  return run(command, words);
}
