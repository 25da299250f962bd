// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>

#include <algorithm>
#include <iostream>

#include "collect_record.hpp"
#include "collect_tend.hpp"
#include "commands.hpp"

namespace invigil::face {
namespace {

struct Options {
  std::string camera, folder, species, group, form;
  long subject = 0, session = 1;
  int keep_days = 180;
  RecordPlan plan;
};

tl::unexpected<Error> usage(const std::string& sentence) { return fail(ErrorCode::InvalidInput, "usage", sentence, "collect.cpp"); }

bool isWord(const std::string& text, std::size_t longest, std::string_view more) {
  return !text.empty() && text.size() <= longest && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || more.find(c) != std::string_view::npos;
  });
}

Result<long> subjectOf(const Arguments& arguments, const char* name) {
  if (arguments.value(name).empty()) return usage(std::string("Give --") + name + " NUMBER; a number, no name.");
  return wholeNumber(arguments, name, 0, 1, 999'999'999);
}

Result<Options> optionsOf(const Arguments& arguments) {
  Options options;
  options.camera = arguments.value("camera"), options.folder = arguments.value("out");
  if (options.camera.empty()) return usage("Give --camera SOURCE: auto, device:0, a path or simulated:IDENTITY.");
  INVIGIL_TRY(subject, subjectOf(arguments, "subject"));
  INVIGIL_TRY(session, wholeNumber(arguments, "session", 1, 1, 9999));
  INVIGIL_TRY(days, wholeNumber(arguments, "keep-days", 180, 1, 3650));
  INVIGIL_TRY(length, wholeNumber(arguments, "seconds", 5, 1, 60));
  INVIGIL_TRY(rate, wholeNumber(arguments, "rate", 5, 1, 15));
  options.subject = subject, options.session = session, options.keep_days = static_cast<int>(days);
  options.plan = {static_cast<int>(length), static_cast<int>(rate)};
  options.species = arguments.value("attack"), options.group = arguments.value("group"), options.form = arguments.value("yes-to-consent-on-paper");
  if (arguments.has("attack") && (!isWord(options.species, 24, "-") || options.species == "live"))
    return usage("--attack wants a species in small letters: print, screen, mask ….");
  if (arguments.has("group") && !isWord(options.group, 24, "-")) return usage("--group wants a word of small letters and digits.");
  const bool number = std::any_of(options.form.begin(), options.form.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (arguments.has("yes-to-consent-on-paper") && !(number && isWord(options.form, 32, "ABCDEFGHIJKLMNOPQRSTUVWXYZ-./")))
    return usage("--yes-to-consent-on-paper wants the number of the signed form: letters, digits and - . /, no name.");
  return options;
}

std::string dayOf(Instant instant) { return formatUtc(instant).substr(0, 10); }

/// One line from the operator; none at the end of the input.
std::optional<std::string> answer(const std::string& question) {
  std::cout << question << " " << std::flush;
  std::string line;
  if (!std::getline(std::cin, line)) {
    std::cout << std::endl;
    return std::nullopt;
  }
  return trim(line);
}

enum class Choice { Go, Repeat, Skip, Stop };

Choice choose(const Speaker& speaker, const Text& question) {
  for (;;) {
    const auto line = answer(speaker.pick(question));
    if (!line || *line == "q" || *line == "Q") return Choice::Stop;
    if (line->empty()) return Choice::Go;
    if (*line == "r" || *line == "R") return Choice::Repeat;
    if (*line == "s" || *line == "S") return Choice::Skip;
    speaker.say({"请只按回车，或输入 r、s、q。", "Please press Enter alone, or type r, s or q."});
  }
}

/// A guided session of one subject.
class Session {
 public:
  Session(const Options& options, const Speaker& speaker, vision::FaceEngine& engine, devices::CameraSource& camera, CollectStore& store)
      : options_(options), speaker_(speaker), engine_(engine), camera_(camera), store_(store) {}

  /// True when every step was gone through.
  Result<bool> run() {
    const auto steps = options_.species.empty() ? liveSteps() : attackSteps(options_.species);
    for (std::size_t i = 0; i < steps.size(); ++i) {
      speaker_.say({"\n[%1/%2] %3", "\n[%1/%2] %3"}, {std::to_string(i + 1), std::to_string(steps.size()), speaker_.pick(steps[i].say)});
      INVIGIL_TRY(on, one(steps[i]));
      if (!on) return false;
    }
    return true;
  }

 private:
  Result<bool> one(const CollectStep& step) {
    Choice choice;
    bool removes = false;
    if (const auto have = store_.step(options_.subject, options_.session, step.id)) {
      speaker_.say({"这一步已录过：%1 张，可用 %2 张。", "Recorded already: %1 frames, %2 usable."}, {std::to_string(have->frames), std::to_string(have->usable)});
      choice = choose(speaker_, {"回车=保留，r=重录，s=删掉这一步，q=停止：", "Enter = keep, r = record again, s = remove this step, q = stop:"});
      if (choice == Choice::Go) return true;
      removes = true;
    } else {
      choice = choose(speaker_, {"回车=开始，s=跳过，q=停止：", "Enter = begin, s = skip, q = stop:"});
    }
    while (choice == Choice::Go || choice == Choice::Repeat) {
      INVIGIL_TRY(kept, step.photo ? photo(step) : frames(step));
      if (kept) choice = choose(speaker_, {"回车=下一步，r=重录，s=删掉这一步，q=停止：", "Enter = next, r = record again, s = remove this step, q = stop:"});
      else choice = choose(speaker_, {"回车=再拍，s=跳过，q=停止：", "Enter = try again, s = skip, q = stop:"});
      if (kept && choice == Choice::Go) return true;
      removes = kept;
    }
    if (choice == Choice::Skip && removes)
      INVIGIL_CHECK(store_.drop(options_.subject, options_.session, step.id));
    return choice != Choice::Stop;
  }

  /// True when a photo was kept.
  Result<bool> photo(const CollectStep& step) {
    INVIGIL_TRY(taken, takePhoto(engine_, camera_, options_.plan, speaker_));
    if (taken.frames.empty()) {
      speaker_.say({"照片不合格：%1", "Not good enough: %1"}, {speaker_.pick(photoText(taken.photo_reason))});
      return false;
    }
    INVIGIL_CHECK(store_.keep(options_.subject, options_.session, {step.id, "reference", "", options_.group, true, std::move(taken.frames)}));
    speaker_.say({"照片合格，已保存。", "The photo is good and kept."});
    return true;
  }

  Result<bool> frames(const CollectStep& step) {
    INVIGIL_TRY(recorded, record(engine_, camera_, step, options_.plan, speaker_));
    const auto count = recorded.frames.size();
    const bool live = options_.species.empty();
    const std::string group = options_.group.empty() ? step.id : options_.group + "_" + step.id;
    INVIGIL_CHECK(store_.keep(options_.subject, options_.session,
                              {step.id, live ? "live" : "", options_.species, group, step.listed, std::move(recorded.frames)}));
    static constexpr Text kCounted{"录了 %1 张：有脸 %2 张，核验可用 %3 张。", "%1 frames: a face in %2, usable for the check %3."};
    static constexpr Text kMoved{"录了 %1 张：有脸 %2 张。", "%1 frames: a face in %2."};
    speaker_.say(step.listed ? kCounted : kMoved, {std::to_string(count), std::to_string(recorded.with_face), std::to_string(recorded.usable)});
    if (recorded.hint != vision::Hint::None && step.listed)
      speaker_.say({"其余多是：%1。", "Most of the others: %1."}, {speaker_.pick(hintText(recorded.hint))});
    if (recorded.usable == 0 && live && step.listed)
      speaker_.say({"没有可用的画面，这一步不会列入清单，建议输入 r 重录。", "No frame is usable, so none goes into the lists; better type r and record again."});
    return true;
  }

  const Options& options_;
  const Speaker& speaker_;
  vision::FaceEngine& engine_;
  devices::CameraSource& camera_;
  CollectStore& store_;
};

/// The notice, then the consent: before it nothing is opened and nothing written.
bool consented(const Options& options, const std::string& keep_until) {
  std::cout << notice(keep_until) << "\n\n";
  if (!options.form.empty()) {
    std::cout << "已有签字的纸质同意书：" << options.form << " / Signed consent on paper: " << options.form << std::endl;
    return true;
  }
  const auto typed = answer("同意请由本人输入“同意”，不同意直接按回车 / To consent, type yes yourself; to decline, just press Enter:");
  return typed && isConsent(*typed);
}

Status collect(const Arguments& arguments, const Options& options, const Speaker& speaker) {
  INVIGIL_CHECK(modelsFolder(arguments));  // nobody reads a notice and consents in vain
  const Instant now = SystemClock().now();
  const std::string keep_until = dayOf(now + std::chrono::hours{24} * options.keep_days);
  if (!consented(options, keep_until))
    return fail(ErrorCode::Forbidden, "no_consent", "Without consent nothing is recorded; nothing was written. 没有同意，不录像，也没有写入任何东西。", "collect.cpp");
  INVIGIL_TRY(opened, openSource(options.camera, true));
  INVIGIL_TRY(engine, makeEngine(arguments, false));
  INVIGIL_TRY(store, CollectStore::open(options.folder, true));
  INVIGIL_CHECK(store.consent({options.subject, options.session, options.form, formatUtc(now), keep_until, kNoticeVersion}));
  INVIGIL_TRY(whole, Session(options, speaker, *engine, *opened, store).run());
  if (!whole)
    return fail(ErrorCode::Unavailable, "stopped", speaker.pick({"已停止，录好的都在；同样的命令再运行一次就接着录。撤回：invigil-face collect --forget %1 --out %2",
                                                                 "Stopped; what was recorded is kept. The same command goes on; withdrawal: invigil-face collect --forget %1 --out %2"},
                                                                {std::to_string(options.subject), options.folder}), "collect.cpp");
  speaker.say({"\n完成，谢谢！几个人录完以后这样测：", "\nDone, thank you! When several people are recorded, measure with:"});
  std::cout << "  invigil-face verify --templates " << options.folder << "/frames.csv --root " << options.folder << " --json rates.json\n"
            << "  invigil-face pad --frames " << options.folder << "/attacks.csv --root " << options.folder << " --json attacks.json" << std::endl;
  return {};
}

}  // namespace

