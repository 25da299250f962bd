// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "invigil/recording/film.hpp"

#include <vpx/vp8cx.h>
#include <vpx/vpx_encoder.h>

#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <utility>
#include <vector>

#include "webm.hpp"

namespace invigil::recording {
namespace {

constexpr milliseconds kKeyEvery{10'000};  // how far a player decodes at most to show one moment
constexpr int kSizeMin = 16;

vpx_codec_iface_t* interfaceOf(Codec codec) { return codec == Codec::Vp8 ? vpx_codec_vp8_cx() : vpx_codec_vp9_cx(); }

cv::Size sizeOf(const vision::Frame& frame, int width_max) {
  const int width = std::min(frame.width, width_max);
  const auto even = [](int value) { return value / 2 * 2; };
  return {even(width), even(static_cast<int>(static_cast<std::int64_t>(frame.height) * width / std::max(1, frame.width)))};
}

auto failed(const char* what) { return fail(ErrorCode::Internal, "encoder_failed", what, "film.cpp"); }

/// libvpx for one size of picture.
class Encoder {
 public:
  Encoder() = default;
  Encoder(const Encoder&) = delete;
  ~Encoder() { close(); }

  bool open(const FilmRules& rules, cv::Size size) {
    close();
    vpx_codec_enc_cfg_t config;
    if (vpx_codec_enc_config_default(interfaceOf(rules.codec), &config, 0) != VPX_CODEC_OK) return false;
    config.g_w = static_cast<unsigned>(size.width);
    config.g_h = static_cast<unsigned>(size.height);
    config.g_timebase = {1, 1000};
    config.g_threads = 1;
    config.g_lag_in_frames = 0;
    config.rc_end_usage = VPX_CBR;
    config.rc_target_bitrate = static_cast<unsigned>(rules.kbit_per_second);
    // A still scene is not polished for ever, a lively one stays recognisable.
    config.rc_min_quantizer = 16;
    config.rc_max_quantizer = 54;
    config.kf_mode = VPX_KF_DISABLED;
    opened_ = vpx_codec_enc_init(&codec_, interfaceOf(rules.codec), &config, 0) == VPX_CODEC_OK;
    if (!opened_) return false;
    vpx_codec_control(&codec_, VP8E_SET_CPUUSED, rules.codec == Codec::Vp8 ? 10 : 8);
    vpx_codec_control(&codec_, VP8E_SET_STATIC_THRESHOLD, 100U);
    if (rules.codec == Codec::Vp9) vpx_codec_control(&codec_, VP9E_SET_AQ_MODE, 3U);
    return true;
  }

  /// @param yuv  I420 of the opened size
  bool encode(const cv::Mat& yuv, std::int64_t at_ms, bool key, std::vector<Coded>& out) {
    // Around the planes as they lie: given none, libvpx takes memory of its own for somebody to free.
    vpx_image_t image;
    if (!vpx_img_wrap(&image, VPX_IMG_FMT_I420, static_cast<unsigned>(yuv.cols), static_cast<unsigned>(yuv.rows / 3 * 2), 1, yuv.data)) return false;
    if (vpx_codec_encode(&codec_, &image, at_ms, 200, key ? VPX_EFLAG_FORCE_KF : 0, VPX_DL_REALTIME) != VPX_CODEC_OK) return false;
    vpx_codec_iter_t place = nullptr;
    while (const vpx_codec_cx_pkt_t* packet = vpx_codec_get_cx_data(&codec_, &place))
      if (packet->kind == VPX_CODEC_CX_FRAME_PKT)
        out.push_back({packet->data.frame.pts, (packet->data.frame.flags & VPX_FRAME_IS_KEY) != 0,
                       std::string(static_cast<const char*>(packet->data.frame.buf), packet->data.frame.sz)});
    return true;
  }

  void close() {
    if (opened_) vpx_codec_destroy(&codec_);
    opened_ = false;
  }

 private:
  vpx_codec_ctx_t codec_{};
  bool opened_ = false;
};

}  // namespace

struct Film::Work {
  explicit Work(const FilmRules& given) : rules(given) {}
  FilmRules rules;
  Encoder encoder;
  cv::Size size;
  cv::Mat small, yuv;
  std::vector<Coded> pictures;
  Instant began{}, last{}, key{};
};

Film::Film(const FilmRules& rules) : work_(std::make_unique<Work>(rules)) {}
Film::~Film() = default;
Film::Film(Film&&) noexcept = default;
Film& Film::operator=(Film&&) noexcept = default;

bool Film::empty() const { return work_->pictures.empty(); }
Instant Film::began() const { return work_->began; }
Instant Film::last() const { return work_->last; }
bool Film::fits(const vision::Frame& frame) const { return empty() || sizeOf(frame, work_->rules.width_max) == work_->size; }

Status Film::add(const vision::Frame& frame, Instant at) {
  const cv::Size size = sizeOf(frame, work_->rules.width_max);
  if (frame.empty() || size.width < kSizeMin || size.height < kSizeMin || !fits(frame))
    return fail(ErrorCode::InvalidInput, "bad_image", "The picture is empty or of another size.", "film.cpp");
  const bool first = empty();
  if (!first && at <= work_->last) return fail(ErrorCode::InvalidInput, "frames_out_of_order", "", "film.cpp");
  if (first) {
    if (!work_->encoder.open(work_->rules, size)) return failed("The encoder does not open.");
    work_->size = size;
    work_->began = work_->key = at;
  }
  const bool key = first || at - work_->key >= kKeyEvery;
  try {
    const cv::Mat bgr(frame.height, frame.width, CV_8UC3, const_cast<std::uint8_t*>(frame.bgr.data()));
    if (bgr.size() != size) cv::resize(bgr, work_->small, size, 0, 0, cv::INTER_AREA);
    cv::cvtColor(bgr.size() == size ? bgr : work_->small, work_->yuv, cv::COLOR_BGR2YUV_I420);
  } catch (const cv::Exception&) {
    return failed("The picture could not be converted.");
  }
  if (!work_->encoder.encode(work_->yuv, (at - work_->began).count(), key, work_->pictures)) return failed("A picture was not taken.");
  if (key) work_->key = at;
  work_->last = at;
  return {};
}

Result<Film::Done> Film::finish(milliseconds stands) {
  if (empty()) return fail(ErrorCode::InvalidInput, "film_empty", "", "film.cpp");
  work_->encoder.close();
  const std::vector<Coded> pictures = std::exchange(work_->pictures, {});
  Done done{{}, work_->began, work_->last + stands, static_cast<std::uint32_t>(pictures.size())};
  done.webm = writeWebm({work_->rules.codec == Codec::Vp8 ? "V_VP8" : "V_VP9", work_->size.width, work_->size.height, done.began,
                         (done.ended - done.began).count()},
                        pictures);
  return done;
}

}  // namespace invigil::recording
