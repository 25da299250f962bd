-- Portable between SQLite and PostgreSQL: text, bigint, double precision only. Instants are UTC milliseconds.
create table site (
  id text primary key, name_zh text not null, name_en text not null, address_zh text not null, address_en text not null,
  time_zone text not null, hours text not null, policy text not null, disabled bigint not null default 0);
create table seat (
  id text primary key, site_id text not null references site(id), room text not null, label text not null,
  disabled bigint not null default 0, unique (site_id, room, label));
create table kiosk (
  id text primary key, seat_id text not null references seat(id), fingerprint text not null unique,
  enrolled_ms bigint not null, seen_ms bigint, revoked bigint not null default 0);
create index kiosk_by_seat on kiosk(seat_id);
create table enrolment (
  code_hash text primary key, seat_id text not null references seat(id), expires_ms bigint not null,
  used bigint not null default 0);

create table account (
  id text primary key, name text not null unique, display text not null, role text not null, password_hash text not null,
  disabled bigint not null default 0, failures bigint not null default 0, locked_until_ms bigint, last_login_ms bigint);
create table staff_session (
  token_hash text primary key, account_id text not null references account(id), expires_ms bigint not null);

create table blueprint (id text primary key, ord bigint not null, content text not null);
create table bank (
  id text primary key, title_zh text not null, title_en text not null, roles text not null, category text not null,
  language text not null, revision bigint not null, enabled bigint not null, imported_ms bigint not null);
create table item (
  bank_id text not null references bank(id), item_id text not null, ord bigint not null, type text not null,
  topic text not null, difficulty bigint not null, stem text not null, options text not null, answer_key text not null,
  explanation text not null, source text not null, fixed_order bigint not null, primary key (bank_id, item_id));

create table candidate (
  id text primary key, name text not null, id_type text not null, id_number text not null, phone text not null,
  created_ms bigint not null, unique (id_type, id_number));
create table eligibility (
  id text primary key, candidate_id text not null references candidate(id), blueprint_id text not null,
  training_done bigint not null, attempts_max bigint not null, attempts_used bigint not null default 0,
  passed bigint not null default 0, granted_ms bigint not null, expires_ms bigint not null,
  unique (candidate_id, blueprint_id, granted_ms));
create table photo (
  candidate_id text primary key references candidate(id), sealed text not null, checked_by text not null,
  taken_ms bigint not null);
create table consent (
  id text primary key, candidate_id text not null references candidate(id), kind text not null, version text not null,
  given bigint not null, channel text not null, at_ms bigint not null);
create index consent_by_candidate on consent(candidate_id, kind, at_ms);
create table phone_challenge (
  id text primary key, candidate_id text not null, code_hash text not null, expires_ms bigint not null,
  tries bigint not null default 0);
create table booking_session (
  token_hash text primary key, candidate_id text not null references candidate(id), expires_ms bigint not null);

create table reservation (
  id text primary key, code text not null unique, manage_hash text not null unique,
  candidate_id text not null references candidate(id), eligibility_id text not null references eligibility(id),
  site_id text not null references site(id), seat_id text not null references seat(id),
  start_ms bigint not null, end_ms bigint not null, state text not null, walk_in bigint not null,
  created_ms bigint not null);
create index reservation_by_candidate on reservation(candidate_id);
create index reservation_by_site on reservation(site_id, start_ms);
-- A person holds one open reservation for one exam.
create unique index reservation_open on reservation(eligibility_id) where state in ('booked', 'admitted', 'sitting');
-- The seat itself: one row for each half hour that a reservation holds, turnover included. The primary key is what
-- makes double booking impossible.
create table reservation_slot (
  seat_id text not null references seat(id), slot bigint not null,
  reservation_id text not null references reservation(id), primary key (seat_id, slot));
create index slot_by_reservation on reservation_slot(reservation_id);
create index slot_by_time on reservation_slot(slot);

create table admission (
  id text primary key, reservation_id text not null unique references reservation(id),
  seat_id text not null references seat(id), state text not null, why text not null default '',
  reason text not null default '', consent text not null default '', consent_version text not null default '',
  tries bigint not null default 0, similarity double precision, engine text not null default '',
  capture text not null default '', reviewer text not null default '', admitted_by text not null default '',
  created_ms bigint not null, waiting_since_ms bigint, decided_ms bigint);
create index admission_by_seat on admission(seat_id, state);
create index admission_waiting on admission(state, waiting_since_ms);

create table sitting (
  id text primary key, admission_id text not null unique references admission(id),
  reservation_id text not null references reservation(id), candidate_id text not null references candidate(id),
  eligibility_id text not null references eligibility(id), attempt bigint not null, blueprint text not null,
  seed text not null, paper text not null, shape text not null, started_ms bigint not null, deadline_ms bigint not null,
  finished_ms bigint, submitted_by text, points bigint, points_max bigint, passed bigint, topics text);
create index sitting_running on sitting(deadline_ms) where finished_ms is null;
create index sitting_by_candidate on sitting(candidate_id);
create table response (
  sitting_id text not null references sitting(id), position bigint not null, revision bigint not null,
  chosen text not null, flagged bigint not null, saved_ms bigint not null, primary key (sitting_id, position));

create table certificate (
  id text primary key, sitting_id text not null unique references sitting(id),
  candidate_id text not null references candidate(id), text text not null, salt text not null,
  issued_ms bigint not null, expires_ms bigint not null);
create index certificate_by_candidate on certificate(candidate_id);

-- Who did what to which row; ids only, never names, numbers or faces.
create table audit (
  id text primary key, at_ms bigint not null, actor text not null, action text not null, subject text not null,
  detail text not null);
create index audit_by_time on audit(at_ms);
