-- The certificates of each kiosk: that of its enrolment and those it has fetched since. An older one serves until its end, but
-- fetches no other once a newer one has been used. Those of the time before were made for 730 days.
create table kiosk_certificate (
  fingerprint text primary key, kiosk_id text not null references kiosk(id), issued_ms bigint not null, ends_ms bigint not null,
  used_ms bigint);
create index kiosk_certificate_by_kiosk on kiosk_certificate(kiosk_id);
insert into kiosk_certificate(fingerprint, kiosk_id, issued_ms, ends_ms, used_ms)
  select fingerprint, id, enrolled_ms, enrolled_ms + 63072000000, seen_ms from kiosk;
-- The one that it came with last.
alter table kiosk add column certificate text not null default '';
update kiosk set certificate = fingerprint;
