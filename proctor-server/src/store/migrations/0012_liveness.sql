-- The challenge a person at the kiosk was given and has not answered yet (JSON {id, actions}; empty: none). A report is
-- judged against this one only, once.
alter table admission add column challenge text not null default '';
alter table admission add column challenge_ms bigint not null default 0;
-- One row for each try of the face check, never changed: what was measured, by what, and the limits it was held against
-- (JSON). No picture, no template. `finding` names the layer that decided, empty where all were content.
create table admission_check (
  admission_id text not null references admission(id), n bigint not null, at_ms bigint not null, decision text not null,
  finding text not null, similarity double precision, layers text not null, primary key (admission_id, n));
-- The models and the camera that the kiosk last said it uses (JSON, KioskEngine of openapi.yaml; empty: never said).
alter table kiosk add column engine text not null default '';
alter table kiosk add column engine_ms bigint;
-- Persons whose pictures are kept are counted every day.
create index admission_with_capture on admission(reservation_id) where capture <> '';
-- How many persons' face pictures were stored, by day (days since 1970, UTC). From 100,000 on a filing is due.
create table face_data_count (
  day bigint primary key, at_ms bigint not null, persons bigint not null, photos bigint not null, captures bigint not null,
  evidence bigint not null);
