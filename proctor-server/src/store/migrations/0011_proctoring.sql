-- What a kiosk noticed during a sitting. The kiosk numbers its incidents (`place`), so that a report can be repeated and
-- brought up to date. A person's decision stands beside it; what the kiosk said stays.
create table incident (
  id text primary key, sitting_id text not null references sitting(id), place bigint not null, kind text not null,
  began_ms bigint not null, ended_ms bigint, measure text not null, score double precision not null, engine text not null,
  decision text not null default '', note text not null default '', decided_by text not null default '', decided_ms bigint,
  unique (sitting_id, place));
create index incident_undecided on incident(sitting_id) where decision = '';
-- Pictures of incidents, sealed. Exam evidence: kept for three years.
create table evidence (
  id text primary key, incident_id text not null references incident(id), place bigint not null, at_ms bigint not null,
  picture text not null, unique (incident_id, place));
create index evidence_by_time on evidence(at_ms);
-- The hall record: one row for each step, never changed. `actor` is an account, a kiosk or 'policy'.
create table hall_entry (
  sitting_id text not null references sitting(id), place bigint not null, at_ms bigint not null, actor text not null,
  what text not null, detail text not null, primary key (sitting_id, place));
-- What the kiosk is to show or do, in order.
create table hall_order (
  sitting_id text not null references sitting(id), place bigint not null, kind text not null, text_zh text not null,
  text_en text not null, at_ms bigint not null, primary key (sitting_id, place));
-- Pauses of a sitting: a row from the first pause or extension on.
create table sitting_hold (
  sitting_id text primary key references sitting(id), paused_since_ms bigint, why text not null default '',
  given_back_ms bigint not null default 0);
create index sitting_paused on sitting_hold(paused_since_ms) where paused_since_ms is not null;