int runCollect(const std::vector<std::string>& words) {
  const auto arguments = parseArguments(words, {"camera", "out", "subject", "session", "attack", "group", "language", "yes-to-consent-on-paper", "keep-days", "seconds", "rate",
                                                "forget", "models", "detector", "threads"}, {"list", "forget-expired"});
  if (!arguments) return complain(arguments.error());
  ::umask(077);
  const std::string language = arguments->value("language"), folder = arguments->value("out");
  if (arguments->has("language") && language != "zh" && language != "en") return complain(usage("--language is zh or en, not '" + language + "'.").value());
  if (folder.empty() || !arguments->files.empty()) return complain(usage("Give --out DIR, and options only.").value());
  const Speaker speaker(language == "en");
  const int other = arguments->has("list") + arguments->has("forget") + arguments->has("forget-expired");
  if (other > 1 || (other == 1 && (arguments->has("camera") || arguments->has("subject"))))
    return complain(usage("Either record with --camera and --subject, or give one of --list, --forget NUMBER, --forget-expired.").value());
  Status done;
  if (other == 1) {
    done = tend(*arguments, speaker);
  } else {
    const auto options = optionsOf(*arguments);
    done = options ? collect(*arguments, *options, speaker) : Status(fail(options.error()));
  }
  return done ? kDone : complain(done.error());
}

}  // namespace invigil::face
